"""Goals and measures. Only holder and deputy change them, and only while the log is active."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import bump, lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, EventKind, GoalStatus, MeasureStatus, Place
from apps.stafettlogg.models import Goal, Log, Measure
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import plan as rules
from apps.stafettlogg.rules.responsible import check_others, names_in, responsible_ids, users_in, who
from apps.stafettlogg.rules.scopes import Reach
from apps.stafettlogg.selectors.responsible import ResponsibleChoices, responsible_choices
from apps.stafettlogg.services.events import record_event


@dataclass(frozen=True)
class MeasureInput:
    """What a person writes about a measure, by the names of the model's fields.

    Responsible is a user of the log (`responsible_id`), or a guardian by name, or nobody yet; `others` are those who
    are it too, a line for each as `rules.responsible.who` writes them. `unit_id`: the service whose measure it is,
    where it is one's (docs/adr/0016).
    """

    title: str
    place: str
    responsible_id: UUID | None = None
    responsible_name: str = ""
    others: str = ""
    unit_id: UUID | None = None
    due_day: date | None = None
    note: str = ""


@transaction.atomic
def add_goal(log_id: UUID, *, title: str, actor: User, now: datetime) -> Goal:
    """Add a goal last in the plan. Raises `AccessDenied`, `RuleBroken("log_not_active")`."""
    log = _log_to_plan(log_id, actor=actor, now=now)
    goal = Goal(log=log, title=title, order=_next_order(log.goals), created_by=actor, created_at=now)
    _save(goal, actor)
    record_event(log, EventKind.GOAL, actor=actor, now=now, object_id=goal.pk)
    return goal


@transaction.atomic
def edit_goal(goal_id: UUID, *, title: str, version: int, actor: User, now: datetime) -> Goal:
    """Change the goal's words. Raises `Conflict` when someone saved after `version`; nothing changes, nothing saved."""
    goal = _locked(Goal, goal_id, version=version, actor=actor, now=now)
    if goal.title != title:
        goal.title = title
        _save(bump(goal), actor)
    return goal


@transaction.atomic
def set_goal_status(goal_id: UUID, *, status: str, actor: User, now: datetime) -> Goal:
    """Open, reached or no longer current. Safe to repeat: the same status changes nothing.

    Raises `AccessDenied`, `RuleBroken` (`log_not_active`, `goal_state`).
    """
    goal = _locked(Goal, goal_id, actor=actor, now=now)
    if goal.status != status:
        rules.check_goal_can_become(goal, status)
        goal.status = status
        _save(bump(goal), actor)
        number = GoalStatus.values.index(status)
        record_event(goal.log, EventKind.GOAL, actor=actor, now=now, object_id=goal.pk, number=number)
    return goal


@transaction.atomic
def add_measure(goal_id: UUID, *, measure: MeasureInput, actor: User, now: datetime) -> Measure:
    """Add a measure to an open goal. The first one sets the day of the first evaluation, in the municipality's weeks.

    Raises `AccessDenied`, `RuleBroken` (log_not_active, goal_not_open, responsible_outside, due_day_past, unit_outside,
    other_unit).
    """
    goal = _locked(Goal, goal_id, actor=actor, now=now)
    rules.check_goal_is_open(goal)
    measure = _checked(goal.log, measure, before=None, now=now)
    added = Measure(
        log=goal.log, goal=goal, order=_next_order(goal.measures), created_by=actor, created_at=now, **asdict(measure)
    )
    _save(added, actor)
    _plan_first_evaluation(goal.log, actor=actor, now=now)
    record_event(goal.log, EventKind.MEASURE, actor=actor, now=now, object_id=added.pk)
    return added


@transaction.atomic
def edit_measure(measure_id: UUID, *, measure: MeasureInput, version: int, actor: User, now: datetime) -> Measure:
    """Change a measure. Raises `Conflict` when someone saved after `version`, and as `add_measure`."""
    found = _locked(Measure, measure_id, version=version, actor=actor, now=now)
    if all(getattr(found, name) == value for name, value in asdict(measure).items()):
        return found
    for name, value in asdict(_checked(found.log, measure, before=found, now=now)).items():
        setattr(found, name, value)
    _save(bump(found), actor)
    record_event(found.log, EventKind.MEASURE_CHANGED, actor=actor, now=now, object_id=found.pk)
    return found


@transaction.atomic
def set_measure_status(measure_id: UUID, *, status: str, actor: User, now: datetime) -> Measure:
    """Not started, ongoing, done or stopped: by who makes the plan, and by each who is responsible for the measure.

    Safe to repeat: the same status changes nothing. Raises `AccessDenied`, `RuleBroken` (`log_not_active`,
    `measure_state`).
    """
    is_own = actor.pk in responsible_ids(Measure.objects.get(pk=measure_id))
    measure = _locked(Measure, measure_id, actor=actor, now=now, action=Action.WRITE if is_own else Action.PLAN)
    if measure.status != status:
        rules.check_measure_can_become(measure, status)
        measure.status = status
        _save(bump(measure), actor)
        record_event(
            measure.log,
            EventKind.MEASURE_CHANGED,
            actor=actor,
            now=now,
            object_id=measure.pk,
            number=MeasureStatus.values.index(status),
        )
    return measure


