"""What has happened in a log, as one reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.dates import local_day
from apps.core.statements import Statement, statement
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Audience, Decision, EventKind
from apps.stafettlogg.models import Evaluation, Goal, Guardian, Log, LogAccess, LogEvent, Measure, Message
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import event_words
from apps.stafettlogg.selectors.evaluations import family_words
from apps.stafettlogg.selectors.links import cuts_of, someone_cut
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.names import place_line, reading_for
from apps.stafettlogg.selectors.plan import goals_as_of, goals_on
from apps.stafettlogg.selectors.where_we_are import Step, done_on

EXCERPT_LENGTH = 140
SHOWN_LINES = 5
Rows = TypeVar("Rows", bound=QuerySet)
NOBODYS = Q(pk__in=[])


def visible_lines(
    rows: Rows, log: Log, row: LogAccess, *, guardian: str, youth: str, at: str, to_units: Q = NOBODYS
) -> Rows:
    """Of messages or events, those this reader may know exist (safety.md S1, S2).

    The holder sees all; other staff what is for staff or all; a guardian or youth what is for all and their own lines.
    `guardian` and `youth` name the columns that say whose line it is, `at` when it was written; `to_units` are lines to
    single services that the reader reads too.
    """
    if row.membership_id is not None:
        return _lines_for_staff(rows, holding=access.is_holding(row), to_units=to_units)
    own = {youth: True}
    if row.kind != AccessKind.YOUTH:
        own = {f"{guardian}__in": Guardian.objects.filter(child=log.child_id, user=row.user_id)}
    of_reader = Q(audience=Audience.HOLDER, **own) & ~_not_hers(log, row, guardian=guardian, at=at)
    return rows.filter(Q(audience=Audience.ALL) | of_reader | to_units)


def _not_hers(log: Log, row: LogAccess, *, guardian: str, at: str) -> Q:
    """What is private and was written through a link that was cut, is not for who has the place now (S29)."""
    return cuts_of(log).unread_by(row.user_id, guardian=guardian, at=at)


def _lines_for_staff(rows: Rows, *, holding: bool, to_units: Q = NOBODYS) -> Rows:
    return rows if holding else rows.filter(Q(audience__in=[Audience.ALL, Audience.STAFF]) | to_units)


def visible_events(log: Log, row: LogAccess, reading: Reading | None = None) -> QuerySet[LogEvent]:
    """The events this reader may know exist, newest first; none about a service that is hidden from the reader (S3)."""
    reading = reading or reading_for(log, row)
    rows = _newest_first(log.pk)
    if reading.hidden_units:
        rows = rows.exclude(unit_name__in=reading.hidden_units)
    if reading.since is not None:
        rows = rows.filter(at__gte=reading.since)
    if reading.until is not None:
        rows = rows.filter(Q(at__lte=reading.until) | Q(actor=row.user_id))
    return visible_lines(rows, log, row, guardian="guardian", youth="about_youth", at="at")


def _newest_first(log_id: UUID) -> QuerySet[LogEvent]:
    return LogEvent.objects.filter(log=log_id).order_by("-at", "-pk")


@statement
def _events_for_staff(log_id: UUID, holding: bool, start: int, stop: int) -> QuerySet[LogEvent]:
    return _lines_for_staff(_newest_first(log_id), holding=holding).select_related("actor", "guardian")[start:stop]


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `day` is an instant, `kind` is '', voice or baton; `private` lines are between one
    family member and the holder, who reads their words among the messages and not on a page that others may see."""

    clock = False

    day: datetime
    title: str
    text: str
    kind: str
    private: bool
    url: str = ""


@dataclass(frozen=True)
class Timeline:
    lines: list[Line]
    has_more: bool


def timeline(
    log: Log,
    row: LogAccess,
    *,
    limit: int = 50,
    page: int = 1,
    reading: Reading | None = None,
    goals: Iterable[Goal] | None = None,
    may_be_projected: bool = False,
) -> Timeline:
    """One page of what has happened, newest first, as this reader may see it. `page` counts from 1.

    The number of queries does not grow with the lines; one line more is fetched to know of more, nothing is counted.
    `goals` is the whole plan when the page has read it already (`selectors.plan.goals_with_measures`). On a page that
    `may_be_projected` nothing stands that the holder alone reads (S33).
    """
    start = (page - 1) * limit
    reading = reading or reading_for(log, row)
    if access.is_family(row):
        events = list(visible_events(log, row, reading).select_related("actor", "guardian")[start : start + limit + 1])
    else:
        reads_private = access.is_holding(row) and not may_be_projected
        events = _events_for_staff.rows(log.pk, reads_private, start, start + limit + 1)
    shown = events[:limit]
    words = _Words(log, shown, reading, goals=goals, tells_private=access.is_family(row))
    return Timeline([words.line(event) for event in shown], has_more=len(events) > limit)


def by_day(lines: Iterable[Line]) -> list[Line]:
    """The same thing done several times after each other on one day is one line, with what each was about."""
    found: list[tuple[Line, list[str]]] = []
    for line in lines:
        before = found[-1][0] if found else None
        if before is not None and not line.url and _is_same(line, before):
            found[-1][1].append(line.text)
        else:
            found.append((line, [line.text]))
    return [_together(line, texts) for line, texts in found]


def _is_same(one: Line, other: Line) -> bool:
    return (local_day(one.day), one.title, one.kind, one.private) == (
        local_day(other.day),
        other.title,
        other.kind,
        other.private,
    )


def _together(line: Line, texts: list[str]) -> Line:
    if len(texts) == 1:
        return line
    title = _("%(title)s, %(times)s ganger") % {"title": line.title, "times": len(texts)}
    return replace(line, title=title, text=" · ".join(text for text in texts if text))


