"""The deadline the family is shown is a setting of its own, apart from the day the question is removed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.dates import format_long, local_day
from apps.municipality.models import Municipality
from apps.notifications.models import Notice
from apps.notifications.selectors import tasks_for
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.stafettlogg.factories import give_consents, make_log
from tests.stafettlogg.family_pages import main_of, newest_request, page_of, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = local_day(NOW)


def asked(days_ago: int):
    """A log that was asked for so many days ago: 14 days to answer, removed after 60."""
    at = NOW - timedelta(days=days_ago)
    load_start_texts(now=at - timedelta(days=1))
    return make_log(status=LogStatus.REQUESTED, now=at)


def page(log, name="children", *args):
    return main_of(signed_in(log.guardians[0].user).get(page_of(name, *args)))


def test_family_gets_fourteen_days_and_the_question_stands_for_sixty():
    request = newest_request(asked(0))

    assert (request.answer_day - TODAY, request.last_day - TODAY) == (timedelta(days=14), timedelta(days=60))
    assert Notice.objects.filter(kind="consent_waiting").first().due_day == request.answer_day


def test_deadline_is_never_after_the_day_of_removal():
    Municipality.objects.update_or_create(the_only=True, defaults={"answer_days": 20, "request_days": 6})

    request = newest_request(asked(0))

    assert request.answer_day == request.last_day == TODAY + timedelta(days=6)


@pytest.mark.parametrize(("days_ago", "late"), [(14, False), (15, True)])
def test_family_reads_the_deadline_and_when_it_has_passed_how_long_an_answer_still_counts(days_ago, late):
    log = asked(days_ago)
    request = newest_request(log)
    deadline, last = (format_long(day) for day in (request.answer_day, request.last_day))
    words = f"Du kan fortsatt svare, til og med {last}" if late else f"Svar innen {deadline}"

    for text in (page(log), page(log, "parent_log", log.pk), page(log, "answer", log.pk, request.pk)):
        assert words in text
    more = f"Rekker du det ikke, kan du svare til og med {last}."
    assert (more in page(log, "answer", log.pk, request.pk)) is not late
    give_consents(log, now=NOW)  # an answer after the deadline counts
    log.refresh_from_db()
    assert log.status == LogStatus.ACTIVE


@pytest.mark.parametrize(("days_ago", "due_in"), [(14, 0), (15, 45)])
def test_nobodys_task_is_late_because_the_deadline_passed(days_ago, due_in):
    log = asked(days_ago)

    for user in (log.guardians[0].user, log.holder.user):
        due = {task.due_day for task in tasks_for(user, NOW) if task.due_day}
        assert due == {TODAY + timedelta(days=due_in)}
