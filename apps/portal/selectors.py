"""What the employee's start page shows."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from apps.stafettlogg.selectors.logs import MINE, OTHERS, Card, logs_for_list
from apps.stafettlogg.selectors.reminders import tasks_for

SHOWN_LOGS = 6


@dataclass(frozen=True)
class StartPage:
    tasks: list[dict]
    logs: list[Card]


def start_page(user, *, now: datetime) -> StartPage:
    """«Dette må du gjøre nå» from the selectors that the reminders use, and the logs the person holds or is in."""
    tasks = [_task(task) for task in tasks_for(user, now)]
    cards = [card for which in (MINE, OTHERS) for card in logs_for_list(user, which=which, now=now).cards]
    cards = cards[:SHOWN_LOGS]
    return StartPage(tasks=tasks, logs=cards)


def _task(task) -> dict:
    return {
        "title": task.title,
        "text": task.help,
        "url": reverse(task.url_name, args=task.args),
        "due_day": task.due_day,
        "status": "handling",
        "is_turn": True,
    }
