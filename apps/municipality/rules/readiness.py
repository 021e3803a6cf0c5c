"""When the portal may be opened, and what is said of it."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from apps.core.dates import clamp
from apps.core.errors import RuleBroken

# A telephone number, a backup and a sign-in are tried again each half-year.
AGAIN_MONTHS = 6


def again_day(day: date, months: int) -> date | None:
    """The day from which somebody's word no longer holds; None when it holds until what it was said of changes."""
    return clamp(day.year, day.month + months, day.day) if months else None


def check_day(day: date, *, today: date) -> None:
    if day > today:
        raise RuleBroken("day_to_come", _("Dagen kan ikke være fram i tid."))


def check_two_people(first: object, second: object) -> None:
    """The two who approve a text, sign for a risk or open a protected package are two people."""
    if first == second:
        raise RuleBroken("same_person", _("De to må være to personer. Du har allerede gjort det ene."))


def check_can_open(red: Collection[str], *, is_open: bool) -> None:
    """`red`: the titles of what is not ready."""
    if is_open:
        raise RuleBroken("already_open", _("Portalen er allerede åpnet."))
    if red:
        raise RuleBroken("not_ready", _("Alle punktene må være grønne før du kan åpne portalen."))
