"""Who changed what in the plan, and when: field by field, from the history that every save leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import format_long
from apps.core.text import joined
from apps.municipality.models import Unit
from apps.stafettlogg.models import Goal, Log, LogAccess, Measure
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.responsible import names_in, users_in
from apps.stafettlogg.selectors.history import places_in
from apps.stafettlogg.selectors.names import reading_for


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

    A few queries whatever the number of changes; a save that changed nothing people read is left out.
    """
    names = _Names(reading_for(log, row), places_in(log), _others_in(log))
    found = [
        *_of(Log.history.filter(id=log.pk), (_("Stafettloggen"), ""), names),
        *_of(Goal.history.filter(log_id=log.pk), (_("Mål"), _("Nytt mål")), names),
        *_of(Measure.history.filter(log_id=log.pk), (_("Tiltak"), _("Nytt tiltak")), names),
    ]
    found.sort(key=lambda change: change.at, reverse=True)
    start = (page - 1) * limit
    return Changes(found[start : start + limit], has_more=len(found) > start + limit)


@dataclass(frozen=True)
class _Names:
    reading: Reading
    places: dict
    others: dict

    def of(self, user) -> str:
        return "" if user is None else self.reading.person(user, self.places.get(user.pk, ""))


def _others_in(log: Log) -> dict:
    """Every user who has been one of several responsible for a measure, by id. One query, one more when there are."""
    kept = Measure.history.filter(log_id=log.pk).exclude(others="").values_list("others", flat=True)
    return User.objects.in_bulk({user_id for lines in set(kept) for user_id in users_in(lines.split("\n"))})


def _of(history, words: tuple[str, str], names: _Names) -> Iterator[Change]:
    """The saves in this history that people read. `words`: what was changed, and the same when it is new."""
    before: dict = {}
    fields = read_by_people(history.model)
    related = [field.name for field in fields if field.is_relation]
    for record in history.select_related("history_user", *related).order_by("history_date", "history_id"):
        former = before.get(record.id)
        before[record.id] = record
        changed = _differences(former, record, fields, names) if former is not None else []
        is_gone = record.history_type == "-"
        if changed or is_gone or (former is None and hasattr(record, "title")):
            yield Change(
                at=record.history_date,
                who=names.of(record.history_user),
                what=_("%(what)s, tatt bort") % {"what": words[0]} if is_gone else words[former is None],
                subject=getattr(record, "title", ""),
                fields=changed,
            )


def read_by_people(model: type[Model]) -> list[Field]:
    """The fields that have a name in the users' words: a `verbose_name` that is translated, not Django's own."""
    return [field for field in model._meta.concrete_fields if isinstance(field.verbose_name, Promise)]


def _differences(former, record, fields: list[Field], names: _Names) -> list[FieldChange]:
    found = []
    for field in fields:
        old = _shown(former, field, names)
        new = _shown(record, field, names)
        if old != new:
            found.append(FieldChange(str(field.verbose_name), old, new))
    return found


def _shown(record, field: Field, names: _Names) -> str:
    """The field's value as people read it; a relation is to a user or a service."""
    value = getattr(record, field.name)
    if value in (None, ""):
        return ""
    if field.name == "others":
        people = value.split("\n")
        return joined([names.of(names.others.get(pk)) for pk in users_in(people)] + names_in(people))
    if field.is_relation:
        return names.reading.service(value) if isinstance(value, Unit) else names.of(value)
    if field.choices:
        return str(dict(field.flatchoices)[value])
    return format_long(value) if isinstance(value, date) else str(value)
