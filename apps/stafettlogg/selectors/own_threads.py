"""Threads about a guardian herself, as each of the three may see them (safety.md S3, docs/adr/0020).

Who reads one: the guardian it is about, those who hold the log, and those who work in the service while her yes stands.
Nobody else, whatever else they may see of the log; so nothing here is found through the log's own rows alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from apps.accounts.access import current_memberships
from apps.accounts.models import Membership, User
from apps.audit import loaded
from apps.core.dates import local_day
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, AccessKind, Action, ConsentState, LogStatus, ThreadSide, WindowBasis
from apps.stafettlogg.models import Consent, ConsentWindow, Log, LogAccess, OwnMessage, OwnThread
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import may_by
from apps.stafettlogg.rules import own_threads as rules
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors.consent_table import Answer, answer_of

PAGE_SIZE = 30


@dataclass(frozen=True)
class Seat:
    """One person at one thread. `row` is her own or the holder's in the log, `place` where an employee of the service
    works. `is_open`: her yes stands, so that the service reads and all three may write."""

    thread: OwnThread
    side: str
    is_open: bool
    row: LogAccess | None = None
    place: Membership | None = None

    @property
    def log(self) -> Log:
        return self.thread.log


def seat_at(user: User, thread_id: UUID, now: datetime) -> Seat | None:
    """The user's seat at this thread at this instant; None for everyone it is not for."""
    thread = _threads().filter(pk=thread_id).first()
    if thread is None:
        return None
    is_open = rules.is_open(thread.log, thread.guardian, answers_of([thread]).get(_key(thread), []), now=now)
    rows = access.rows_in(user, thread.log, now) if access.visible_log(user, thread.log_id, now) is not None else []
    if thread.guardian.user_id == user.pk:
        row = next((row for row in rows if row.kind == AccessKind.GUARDIAN), None)
        may_read = guardian_rules.has_access(thread.guardian, thread.log.child, today=local_day(now))
        if row is None or not may_read or access.lacks_birth_date(user, thread.log_id):
            return None
        return Seat(thread, ThreadSide.GUARDIAN, is_open, row=row)
    held = next((row for row in rows if access.is_holding(row) and Action.SEE_ANSWERS in may_by(row)), None)
    if held is not None:
        return Seat(thread, ThreadSide.HOLDER, is_open, row=held)
    if not is_open or access.is_disqualified(user, thread.log.child):
        return None
    place = current_memberships(user, local_day(now)).filter(unit=thread.unit_id).first()
    return None if place is None else Seat(thread, ThreadSide.SERVICE, is_open, place=place)


def _threads():
    return OwnThread.objects.select_related("log__child", "guardian__user", "unit")


def _key(thread: OwnThread) -> tuple[UUID, UUID, UUID]:
    return thread.log_id, thread.guardian_id, thread.unit_id


def answers_of(threads: Iterable[OwnThread]) -> dict[tuple[UUID, UUID, UUID], list[Consent]]:
    """What each guardian was asked and has said of herself, by (log, guardian, unit), the newest first. One query."""
    logs, keys = {thread.log_id for thread in threads}, {_key(thread) for thread in threads}
    rows = (
        Consent.objects.filter(log__in=logs, about=About.OWN)
        .select_related("unit", "request", "answer")
        .defer("answer__scan")
        .order_by("-request__number", "pk")
    )
    found: dict[tuple[UUID, UUID, UUID], list[Consent]] = {}
    for row in rows:
        if row.guardian_id is not None and (row.log_id, row.guardian_id, row.unit_id) in keys:
            found.setdefault((row.log_id, row.guardian_id, row.unit_id), []).append(row)
    return found


def names_child(log: Log, unit_id: UUID, now: datetime) -> bool:
    """Whether the service may know which child it is: by the consent about the child, and by nothing else."""
    return bool(_shared_with([log.pk], [unit_id], now))


def _shared_with(log_ids: Collection[UUID], unit_ids: Collection[UUID], now: datetime) -> set[tuple[UUID, UUID]]:
    rows = ConsentWindow.objects.filter(
        log__in=log_ids, unit__in=unit_ids, basis=WindowBasis.CONSENT, valid_from__lte=now, valid_until__gt=now
    )
    return set(rows.values_list("log_id", "unit_id"))


@dataclass(frozen=True)
class ThreadLine:
    """One thread in a list. `child` is '' where the service may not know which child it is."""

    thread: OwnThread
    place: Membership
    guardian: str
    child: str
    newest_at: datetime | None


