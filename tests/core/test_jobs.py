"""A job that does not run when it should is late: after ten minutes, or three of its own rounds."""

from datetime import datetime, timedelta

import pytest

from apps.core import jobs, tasks
from apps.core.dates import UTC
from apps.core.models import JobRound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
SCHEDULE = {"often": {"task": "often", "schedule": 60}, "seldom": {"task": "seldom", "schedule": 3600}}


@pytest.mark.parametrize(
    ("often", "seldom", "late"),
    [
        (10, 180, []),
        (11, 180, ["often"]),
        (0, 181, ["seldom"]),
        (11, 181, ["often", "seldom"]),
    ],
)
def test_job_is_late_after_ten_minutes_or_three_rounds(often, seldom, late):
    jobs.note_round("often", now=NOW - timedelta(minutes=often))
    jobs.note_round("seldom", now=NOW - timedelta(minutes=seldom))

    assert jobs.late_jobs(SCHEDULE, now=NOW) == late


def test_job_that_never_ran_is_late():
    assert jobs.late_jobs(SCHEDULE, now=NOW) == ["often", "seldom"]


def test_job_that_ran_to_its_end_is_noted_once():
    for _time in range(2):
        tasks.forget_old.apply(throw=True)

    assert [row.task for row in JobRound.objects.all()] == ["core.forget_old"]
