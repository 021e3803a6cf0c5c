"""Hiding what is new from one guardian, when another flees (safety.md S34)."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from apps.core.dates import end_of_day
from apps.core.errors import RuleBroken
from apps.stafettlogg.models import Guardian, HiddenPlace

# How long it lasts, and how much longer once.
DAYS = 14
# On which days before its end those who hold the log are reminded.
DAYS_BEFORE = (7, 3, 1, 0)


def ends_at(day: date) -> datetime:
    """The end of what begins, or is prolonged from, this local day."""
    return end_of_day(day + timedelta(days=DAYS))


def check_may_hide(guardian: Guardian, standing: HiddenPlace | None, *, word_from: str) -> None:
    """Raise `RuleBroken` without somebody's word, and when it is hidden from this guardian already."""
    if not word_from:
        raise RuleBroken("word_missing", _("Velg hvem som har sagt fra."))
    if standing is not None:
        raise RuleBroken("place_hidden", _("Det nye er allerede skjult for %(name)s.") % {"name": guardian.given_name})


def check_in_force(hiding: HiddenPlace) -> None:
    if hiding.ended_at is not None:
        raise RuleBroken("place_shown", _("Dette er allerede avsluttet."))


def check_may_prolong(hiding: HiddenPlace) -> None:
    """Once: then the leader decides what comes instead."""
    check_in_force(hiding)
    if hiding.prolonged_at is not None:
        raise RuleBroken(
            "prolonged_once",
            _("Det kan bare forlenges én gang. Lederen må bestemme om den foresatte skal sperres."),
        )


def check_is_told(is_told: bool) -> None:
    """Nothing is shown before the one who is protected knows that it will be."""
    if not is_told:
        raise RuleBroken("not_told", _("Si fra til den som er beskyttet, og kryss av for det."))