def threads_of_service(user: User, now: datetime) -> list[ThreadLine]:
    """The open threads of the services the employee works in, those that were written in last first."""
    places = {place.unit_id: place for place in current_memberships(user, local_day(now)) if _may_have(place)}
    if not places:
        return []
    with loaded.apart():
        threads = list(
            _threads()
            .filter(unit__in=list(places), log__status=LogStatus.ACTIVE)
            .exclude(log__child__in=access.own_children(user))
            .annotate(newest_at=Max("messages__written_at"))
            .order_by("guardian__name", "pk")
        )
        answers = answers_of(threads)
    found = [one for one in threads if rules.is_open(one.log, one.guardian, answers.get(_key(one), []), now=now)]
    shared = _shared_with([one.log_id for one in found], list(places), now)
    for one in found:
        loaded.note(one.log.child_id)
    lines = [
        ThreadLine(
            thread=one,
            place=places[one.unit_id],
            guardian=one.guardian.name,
            child=(one.log.child.given_name or _("barnet")) if (one.log_id, one.unit_id) in shared else "",
            newest_at=one.newest_at,
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: line.newest_at or line.thread.made_at, reverse=True)


def _may_have(place: Membership) -> bool:
    return place.unit.concerns_guardian


def people_of_service(thread: OwnThread, now: datetime) -> list[User]:
    """Those who work in the service now, by name; nobody who is family to the child (S18)."""
    today = local_day(now)
    places = Membership.objects.filter(
        unit=thread.unit_id, first_day__lte=today, last_day__gte=today, user__is_active=True
    ).select_related("user")
    found = {place.user_id: place.user for place in places.order_by("user__name", "pk")}
    return [user for user in found.values() if not access.is_disqualified(user, thread.log.child)]


@dataclass(frozen=True)
class Said:
    """One message of a thread, in the words of templates/stafettlogg/family/message.html."""

    id: UUID
    at: datetime
    author: str
    line: str
    text: str
    is_own: bool


@dataclass(frozen=True)
class Written:
    said: list[Said]
    has_more: bool


def written_in(seat: Seat, user: User, reading: Reading, *, names_holder: bool, page: int = 1) -> Written:
    """One page of what stands in the thread, newest first. `names_holder`: the reader may know where the stafettholder
    works; a service without the consent about the child may not, as that is where the child is."""
    rows = OwnMessage.objects.filter(thread=seat.thread).select_related("author").order_by("-written_at", "-pk")
    if reading.until is not None:  # what is newer is hidden from this guardian (S34)
        rows = rows.filter(Q(written_at__lte=reading.until) | Q(author=user))
    start = (page - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    said = [_said(message, user, reading, names_holder=names_holder) for message in found[:PAGE_SIZE]]
    return Written(said, has_more=len(found) > PAGE_SIZE)


def _said(message: OwnMessage, user: User, reading: Reading, *, names_holder: bool) -> Said:
    line = _(message.author_line) if message.author_line else ""
    if message.side == ThreadSide.HOLDER and not names_holder:
        line = _("Stafettholder")
    reading = reading.at(message.written_at)
    return Said(
        id=message.pk,
        at=message.written_at,
        author=reading.person(message.author, line),
        line=reading.person_line(message.author, line),
        text=message.text,
        is_own=message.author_id == user.pk,
    )


def own_threads_in(log: Log, guardian_id: UUID) -> dict[UUID, OwnThread]:
    """The threads of one guardian in a log that were ever opened, by service: those there is something to read in."""
    opened = Consent.objects.filter(log=log, guardian=guardian_id, about=About.OWN, expires_at__isnull=False)
    threads = OwnThread.objects.filter(log=log, guardian=guardian_id, unit__in=opened.values("unit"))
    return {thread.unit_id: thread for thread in threads}


@dataclass(frozen=True)
class OwnRow:
    """What one guardian has said of herself to one service, for the holder alone. `state` is the thread in words."""

    guardian: str
    unit: str
    answer: Answer
    state: str
    thread: OwnThread
    is_readable: bool


def own_rows_of(log: Log, now: datetime) -> list[OwnRow]:
    """Every guardian who was asked about herself in this log, by name and service. For the holder alone (S1, S3)."""
    threads = list(_threads().filter(log=log).order_by("guardian__name", "unit__name", "pk"))
    answers = answers_of(threads) if threads else {}
    found = []
    for thread in threads:
        rows = answers.get(_key(thread), [])
        live = [row for row in rows if row.state not in (ConsentState.REPLACED, ConsentState.CANCELLED)] or rows
        if not live:
            continue
        is_open = rules.is_open(log, thread.guardian, rows, now=now)
        was_given = any(row.expires_at is not None for row in rows)
        state = _("Samtalen er åpen") if is_open else _("Samtalen er lukket") if was_given else _("Ikke åpnet")
        found.append(OwnRow(thread.guardian.name, thread.unit.name, answer_of(live[0]), state, thread, was_given))
    return found
