"""The Celery app and the whole schedule.

Nothing in the broker may matter: a job is a knock on the door, and what must be done stands in the database. So every
job may be lost, come late or run twice without harm, and services never start one. The entries of SCHEDULE are the
only senders.
"""

import logging.config
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")

MINUTE = 60

# Name -> task, seconds between two runs. A run that waited nearly until the next one is dropped (`expires`), so a
# worker that comes back after an hour does not run sixty sweeps in a row.
SCHEDULE = {
    "sweep-outbox": {
        "task": "notifications.sweep_outbox",
        "schedule": MINUTE,
        "options": {"expires": MINUTE - 5},
    },
    # A parent who has just signed up finds her question, and a holder whose consent ran out finds her shell.
    "follow-changes": {
        "task": "stafettlogg.follow_changes",
        "schedule": MINUTE,
        "options": {"expires": MINUTE - 5},
    },
    "daily-reminders": {
        "task": "stafettlogg.sweep_reminders",
        "schedule": 10 * MINUTE,
        "options": {"expires": 10 * MINUTE - 5},
    },
    "people-who-left": {
        "task": "accounts.deactivate_those_who_left",
        "schedule": 60 * MINUTE,
        "options": {"expires": 60 * MINUTE - 5},
    },
    "forget-old": {
        "task": "core.forget_old",
        "schedule": 60 * MINUTE,
        "options": {"expires": 60 * MINUTE - 5},
    },
}

# A new beat runs everything at once: what came due while it was away must not wait for another interval.
NEVER_RUN = datetime(2000, 1, 1, tzinfo=UTC)

SOFT_LIMIT = 4 * MINUTE
HARD_LIMIT = 5 * MINUTE


def transport_options(broker_url: str, folder: Path) -> dict[str, object]:
    """Options of the broker in use; makes the folders that the filesystem broker writes to."""
    if not broker_url.startswith("filesystem://"):
        # Redis gives a job to another worker after this time; it must be longer than a job may take.
        return {"visibility_timeout": 2 * HARD_LIMIT, "socket_timeout": 5, "socket_connect_timeout": 5}
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    return {"data_folder_in": str(messages), "data_folder_out": str(messages), "control_folder": str(control)}


@signals.setup_logging.connect
def log_as_the_portal_does(**_options: Any) -> None:
    """Worker, its children and beat write the portal's lines (`core.log`): Celery's own hold what people wrote."""
    logging.config.dictConfig(settings.LOGGING)


app = Celery("bti_portal")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL, settings.CELERY_DIR),
    broker_connection_retry_on_startup=True,
    result_backend=None,
    task_ignore_result=True,
    task_default_queue="portal",
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_max_tasks_per_child=500,
    enable_utc=True,
    timezone="UTC",
    beat_schedule={name: entry | {"last_run_at": NEVER_RUN} for name, entry in SCHEDULE.items()},
)
app.autodiscover_tasks()
