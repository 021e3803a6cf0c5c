"""Who must have said what before a text about consent is asked with, and what a draft may be."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.municipality.enums import Right

# Both approve; the data protection officer advises and never decides.
APPROVERS = (Right.JURIST, Right.OWNER)


def is_approved(roles: Collection[str]) -> bool:
    """`roles`: those that have said yes to the edition."""
    return set(APPROVERS) <= set(roles)


def check_paragraphs(paragraphs: list[dict[str, str]], languages: Collection[str]) -> None:
    """Bokmål is whole, and another language has as many paragraphs or none, so that no text is half translated."""
    if not paragraphs or not all(words.get("nb") for words in paragraphs):
        raise RuleBroken("no_bokmal", _("Skriv teksten på bokmål."))
    for language in languages:
        if sum(bool(words.get(language)) for words in paragraphs) not in (0, len(paragraphs)):
            raise RuleBroken(
                "paragraphs_differ", _("Hvert språk må ha like mange avsnitt som bokmål, eller stå helt tomt.")
            )


def check_valid_from(day: date | None, *, today: date) -> None:
    if day is not None and day <= today:
        raise RuleBroken("valid_from_passed", _("Teksten kan tidligst gjelde fra i morgen."))


def publishing_day(wanted: date | None, *, today: date) -> date:
    """The first day it holds: the wanted one, but never before the day after both have approved."""
    return max(wanted or today, today + timedelta(days=1))
