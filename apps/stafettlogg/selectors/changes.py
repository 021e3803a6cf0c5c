"""Who changed what in the plan, and when: field by field, from the history that every save leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import format_long
from apps.stafettlogg.enums import GoalStatus, MeasureStatus, Place
from apps.stafettlogg.models import Goal, Log, LogAccess, Measure
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors.history import places_in
from apps.stafettlogg.selectors.names import reading_for

_LOG_FIELDS = {
    "reason": gettext_lazy("Hvorfor loggen er åpnet"),
    "background": gettext_lazy("Bakgrunn"),
}
_GOAL_FIELDS = {"title": gettext_lazy("Mål"), "status": gettext_lazy("Status")}
_MEASURE_FIELDS = {
    "title": gettext_lazy("Tiltak"),
    "note": gettext_lazy("Notat"),
    "place": gettext_lazy("Hvor"),
    "responsible_id": gettext_lazy("Ansvarlig"),
    "responsible_name": gettext_lazy("Ansvarlig"),
    "due_day": gettext_lazy("Frist"),
    "status": gettext_lazy("Status"),
}


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One save by one person. `subject` is the goal or measure as named after the save; a new one has no fields."""

    at: datetime
    who: str
    what: str
    subject: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Changes:
    rows: list[Change]
    has_more: bool


def changes(log: Log, row: LogAccess, *, limit: int = 50, page: int = 1) -> Changes:
    """One page of the changes of the log's first page, goals and measures, newest first. `page` counts from 1.

    Four queries whatever the number of changes; a save that changed nothing people read is left out.
    """
    names = _Names(reading_for(log, row), places_in(log))
    found = [
        *_of(Log.history.filter(id=log.pk), _LOG_FIELDS, (_("Stafettloggen"), ""), names),
        *_of(Goal.history.filter(log_id=log.pk), _GOAL_FIELDS, (_("Mål"), _("Nytt mål")), names),
        *_of(Measure.history.filter(log_id=log.pk), _MEASURE_FIELDS, (_("Tiltak"), _("Nytt tiltak")), names),
    ]
    found.sort(key=lambda change: change.at, reverse=True)
    start = (page - 1) * limit
    return Changes(found[start : start + limit], has_more=len(found) > start + limit)


@dataclass(frozen=True)
class _Names:
    reading: Reading
    places: dict

    def of(self, user) -> str:
        return "" if user is None else self.reading.person(user, self.places.get(user.pk, ""))


def _of(history, fields: dict, words: tuple[str, str], names: _Names) -> Iterator[Change]:
    """`words`: what was changed, and the same when it is new."""
    before: dict = {}
    related = ["history_user", *(["responsible"] if "responsible_id" in fields else [])]
    for record in history.select_related(*related).order_by("history_date", "history_id"):
        former = before.get(record.id)
        before[record.id] = record
        changed = _differences(former, record, fields, names) if former is not None else []
        if changed or (former is None and hasattr(record, "title")):
            yield Change(
                at=record.history_date,
                who=names.of(record.history_user),
                what=words[0] if former is not None else words[1],
                subject=getattr(record, "title", ""),
                fields=changed,
            )


def _differences(former, record, fields: dict, names: _Names) -> list[FieldChange]:
    found = []
    for name, label in fields.items():
        old = _shown(former, name, names)
        new = _shown(record, name, names)
        if old != new:
            found.append(FieldChange(str(label), old, new))
    return found


def _shown(record, name: str, names: _Names) -> str:
    value = getattr(record, name)
    if value in (None, ""):
        return ""
    if name == "due_day":
        return format_long(value)
    if name == "responsible_id":
        return names.of(record.responsible)
    if name == "place":
        return str(Place(value).label)
    if name == "status":
        return str((MeasureStatus if hasattr(record, "place") else GoalStatus)(value).label)
    return str(value)
