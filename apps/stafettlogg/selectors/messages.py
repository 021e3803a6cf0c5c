"""Messages as one reader may see them, and whom the holder can answer alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.statements import statement
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Audience, ConsentScope
from apps.stafettlogg.models import Correction, Guardian, Log, LogAccess, Message
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules.access import scope_of
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.scopes import Reach, reach_of
from apps.stafettlogg.selectors import foster, hidden_places, holders
from apps.stafettlogg.selectors.consents import units_with_own_measures
from apps.stafettlogg.selectors.history import visible_lines
from apps.stafettlogg.selectors.links import Cuts, cuts_of, someone_cut
from apps.stafettlogg.selectors.names import place_line, reading_for


@dataclass(frozen=True)
class Written:
    """One message. `thread` names the family member a private message is shared with; given to the holder alone.
    `unit`: the one service it is for; '' when it is for all.
    """

    id: UUID
    at: datetime
    author: str
    line: str
    text: str
    is_own: bool
    from_family: bool
    private: bool
    thread: str
    unit: str


@dataclass(frozen=True)
class Messages:
    written: list[Written]
    has_more: bool


def messages_for(log: Log, row: LogAccess, *, reach: Reach | None = None, limit: int = 30, page: int = 1) -> Messages:
    """One page of the messages this reader may know exist, newest first (S1, S2). `page` counts from 1, no counting."""
    start = (page - 1) * limit
    reading, reach = reading_for(log, row), reach or reach_of([row])
    rows = Message.objects.filter(log=log).order_by("-written_at", "-pk")
    if row.kind == AccessKind.FOSTER:
        rows = rows.filter(_to_foster(log, row, to_all=reach.is_whole))
    elif reach.is_whole:
        to_units = _to_units(row, reading)
        rows = visible_lines(
            rows, log, row, guardian="thread_guardian", youth="thread_youth", at="written_at", to_units=to_units
        )
    else:
        rows = rows.filter(audience=Audience.UNIT, unit__in=reach.units or ())
    if reading.since is not None:
        rows = rows.filter(written_at__gte=reading.since)
    if reading.until is not None:
        rows = rows.filter(Q(written_at__lte=reading.until) | Q(author=row.user_id))
    found = list(rows.select_related("author", "thread_guardian", "unit")[start : start + limit + 1])
    cuts = cuts_of(log)
    written = [_written(message, log, row, reading, cuts) for message in found[:limit]]
    return Messages(written, has_more=len(found) > limit)


def _to_foster(log: Log, row: LogAccess, *, to_all: bool) -> Q:
    """A foster parent's own thread, and what is for all where the page above the box says that she reads it (S36)."""
    own = Q(thread_guardian__user=row.user_id)
    own &= ~cuts_of(log).unread_by(row.user_id, guardian="thread_guardian", at="written_at")
    return own | Q(audience=Audience.ALL) if to_all else own


def _to_units(row: LogAccess, reading: Reading) -> Q:
    """Messages to single services that others read too: those who work there, and the family, so that nobody writes
    behind their backs (S2); not of a service that is another guardian's own affair (S3)."""
    if row.window is not None:
        return Q(audience=Audience.UNIT, unit=row.window.unit_id)
    return Q(audience=Audience.UNIT) & ~Q(unit__name__in=reading.hidden_units)


def _written(message: Message, log: Log, row: LogAccess, reading: Reading, cuts: Cuts) -> Written:
    author = message.author
    line = _(message.author_line) if message.author_line else ""
    reading = reading.at(message.written_at)
    is_cut = cuts.is_by_one(author.pk, message.written_at)
    return Written(
        id=message.pk,
        at=message.written_at,
        author=someone_cut() if is_cut else reading.person(author, line),
        line="" if is_cut else reading.person_line(author, line),
        text=message.text,
        is_own=message.author_id == row.user_id,
        from_family=not author.is_employee,
        private=message.audience == Audience.HOLDER,
        thread=_thread(message, log, cuts) if access.is_holding(row) else "",
        unit=reading.service(message.unit) if message.unit is not None else "",
    )


