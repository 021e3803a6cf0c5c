from celery import shared_task
from django.utils import timezone

from apps.accounts import services


@shared_task(name="accounts.deactivate_those_who_left")
def deactivate_those_who_left() -> None:
    services.deactivate_those_who_left(today=timezone.localdate())
