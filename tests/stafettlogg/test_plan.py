import datetime
from dataclasses import fields

import pytest
from django.utils import timezone

from apps.core.errors import AccessDenied, Conflict, RuleBroken
from apps.stafettlogg.enums import EventKind, GoalStatus, LogStatus, MeasureStatus
from apps.stafettlogg.models import Goal, Log, LogEvent, Measure
from apps.stafettlogg.rules.scopes import WHOLE
from apps.stafettlogg.selectors.changes import changes, read_by_people
from apps.stafettlogg.selectors.plan import goals_with_measures
from apps.stafettlogg.selectors.responsible import responsible_choices
from apps.stafettlogg.services import plan as services
from apps.stafettlogg.services.logs import fill_in_reason
from apps.stafettlogg.services.plan import MeasureInput
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
    open_window,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 10, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 10, 8)


def row_of(log, user):
    from apps.stafettlogg import access

    return access.row_for(user, log, NOW)


def events(log):
    return list(LogEvent.objects.filter(log=log).order_by("at", "pk").values_list("kind", "object_id", "number"))


def test_goal_is_added_last_and_told_in_the_timeline():
    log = make_log(now=NOW)

    first, second = make_goal(log, "Mål A", now=NOW), make_goal(log, "Mål B", now=NOW)

    assert [goal.title for goal in goals_with_measures(log, WHOLE)] == ["Mål A", "Mål B"]
    assert events(log)[-2:] == [(EventKind.GOAL, first.pk, None), (EventKind.GOAL, second.pk, None)]


@pytest.mark.parametrize("who", ["participant", "guardian", "stranger"])
def test_plan_is_changed_by_the_holder_alone(who):
    log = make_log(now=NOW)
    users = {"participant": lambda: make_participant(log, now=NOW), "stranger": make_employee}
    user = log.guardians[0].user if who == "guardian" else users[who]()

    with pytest.raises(AccessDenied):
        services.add_goal(log.pk, title="Mål", actor=user, now=NOW)

    assert not Goal.objects.exists()


def test_plan_is_not_written_before_consent():
    log = make_log(status=LogStatus.REQUESTED, now=NOW)

    with pytest.raises(AccessDenied):
        services.add_goal(log.pk, title="Mål", actor=log.holder.user, now=NOW)


def test_plan_is_not_written_in_the_shell():
    log = make_log(now=NOW)
    open_window(log, log.unit, now=NOW, days=30, basis="closing")

    with pytest.raises(AccessDenied):
        services.add_goal(log.pk, title="Mål", actor=log.holder.user, now=NOW)


def test_edit_goal_stops_when_someone_saved_first():
    goal = make_goal(make_log(now=NOW), now=NOW)
    holder = goal.log.holder.user
    services.edit_goal(goal.pk, title="Først", version=1, actor=holder, now=NOW)

    with pytest.raises(Conflict) as conflict:
        services.edit_goal(goal.pk, title="Etterpå", version=1, actor=holder, now=NOW)

    assert conflict.value.current.title == "Først"
    assert Goal.objects.get().title == "Først"


def test_same_text_again_leaves_no_trace():
    goal = make_goal(make_log(now=NOW), "Mål", now=NOW)

    services.edit_goal(goal.pk, title="Mål", version=1, actor=goal.log.holder.user, now=NOW)

    assert (Goal.objects.get().version, Goal.history.count()) == (1, 1)


def test_goal_status_is_told_and_safe_to_repeat():
    goal = make_goal(make_log(now=NOW), now=NOW)
    for _ in range(2):
        services.set_goal_status(goal.pk, status=GoalStatus.REACHED, actor=goal.log.holder.user, now=NOW)

    assert events(goal.log)[-1] == (EventKind.GOAL, goal.pk, GoalStatus.values.index("reached"))
    assert Goal.objects.get().version == 2


def test_first_measure_sets_the_day_of_the_first_evaluation():
    log = make_log(now=NOW)
    goal = make_goal(log, now=NOW)

    make_measure(goal, now=NOW)

    assert Log.objects.get().evaluation_due_day == TODAY + datetime.timedelta(weeks=8)


def test_measure_holds_who_when_and_where():
    log = make_log(now=NOW)
    holder = log.holder.user
    goal = make_goal(log, now=NOW)

    make_measure(goal, "Ane leser", place="both", responsible_id=holder.pk, due_day=TODAY, note="Hver dag", now=NOW)

    measure = Measure.objects.get()
    assert (measure.title, measure.place, measure.responsible, measure.due_day, measure.note, measure.status) == (
        "Ane leser",
        "both",
        holder,
        TODAY,
        "Hver dag",
        MeasureStatus.NOT_STARTED,
    )


