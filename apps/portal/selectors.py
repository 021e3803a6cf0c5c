"""What the employee's start page shows, and whether the portal works."""

from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.accounts.models import Membership, User
from apps.audit.services import Read
from apps.core import jobs
from apps.notifications.scope import Scope
from apps.notifications.selectors import TaskList, late_deliveries, tasks_in, waiting_deliveries
from apps.stafettlogg import access
from apps.stafettlogg.selectors.logs import Card, first_cards
from apps.stafettlogg.selectors.tasks.rows import own_rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have
from apps.stafettlogg.services.reads import read_of

SHOWN_LOGS = 6
SHOWN_LATER = 6


@dataclass(frozen=True)
class StartPage:
    """`reads` is what the page must write in the read audit before it is shown: one per log."""

    tasks: TaskList
    logs: list[Card]
    reads: list[Read]


def start_page(
    user: User, *, now: datetime, place: Membership | None = None, places: list[Membership] | None = None
) -> StartPage:
    """«Dette må du gjøre nå» from the kinds that the reminders use, and the logs the person holds or is in.

    `place`: the one of several places it is seen from; it narrows this page and nothing else. `places` are the
    person's own today, when they are read already. The number of queries depends on neither tasks nor logs.
    """
    scope = Scope(now, user, places=places)
    tasks = tasks_in(scope, place=place, most_later=SHOWN_LATER)
    cards = first_cards(_rows_seen_from(scope, place), held=what_logs_have(scope), size=SHOWN_LOGS, now=now)
    reads = {read.log_id: read for read in tasks.reads}
    reads |= {card.log.pk: read_of(card.log, card.row) for card in cards}
    return StartPage(tasks, cards, list(reads.values()))


def _rows_seen_from(scope: Scope, place: Membership | None) -> list:
    """The person's strongest row in each log; of those by this place when there are several."""
    found = []
    for rows in own_rows(scope).values():
        strongest = access.rows_of(scope.user, rows)[0]
        if place is None or any(row.membership is not None and row.membership.unit_id == place.unit_id for row in rows):
            found.append(strongest)
    return found


# Whether the portal works -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Health:
    """No name, no text and no number that says who uses the portal. `ages`: seconds since each job's last round."""

    is_migrated: bool
    ages: dict[str, int]
    late: list[str]
    mail_waiting: int
    mail_late: int


def health(now: datetime) -> Health:
    """Asked by whoever runs the portal. Raises `DatabaseError` when there is no database to ask."""
    if not _is_migrated():
        return Health(False, {}, [], 0, 0)
    ages = {task: int((now - ended_at).total_seconds()) for task, ended_at in jobs.last_rounds().items()}
    late = jobs.late_jobs(current_app.conf.beat_schedule, now=now)
    return Health(True, ages, late, waiting_deliveries(), late_deliveries(now))


def _is_migrated() -> bool:
    """Looked up until it is so: a running program does not get behind its own tables."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.append(True)
    return bool(_migrated)


_migrated: list[bool] = []
