"""Which children a guardian has not given the birth date of yet (safety.md S8). Loads no child: nothing is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import AddressProtection
from apps.stafettlogg.models import Child, Guardian, Log
from apps.stafettlogg.rules import birth_date as rules
from apps.stafettlogg.selectors import same_child


@dataclass(frozen=True)
class BirthDateCheck:
    """One child the guardian may not see anything of yet; when it `is_locked`, the unit is to be rung."""

    guardian_id: UUID
    child_id: UUID
    birth_date: date
    attempts: int
    unit_name: str
    unit_phone: str

    @property
    def is_locked(self) -> bool:
        return rules.is_locked(self.attempts)


def waiting_checks(user: User, now: datetime) -> list[BirthDateCheck]:
    """The children this guardian has logs about and has not given the birth date of. An expected child has none."""
    rows = list(
        Guardian.objects.filter(user=user, birth_date_confirmed_at=None, child__birth_date__isnull=False)
        .order_by("pk")
        .values_list("pk", "child_id", "child__birth_date", "birth_date_attempts")
    )
    if not rows:
        return []
    units = {}
    visible = access.visible_logs(user, now).filter(child__in=[row[1] for row in rows]).order_by("requested_at", "pk")
    town = settings_row()
    for child_id, name, phone in visible.values_list("child_id", "unit__name", "unit__contact_phone"):
        units[child_id] = (name, phone)
    # No place is named before the guardian is known, nor after (S17). Columns alone: nothing of the child is loaded.
    columns = ("pk", "birth_date", "folded_name", "national_id_index", "address_protection")
    for values in Child.objects.filter(pk__in=units).values(*columns):
        if same_child.protection_of(Child(**values)) != AddressProtection.NONE:
            units[values["pk"]] = (town.name, town.phone)
    return [
        BirthDateCheck(pk, child_id, born, attempts, *units[child_id])
        for pk, child_id, born, attempts in rows
        if born and child_id in units
    ]


def tries_left(checks: Iterable[BirthDateCheck]) -> int | None:
    """How many tries the guardian has left, when it is time to say so; None while there are many."""
    attempts = max((check.attempts for check in checks if not check.is_locked), default=0)
    return rules.MOST_ATTEMPTS - attempts if attempts >= rules.TOLD_AFTER else None


def is_needed(user: User, log_id: UUID, now: datetime) -> bool:
    """Whether the guardian must give the birth date before this log is shown. False for what is not theirs to see."""
    return access.lacks_birth_date(user, log_id) and access.visible_logs(user, now).filter(pk=log_id).exists()


def readable_logs(user: User, now: datetime) -> QuerySet[Log]:
    """The logs the user may open, without those whose child's birth date must be given first."""
    shut = [check.child_id for check in waiting_checks(user, now)]
    return Log.objects.filter(pk__in=access.visible_logs(user, now).values("pk")).exclude(child__in=shut)
