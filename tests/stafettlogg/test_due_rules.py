"""What «Må gjøres» says on the log's own page stands on the holder's start page too, and the other way round."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.dates import local_day
from apps.municipality.enums import UnitKind
from apps.notifications.selectors import reminders_due, tasks_for
from apps.stafettlogg.services import consents, deputies
from apps.stafettlogg.services.logs import fill_in_reason
from apps.stafettlogg.services.voices import add_voice
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg.factories import (
    make_child,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
    open_window,
)
from tests.stafettlogg.log_sections import tasks_in_log

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = local_day(NOW)


def day(number):
    return TODAY + timedelta(days=number)


def on_start_page(user, at=NOW):
    return sorted(task.code for task in tasks_for(user, at))


def on_log_page(log, user=None):
    """The codes that say «Må gjøres» in the log, and those that do not."""
    found = tasks_in_log(user or log.holder.user, log, NOW)
    return sorted(task.code for task in found if task.is_turn), sorted(t.code for t in found if not t.is_turn)


def settled(**fields):
    """A log with a reason, a plan and nothing due."""
    log = make_log(now=NOW, **fields)
    holder = log.holder.user
    fill_in_reason(log.pk, reason="Emma er mye alene", version=log.version, actor=holder, now=NOW)
    make_measure(make_goal(log, now=NOW), due_day=day(60), now=NOW)
    log.refresh_from_db()
    due_evaluation(log, 60)
    return log


def due_evaluation(log, number):
    log.evaluation_due_day = day(number)
    log.save()


def test_new_log_asks_for_the_reason_and_the_plan_on_both_pages():
    log = make_log(now=NOW)

    assert on_log_page(log)[0] == on_start_page(log.holder.user) == ["plan_missing", "reason_missing"]
    plan, reason = sorted(tasks_for(log.holder.user, NOW), key=lambda task: task.code)
    assert (plan.title, plan.url, plan.due_day) == (
        "Bli enige om mål og tiltak for Emma",
        reverse("stafettlogg:plan", args=[log.pk]),
        day(14),
    )
    assert (reason.title, reason.url, reason.due_day) == (
        "Skriv hvorfor stafettloggen for Emma er åpnet",
        reverse("stafettlogg:reason", args=[log.pk]),
        None,
    )
    assert (reason.read.log_id, reason.read.ground) == (log.pk, "holder")


def test_nothing_is_asked_for_when_it_is_done():
    log = settled()

    assert (on_log_page(log)[0], on_start_page(log.holder.user)) == ([], [])


@pytest.mark.parametrize("number", [-1, 0, 3, 4, 7, 14])
@pytest.mark.parametrize("whose", ["nobody", "holder", "participant", "guardian"])
def test_measure_calls_on_both_pages_from_the_same_day(number, whose):
    log = settled()
    people = {
        "nobody": None,
        "holder": log.holder.user,
        "participant": make_participant(log, now=NOW),
        "guardian": log.guardians[0].user,
    }
    responsible = people[whose]
    measure = make_measure(make_goal(log, now=NOW), now=NOW)
    measure.due_day, measure.responsible = day(number), responsible
    measure.save()

    calls, others = on_log_page(log)

    assert on_start_page(log.holder.user) == calls
    near = "measure_overdue" if number < 0 else "measure_due"
    ahead = ["evaluation_ahead"] if number <= 3 else ["evaluation_ahead", "measure_ahead"]
    assert (calls, others) == ([near] if number <= 3 else [], ahead)
    told = [due.recipient for due in reminders_due(NOW)]
    assert told == ([responsible or log.holder.user] if number <= 3 else [])


@pytest.mark.parametrize("number", [-1, 0, 7, 8, 14])
def test_evaluation_and_the_childs_voice_call_on_both_pages_from_the_same_day(number):
    log = settled()
    due_evaluation(log, number)

    calls, others = on_log_page(log)

    assert on_start_page(log.holder.user) == calls
    near = "evaluation_overdue" if number < 0 else "evaluation_due"
    both = ([near, "voice_missing"], []) if number <= 7 else ([], ["evaluation_ahead", "voice_missing"])
    assert (calls, others) == both


def test_voice_is_not_asked_for_when_the_child_is_heard_or_not_born():
    heard = settled()
    due_evaluation(heard, 0)
    add_voice(
        heard.pk,
        text="Jeg vil være med",
        told_to="Ane",
        told_day=TODAY,
        child_knows_readers=True,
        actor=heard.holder.user,
        now=NOW,
    )
    child = make_child("", "", birth_date=None, expected_day=day(90))
    unborn = settled(child=child, guardians=[make_guardian(child, relation="pregnant")])
    due_evaluation(unborn, 0)

    for log in (heard, unborn):
        assert (on_log_page(log)[0], on_start_page(log.holder.user)) == (["evaluation_due"], ["evaluation_due"])


def test_deputy_has_what_the_holder_has_and_a_participant_nothing():
    unit = make_unit("Solbakken")
    log = make_log(holder=make_employee(unit), now=NOW)
    deputy, participant = make_employee(unit), make_participant(log, now=NOW)
    asked = deputies.appoint_deputy(
        log.pk, membership=deputy.membership, first_day=TODAY, last_day=TODAY, actor=make_leader(unit), now=NOW
    )
    deputies.accept_deputy(asked.pk, actor=deputy, now=NOW)

    assert on_start_page(deputy) == on_start_page(log.holder.user) == ["plan_missing", "reason_missing"]
    assert on_log_page(log, deputy) == on_log_page(log)
    assert on_start_page(participant) == []


def test_nothing_of_the_content_is_asked_for_while_nothing_is_shared():
    log = make_log(now=NOW)
    guardian = log.guardians[0]
    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=NOW)

    assert (on_log_page(log), on_start_page(log.holder.user)) == (([], []), ["shell_ending"])


def test_what_is_missing_in_a_log_reminds_nobody_by_itself():
    make_log(now=NOW)

    assert reminders_due(NOW + timedelta(days=30)) == []


def test_start_page_asks_the_same_number_of_queries_for_1_and_30_logs(django_assert_num_queries):
    unit, ppt = make_unit("Solbakken"), make_unit("PP-tjenesten", kind=UnitKind.PPT)
    holder = make_employee(unit)

    def another(number):
        log = make_log(holder=holder, child=make_child(f"Barn {number}"), now=NOW)
        due_evaluation(log, 0)
        open_window(log, ppt, now=NOW)

    another(1)
    with CaptureQueriesContext(connection) as first:
        few = tasks_for(holder, NOW)
    for number in range(2, 31):
        another(number)

    with django_assert_num_queries(len(first)):
        many = tasks_for(holder, NOW)

    codes = ["evaluation_due", "plan_missing", "reason_missing", "service_to_invite", "voice_missing"]
    assert sorted({task.code for task in few}) == codes
    assert (len(few), len(many)) == (5, 150)
