"""A unit closes: its logs have gone to others, and it leaves the logs it takes part in (safety.md S21)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.accounts import services as staff
from apps.accounts.models import User
from apps.core.dates import end_of_day, local_day
from apps.core.models import lock
from apps.municipality import services as municipality
from apps.municipality.access import check_coordinator
from apps.municipality.models import Unit
from apps.stafettlogg.enums import ConsentState, EventKind, HandoverState, LogStatus, WindowBasis
from apps.stafettlogg.models import Consent, ConsentWindow, Handover, Log, LogEvent
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import participants as participant_rules
from apps.stafettlogg.selectors import respondents, units
from apps.stafettlogg.services import handovers, participants, windows
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.notices import tell, tell_holders

NOTED_DAYS = 30
_HOLDERS_PAGE = "stafettlogg:participants"


@transaction.atomic
def close_unit(unit_id: UUID, *, last_day: date, actor: User, now: datetime) -> Unit:
    """The unit's last day: sharing with it and every place in it end then, and it begins nothing new from now on.

    What it has been offered and invited to is written off, and so is what families are asked about it: those asked are
    told. Who holds the logs it takes part in, or was to take part in, is told. Raises `AccessDenied`, and `RuleBroken`
    ("logs_without_successor" while it holds an open log).
    """
    today = local_day(now)
    check_coordinator(actor, today)
    # The logs first, as everything about a log takes turns: afterwards nobody can hand one over to the unit.
    logs = [lock(Log, log_id) for log_id in units.logs_of(unit_id)]
    unit = municipality.close_unit(
        unit_id, last_day=last_day, logs_held=units.logs_held_by(unit_id), actor=actor, today=today
    )
    staff.end_places_in(unit, last_day=last_day, actor=actor, today=today)
    for log in logs:
        _write_off(log, unit, now=now)
        was_asked = _end_questions(log, unit, now=now)
        windows.refresh_windows(log, actor=actor, now=now)
        if was_asked or ConsentWindow.objects.filter(log=log, unit=unit, valid_until__gte=now).exists():
            key = _occasion(log, unit, now)
            tell_holders(log, "service_closing", key=key, page=_HOLDERS_PAGE, due_day=unit.last_day, now=now)
    return unit


@transaction.atomic
def reopen_unit(unit_id: UUID, *, actor: User, now: datetime) -> Unit:
    """Open a closed unit again. No old access comes back by itself.

    Before the last day is over nothing has ended, and what the families have said yes to goes on; the places of the
    staff still end with the day. Afterwards the unit stands without staff and out of use, and what was asked before
    gives it nothing. Raises `AccessDenied` and `RuleBroken` ("not_closed", "parent_closed").
    """
    today = local_day(now)
    check_coordinator(actor, today)
    logs = [lock(Log, log_id) for log_id in units.logs_of(unit_id)]
    for window in _ended_windows(now=now).filter(unit_id=unit_id):
        _note(window)
    was_over = Unit.objects.filter(pk=unit_id, last_day__lt=today).exists()
    unit = municipality.reopen_unit(unit_id, actor=actor, today=today)
    if was_over:
        return unit
    for log in logs:
        windows.refresh_windows(log, actor=actor, now=now)
        if ConsentWindow.objects.filter(log=log, unit=unit, valid_until__gt=now).exists():
            tell_holders(log, "service_stays", key=_occasion(log, unit, now), page=_HOLDERS_PAGE, now=now)
    return unit


def note_closed_units(*, now: datetime) -> int:
    """Write in the timeline that a closed unit has left the log. Rights ended at the instant. Safe to repeat."""
    since = local_day(now) - timedelta(days=NOTED_DAYS)
    return sum(_note(window) for window in _ended_windows(now=now).filter(unit__last_day__gte=since))


def _ended_windows(*, now: datetime):
    """Windows in open logs that may have ended with the last day of their unit, and are not noted."""
    noted = LogEvent.objects.filter(kind=EventKind.LEFT, object_id=OuterRef("pk"), at=OuterRef("valid_until"))
    windows_ended = ConsentWindow.objects.filter(
        unit__last_day__lt=local_day(now),
        basis=WindowBasis.CONSENT,
        valid_until__lte=now,
        log__status=LogStatus.ACTIVE,
    )
    return windows_ended.exclude(Exists(noted)).select_related("unit")


@transaction.atomic
def _note(window: ConsentWindow) -> bool:
    if window.valid_until != end_of_day(window.unit.last_day):
        return False
    log = lock(Log, window.log_id)
    if LogEvent.objects.filter(kind=EventKind.LEFT, object_id=window.pk, at=window.valid_until).exists():
        return False
    record_event(
        log,
        EventKind.LEFT,
        actor=None,
        now=window.valid_until,
        unit_name=window.unit.name,
        object_id=window.pk,
    )
    return True


def _write_off(log: Log, unit: Unit, *, now: datetime) -> None:
    for invitation in log.invitations.filter(unit=unit, state__in=participant_rules.WAITING):
        participants.end_invitation(invitation, now=now)
    for handover in Handover.objects.filter(log=log, to_unit=unit, state__in=handover_rules.WAITING):
        handovers.end_waiting(handover, HandoverState.WITHDRAWN, now=now)


def _end_questions(log: Log, unit: Unit, *, now: datetime) -> bool:
    """Nobody is asked about a unit that closes. A yes another has given opens nothing: the round stays incomplete.

    Only those whose own question ends are told, and nobody of what another has answered (S1).
    """
    waiting = Consent.objects.filter(log=log, unit=unit, state=ConsentState.WAITING)
    if not waiting.exists():
        return False
    open_still = waiting.filter(request__cancelled_at=None, request__last_day__gte=local_day(now))
    asked = respondents.users_asked(log, open_still, now)
    cancel_waiting(waiting, now=now)
    key = _occasion(log, unit, now)
    tell(asked, "question_ended", key=key, page="stafettlogg:parent_log", object_id=log.pk, now=now)
    return True


def _occasion(log: Log, unit: Unit, now: datetime) -> str:
    return f"log {log.pk} unit {unit.pk} {now.isoformat()}"
