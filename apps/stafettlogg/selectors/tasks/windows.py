"""Consents that run out, the shell they leave, and services that may be invited after a yes."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from apps.core.dates import FAR_DAY, last_day_of, local_day, local_midnight
from apps.core.statements import statement
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, LogStatus, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Handover, Invitation, Log, LogAccess
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.consents import waited_for


@read_once
def windows(scope: Scope) -> list[Any]:
    """Windows of active logs that something is to be done about: in logs the user holds, or of a unit the user leads.

    `may_invite`: it stands open by consent, and nobody in the service is in the log or has been invited since it
    opened. The holder's own window never may.
    """
    when = (scope.now, scope.now - timedelta(days=rules.EXPIRED_SHOWN_DAYS), _soon(scope))
    if scope.user is None:
        found = list(_that_call(*when, to_invite=False))
    else:
        led: Collection[UUID] = scope.led_unit_ids if scope.log is None else ()
        found = _that_call_for.rows(list(rows.held(scope)), led, *when)
    found = [_of_log(window, scope) for window in found]
    rows.know(scope, {window.log_id for window in found})
    return found


def are_quiet(windows_read: Iterable[ConsentWindow], log: Log, scope: Scope) -> bool:
    """Whether `windows` would find none in this log, as far as the windows its page has read can tell: it is shared
    with the holder's own unit alone, and for long yet."""
    soon = _soon(scope)
    return all(
        window.pk == log.holder.window_id and window.basis == WindowBasis.CONSENT and window.valid_until >= soon
        for window in windows_read
    )


def _soon(scope: Scope) -> datetime:
    return local_midnight(scope.until(max(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY) + 2))


def _that_call(now: datetime, since: datetime, soon: datetime, *, to_invite: bool) -> QuerySet[ConsentWindow]:
    """Windows of active logs that run out before `soon`, ran out after `since`, are a shell, or may be invited."""
    found = ConsentWindow.objects.annotate(may_invite=_may_invite()).filter(log__status=LogStatus.ACTIVE)
    found = found.filter(_calls(now, since, soon, to_invite=to_invite))
    return found.select_related("log__child", "log__holder__window__unit", "unit").order_by("valid_until", "pk")


@statement
def _that_call_for(
    held: list[UUID], led: Collection[UUID], now: datetime, since: datetime, soon: datetime
) -> QuerySet[ConsentWindow]:
    mine = Q(log__in=held)
    return _that_call(now, since, soon, to_invite=True).filter(
        mine | Q(log__holder__window__unit__in=led) if led else mine
    )


def _of_log(window: ConsentWindow, scope: Scope) -> ConsentWindow:
    """With the log the page has read, where there is one."""
    if scope.log is not None:
        window.log = scope.log
    return window


def _calls(now: datetime, since: datetime, soon: datetime, *, to_invite: bool) -> Q:
    by_consent = Q(basis=WindowBasis.CONSENT)
    stays = Q(unit__last_day=FAR_DAY)
    runs_out = by_consent & stays & Q(valid_until__gt=now, valid_until__lt=soon)
    ran_out = by_consent & stays & Q(valid_until__lte=now, valid_until__gt=since)
    is_shell = access.stands_at(now) & (Q(basis=WindowBasis.CLOSING) | by_consent & Q(valid_until__lte=now))
    calls = runs_out | ran_out | is_shell
    return calls | by_consent & Q(valid_until__gt=now, may_invite=True) if to_invite else calls


def _may_invite() -> Combinable:
    been_in = LogAccess.objects.filter(window=OuterRef("pk"), ends_at__gte=OuterRef("valid_from")).exclude(
        kind=AccessKind.LEADER
    )
    here = {"log": OuterRef("log")}
    invited = Invitation.objects.filter(unit=OuterRef("unit"), invited_at__gte=OuterRef("valid_from"), **here)
    offered = Handover.objects.filter(to_unit=OuterRef("unit"), state__in=handover_rules.WAITING, **here)
    return ~Exists(been_in) & ~Exists(invited) & ~Exists(offered)


def _held(scope: Scope) -> list[Any]:
    """Those in logs the user holds, or for the sweeper all."""
    return [window for window in windows(scope) if scope.user is None or window.log_id in rows.held(scope)]