class _Words:
    """Finds the words of some events with one query per kind of thing they are about."""

    def __init__(self, log: Log, events: Iterable[LogEvent], reading: Reading, *, goals, tells_private: bool):
        self.reading = reading
        self.tells_private = tells_private
        self.child_name = log.child.given_name
        self.cuts = cuts_of(log)
        ids: dict[str, list] = {}
        for event in events:
            if event.object_id is not None:
                ids.setdefault(event.kind, []).append(event.object_id)
        plan_texts = _plan_texts(log, ids) if goals is None else _titles(goals)
        if reading.until is not None:
            plan_texts = _titles(goals_as_of(log, reading.until))
        if reading.since is not None:
            plan_texts = _plan_texts_since(log, ids, reading.since)
        self.texts = {
            **plan_texts,
            **_texts(Message, log, ids.get(EventKind.MESSAGE), "text"),
            **_texts(Evaluation, log, ids.get(EventKind.EVALUATED), "decision"),
        }
        self.places = places_in(log) if any(self._needs_place(event.actor) for event in events) else {}

    def line(self, event: LogEvent) -> Line:
        sentence = event_words.sentence(event, family=self.reading.family)
        unit = self._unit(event)
        values = {"name": self._name(event), "unit": unit, "level": event.number, "who": self._respondent(event)}
        private = event.audience == Audience.HOLDER and (event.guardian_id is not None or event.about_youth)
        text = self._text(event) or ("" if "%(unit)s" in sentence else unit)
        return Line(
            day=event.at,
            title=sentence % values,
            text=_("Bare for deg som stafettholder") if private and not self.tells_private else text,
            kind=event_words.TONES.get(event.kind, ""),
            private=private,
            url=self._url(event),
        )

    def _needs_place(self, actor) -> bool:
        return actor is not None and actor.is_employee and (actor.protected_identity or self.reading.family)

    def _name(self, event) -> str:
        """The given name where the name may be shown; else what stands instead of it."""
        actor = event.actor
        if actor is None:
            return ""
        if self.cuts.is_by_one(actor.pk, event.at):
            return someone_cut()
        shown = self.reading.at(event.at).person(actor, self.places.get(actor.pk, ""))
        return actor.given_name if shown == actor.name else shown

    def _url(self, event) -> str:
        """Where an evaluation can be read; other lines lead nowhere."""
        if event.kind != EventKind.EVALUATED:
            return ""
        page = "stafettlogg:parent_log" if self.tells_private else "stafettlogg:plan"
        return reverse(page, args=[event.log_id]) + "#evalueringer"

    def _respondent(self, event) -> str:
        """The given name of whose line it is; read by that person and the holder alone (S1)."""
        if event.guardian_id is not None:
            return event.guardian.given_name
        return self.child_name if event.about_youth else ""

    def _unit(self, event) -> str:
        if event.unit_name and self.reading.at(event.at).hides_places:
            return _("En tjeneste")
        return event.unit_name

    def _text(self, event) -> str:
        text = self.texts.get(event.object_id, "")
        if event.kind == EventKind.EVALUATED and text:
            return family_words(text) if self.reading.family else str(Decision(text).label)
        return text if len(text) <= EXCERPT_LENGTH else text[:EXCERPT_LENGTH].rsplit(" ", 1)[0] + " …"


def _plan_texts(log: Log, ids: dict[str, list]) -> dict:
    measure_ids = ids.get(EventKind.MEASURE, []) + ids.get(EventKind.MEASURE_CHANGED, [])
    return {
        **_texts(Goal, log, ids.get(EventKind.GOAL), "title"),
        **_texts(Measure, log, measure_ids, "title"),
    }


def _plan_texts_since(log: Log, ids: dict[str, list], since: datetime) -> dict:
    """Only of what was written since: a change of something older tells no word of it (S26)."""
    wanted = [one for found in ids.values() for one in found]
    texts: dict = {}
    for model in (Goal, Measure):
        rows = model.objects.filter(log=log, pk__in=wanted, created_at__gte=since)
        texts |= {row.pk: row.title for row in rows}
    return texts


def _titles(goals: Iterable[Goal]) -> dict:
    titles = {goal.pk: goal.title for goal in goals}
    return titles | {measure.pk: measure.title for goal in goals for measure in goal.measures.all()}


def _texts(model, log: Log, ids, column: str) -> dict:
    if not ids:
        return {}
    return {row.pk: getattr(row, column) for row in _rows_of(model).rows(log.pk, ids)}


@cache
def _rows_of(model) -> Statement:
    # Whole rows: what people write is encrypted, and opens on the row alone.
    return statement(lambda log_id, ids: model.objects.filter(log=log_id, pk__in=ids))


def places_in(log: Log) -> dict:
    """Role and service of every employee who has ever been in the log, by user id; the latest place wins."""
    rows = (
        LogAccess.objects.filter(content_object=log, membership__isnull=False)
        .select_related("membership__unit", "membership__role")
        .order_by("starts_at", "pk")
    )
    return {row.user_id: place_line(row) for row in rows}


def log_section(page: LogPage) -> dict[str, Any]:
    """The newest of what has happened."""
    goals = page.once(goals_on)
    found = timeline(page.log, page.row, limit=SHOWN_LINES, reading=page.reading, goals=goals, may_be_projected=True)
    return {"lines": found.lines, "has_more": found.has_more}


def done_steps(page: LogPage) -> list[Step]:
    newest = visible_events(page.log, page.row, page.reading).filter(kind=EventKind.HANDED_OVER).first()
    return [] if newest is None else [done_on(_("Stafettpinnen fikk en ny holder"), local_day(newest.at))]
