import logging
from typing import Any

from celery import shared_task, signals
from django.db import DatabaseError
from django.utils import timezone

from apps.core import drafts, form_keys, jobs
from apps.core.sessions import SessionStore

log = logging.getLogger(__name__)


@signals.task_success.connect
def note_round(sender: Any = None, **_kwargs: Any) -> None:
    """Every job that ran to its end. One that cannot be noted has still done its work."""
    try:
        jobs.note_round(sender.name, now=timezone.now())
    except DatabaseError:
        log.warning("The round of %s was not noted.", sender.name)


@shared_task(name="core.forget_old")
def forget_old() -> None:
    """Drafts, rescued texts, form keys and sessions that are past their time. Safe to run again."""
    now = timezone.now()
    drafts.forget_old(now=now)
    form_keys.forget_old(now=now)
    SessionStore.clear_expired()