def expiring(scope: Scope) -> list[Due]:
    """Sharing that ends within 30, 14 or 3 days and has not been asked about anew, once per step.

    Not of a service that closes: there is nothing to ask about.
    """
    until = scope.until(max(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY))
    found = [
        window
        for window in _held(scope)
        if _stands(window, scope) and _stays(window) and last_day_of(window.valid_until) <= until
    ]
    asked = {(row.log_id, row.unit_id) for row in waited_for(scope)} if found else set()
    return [
        due
        for window in found
        if (window.log_id, window.unit_id) not in asked
        for due in _to_holders(scope, window, f"window {window.pk} {last_day_of(window.valid_until)}")
    ]


def expired(scope: Scope) -> list[Due]:
    """A service's consent ran out by itself (never a withdrawal, which is told at once). For the holder, from day 0."""
    found = [window for window in _held(scope) if _ran_out(window, scope)]
    return [due for window in found for due in _to_holders(scope, window, _expired_key(window))]


def expired_for_leaders(scope: Scope) -> list[Due]:
    """A consent in a log of the unit ran out: the leader is told on day 0 as the holder is (S11)."""
    led = [window for window in windows(scope) if _ran_out(window, scope) and _is_led(window, scope)]
    asks = [(window, window.log, window.log.holder.window.unit, ()) for window in led]
    return [
        rows.LogDue(
            recipient=leader,
            log=window.log,
            key=_expired_key(window),
            url_name="stafettlogg:detail",
            object_id=window.log_id,
            due_day=last_day_of(window.valid_until),
            detail=window.unit.name,
            unit=window.log.holder.window.unit,
        )
        for window, leader in rows.leaders(scope, asks)
    ]


def shells(scope: Scope) -> list[Due]:
    """Logs where nothing is shared any more: renew the consent or close. A notice a week and a day before the end."""
    ends = [window for window in _held(scope) if not _stands(window, scope)]
    found = rows.holding(scope, {window.log_id for window in ends})
    return [
        rows.due_in_log(
            window.log,
            row,
            "stafettlogg:consents",
            key=f"window {window.pk} {last_day_of(window.shell_ends_at)}",
            due_day=last_day_of(window.shell_ends_at),
        )
        for window in ends
        for row in found.get(window.log_id, [])
        if row.window_id == window.pk
    ]


def services_to_invite(scope: Scope) -> list[Due]:
    """The family has said yes to a service that nobody has invited. For pages."""
    found = [window for window in _held(scope) if window.may_invite and _stands(window, scope)]
    return [
        rows.due_in_log(
            window.log,
            row,
            "stafettlogg:participants",
            key=f"window {window.pk}",
            since_day=local_day(window.valid_from),
            detail=window.unit.name,
        )
        for window in found
        for row in rows.holding(scope, [window.log_id]).get(window.log_id, [])
        if access.sees_content(row)
    ]


def _stands(window: ConsentWindow, scope: Scope) -> bool:
    return window.basis == WindowBasis.CONSENT and window.is_open(scope.now)


def _stays(window: ConsentWindow) -> bool:
    return window.unit.last_day == FAR_DAY


def _ran_out(window: ConsentWindow, scope: Scope) -> bool:
    """A service beside the holder's own whose consent ran out in the last 30 days at a local midnight."""
    if window.basis != WindowBasis.CONSENT or window.valid_until > scope.now or not _stays(window):
        return False
    since = scope.now - timedelta(days=rules.EXPIRED_SHOWN_DAYS)
    at_midnight = window.valid_until == local_midnight(local_day(window.valid_until))
    return window.valid_until > since and at_midnight and not _left(window) and not _is_root(window)


def _is_root(window: ConsentWindow) -> bool:
    return window.log.holder.window_id == window.pk


def _left(window: ConsentWindow) -> bool:
    """The window ended because the unit closed, and not by itself."""
    reopened = window.unit.reopened_day
    return reopened is not None and local_day(window.valid_until) <= reopened


def _is_led(window: ConsentWindow, scope: Scope) -> bool:
    return scope.user is None or window.log.holder.window.unit_id in scope.led_unit_ids


def _expired_key(window: ConsentWindow) -> str:
    return f"window {window.pk} until {local_day(window.valid_until)}"


def _to_holders(scope: Scope, window: ConsentWindow, key: str) -> list[Due]:
    return [
        rows.due_in_log(
            window.log,
            row,
            "stafettlogg:consents",
            key=key,
            due_day=last_day_of(window.valid_until),
            detail=window.unit.name,
        )
        for row in rows.holding(scope, [window.log_id]).get(window.log_id, [])
    ]
