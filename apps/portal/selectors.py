"""What the employee's start page shows."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from apps.audit.services import Read
from apps.stafettlogg.selectors.logs import MINE, OTHERS, Card, logs_for_list
from apps.stafettlogg.selectors.reminders import tasks_for, tasks_seen_from
from apps.stafettlogg.services.reads import read_of

SHOWN_LOGS = 6


@dataclass(frozen=True)
class StartPage:
    """`reads` is what the page must write in the read audit before it is shown: one per log.

    `elsewhere`: how many tasks wait in the person's other places.
    """

    tasks: list[dict]
    logs: list[Card]
    reads: list[Read]
    elsewhere: int = 0


def start_page(user, *, now: datetime, place=None) -> StartPage:
    """«Dette må du gjøre nå» from the selectors that the reminders use, and the logs the person holds or is in.

    `place`: which of several workplaces the person has chosen to see from; it narrows this page and nothing else.
    """
    tasks, elsewhere = (tasks_for(user, now), 0) if place is None else tasks_seen_from(place, user, now)
    unit = place.unit if place is not None else None
    cards: list[Card] = []
    for which in (MINE, OTHERS):
        left = SHOWN_LOGS - len(cards)
        cards += logs_for_list(user, which=which, now=now, unit=unit, size=left).cards if left else []
    reads = {task.read.log_id: task.read for task in tasks if task.read is not None}
    reads |= {card.log.pk: read_of(card.log, card.row) for card in cards}
    return StartPage([_task(task) for task in tasks], cards, list(reads.values()), elsewhere)


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
