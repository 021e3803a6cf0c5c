"""What the plan and the head of a log say when something is late, and when someone has left."""

import pytest
from django.utils import timezone

from apps.stafettlogg.enums import MeasureStatus
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.services.access import end_row
from tests.stafettlogg.factories import make_goal, make_log, make_measure, make_participant
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


def today(days=0):
    return timezone.localdate() + timezone.timedelta(days=days)


def set_fields(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def plan_of(log, user=None):
    return signed_in(user or log.holder.user).get(page_of("plan", log.pk))


@pytest.mark.parametrize(
    ("days", "status", "late"),
    [(-3, "ongoing", True), (0, "ongoing", False), (-3, "done", False)],
    ids=["late", "today", "done"],
)
def test_plan_says_when_a_measure_is_late(days, status, late):
    log = make_log()
    measure = make_measure(make_goal(log))
    set_fields(measure, due_day=today(days), status=status)

    assert ("over fristen" in plan_of(log).content.decode()) is late


def test_plan_says_that_a_responsible_employee_has_left():
    log = make_log()
    helper = make_participant(log)
    make_measure(make_goal(log), responsible_id=helper.pk)
    before = plan_of(log).content.decode()
    set_fields(LogAccess.objects.get(content_object=log, user=helper), ends_at=timezone.now())

    assert "er ikke med lenger" not in before
    assert f"{helper.name}, er ikke med lenger" in plan_of(log).content.decode()


def test_evaluation_is_offered_when_there_is_a_goal():
    log = make_log()
    before = plan_of(log).content.decode()
    make_goal(log)

    assert page_of("evaluate", log.pk) not in before
    assert page_of("evaluate", log.pk) in plan_of(log).content.decode()


@pytest.mark.parametrize(
    ("evaluation", "measure", "status"),
    [(1, 1, "pagar"), (0, 1, "handling"), (1, 0, "handling")],
    ids=["in time", "evaluation is due", "measure is due"],
)
def test_head_of_the_log_has_the_status_of_its_card(evaluation, measure, status):
    log = make_log()
    make_measure(make_goal(log), due_day=today(measure))
    set_fields(Log.objects.get(pk=log.pk), evaluation_due_day=today(evaluation))

    cards = signed_in(log.holder.user).get(page_of("list")).context["found"].cards

    assert plan_of(log).context["band"]["status"] == status
    assert signed_in(log.holder.user).get(page_of("detail", log.pk)).context["band"]["status"] == status
    assert [card.status for card in cards] == [status]


def test_nothing_is_the_turn_of_someone_who_does_not_hold_the_log():
    log = make_log()
    set_fields(Log.objects.get(pk=log.pk), evaluation_due_day=today(-1))

    assert plan_of(log, make_participant(log)).context["band"]["status"] == "pagar"


def test_who_is_responsible_tells_how_it_goes_and_nobody_else_who_takes_part():
    log = make_log()
    jonas, other = make_participant(log), make_participant(log)
    measure = make_measure(make_goal(log), responsible_id=jonas.pk)
    page = page_of("measure_status", log.pk, measure.pk)
    plan = page_of("plan", log.pk)

    def asked(user):
        answer = signed_in(user).post(page, {"status": MeasureStatus.ONGOING})
        measure.refresh_from_db()
        return answer.status_code, measure.status

    assert page in signed_in(jonas).get(plan).content.decode()
    assert page not in signed_in(other).get(plan).content.decode()
    assert asked(other) == (403, MeasureStatus.NOT_STARTED)
    assert signed_in(other).get(page).status_code == 403
    assert "Merk som i gang" in signed_in(jonas).get(page).content.decode()
    assert asked(jonas) == (302, MeasureStatus.ONGOING)


def test_who_is_responsible_and_has_left_tells_nothing_more():
    log = make_log()
    jonas = make_participant(log)
    measure = make_measure(make_goal(log), responsible_id=jonas.pk)
    end_row(LogAccess.objects.get(user=jonas), actor=log.holder.user, now=timezone.now())

    page = page_of("measure_status", log.pk, measure.pk)

    assert signed_in(jonas).post(page, {"status": MeasureStatus.DONE}).status_code == 404
