"""Who a trusted sign-in is here: an account that is there, one that a place waits for, or nobody (safety.md S29)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.services import add_citizen
from apps.audit import loaded
from apps.core.crypto import blind_index
from apps.core.models import lock
from apps.core.national_id import NationalId
from apps.stafettlogg.models import Log, LogWish
from apps.stafettlogg.rules import guardians as rules
from apps.stafettlogg.selectors import guardians as selectors
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.guardians import tell_waiting
from apps.stafettlogg.services.links import use_code
from apps.stafettlogg.services.wishes import send_wish


@dataclass(frozen=True)
class Trusted:
    """What an electronic identity tells of a person that the portal keeps: never the number itself."""

    index: str
    birth_year: int

    @classmethod
    def of(cls, number: NationalId) -> "Trusted":
        return cls(blind_index(rules.PERSON, number.digits), number.birth_date.year)


@dataclass(frozen=True)
class Told:
    """What an electronic identity tells of a person, as far as it is kept: never the number itself."""

    name: str
    phone: str = ""
    language: str = ""


def account_of(trusted: Trusted, *, now: datetime) -> User | None:
    """The person's account. One is made when a place waits for this number and can be linked; else None.

    Whoever is blocked, unchecked or not let in gets none: a stranger (S4, S8, S26). Safe to repeat, and side by side.
    """
    known = selectors.any_citizen(trusted.index)
    if known is not None:
        return known if known.is_active else None
    waiting = selectors.logs_waiting_for(trusted.index)
    with loaded.apart():  # nothing of what is looked through is shown
        return _made_for(trusted, waiting, now) if waiting else None


class _NothingLinked(Exception):
    """Takes back the account that no place was linked to."""


def _made_for(trusted: Trusted, log_ids: list[UUID], now: datetime) -> User | None:
    try:
        with transaction.atomic():
            user = add_citizen(name="?", national_id_index=trusted.index, birth_year=trusted.birth_year)
            for log_id in log_ids:
                log = lock(Log, log_id)
                give_family_rows(log, actor=None, now=now)
                tell_waiting(log, now=now)
            user.name = selectors.name_of_linked(user)
            if not user.name:
                raise _NothingLinked
            user.save(update_fields=["name"])
    except _NothingLinked:
        return None
    except IntegrityError:  # another tab was first
        return selectors.citizen_by_index(trusted.index)
    return user


@transaction.atomic
def ask_for_log(
    trusted: Trusted, told: Told, *, unit_id: UUID, child_name: str, text: str, now: datetime
) -> tuple[User, LogWish]:
    """A person without an account asks a unit for a log: now there is one, in the name she gives.

    Raises `RuleBroken` (`unit_not_in_use`), and then there is none.
    """
    user = _stranger(trusted, told)
    wish = send_wish(actor=user, unit_id=unit_id, child_name=child_name, text=text, now=now)
    return user, wish


@transaction.atomic
def use_first_code(trusted: Trusted, told: Told, *, code: str, now: datetime) -> User | None:
    """A person without an account uses a code for a place: now there is one, for the holder to confirm.

    None when the code is not right, and then there is no account; it counts as a try.
    """
    known = selectors.citizen_by_index(trusted.index)
    user = known or _stranger(trusted, told)
    if use_code(code, actor=user, now=now):
        return user
    if known is None:
        user.delete()
    return None


def _stranger(trusted: Trusted, told: Told) -> User:
    """The account in the name she gives, or the one that is there already: another tab was first."""
    return selectors.citizen_by_index(trusted.index) or add_citizen(
        name=told.name,
        phone=told.phone,
        language=told.language,
        national_id_index=trusted.index,
        birth_year=trusted.birth_year,
    )
