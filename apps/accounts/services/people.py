"""What happens to a person's own account."""

from datetime import date
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts import access
from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.selectors import languages


@transaction.atomic
def confirm_address(user: User) -> None:
    """A citizen has used a link that was sent to the address, so it is theirs (django-allauth's `EmailAddress`).

    Of employees nothing is noted: the leader knows them, and allauth takes an address for one person's only.
    """
    if user.is_citizen and user.email:
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def password_link(user: User) -> str:
    """The address where the person makes a password: the same as of a forgotten one, spent when a password is saved.

    It is made when it is sent, and kept nowhere. To open the page spends nothing.
    """
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"


@transaction.atomic
def add_citizen(*, name: str, national_id_index: str, birth_year: int, phone: str = "", language: str = "") -> User:
    """The account of a guardian or a youth whom a trusted sign-in has told us of: by the index of the number alone.

    Made only when a place is linked, a code is used or a log is asked for (safety.md S29). Raises `IntegrityError` when
    the person has one.
    """
    return User.objects.make(
        email=None,
        name=name.strip(),
        kind=UserKind.CITIZEN,
        phone=phone.strip(),
        language=language,
        national_id_index=national_id_index,
        birth_year=birth_year,
    )


@transaction.atomic
def sign_out_everywhere(user_id: UUID, *, actor: User) -> User:
    """End every session the person has, in every browser, from the next request on.

    Raises `AccessDenied` for anyone else's.
    """
    if actor.pk != user_id:
        raise AccessDenied
    user = lock(User, user_id)
    user.session_round += 1
    user.save(update_fields=["session_round"])
    return user


@transaction.atomic
def choose_language(user_id: UUID, *, actor: User, language: str) -> User:
    """The language of the portal and of e-mails. Raises `RuleBroken` for one the municipality has not chosen."""
    if actor.pk != user_id:
        raise AccessDenied
    if language not in languages():
        raise RuleBroken("unknown_language", _("Velg et av språkene i lista."))
    user = lock(User, user_id)
    user.language = language
    user.save(update_fields=["language"])
    return user


@transaction.atomic
def set_protected_identity(user_id: UUID, *, actor: User, protected: bool, today: date) -> User:
    """Show the employee as role and service everywhere from now on, or by name again (safety.md S16).

    Raises `AccessDenied` for a person who is not among those the actor staffs, and for the actor's own name.
    """
    user = lock(User, user_id)
    access.check_not_own(actor, user)
    if not access.people_of(actor, today).filter(user=user, last_day__gte=today).exists():
        raise AccessDenied
    user.protected_identity = protected
    user.save(update_fields=["protected_identity"])
    return user


def deactivate_those_who_left(*, today: date) -> int:
    """Make what `last_day` already means visible in `is_active`; gives the number. Safe to run again.

    Nothing waits for it: signing in and rights end with the days themselves.
    """
    return User.objects.filter(is_active=True, last_day__lt=today).update(is_active=False)


def leave(user: User, *, last_day: date, today: date) -> None:
    """The account ends with the last day; when that day is over, account and sessions end now."""
    user.last_day = last_day
    if last_day < today:
        user.is_active = False
        user.session_round += 1
    user.save(update_fields=["last_day", "is_active", "session_round"])