def test_responsible_is_someone_in_the_log_now():
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Vik", user=False)]
    log = make_log(child=child, guardians=guardians, now=NOW)
    participant = make_participant(log, now=NOW, name="Jonas Eide")
    make_employee()

    choices = responsible_choices(log, NOW)

    assert {person.user for person in choices.people} == {log.holder.user, participant, guardians[0].user}
    assert choices.guardian_names == ["Ola Vik"]


def test_responsible_is_never_someone_outside():
    goal = make_goal(make_log(now=NOW), now=NOW)

    with pytest.raises(RuleBroken) as broken:
        make_measure(goal, responsible_id=make_employee().pk, now=NOW)

    assert broken.value.code == "responsible_outside"


def test_one_who_has_left_may_stay_responsible_for_what_she_had():
    log = make_log(now=NOW)
    goal = make_goal(log, now=NOW)
    participant = make_participant(log, now=NOW)
    measure = make_measure(goal, responsible_id=participant.pk, now=NOW)
    open_window(log, participant.membership.unit, now=NOW, days=1)

    later = NOW + datetime.timedelta(days=3)
    written = MeasureInput(title="Nytt", place="home", responsible_id=participant.pk)
    services.edit_measure(measure.pk, measure=written, version=1, actor=log.holder.user, now=later)

    assert Measure.objects.get().title == "Nytt"


def test_edit_measure_stops_when_someone_saved_first():
    goal = make_goal(make_log(now=NOW), now=NOW)
    measure = make_measure(goal, now=NOW)
    holder = goal.log.holder.user
    services.set_measure_status(measure.pk, status=MeasureStatus.ONGOING, actor=holder, now=NOW)

    with pytest.raises(Conflict):
        services.edit_measure(
            measure.pk, measure=MeasureInput(title="X", place="home"), version=1, actor=holder, now=NOW
        )


def test_measure_of_a_reached_goal_is_refused():
    goal = make_goal(make_log(now=NOW), now=NOW)
    services.set_goal_status(goal.pk, status=GoalStatus.REACHED, actor=goal.log.holder.user, now=NOW)

    with pytest.raises(RuleBroken) as broken:
        make_measure(goal, now=NOW)

    assert broken.value.code == "goal_not_open"


def test_reason_is_written_after_opening_and_conflicts_are_seen():
    log = make_log(now=NOW)
    holder = log.holder.user
    fill_in_reason(log.pk, reason="Emma er mye alene", version=log.version, actor=holder, now=NOW)

    with pytest.raises(Conflict):
        fill_in_reason(log.pk, reason="Noe annet", version=log.version, actor=holder, now=NOW)

    assert Log.objects.get().reason == "Emma er mye alene"


def test_changes_say_who_changed_what():
    log = make_log(now=NOW)
    holder = log.holder.user
    goal = make_goal(log, "Mål", now=NOW)
    measure = make_measure(goal, "Lese", due_day=TODAY, now=NOW)
    written = MeasureInput(title="Lese sammen", place="service", due_day=TODAY + datetime.timedelta(days=1))
    services.edit_measure(measure.pk, measure=written, version=1, actor=holder, now=NOW)

    newest = changes(log, row_of(log, holder)).rows[0]

    assert (newest.who, newest.subject) == (holder.name, "Lese sammen")
    assert [(field.label, field.before, field.after) for field in newest.fields] == [
        ("Tiltak", "Lese", "Lese sammen"),
        ("Frist", "8.\u00a0oktober 2026", "9.\u00a0oktober 2026"),
    ]


def test_everything_that_is_written_about_a_measure_shows_among_the_changes():
    named = {field.attname for field in read_by_people(Measure.history.model)}

    assert named == {field.name for field in fields(MeasureInput)} | {"status"}


def test_changes_name_a_protected_employee_by_place():
    holder = make_employee(title="Pedagogisk leder", protected_identity=True)
    log = make_log(holder=holder, now=NOW)
    make_goal(log, now=NOW)

    newest = changes(log, row_of(log, log.guardians[0].user)).rows[0]

    assert newest.who == f"Pedagogisk leder, {holder.membership.unit.name}"


def test_save_that_changed_nothing_read_leaves_no_change():
    log = make_log(now=timezone.now())

    assert changes(log, row_of(log, log.holder.user) or log.holder).rows == []
