"""Messages in a log. Append only: what is written stays, and its readers are chosen before it is written (S2)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Action, Audience, ConsentScope, EventKind
from apps.stafettlogg.models import Correction, Guardian, Log, LogAccess, Message
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import may_by, scope_of
from apps.stafettlogg.rules import messages as rules
from apps.stafettlogg.selectors import foster
from apps.stafettlogg.selectors.consents import is_sharing, units_sharing, units_with_own_measures
from apps.stafettlogg.selectors.messages import may_write_to_all
from apps.stafettlogg.selectors.names import place_line
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.notices import tell, tell_readers


@transaction.atomic
def write_message(
    log_id: UUID,
    *,
    text: str,
    audience: str = "",
    thread_guardian_id: UUID | str | None = None,
    thread_youth: bool = False,
    unit_id: UUID | str | None = None,
    actor: User,
    now: datetime,
) -> Message:
    """Write to all in the log, or «Bare stafettholder» in one thread.

    A foster parent writes to the holder alone (S36). Without an audience the family writes to the holder alone and
    staff to all. A guardian or youth writes in their own thread, whatever was sent; the holder (and deputy) answers in
    the thread that is given. A service with its own measures writes to the holder and the family; the holder writes to
    it by `unit_id`. The readers are told.
    Raises `AccessDenied`, `RuleBroken` (log_not_active, nobody_reads, audience, empty_text).
    """
    log = lock(Log, log_id)
    everyone = access.everyone_in(log.pk, now)
    own = access.rows_of(actor, everyone) or access.rows_in(actor, log, now)  # a foster parent is not among everyone
    access.check_allowed(own, actor, log, Action.WRITE)
    if not log.is_closing:  # then nobody reads, and that is what is said: not that it closes (S30)
        log_rules.check_is_active(log)
    row = next(found for found in own if Action.WRITE in may_by(found))
    family = row.membership_id is None
    to_all = may_write_to_all(log, row)
    audience = audience or (Audience.HOLDER if family else Audience.ALL if to_all else Audience.UNIT)
    guardian, youth = None, False
    if audience == Audience.HOLDER:
        guardian, youth = _own_thread(row, log) if family else _thread(log, thread_guardian_id, thread_youth, now=now)
    unit = _unit(row, log, unit_id, now=now) if audience == Audience.UNIT else None
    rules.check_audience(
        row.kind,
        audience,
        holding=access.is_holding(row),
        has_thread=guardian is not None or youth,
        to_all=to_all,
        has_unit=unit is not None,
    )
    rules.check_text(text)
    if family:
        log_rules.check_someone_reads(_is_read(log, audience, now=now))
    message = Message.objects.create(
        log=log,
        author=actor,
        author_line=_author_line(row, log),
        audience=audience,
        thread_guardian=guardian,
        thread_youth=youth,
        unit=unit,
        text=text.strip(),
        written_at=now,
    )
    record_event(
        log,
        EventKind.MESSAGE,
        actor=actor,
        now=now,
        # The line tells the words: of what is for one service to the holder alone.
        audience=Audience.HOLDER if unit is not None else Audience.ALL,
        guardian=guardian,
        about_youth=youth,
        object_id=message.pk,
    )
    tell_readers(
        log,
        "message",
        key=f"message {message.pk}",
        staff_page="stafettlogg:messages",
        family_page="stafettlogg:family_messages",
        guardian=guardian,
        youth=youth,
        unit=unit,
        rows=everyone,
        actor=actor,
        now=now,
    )
    if guardian is not None and guardian.is_foster and guardian.user is not None:
        page, key = "stafettlogg:foster_messages", f"message {message.pk}"
        tell([guardian.user], "message_family", key=key, page=page, object_id=log.pk, but=actor, now=now)
    return message


@transaction.atomic
def ask_correction(log_id: UUID, *, text: str, actor: User, now: datetime) -> Correction:
    """A guardian or youth asks the holder alone to have something corrected: a message, and a task with a deadline.

    Raises `AccessDenied`, `RuleBroken`, as `write_message`.
    """
    if actor.is_employee:
        raise AccessDenied(_("Bare familien kan be om å få noe rettet."))
    message = write_message(log_id, text=text, audience=Audience.HOLDER, actor=actor, now=now)
    due_day = local_day(now) + timedelta(days=rules.CORRECTION_DAYS)
    return Correction.objects.create(log_id=log_id, message=message, due_day=due_day)


@transaction.atomic
def settle_correction(correction_id: UUID, *, actor: User, now: datetime) -> None:
    """The holder has answered, and corrected what was wrong. Safe to repeat. Raises `AccessDenied`."""
    found = Correction.objects.get(pk=correction_id)
    log = lock(Log, found.log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    if found.settled_at is None:
        found.settled_at, found.settled_by = now, actor
        found.save(update_fields=["settled_at", "settled_by"])


def _own_thread(row: LogAccess, log: Log) -> tuple[Guardian | None, bool]:
    if row.kind == AccessKind.YOUTH:
        return None, True
    return Guardian.objects.get(child=log.child_id, user=row.user_id), False


def _thread(log: Log, guardian_id, youth: bool, *, now) -> tuple[Guardian | None, bool]:
    """The thread of a guardian who may read it, or the youth's; (None, False) for anyone else."""
    if youth:
        return None, log.child.user_id is not None
    guardian = Guardian.objects.filter(child=log.child_id, pk=guardian_id, user__isnull=False).first()
    today = timezone.localdate(now)
    if guardian is None or not (
        guardian_rules.has_access(guardian, log.child, today=today) or foster.may_read(guardian, log, today)
    ):
        return None, False
    return guardian, False


def _unit(row: LogAccess, log: Log, unit_id, *, now) -> Unit | None:
    """The writer's own service, or the one the holder writes to; None unless it takes part in its own measures."""
    if access.is_holding(row):
        return next((unit for unit in units_with_own_measures(log, now) if str(unit.pk) == str(unit_id)), None)
    return row.window.unit if row.window is not None and scope_of(row) == ConsentScope.MEASURES else None


def _author_line(row: LogAccess, log: Log) -> str:
    """Copied in bokmål, whatever language the writer uses: each reader gets it in their own."""
    with translation.override(settings.LANGUAGE_CODE):
        if row.kind == AccessKind.GUARDIAN:
            return Guardian.objects.get(child=log.child_id, user=row.user_id).get_relation_display()
        return place_line(row)


def _is_read(log: Log, audience: str, *, now) -> bool:
    if audience == Audience.HOLDER:
        return is_sharing(log, log.holder.window.unit, now)
    return bool(units_sharing(log, now))
