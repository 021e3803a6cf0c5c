"""When goals and measures may be added and changed, and which way their statuses go."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import GoalStatus, MeasureStatus
from apps.stafettlogg.models import Goal, Log, Measure
from apps.stafettlogg.rules.scopes import Reach

GOAL_NEXT: dict[str, frozenset[str]] = {
    GoalStatus.OPEN: frozenset({GoalStatus.REACHED, GoalStatus.DROPPED}),
    GoalStatus.REACHED: frozenset({GoalStatus.OPEN}),
    GoalStatus.DROPPED: frozenset({GoalStatus.OPEN}),
}
MEASURE_NEXT: dict[str, frozenset[str]] = {
    MeasureStatus.NOT_STARTED: frozenset({MeasureStatus.ONGOING, MeasureStatus.DONE, MeasureStatus.STOPPED}),
    MeasureStatus.ONGOING: frozenset({MeasureStatus.NOT_STARTED, MeasureStatus.DONE, MeasureStatus.STOPPED}),
    MeasureStatus.DONE: frozenset({MeasureStatus.ONGOING}),
    MeasureStatus.STOPPED: frozenset({MeasureStatus.ONGOING}),
}
# What was added by a slip can be taken away again this long, by who added it.
TAKEN_BACK_WITHIN = timedelta(minutes=30)
OPEN_MEASURES = (MeasureStatus.NOT_STARTED, MeasureStatus.ONGOING)


def check_goal_can_become(goal: Goal, status: str) -> None:
    """Raise `RuleBroken("goal_state")` unless the goal may go to this status now."""
    if status not in GOAL_NEXT[goal.status]:
        raise RuleBroken("goal_state", _("Målet har fått en annen status mens du så på det."))


def goal_words(goal: Goal, log: Log) -> str:
    """How it stands with the goal: one that was under way when the log was closed was not reached."""
    if log.is_closed and goal.status == GoalStatus.OPEN:
        return _("Ikke nådd")
    return goal.get_status_display()


def check_measure_can_become(measure: Measure, status: str) -> None:
    """Raise `RuleBroken("measure_state")` unless the measure may go to this status now."""
    if status not in MEASURE_NEXT[measure.status]:
        raise RuleBroken("measure_state", _("Tiltaket har fått en annen status mens du så på det."))


def check_goal_is_open(goal: Goal) -> None:
    """Raise `RuleBroken("goal_not_open")`: a goal that is reached or dropped gets no new measures."""
    if goal.status != GoalStatus.OPEN:
        raise RuleBroken("goal_not_open", _("Målet er ikke åpent lenger. Åpne målet før du legger til tiltak."))


def check_responsible(
    user_id: UUID | None, name: str, *, people_ids: Collection[UUID], guardian_names: Sequence[str]
) -> None:
    """A measure's responsible is nobody yet, one person in the log, or one guardian by name; never someone outside.

    Raises `RuleBroken("two_responsible")` or `RuleBroken("responsible_outside")`.
    """
    if user_id is not None and name:
        raise RuleBroken("two_responsible", _("Velg én ansvarlig."))
    if user_id is not None and user_id not in people_ids:
        raise RuleBroken("responsible_outside", _("Den ansvarlige er ikke med i stafettloggen lenger. Velg en annen."))
    if name and name not in guardian_names:
        raise RuleBroken("responsible_outside", _("Den ansvarlige er ikke foresatt i stafettloggen. Velg en annen."))


def check_can_take_back(thing: Goal | Measure, *, actor_id: UUID, changed: bool, depends: bool, now: datetime) -> None:
    """What was added by a slip, taken away by who added it: raise `RuleBroken` (`not_yours`, `taken_back_late`,
    `taken_back_used`) when another added it, when it is too late, and when something has come of it since."""
    if thing.created_by_id != actor_id:
        raise RuleBroken("not_yours", _("Bare den som la det til, kan angre."))
    if now - thing.created_at > TAKEN_BACK_WITHIN:
        raise RuleBroken("taken_back_late", _("Det er for sent å angre. Endre teksten eller statusen i stedet."))
    if changed or depends:
        raise RuleBroken("taken_back_used", _("Noe er endret eller lagt til siden. Endre teksten eller statusen."))


def check_unit(unit_id: UUID | None, *, unit_ids: Collection[UUID]) -> None:
    """Raise `RuleBroken("unit_outside")`: a measure is nobody's yet, or one's that takes part in the log."""
    if unit_id is not None and unit_id not in unit_ids:
        raise RuleBroken("unit_outside", _("Tjenesten er ikke med i stafettloggen lenger. Velg en annen."))


def check_within_reach(unit_id: UUID | None, reach: Reach) -> None:
    """Raise `RuleBroken("other_unit")`: who reads own measures alone is responsible for one of the own service's."""
    if not reach.is_of(unit_id):
        raise RuleBroken(
            "other_unit", _("Den ansvarlige leser bare tiltakene til sin egen tjeneste. Velg den tjenesten også.")
        )


def check_due_day(day: date | None, *, before: date | None = None, today: date) -> None:
    """Raise `RuleBroken("due_day_past")` for a new deadline before today; `before`, the old one, may stay."""
    if day is not None and day != before and day < today:
        raise RuleBroken("due_day_past", _("Fristen kan ikke være før i dag."))
