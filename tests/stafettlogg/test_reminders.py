"""What is due is found once, for the sweeper and the start page alike, and everyone is told of it once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.dates import local_day, local_midnight
from apps.municipality.enums import UnitKind
from apps.notifications import kinds
from apps.notifications.models import Notice
from apps.notifications.selectors import reminders_due, tasks_for
from apps.stafettlogg.enums import GoalStatus, LogStatus, MeasureStatus, Place
from apps.stafettlogg.models import ConsentWindow, Goal, LogWish, Measure, RepeatRequest
from apps.stafettlogg.services import (
    consent_questions,
    consents,
    deputies,
    reminders,
)
from apps.stafettlogg.tasks import sweep_reminders
from tests.factories import make_absence, make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.exempt import ask_exception
from tests.stafettlogg.factories import (
    close_for_family,
    give_consents,
    make_child,
    make_guardian,
    make_log,
    make_participant,
    open_window,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = local_day(NOW)


def days(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def unit():
    make_municipality(consent_reminder_days=7, handover_days=14, evaluation_weeks=30)
    return make_unit("Solbakken barnehage")


@pytest.fixture
def log(unit):
    log = make_log(holder=make_employee(unit), now=NOW)
    log.reason = "Emma er mye alene"
    log.save()
    return log


def make_measure(log, *, due_day, responsible=None, status=MeasureStatus.ONGOING, goal_status=GoalStatus.OPEN):
    goal = Goal.objects.create(log=log, title="Et mål", status=goal_status, created_by=log.holder.user, created_at=NOW)
    return Measure.objects.create(
        goal=goal,
        log=log,
        title="Lek ute",
        place=Place.HOME,
        responsible=responsible,
        due_day=due_day,
        status=status,
        created_by=log.holder.user,
        created_at=NOW,
    )


def due_at(at):
    """(code, who) of everything somebody is to be reminded of."""
    return sorted((due.code, due.recipient.name) for due in reminders_due(at))


def tasks(user, at=NOW):
    return [task.code for task in tasks_for(user, at)]


def test_measure_is_due_from_three_days_before_and_then_overdue(log):
    make_measure(log, due_day=TODAY + timedelta(days=10))
    holder = log.holder.user

    codes = {number: [code for code, _who in due_at(days(number))] for number in (6, 7, 10, 11)}

    assert codes == {6: [], 7: ["measure_due"], 10: ["measure_due"], 11: ["measure_overdue"]}
    assert tasks(holder, days(7)) == ["measure_due"]


def test_measure_reminds_the_responsible_who_is_in_the_log_and_stands_on_the_holders_page(log):
    father = log.guardians[0].user
    make_measure(log, due_day=TODAY, responsible=father)

    assert due_at(NOW) == [("measure_due", father.name)]
    assert (tasks(father), tasks(log.holder.user)) == (["measure_due"], ["measure_due"])


def test_measure_of_someone_who_is_no_longer_in_the_log_goes_to_the_holder(log):
    make_measure(log, due_day=TODAY, responsible=make_employee())

    assert due_at(NOW) == [("measure_due", log.holder.user.name)]


@pytest.mark.parametrize(
    ("status", "goal_status"),
    [
        (MeasureStatus.DONE, GoalStatus.OPEN),
        (MeasureStatus.STOPPED, GoalStatus.OPEN),
        (MeasureStatus.ONGOING, GoalStatus.REACHED),
    ],
)
def test_measures_that_are_over_remind_nobody(log, status, goal_status):
    make_measure(log, due_day=TODAY, status=status, goal_status=goal_status)

    assert due_at(NOW) == []


def test_local_date_decides_what_is_today(log):
    """23.30 UTC is the next day in Oslo."""
    make_measure(log, due_day=date(2026, 10, 8))

    assert [code for code, _ in due_at(datetime(2026, 10, 8, 21, 59, tzinfo=UTC))] == ["measure_due"]
    assert [code for code, _ in due_at(datetime(2026, 10, 8, 23, 30, tzinfo=UTC))] == ["measure_overdue"]


def test_nothing_in_the_plan_reminds_while_the_sharing_is_stopped(log):
    make_measure(log, due_day=TODAY)
    guardian = log.guardians[0]

    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=NOW)

    assert due_at(NOW) == []
    assert tasks(log.holder.user) == ["shell_ending"]


def test_evaluation_is_due_a_week_before_and_then_overdue(log):
    log.evaluation_due_day = TODAY + timedelta(days=20)
    log.save()

    codes = {number: [code for code, _who in due_at(days(number))] for number in (12, 13, 20, 21)}

    assert codes == {12: [], 13: ["evaluation_due"], 20: ["evaluation_due"], 21: ["evaluation_overdue"]}


def test_holder_and_her_deputy_are_both_reminded(log, unit):
    deputy = make_employee(unit)
    appointed = deputies.appoint_deputy(
        log.pk,
        membership=deputy.membership,
        first_day=TODAY,
        last_day=TODAY,
        actor=make_leader(unit),
        now=NOW,
    )
    deputies.accept_deputy(appointed.pk, actor=deputy, now=NOW)
    log.evaluation_due_day = TODAY
    log.save()

    assert due_at(NOW) == sorted([("evaluation_due", deputy.name), ("evaluation_due", log.holder.user.name)])


def test_question_about_consent_waits_seven_days(log):
    mother = log.guardians[0].user
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)

    assert due_at(days(6)) == []
    assert due_at(days(7)) == sorted([("consent_reminder", mother.name), ("consent_unanswered", log.holder.user.name)])


def test_only_the_guardian_who_has_not_answered_is_reminded(unit):
    child = make_child()
    mother, father = make_guardian(child), make_guardian(child)
    log = make_log(
        status=LogStatus.REQUESTED, holder=make_employee(unit), child=child, guardians=[mother, father], now=NOW
    )
    give_consents(log, only=[mother], now=NOW)

    assert due_at(days(8)) == sorted(
        [("consent_reminder", father.user.name), ("consent_unanswered", log.holder.user.name)]
    )


def move_end(log, unit, last_day):
    window = ConsentWindow.objects.get(log=log, unit=unit)
    window.valid_until = local_midnight(last_day + timedelta(days=1))
    window.save()


def test_consent_that_runs_out_reminds_at_30_14_and_3_days(log):
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    open_window(log, ppt, now=NOW, days=100)

    keys = []
    for number in range(60, 101):
        keys += [due.key for due in reminders_due(days(number)) if due.code == "consent_expiring"]

    assert list(dict.fromkeys(key.rsplit(" ", 1)[1] for key in keys)) == ["30", "14", "3"]
    assert keys[0] == next(due.key for due in reminders_due(days(70)) if due.code == "consent_expiring")


def test_guardian_is_reminded_of_her_own_yes_alone(unit):
    child = make_child()
    mother, father = make_guardian(child), make_guardian(child)
    log = make_log(holder=make_employee(unit), child=child, guardians=[mother, father], now=NOW)
    given = log.consents.get(guardian=mother)
    given.expires_at = local_midnight(TODAY + timedelta(days=21))
    given.save()

    found = [(code, who) for code, who in due_at(days(7)) if code == "consent_expiring_own"]

    assert found == [("consent_expiring_own", mother.user.name)]


def test_expired_consent_is_told_on_day_0_and_withdrawn_is_not(log):
    leader = make_leader(log.unit)
    ran_out, stopped = make_unit("PP-tjenesten", kind=UnitKind.PPT), make_unit("Helsestasjonen")
    for there in (ran_out, stopped):
        open_window(log, there, now=NOW)
    move_end(log, ran_out, TODAY)
    window = ConsentWindow.objects.get(log=log, unit=stopped)
    window.valid_until = NOW + timedelta(hours=1)
    window.save()

    at = local_midnight(TODAY + timedelta(days=1))

    assert due_at(at - timedelta(seconds=1)) == [("consent_expiring", log.holder.user.name)]
    assert due_at(at) == sorted([("consent_expired", log.holder.user.name), ("consent_expired_leader", leader.name)])


def test_shell_is_never_closed_unannounced(log):
    guardian = log.guardians[0]
    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=NOW)

    codes = {number: [code for code, _who in due_at(days(number))] for number in (1, 22, 23, 29, 30, 31)}

    assert codes == {1: [], 22: [], 23: ["shell_ending"], 29: ["shell_ending"], 30: ["shell_ending"], 31: []}


def test_request_that_is_about_to_be_removed(unit):
    make_municipality(request_days=60, consent_reminder_days=60)
    log = make_log(status=LogStatus.REQUESTED, holder=make_employee(unit), now=NOW)

    codes = {number: [code for code, _who in due_at(days(number))] for number in (52, 53)}

    assert codes == {52: [], 53: ["request_ending"]}
    assert tasks(log.holder.user, days(53)) == ["request_ending"]


def test_page_also_shows_what_was_told_at_once(log, unit):
    leader = make_leader(unit)
    RepeatRequest.objects.create(log=log, unit=make_unit(), asked_by=make_employee(), asked_at=NOW)
    ask_exception(log, log.guardians[0], now=NOW)
    LogWish.objects.create(author=make_citizen(), unit=unit, sent_at=NOW)

    assert tasks(log.holder.user) == ["plan_missing", "repeat_to_follow"]
    assert sorted(tasks(leader)) == ["to_sign", "wish"]
    assert due_at(NOW) == []


def test_unread_limits_stand_on_the_holders_page(unit):
    log = make_log(status=LogStatus.REQUESTED, holder=make_employee(unit), now=NOW)
    request = log.consent_requests.get()
    guardian = log.guardians[0]
    consents.answer(
        request.pk,
        guardian_id=guardian.pk,
        choices={unit.pk: True},
        limits="Ikke del noe om søsken.",
        route="digital",
        actor=guardian.user,
        now=NOW,
    )

    assert tasks(log.holder.user) == ["limits_to_read"]


def test_sweeping_again_and_again_tells_once(log):
    make_measure(log, due_day=TODAY)

    for minutes in range(0, 60, 10):
        reminders.sweep(now=NOW + timedelta(minutes=minutes))

    assert Notice.objects.filter(kind="measure_due").count() == 1


def test_sweep_does_every_step_and_says_which_one_failed(log, monkeypatch):
    make_measure(log, due_day=TODAY)

    def broken(*, now):
        raise ValueError("no words about anyone")

    monkeypatch.setattr(reminders, "STEPS", (broken, *reminders.STEPS))
    with pytest.raises(reminders.SweepFailed) as failed:
        reminders.sweep(now=NOW)

    assert str(failed.value) == "broken"
    assert Notice.objects.filter(kind="measure_due").count() == 1


def test_task_runs_the_sweep(log):
    make_measure(log, due_day=date(2020, 1, 1))

    sweep_reminders()

    assert Notice.objects.filter(kind="measure_overdue").count() == 1


def test_closed_logs_remind_nobody(log):
    make_measure(log, due_day=TODAY)
    log.evaluation_due_day = TODAY
    log.save()
    make_participant(log, now=NOW)

    close_for_family(log, log.guardians[0].user, now=NOW)

    assert due_at(NOW) == []


def test_kinds_that_remind_nobody_stand_on_pages_alone():
    on_pages = {kind.code for kind in kinds.task_kinds() if not kind.reminds}

    assert on_pages == {
        "answer_on_paper",
        "closing_sign",
        "code_to_confirm",
        "consent_out",
        "deputy_ahead",
        "draft",
        "evaluation_ahead",
        "exception_letter",
        "exception_letter_leader",
        "handover_out",
        "interpreter",
        "place_hidden_confirm",
        "invitation_out",
        "letter_to_send",
        "limits_to_read",
        "measure_ahead",
        "plan_missing",
        "reason_missing",
        "repeat_to_follow",
        "service_to_invite",
        "to_close",
        "to_sign",
        "to_sign_second",
        "voice_missing",
        "wish",
    }
    assert {code for code in on_pages if kinds.get(code) is not None} == set()


def test_task_carries_what_the_page_must_write_in_the_read_log(log):
    make_measure(log, due_day=TODAY)

    task = tasks_for(log.holder.user, NOW)[0]

    assert (task.title, task.text) == ("Følg opp tiltaket for Emma", "Lek ute")
    assert (task.read.log_id, task.read.child_id, task.read.ground) == (log.pk, log.child_id, "holder")


def everything_due(unit, holder, number):
    """A log with one of each thing that can be due for the holder."""
    log = make_log(holder=holder, child=make_child(f"Barn {number}"), now=days(-20))
    make_measure(log, due_day=TODAY)
    log.evaluation_due_day = TODAY
    log.save()
    move_end(log, unit, TODAY + timedelta(days=2))
    ppt = make_unit(kind=UnitKind.PPT)
    consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=holder, now=days(-10))
    return log


@pytest.mark.parametrize("who", ["everyone", "holder", "leader"])
def test_number_of_queries_is_the_same_with_1_and_10_of_everything(unit, who, django_assert_num_queries):
    leader, holder = make_leader(unit), make_employee(unit)
    make_absence(holder, first_day=TODAY)
    look = {
        "everyone": lambda: reminders_due(NOW),
        "holder": lambda: tasks_for(holder, NOW),
        "leader": lambda: tasks_for(leader, NOW),
    }[who]
    everything_due(unit, holder, 1)

    with CaptureQueriesContext(connection) as first:
        few = len(look())
    for number in range(2, 11):
        everything_due(unit, holder, number)

    with django_assert_num_queries(len(first)):
        many = look()

    assert len(many) == 10 * few