def _thread(message: Message, log: Log, cuts: Cuts) -> str:
    if cuts.is_in_thread(message.thread_guardian_id, message.written_at):
        return someone_cut()
    if message.thread_youth:
        return log.child.given_name or _("Ungdommen")
    return message.thread_guardian.name if message.thread_guardian is not None else ""


def corrections_to_answer(log: Log) -> list[Correction]:
    """What the family has asked to have corrected and nobody has answered, the oldest first. For the holder alone."""
    waiting = list(
        Correction.objects.filter(log=log, settled_at=None).select_related("message__author").order_by("due_day", "pk")
    )
    cuts = cuts_of(log)
    for correction in waiting:
        message = correction.message
        is_cut = cuts.is_by_one(message.author_id, message.written_at)
        correction.author = someone_cut() if is_cut else message.author.name
    return waiting


@dataclass(frozen=True)
class Thread:
    """A family member the holder may write to alone. `key` is `youth` or the guardian's id."""

    key: str
    name: str


def threads(log: Log, now: datetime) -> list[Thread]:
    """Guardians and youth with a sign-in who may read the log now, by name."""
    today = timezone.localdate(now)
    guardians = _with_sign_in.rows(log.child_id)
    found = [
        Thread(str(guardian.pk), guardian.name)
        for guardian in guardians
        if guardian_rules.has_access(guardian, log.child, today=today)
    ]
    found += [
        Thread(str(place.guardian_id), _("%(name)s (fosterforelder)") % {"name": place.guardian.name})
        for place in foster.places_in(log, today)
        if place.holds(today) and place.guardian.user_id is not None
    ]
    if log.child.user_id is not None:
        found.append(Thread("youth", log.child.given_name))
    return found


@statement
def _with_sign_in(child_id: UUID) -> QuerySet[Guardian]:
    return Guardian.objects.filter(child=child_id, user__isnull=False).order_by("name", "pk")


def may_write_to_all(log: Log, row: LogAccess) -> bool:
    """Whether the reader may write to all: not who reads own measures alone, nor a guardian in a log of the youth's
    own, who may not know who «all» are (S26)."""
    if scope_of(row) != ConsentScope.LOG:
        return False
    return row.kind != AccessKind.GUARDIAN or not log.child.answers_alone


@dataclass(frozen=True)
class Readers:
    """Who reads what is written, named above the box before anyone writes (S2). `unreached`: services that take part in
    their own measures, whom a message to all does not reach."""

    staff: list[str]
    family: list[str]
    unreached: list[str]
    to_all: bool


def readers(log: Log, row: LogAccess, now: datetime) -> Readers:
    """The people who may read a message to all right now, the holder first, as this reader may see them. For one who
    reads own measures alone: those who read what that one writes."""
    reading, own = reading_for(log, row), reach_of([row])
    staff = {}
    rows = hidden_places.staff_known(access.everyone_in(log.pk, now), log, reading.until)
    for other in sorted(rows, key=lambda found: not access.is_holding(found)):
        hidden = access.is_family(other) or reading.hides(other.user_id)
        if not hidden and access.sees_content(other) and _reads_with(own, other):
            staff[other.user_id] = reading.person(other.user, place_line(other))
    family = holders.family_names(log, now, row, reading)
    if own.is_whole:
        family += foster.names_for_family(log, timezone.localdate(now), readers_of_all=True)
    unreached = reading.services(units_with_own_measures(log, now)) if own.is_whole else []
    return Readers(list(dict.fromkeys(staff.values())), family, unreached, own.is_whole)


def _reads_with(own: Reach, other: LogAccess) -> bool:
    if own.is_whole:
        return scope_of(other) == ConsentScope.LOG
    return access.is_holding(other) or own.is_of(other.window.unit_id if other.window is not None else None)
