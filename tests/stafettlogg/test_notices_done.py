"""«Oppgaver» on the page of notices holds what is left to do: a task that is done leaves it by itself."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from apps.core.dates import OSLO, local_day
from apps.municipality.enums import UnitKind
from apps.notifications import kinds
from apps.notifications.models import Notice
from apps.notifications.selectors import notices_for, unread_count
from apps.notifications.services import settle_done
from apps.stafettlogg.kinds.notices import NOTICE_KINDS
from apps.stafettlogg.models import ConsentRequest
from apps.stafettlogg.services import consent_questions, exceptions, plan, reminders, wishes
from tests.factories import make_citizen, make_leader, make_municipality, make_unit
from tests.stafettlogg.exempt import ask_exception
from tests.stafettlogg.factories import give_consents, make_employee, make_goal, make_log, make_measure
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
LIST = reverse("notifications:list")
QUERIES = 7


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def tasks(user) -> list[str]:
    return [line.notice.kind for line in notices_for(user, group="task")]


def earlier(user) -> list[str]:
    return [line.notice.kind for line in notices_for(user, read=True)]


def test_question_that_is_answered_leaves_the_tasks_and_stands_among_the_earlier():
    log = make_log(status="requested", now=NOW)
    parent = log.guardians[0].user
    assert (tasks(parent), unread_count(parent)) == (["consent_waiting"], 1)
    settle_done(now=NOW)
    assert tasks(parent) == ["consent_waiting"]

    give_consents(log, now=NOW)
    settle_done(now=NOW)

    assert (tasks(parent), "consent_waiting" in earlier(parent)) == ([], True)
    page = signed_in(parent).get(LIST)
    assert [line.notice.kind for line in page.context["tasks"]] == []
    assert "Gjort, eller gjelder ikke lenger" in page.content.decode()


def test_measure_that_is_done_leaves_the_tasks_and_comes_back_when_it_is_opened_again():
    log = make_log(now=NOW)
    measure = make_measure(
        make_goal(log, now=NOW), now=NOW, responsible_id=log.holder.user_id, due_day=local_day(NOW + DAY)
    )
    reminders.remind(now=NOW)
    assert tasks(log.holder.user) == ["measure_due"]

    plan.set_measure_status(measure.pk, status="done", actor=log.holder.user, now=NOW)
    reminders.remind(now=NOW)
    assert (tasks(log.holder.user), "measure_due" in earlier(log.holder.user)) == ([], True)
    plan.set_measure_status(measure.pk, status="ongoing", actor=log.holder.user, now=NOW)
    reminders.remind(now=NOW)

    assert (tasks(log.holder.user), Notice.objects.filter(kind="measure_due").count()) == (["measure_due"], 1)


def test_exception_that_is_signed_and_wish_that_is_answered_leave_the_leaders_tasks():
    leader = make_leader()
    log = make_log(status="requested", holder=make_employee(leader.membership.unit), now=NOW)
    grant = ask_exception(log, log.guardians[0], now=NOW)
    wish = wishes.send_wish(actor=make_citizen(), unit_id=leader.membership.unit_id, now=NOW)
    settle_done(now=NOW)
    assert {"exception_asked", "wish_received"} <= set(tasks(leader))

    exceptions.sign_exception(grant.pk, actor=leader, now=NOW)
    wishes.answer_wish(wish.pk, actor=leader, now=NOW)
    settle_done(now=NOW)

    assert {"exception_asked", "wish_received"} & set(tasks(leader)) == set()


def cancel(asked):
    """As the portal's own clock does it: nobody is there to settle what waits."""
    asked.cancelled_at = NOW
    asked.save(update_fields=["cancelled_at"])


def test_sweeper_settles_and_messages_stay_until_they_are_read():
    log = make_log(now=NOW)
    parent = log.guardians[0].user
    assert tasks(parent) == []  # what one has answered leaves at once
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    asked = consent_questions.ask_consent(log.pk, unit_ids=[ppt.pk], actor=log.holder.user, now=NOW)
    cancel(asked)
    assert "consent_waiting" in tasks(parent)
    told = [line.notice.kind for line in notices_for(parent, group="message")]

    reminders.sweep(now=NOW)

    assert tasks(parent) == []
    assert [line.notice.kind for line in notices_for(parent, group="message")] == told != []


@pytest.mark.parametrize("count", [1, 30])
def test_page_asks_the_database_equally_often_whatever_is_done(count, django_assert_num_queries):
    make_municipality()
    reader = make_citizen()
    for number in range(count):
        for done_at in (None, NOW):
            Notice.objects.create(
                recipient=reader,
                kind="consent_waiting",
                key=f"{number} {done_at}",
                url_name="stafettlogg:children",
                created_at=NOW,
                done_at=done_at,
            )
    client = signed_in(reader)
    client.get(LIST)

    with django_assert_num_queries(QUERIES):
        page = client.get(LIST)

    assert (len(page.context["tasks"]), len(page.context["read"])) == (count, count)


def test_settling_costs_the_same_for_1_and_30_notices_of_one_question(django_assert_max_num_queries):
    log = make_log(status="requested", now=NOW)
    parent = log.guardians[0].user
    first = Notice.objects.get(recipient=parent, kind="consent_waiting")
    for number in range(30):
        Notice.objects.create(
            recipient=parent,
            kind=first.kind,
            key=str(number),
            url_name=first.url_name,
            object_id=first.object_id,
            created_at=NOW,
        )

    with django_assert_max_num_queries(20):
        settle_done(now=NOW)

    assert len(tasks(parent)) == 31


def test_each_reminder_is_settled_by_what_is_due():
    reminded = {kind.code for kind in kinds.all_kinds() if kind.is_reminder}

    # That the own consent runs out asks for nothing: it is a message, and stays until it is read.
    assert reminded == {kind.code for kind in kinds.task_kinds() if kind.reminds} - {"consent_expiring_own"}
    assert reminded & {kind.code for kind in NOTICE_KINDS} == set()


def test_every_waiting_task_has_its_turn_however_many_wait():
    """70 wait and 20 are asked about at a time: the oldest, done long since, leaves within five sweeps."""
    log = make_log(status="requested", now=NOW)
    parent = log.guardians[0].user
    oldest = Notice.objects.get(recipient=parent, kind="consent_waiting")
    cancel(ConsentRequest.objects.get(log=log))
    other = make_log(status="requested", now=NOW)
    waiting = Notice.objects.get(recipient=other.guardians[0].user, kind="consent_waiting")
    more_of(waiting, 70)

    settled = []
    for minute in range(5):
        settled.append(settle_done(now=NOW + datetime.timedelta(minutes=minute), limit=20))
        more_of(waiting, 5)

    oldest.refresh_from_db()
    assert (sum(settled), oldest.done_at is not None) == (1, True)
    assert not Notice.objects.filter(kind="consent_waiting", checked_at=None, created_at__lte=NOW).exists()
    assert Notice.objects.filter(recipient=waiting.recipient, done_at=None).count() == 96


def test_nothing_is_written_while_all_are_asked_about_at_once():
    log = make_log(status="requested", now=NOW)

    settle_done(now=NOW, limit=20)

    assert Notice.objects.get(recipient=log.guardians[0].user, kind="consent_waiting").checked_at is None


def more_of(notice, count):
    for _number in range(count):
        Notice.objects.create(
            recipient=notice.recipient,
            kind=notice.kind,
            key=str(uuid4()),
            url_name=notice.url_name,
            object_id=notice.object_id,
            created_at=notice.created_at + datetime.timedelta(seconds=1),
        )
