"""Who changed a setting, when, from what to what: read from the history tables, in the words of the page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.core.dates import FAR_DAY, format_long
from apps.core.text import LocalizedText
from apps.municipality.enums import Right

MOST = 30


@dataclass(frozen=True)
class Line:
    """One field that was changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One saving. `by` is '' when it was no person, and no name for one with protected identity (safety.md S16).

    `what` says which object, when there are many.
    """

    at: datetime
    by: str
    what: str
    lines: list[Line]
    is_new: bool = False
    is_gone: bool = False


def changes_of(rows: Any, labels: dict, *, what: Callable = lambda row: "") -> list[Change]:
    """The newest changes first. `rows`: history of one or more objects (`Model.history.…`); `labels`: field → label.

    A saving that touched none of these fields is left out. One query, and one for each unit that is named.
    """
    before: dict = {}
    found = []
    for row in rows.select_related("history_user").order_by("history_date", "history_id"):
        last = before.get(row.id)
        before[row.id] = row
        change = _change(row, last, labels, what(row))
        if change is not None:
            found.append(change)
    return found[: -MOST - 1 : -1]


def _change(row, last, labels: dict, what: str) -> Change | None:
    user = row.history_user
    by = "" if user is None else _("En ansatt") if user.protected_identity else user.name
    if row.history_type == "-":
        return Change(row.history_date, by, what, [], is_gone=True)
    if last is None:
        return Change(row.history_date, by, what, [], is_new=True)
    lines = [line for name, label in labels.items() for line in _lines(row, last, name, str(label))]
    return Change(row.history_date, by, what, lines) if lines else None


def _lines(row, last, name: str, label: str) -> Iterable[Line]:
    before, after = getattr(last, name), getattr(row, name)
    if before == after:
        return
    if isinstance(after, LocalizedText):
        for code, language in settings.LANGUAGES:
            if before.get(code) != after.get(code):
                yield Line(f"{label} ({language})", before.get(code) or "–", after.get(code) or "–")
        return
    field = row._meta.get_field(name)
    yield Line(label, _words(field, before), _words(field, after))


def _words(field, value) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    if isinstance(value, date):
        return _("Ingen sluttdato") if value == FAR_DAY else format_long(value)
    if isinstance(value, list):
        known = {right.value: str(right.label) for right in Right} | dict(settings.LANGUAGES)
        return ", ".join(known.get(one, str(one)) for one in value) or "–"
    if isinstance(value, Model):
        return str(value)
    words = dict(field.flatchoices).get(value, value)
    return str(words) if words not in (None, "") else "–"
