from celery import shared_task
from django.utils import timezone

from apps.core import drafts, form_keys
from apps.core.sessions import SessionStore


@shared_task(name="core.forget_old")
def forget_old() -> None:
    """Drafts, rescued texts, form keys and sessions that are past their time. Safe to run again."""
    now = timezone.now()
    drafts.forget_old(now=now)
    form_keys.forget_old(now=now)
    SessionStore.clear_expired()
