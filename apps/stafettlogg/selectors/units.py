"""What a unit stands in, as numbers and ids: for closing it. Never names (safety.md S19)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from apps.accounts.models import Membership
from apps.municipality.models import Unit
from apps.stafettlogg.enums import OPEN_STATUSES, ConsentState
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import participants as participant_rules

_OPEN = OPEN_STATUSES


def logs_of(unit_id: UUID) -> list[UUID]:
    """Open logs that the unit holds, shares, is invited to, is offered or is asked about, in the order of locking."""
    asked = Log.objects.filter(status__in=_OPEN, consents__unit=unit_id, consents__state=ConsentState.WAITING)
    return sorted(_known_to(unit_id) | set(asked.values_list("pk", flat=True)))


def _known_to(unit_id) -> set[UUID]:
    """The logs without those where the family is only asked about the unit: before the answer nobody there knows."""
    logs = Log.objects.filter(
        Q(windows__unit=unit_id)
        | Q(invitations__unit=unit_id, invitations__state__in=participant_rules.WAITING)
        | Q(handovers__to_unit=unit_id, handovers__state__in=handover_rules.WAITING),
        status__in=_OPEN,
    )
    return set(logs.values_list("pk", flat=True))


def logs_held_by(unit_id: UUID) -> int:
    """How many open logs have their stafettholder in the unit."""
    return Log.objects.filter(status__in=_OPEN, holder__window__unit=unit_id).count()


@dataclass(frozen=True)
class Closing:
    """What is told before a unit closes: how many logs it holds and takes part in, and how many people work there."""

    held: int
    shared: int
    people: int


def closing(unit: Unit, *, today: date) -> Closing:
    held = logs_held_by(unit.pk)
    people = Membership.objects.filter(unit=unit, last_day__gte=today).values("user").distinct().count()
    return Closing(held=held, shared=len(_known_to(unit.pk)) - held, people=people)
