"""When each job of the schedule last ran to its end: how somebody is told when worker, beat or Redis stands still."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from apps.core.models import JobRound
from apps.core.statements import statement

# A job that runs each minute may be away for so long, one that runs seldom for three rounds.
PATIENCE = timedelta(minutes=10)


def note_round(task: str, *, now: datetime) -> None:
    """The job has run to its end. Safe to repeat."""
    JobRound.objects.update_or_create(task=task, defaults={"ended_at": now})


def last_rounds() -> dict[str, datetime]:
    """The instant of each job's last round, by task; a job that never ran is not there."""
    return {row.task: row.ended_at for row in _rounds.rows()}


@statement
def _rounds() -> QuerySet[JobRound]:
    return JobRound.objects.all()


def late_jobs(schedule: Mapping[str, Mapping[str, Any]], *, now: datetime) -> list[str]:
    """The tasks of this schedule (Celery's, with seconds between two rounds) that have not run when they should.

    A job that never ran is late: a new beat starts with one round of each.
    """
    known = last_rounds()
    late = []
    for entry in schedule.values():
        patience = max(PATIENCE, 3 * timedelta(seconds=entry["schedule"]))
        last = known.get(entry["task"])
        if last is None or now - last > patience:
            late.append(entry["task"])
    return late
