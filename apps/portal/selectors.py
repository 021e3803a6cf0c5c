"""What the employee's start page shows."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.templatetags.portal import date_long
from apps.stafettlogg.selectors.logs import MINE, OTHERS, Card, logs_for_list
from apps.stafettlogg.selectors.reminders import tasks_for

SHOWN_LOGS = 6


@dataclass(frozen=True)
class StartPage:
    tasks: list[dict]
    logs: list[dict]
    cards: list[Card]


def start_page(user, *, now: datetime) -> StartPage:
    """«Dette må du gjøre nå» from the selectors that the reminders use, and the logs the person holds or is in."""
    tasks = [_task(task) for task in tasks_for(user, now)]
    cards = [card for which in (MINE, OTHERS) for card in logs_for_list(user, which=which, now=now).cards]
    cards = cards[:SHOWN_LOGS]
    return StartPage(tasks=tasks, logs=[_log(card) for card in cards], cards=cards)


def _task(task) -> dict:
    return {
        "title": task.title,
        "text": task.help,
        "url": reverse(task.url_name, args=task.args),
        "due_day": task.due_day,
        "status": "handling",
        "is_turn": True,
    }


def _log(card: Card) -> dict:
    name = card.name or _("Ventet barn")
    facts = [(_("Stafettholder"), card.holder)]
    if card.next_day:
        facts.append((_("Neste"), date_long(card.next_day)))
    if card.consent_until:
        facts.append((_("Samtykke til"), date_long(card.consent_until)))
    return {
        "name": _("%(name)s, %(age)s år") % {"name": name, "age": card.age} if card.age is not None else name,
        "url": reverse("stafettlogg:detail", args=[card.log.pk]),
        "status": card.status,
        "level": card.log.level,
        "level_label": _("Nivå %(number)s") % {"number": card.log.level},
        "role": _("Du er stafettholder") if card.is_mine else _("Du er deltaker"),
        "is_holder": card.is_mine,
        "facts": facts,
    }
