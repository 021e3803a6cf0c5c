"""What the employee's start page shows."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from apps.audit.services import Read
from apps.stafettlogg.selectors.logs import MINE, OTHERS, Card, logs_for_list
from apps.stafettlogg.selectors.reminders import tasks_for
from apps.stafettlogg.services.reads import read_of

SHOWN_LOGS = 6


@dataclass(frozen=True)
class StartPage:
    """`reads` is what the page must write in the read audit before it is shown: one per log."""

    tasks: list[dict]
    logs: list[Card]
    reads: list[Read]


def start_page(user, *, now: datetime) -> StartPage:
    """«Dette må du gjøre nå» from the selectors that the reminders use, and the logs the person holds or is in."""
    tasks = tasks_for(user, now)
    cards = [card for which in (MINE, OTHERS) for card in logs_for_list(user, which=which, now=now).cards]
    cards = cards[:SHOWN_LOGS]
    reads = {task.read.log_id: task.read for task in tasks if task.read is not None}
    reads |= {card.log.pk: read_of(card.log, card.row) for card in cards}
    return StartPage(tasks=[_task(task) for task in tasks], logs=cards, reads=list(reads.values()))


def _task(task) -> dict:
    return {
        "title": task.title,
        "text": task.help,
        "url": reverse(task.url_name, args=task.args),
        "due_day": task.due_day,
        "status": task.status,
        "is_turn": task.status == "handling",
        "icon": task.icon,
    }
