"""The pages of the stafettpinne: what is offered, what was answered, and what the one who takes over takes over."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from apps.accounts.models import User
from apps.core.dates import age_on, last_day_of, local_day
from apps.stafettlogg import access
from apps.stafettlogg.enums import GoalStatus, HandoverState, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Goal, Handover, Log, Measure
from apps.stafettlogg.rules import handovers as rules
from apps.stafettlogg.rules.plan import OPEN_MEASURES
from apps.stafettlogg.selectors.names import place_line
from apps.stafettlogg.selectors.participants import place_name


@dataclass(frozen=True)
class Offer:
    """An offer as employees see it. `to` is the person asked, or '' while the unit's leader chooses."""

    handover: Handover
    to: str
    last_day: date


@dataclass(frozen=True)
class OfferPage:
    waiting: Offer | None
    answered: Offer | None


def offers_in(log: Log) -> OfferPage:
    """The offer that waits, and the newest that came to nothing (with its reason, for the holder alone)."""
    rows = list(
        Handover.objects.filter(log=log)
        .select_related("to_unit", "to_membership__user", "to_membership__role", "to_membership__unit")
        .order_by("-offered_at", "pk")[:5]
    )
    waiting = next((row for row in rows if row.state in rules.WAITING), None)
    newest = rows[0] if rows else None
    if newest is not None and newest.state not in (HandoverState.DECLINED, HandoverState.LAPSED):
        newest = None
    return OfferPage(waiting=offer_line(waiting) if waiting else None, answered=offer_line(newest) if newest else None)


def offer_line(handover: Handover) -> Offer:
    """The offer with its names; `to_membership` with user, role and unit must be loaded."""
    place = handover.to_membership
    return Offer(handover, to=place_name(place) if place else "", last_day=rules.last_day(handover))


@dataclass(frozen=True)
class TakeOver:
    """«Dette tar du over»: facts about the work, and none of its content before the offer is accepted."""

    handover: Handover
    name: str
    age: int | None
    level: int
    holder: str
    since: datetime
    last_day: date
    goals: int
    measures: int
    late_measures: int
    evaluation_due_day: date | None
    shared_until: date | None
    units: list[str]


def asked_handover(user: User, handover_id: UUID, now: datetime) -> Handover | None:
    """The offer, if this user may answer it now."""
    return (
        access.handovers_for(user, now)
        .select_related(
            "log__child",
            "log__holder__user",
            "log__holder__membership__unit",
            "log__holder__membership__role",
            "to_unit",
            "to_membership__user",
            "offered_by",
        )
        .filter(pk=handover_id)
        .first()
    )


def take_over(handover: Handover, now: datetime) -> TakeOver:
    log, today = handover.log, local_day(now)
    windows = list(
        ConsentWindow.objects.filter(
            log=log, basis=WindowBasis.CONSENT, valid_from__lte=now, valid_until__gt=now
        ).select_related("unit")
    )
    counts = Measure.objects.filter(log=log, goal__status=GoalStatus.OPEN, status__in=OPEN_MEASURES).aggregate(
        measures=Count("pk"), late=Count("pk", filter=Q(due_day__lt=today))
    )
    own = next((window for window in windows if window.unit_id == handover.to_unit_id), None)
    holder = log.holder
    return TakeOver(
        handover=handover,
        name=log.child.given_name,
        age=None if log.child.birth_date is None else age_on(log.child.birth_date, today),
        level=log.level,
        holder=place_line(holder) if holder.user.protected_identity else holder.user.name,
        since=holder.starts_at,
        last_day=rules.last_day(handover),
        goals=Goal.objects.filter(log=log, status=GoalStatus.OPEN).count(),
        measures=counts["measures"],
        late_measures=counts["late"],
        evaluation_due_day=log.evaluation_due_day,
        shared_until=last_day_of(own.valid_until) if own is not None else None,
        units=sorted(window.unit.name for window in windows),
    )
