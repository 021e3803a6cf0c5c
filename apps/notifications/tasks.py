from celery import shared_task

from apps.notifications import services


@shared_task(name="notifications.sweep_outbox")
def sweep_outbox() -> None:
    services.sweep_outbox_in_turn()
