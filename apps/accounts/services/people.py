"""What happens to a person's own account."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts import access
from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.core.text import casefold
from apps.municipality.selectors import languages


@transaction.atomic
def citizen_for(
    *, name: str, email: str = "", national_id_index: str = "", language: str = "", phone: str = ""
) -> User:
    """The citizen's user for a guardian or a youth; made when there is none. Safe to repeat.

    The blind index (context «person») decides who is who. Without one, address and name together do: two parents who
    share an address are two users (safety.md S1), and the second has no address to sign in with or get e-mail at.
    """
    email = email.strip().lower()
    found = _known_citizen(name, email, national_id_index)
    if found is not None:
        return found
    fields = {
        "name": name,
        "kind": UserKind.CITIZEN,
        "national_id_index": national_id_index,
        "language": language,
        "phone": phone,
    }
    if User.objects.filter(email=email, kind=UserKind.CITIZEN).exists():
        email = ""
    try:
        with transaction.atomic():
            return User.objects.make(email=email, **fields)
    except IntegrityError:
        # Someone else made the person, or took the address, in this very moment.
        return _known_citizen(name, email, national_id_index) or User.objects.make(email="", **fields)


def _known_citizen(name, email, national_id_index) -> User | None:
    citizens = User.objects.filter(kind=UserKind.CITIZEN)
    if national_id_index:
        found = citizens.filter(national_id_index=national_id_index).first()
        if found is not None:
            return found
    same_address = citizens.filter(email=email).first() if email else None
    if same_address is None or casefold(same_address.name) != casefold(name):
        return None
    if national_id_index and not same_address.national_id_index:
        same_address.national_id_index = national_id_index
        same_address.save(update_fields=["national_id_index"])
    return same_address if same_address.national_id_index == national_id_index or not national_id_index else None


@transaction.atomic
def confirm_address(user: User) -> None:
    """A citizen has used a link that was sent to the address, so it is hers (django-allauth's `EmailAddress`).

    Of employees nothing is noted: the leader knows them, and allauth takes an address for one person's only.
    """
    if user.is_citizen and user.email:
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


@transaction.atomic
def sign_out_everywhere(user_id, *, actor) -> User:
    """End every session the person has, in every browser, from the next request on."""
    if actor.pk != user_id:
        raise AccessDenied
    user = lock(User, user_id)
    user.session_round += 1
    user.save(update_fields=["session_round"])
    return user


@transaction.atomic
def choose_language(user_id, *, actor, language: str) -> User:
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
def set_protected_identity(user_id, *, actor, protected: bool, today: date) -> User:
    """Show the employee as role and service everywhere from now on, or by name again (safety.md S16)."""
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
