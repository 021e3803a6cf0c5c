"""What is due, asked of the database and of rows in hand: one condition, two ways to ask."""

import datetime
from itertools import product

import pytest

from apps.stafettlogg.enums import GoalStatus, LogStatus, MeasureStatus, Place
from apps.stafettlogg.models import Goal, Measure
from apps.stafettlogg.selectors import due
from tests.stafettlogg.factories import make_log

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 10, 0, tzinfo=datetime.UTC)
UNTIL = datetime.date(2026, 10, 22)
DAYS = (None, UNTIL - datetime.timedelta(days=30), UNTIL, UNTIL + datetime.timedelta(days=1))


@pytest.fixture
def log():
    log = make_log(now=NOW)
    actor = log.holder.user
    for goal_status, status, due_day in product(GoalStatus, MeasureStatus, DAYS):
        goal = Goal.objects.create(log=log, title="Et mål", status=goal_status, created_by=actor, created_at=NOW)
        Measure.objects.create(
            goal=goal,
            log=log,
            title="Lek ute",
            place=Place.HOME,
            due_day=due_day,
            status=status,
            created_by=actor,
            created_at=NOW,
        )
    return log


def test_measures_in_hand_are_followed_exactly_as_the_query_says(log):
    in_hand = log.measures.select_related("goal").order_by("-due_day")

    found = due.to_follow(log, in_hand, until=UNTIL)

    assert found == list(due.measures_to_follow(until=UNTIL).filter(log=log))
    assert len(found) == 4


def test_nothing_is_followed_in_a_log_that_is_not_active(log):
    log.status = LogStatus.CLOSED

    assert due.to_follow(log, log.measures.select_related("goal"), until=UNTIL) == []
