"""A unit closes: its logs have gone to others, and it leaves the logs it takes part in (safety.md S21)."""

from datetime import date, datetime, timedelta

from django.db import transaction

from apps.accounts import services as staff
from apps.core.dates import end_of_day, local_day
from apps.core.models import lock
from apps.municipality import services as municipality
from apps.municipality.access import check_coordinator
from apps.municipality.models import Unit
from apps.notifications.services import notify
from apps.stafettlogg.enums import Audience, EventKind, HandoverState, LogStatus, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Handover, Log, LogEvent
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import participants as participant_rules
from apps.stafettlogg.selectors import people, units
from apps.stafettlogg.services import handovers, participants, windows
from apps.stafettlogg.services.events import record_event

NOTED_DAYS = 30


@transaction.atomic
def close_unit(unit_id, *, last_day: date, actor, now: datetime) -> Unit:
    """The unit's last day: sharing with it and every place in it end then, and it begins nothing new from now on.

    What it has been offered and invited to is written off. Who holds the logs it takes part in is told. Raises
    `AccessDenied`, and `RuleBroken` ("logs_without_successor" while it holds an open log).
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
        windows.refresh_windows(log, actor=actor, now=now)
        if ConsentWindow.objects.filter(log=log, unit=unit, valid_until__gte=now).exists():
            _tell_holders(log, unit, now=now)
    return unit


def note_closed_units(*, now: datetime) -> int:
    """Write in the timeline that a closed unit has left the log. Rights ended at the instant. Safe to repeat."""
    today = local_day(now)
    since = today - timedelta(days=NOTED_DAYS)
    ended = ConsentWindow.objects.filter(
        unit__last_day__lt=today,
        unit__last_day__gte=since,
        basis=WindowBasis.CONSENT,
        valid_until__lte=now,
        log__status=LogStatus.ACTIVE,
    ).select_related("unit")
    noted = set(
        LogEvent.objects.filter(kind=EventKind.LEFT, object_id__in=[w.pk for w in ended]).values_list("object_id")
    )
    count = 0
    for window in ended:
        if (window.pk,) not in noted and window.valid_until == end_of_day(window.unit.last_day):
            count += _note(window)
    return count


@transaction.atomic
def _note(window: ConsentWindow) -> bool:
    log = lock(Log, window.log_id)
    if LogEvent.objects.filter(kind=EventKind.LEFT, object_id=window.pk).exists():
        return False
    audience = Audience.STAFF if window.unit.concerns_guardian else Audience.ALL
    record_event(
        log,
        EventKind.LEFT,
        actor=None,
        now=window.valid_until,
        audience=audience,
        unit_name=window.unit.name,
        object_id=window.pk,
    )
    return True


def _write_off(log: Log, unit: Unit, *, now: datetime) -> None:
    for invitation in log.invitations.filter(unit=unit, state__in=participant_rules.WAITING):
        participants.end_invitation(invitation, now=now)
    for handover in Handover.objects.filter(log=log, to_unit=unit, state__in=handover_rules.WAITING):
        handovers.end_waiting(handover, HandoverState.WITHDRAWN, now=now)


def _tell_holders(log: Log, unit: Unit, *, now: datetime) -> None:
    for user in people.holding_users(log, now):
        notify(
            recipient=user,
            kind="service_closing",
            key=f"log {log.pk} unit {unit.pk}",
            url_name="stafettlogg:participants",
            object_id=log.pk,
            due_day=unit.last_day,
            now=now,
        )
