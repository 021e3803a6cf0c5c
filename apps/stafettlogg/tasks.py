from celery import shared_task
from django.utils import timezone

from apps.stafettlogg.services import coming_of_age, guardians, reminders, repeats, signs_of_life, windows


@shared_task(name="stafettlogg.sweep_reminders")
def sweep_reminders() -> None:
    reminders.sweep(now=timezone.now())


@shared_task(name="stafettlogg.follow_changes")
def follow_changes() -> None:
    guardians.link_waiting_guardians(now=timezone.now())
    signs_of_life.ask_who_signed_in(now=timezone.now())
    repeats.tell_of_repeats(now=timezone.now())
    windows.expire_windows(now=timezone.now())
    coming_of_age.ask_new_adults(now=timezone.now())
