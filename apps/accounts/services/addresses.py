"""A guardian's or youth's own e-mail address: written by the person, and taken when a link sent to it has been used."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.accounts.services.people import confirm_address
from apps.core.models import lock

LINK_SECONDS = 3 * 86400
_SALT = "accounts.own_address"


def is_free(email: str, user: User) -> bool:
    """Whether no other guardian or youth has the address. That is told to the address alone (safety.md S1)."""
    return not User.objects.filter(email=email, kind=UserKind.CITIZEN).exclude(pk=user.pk).exists()


def address_link(user: User, email: str) -> str:
    """The link that shows that the address is the person's, for three days. Opening it does nothing; a press does."""
    token = signing.dumps([str(user.pk), email, user.email or ""], salt=_SALT)
    return f"{settings.BASE_URL}{reverse('accounts:address_confirm', args=[token])}"


def is_right(token: str) -> bool:
    """Whether the link can still be used. Asks nobody and tells nothing of whose it is."""
    return _read(token) is not None


@transaction.atomic
def take_address(token: str) -> bool:
    """The address is the person's from now on. False for a link that is wrong, old, overtaken, or of a taken address.

    Safe to repeat.
    """
    told = _read(token)
    if told is None:
        return False
    user_id, email, before = told
    user = User.objects.filter(pk=user_id, kind=UserKind.CITIZEN, is_active=True).first()
    if user is None:
        return False
    user = lock(User, user.pk)
    if user.email == email:
        return True
    if (user.email or "") != before or not is_free(email, user):
        return False
    user.email = email
    user.save(update_fields=["email"])
    confirm_address(user)
    return True


def _read(token) -> tuple[UUID, str, str] | None:
    try:
        user_id, email, before = signing.loads(token, salt=_SALT, max_age=LINK_SECONDS)
        return UUID(user_id), email, before
    except (signing.BadSignature, ValueError, TypeError):
        return None
