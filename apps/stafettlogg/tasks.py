from celery import shared_task
from django.utils import timezone

from apps.stafettlogg.services import reminders


@shared_task(name="stafettlogg.sweep_reminders")
def sweep_reminders() -> None:
    reminders.sweep(now=timezone.now())
