"""Threads about a guardian herself: they follow her own answers, and hold what the three write (safety.md S3).

Nothing of it is written in the log: no line, no reading of it that others see, no notice to anyone but the three.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.services import Read, record_reads
from apps.core.errors import AccessDenied
from apps.core.models import lock
from apps.stafettlogg.enums import ThreadSide
from apps.stafettlogg.models import Guardian, Log, OwnMessage, OwnThread
from apps.stafettlogg.rules import own_threads as rules
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors import own_threads as selectors
from apps.stafettlogg.selectors.hidden_places import hidden_users
from apps.stafettlogg.selectors.names import place_line
from apps.stafettlogg.services import reads
from apps.stafettlogg.services.notices import take_back_thread, tell

STAFF_PAGE, FAMILY_PAGE = "stafettlogg:own_thread", "stafettlogg:family_thread"


def follow_answers(log: Log, guardian: Guardian | None, *, now: datetime) -> None:
    """Her answer about herself has changed: the service is told of a thread that is open, and what it was told of one
    that is not is taken back. Rights follow the answers by themselves. In the caller's transaction; safe to repeat."""
    threads = list(
        OwnThread.objects.filter(log=log, guardian=guardian).select_related("log__child", "guardian", "unit")
    )
    answers = selectors.answers_of(threads)
    for thread in threads:
        rows = answers.get((thread.log_id, thread.guardian_id, thread.unit_id), [])
        people = selectors.people_of_service(thread, now)
        if rules.is_open(log, thread.guardian, rows, now=now):
            key = f"thread {thread.pk} {next(row.pk for row in rows if rules.stands(row, now=now))}"
            tell(people, "own_thread_opened", key=key, page=STAFF_PAGE, object_id=thread.pk, now=now)
        else:
            take_back_thread(people, thread.pk, now=now)


def tell_opened(log: Log, *, now: datetime) -> None:
    """The log has been opened: now the threads are open that a yes waited for. In the caller's transaction."""
    for guardian in Guardian.objects.filter(own_threads__log=log).distinct():
        follow_answers(log, guardian, now=now)


@transaction.atomic
def write_own_message(thread_id: UUID, *, text: str, actor: User, now: datetime) -> OwnMessage:
    """Write to the other two of the thread, who are told. Raises `AccessDenied`, `RuleBroken` (`thread_closed`,
    `empty_text`)."""
    thread = OwnThread.objects.get(pk=thread_id)
    lock(Log, thread.log_id)
    seat = selectors.seat_at(actor, thread_id, now)
    if seat is None:
        raise AccessDenied(_("Du er ikke med i denne samtalen."))
    rules.check_is_open(seat.is_open)
    rules.check_text(text)
    message = OwnMessage.objects.create(
        thread=seat.thread, author=actor, author_line=_line(seat), side=seat.side, text=text.strip(), written_at=now
    )
    _tell(seat, message, actor=actor, now=now)
    return message


def _line(seat: selectors.Seat) -> str:
    """Copied in bokmål, whatever language the writer uses: each reader gets it in their own."""
    with translation.override(settings.LANGUAGE_CODE):
        if seat.side == ThreadSide.GUARDIAN:
            return seat.thread.guardian.get_relation_display()
        if seat.place is not None:
            return f"{seat.place.title or seat.place.role}, {seat.place.unit.name}"
        return place_line(seat.row) if seat.row is not None else ""


def _tell(seat: selectors.Seat, message: OwnMessage, *, actor: User, now: datetime) -> None:
    thread, key = seat.thread, f"own message {message.pk}"
    staff = [*holders.holding_users(thread.log, now), *selectors.people_of_service(thread, now)]
    tell(staff, "own_message", key=key, page=STAFF_PAGE, object_id=thread.pk, but=actor, now=now)
    user = thread.guardian.user
    if user is not None and user.pk not in hidden_users(thread.log.child_id):
        tell([user], "own_message_family", key=key, page=FAMILY_PAGE, object_id=thread.pk, but=actor, now=now)


def record_reading(actor: User, seats: list[selectors.Seat], *, action: str = ReadAction.OPENED, now: datetime) -> None:
    """Write who looked in the read audit, so that of the family she alone reads of it (S16). Committed before it
    returns, so call it before rendering and outside transactions."""
    side = Side.GUARDIAN if any(seat.side == ThreadSide.GUARDIAN for seat in seats) else Side.STAFF
    record_reads(
        actor=actor, reads=[_read(seat) for seat in seats], action=action, what=rules.READING, side=side, now=now
    )


def _read(seat: selectors.Seat) -> Read:
    thread = seat.thread
    # One without a sign-in reads nothing here: by her own id nobody else at home does either.
    about = thread.guardian.user_id or thread.guardian_id
    if seat.row is not None:
        known = reads.read_of(thread.log, seat.row)
        return Read(
            log_id=known.log_id,
            child_id=known.child_id,
            ground=known.ground,
            role_name=known.role_name,
            unit_id=known.unit_id,
            unit_name=known.unit_name,
            about_id=about,
        )
    place = seat.place
    return Read(
        log_id=thread.log_id,
        child_id=thread.log.child_id,
        ground=Ground.OWN_THREAD,
        role_name=(place.title or str(place.role)) if place is not None else "",
        unit_id=thread.unit_id,
        unit_name=thread.unit.name,
        about_id=about,
    )