@transaction.atomic
def take_back_goal(goal_id: UUID, *, actor: User, now: datetime) -> None:
    """Take away a goal that was just added by a slip. The history keeps that it was added and taken away.

    Raises `AccessDenied`, and `RuleBroken` as `rules.plan.check_can_take_back`.
    """
    goal = _locked(Goal, goal_id, actor=actor, now=now)
    rules.check_can_take_back(
        goal, actor_id=actor.pk, changed=goal.version > 1, depends=goal.measures.exists(), now=now
    )
    _take_back(goal, EventKind.GOAL_TAKEN_BACK, actor=actor, now=now)


@transaction.atomic
def take_back_measure(measure_id: UUID, *, actor: User, now: datetime) -> None:
    """The same for a measure. The day of the first evaluation goes with the first measure, which set it."""
    measure = _locked(Measure, measure_id, actor=actor, now=now)
    rules.check_can_take_back(
        measure, actor_id=actor.pk, changed=measure.version > 1, depends=measure.reviews.exists(), now=now
    )
    log = measure.log
    _take_back(measure, EventKind.MEASURE_TAKEN_BACK, actor=actor, now=now)
    if not log.measures.exists() and not log.evaluations.exists():
        log.evaluation_due_day = None
        _save(bump(log), actor)


def _take_back(thing: Goal | Measure, kind: EventKind, *, actor: User, now: datetime) -> None:
    record_event(thing.log, kind, actor=actor, now=now, object_id=thing.pk)
    thing._history_user = actor
    thing.delete()


def _log_to_plan(log_id, *, actor, now, action=Action.PLAN) -> Log:
    log = lock(Log, log_id)
    access.check_can(actor, log, action, now)
    log_rules.check_is_active(log)
    return log


def _locked(model, pk, *, actor, now, version=None, action=Action.PLAN):
    """The goal or measure, locked after its log, with the checks made."""
    log_id = model.objects.values_list("log_id", flat=True).get(pk=pk)
    log = _log_to_plan(log_id, actor=actor, now=now, action=action)
    found = lock(model, pk, version)
    found.log = log
    return found


def _checked(log, measure: MeasureInput, *, before: Measure | None, now) -> MeasureInput:
    """What was written, when the rules allow it; with someone responsible who reads the measures of the own service
    alone, it is that service's where nothing else was chosen."""
    rules.check_due_day(measure.due_day, before=before.due_day if before else None, today=timezone.localdate(now))
    if before is not None and _who(before) == _who(measure):
        return measure
    choices = responsible_choices(log, now)
    check_others(measure)
    kept = who(before) if before is not None else []
    for one in who(measure):
        if one not in kept:  # who has left the log may stay responsible for what she had
            rules.check_responsible(
                next(iter(users_in([one])), None),
                "".join(names_in([one])),
                people_ids=choices.people_ids,
                guardian_names=choices.guardian_names,
            )
    reaches = [choices.reach_of(user_id) for user_id in responsible_ids(measure)]
    measure = replace(measure, unit_id=measure.unit_id or _own_unit(measure, choices, reaches))
    if before is None or before.unit_id != measure.unit_id:
        rules.check_unit(measure.unit_id, unit_ids=[unit.pk for unit in choices.units])
    for reach in reaches:
        rules.check_within_reach(measure.unit_id, reach)
    return measure


def _own_unit(measure: MeasureInput, choices: ResponsibleChoices, reaches: list[Reach]) -> UUID | None:
    """The service that has a measure for which none was chosen: of who reads own measures alone, else the only one in
    the log where the measure is in a service at all."""
    only = next((reach.only_unit for reach in reaches if reach.only_unit is not None), None)
    if only is None and measure.place == Place.SERVICE and len(choices.units) == 1:
        return next(iter(choices.units)).pk
    return only


def _who(measure: Measure | MeasureInput) -> tuple[list[str], UUID | None]:
    return who(measure), measure.unit_id


def _plan_first_evaluation(log, *, actor, now) -> None:
    if log.evaluation_due_day is None and not log.evaluations.exists():
        weeks = settings_row().evaluation_weeks
        log.evaluation_due_day = timezone.localdate(now) + timedelta(weeks=weeks)
        _save(bump(log), actor)


def _next_order(rows) -> int:
    highest = rows.aggregate(highest=Max("order"))["highest"]
    return 1 if highest is None else highest + 1


def _save(row, actor) -> None:
    row._history_user = actor
    row.save()
