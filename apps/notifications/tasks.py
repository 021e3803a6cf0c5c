from celery import shared_task
from django.utils import timezone

from apps.notifications import services


@shared_task(name="notifications.sweep_outbox")
def sweep_outbox() -> None:
    services.tell_of_places(now=timezone.now())
    services.sweep_outbox_in_turn()
