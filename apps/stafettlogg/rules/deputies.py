"""A deputy for the holder, from first through last local day. Never why the holder is away (safety.md S20)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from apps.accounts.models import Absence, Membership
from apps.core.dates import end_of_day, local_midnight
from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import DeputyState
from apps.stafettlogg.models import Deputy

NEXT: dict[str, frozenset[str]] = {
    DeputyState.OFFERED: frozenset({DeputyState.ACCEPTED, DeputyState.DECLINED, DeputyState.ENDED}),
    DeputyState.ACCEPTED: frozenset({DeputyState.ENDED}),
    DeputyState.DECLINED: frozenset(),
    DeputyState.ENDED: frozenset(),
}
LIVE = frozenset({DeputyState.OFFERED, DeputyState.ACCEPTED})


def check_can_become(deputy: Deputy, state: str) -> None:
    """Raise `RuleBroken("deputy_state")` unless this appointment may go to that state now."""
    if state not in NEXT[deputy.state]:
        raise RuleBroken("deputy_state", _("Noen har allerede svart på dette spørsmålet, eller vikartida er over."))


def check_days(first_day: date, last_day: date, *, today: date) -> None:
    """Raise `RuleBroken("deputy_days")` for a period that is turned around or has passed."""
    if last_day < first_day:
        raise RuleBroken("deputy_days", _("Siste dag må være samme dag som første dag eller senere."))
    if last_day < today:
        raise RuleBroken("deputy_days", _("Perioden er over. Velg dager fram i tid."))


def check_no_overlap(first_day: date, last_day: date, others: Iterable) -> None:
    """One deputy at a time: raise `RuleBroken("deputy_overlap")`. `others` are this log's other appointments."""
    if any(o.state in LIVE and o.first_day <= last_day and first_day <= o.last_day for o in others):
        raise RuleBroken("deputy_overlap", _("Noen andre er allerede spurt om å være vikar i denne perioden."))


def check_can_step_in(place: Membership, first_day: date, last_day: date, *, is_away: bool) -> None:
    """Raise `RuleBroken("deputy_away")` unless the deputy works there and is not away through all the days.

    The words do not say which: when a colleague is away, or leaves, is not for everyone to know.
    """
    if is_away or not place.first_day <= first_day or not last_day <= place.last_day:
        raise RuleBroken("deputy_away", _("Den du har valgt, kan ikke være vikar alle disse dagene. Velg en annen."))


def first_day_needed(absence: Absence, *, today: date) -> date:
    """The first day somebody must stand in: the first of the absence, or today when it has begun."""
    return max(absence.first_day, today)


def covers(deputy: Deputy, day: date) -> bool:
    """Whether the deputy stands in that day, or is asked to."""
    return deputy.state in LIVE and deputy.first_day <= day <= deputy.last_day


def check_not_over(deputy: Deputy, *, today: date) -> None:
    """Raise `RuleBroken("deputy_over")` when the period has passed."""
    if deputy.last_day < today:
        raise RuleBroken("deputy_over", _("Perioden er over."))


def period(deputy: Deputy, *, now: datetime) -> tuple[datetime, datetime]:
    """From when until when the deputy holds: local midnight of the first day, or now, to the one after the last."""
    return max(now, local_midnight(deputy.first_day)), end_of_day(deputy.last_day)
