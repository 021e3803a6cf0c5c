"""The answers become windows: from when until when a unit may see a log. Called after everything that changes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.dates import FAR_AT, end_of_day
from apps.core.models import bump, lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import (
    OPEN_STATUSES,
    About,
    Audience,
    ConsentScope,
    ConsentState,
    EventKind,
    LogStatus,
    WindowBasis,
)
from apps.stafettlogg.models import Consent, ConsentWindow, Log
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors import windows as selectors
from apps.stafettlogg.services import blocks, handovers, own_threads, participants
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.notices import tell_family, tell_holders, tell_leaders


def refresh_windows(log: Log, *, actor: User | None, now: datetime) -> None:
    """Let the windows follow the answers as they stand. The log is locked; safe to repeat.

    The holder's own unit is the root: without its consent nobody sees anything. When the root opens for the first time
    the log becomes active; when it stops, the holder keeps a shell for the municipality's `shell_days` (S11) and every
    other unit is shut at once; so too in the days when a closing may be undone (S30). Windows that newly open let
    waiting invitations and handovers go on.
    """
    if log.status not in OPEN_STATUSES:
        return
    was_request = log.is_request
    verdicts = {} if log.is_closing else selectors.sharing_by_unit(log, now)
    windows = {window.unit_id: window for window in ConsentWindow.objects.select_for_update().filter(log=log)}
    root_id = log.holder.window.unit_id
    root = verdicts.get(root_id)
    if root is not None and not _may_open(root, windows.get(root_id), now):
        root = None
    opened = []
    if root is not None:
        opened += _open(log, root, windows.get(root_id), until=root.until, actor=actor, now=now)
        _activate(log, actor=actor, now=now)
    else:
        _shut_root(log, windows.get(root_id), actor=actor, now=now)
    for unit_id in list(windows) if log.is_closing else list(verdicts):
        if unit_id == root_id:
            continue
        window, verdict = windows.get(unit_id), verdicts.get(unit_id)
        if root is not None and verdict is not None and _may_open(verdict, window, now):
            until = min(verdict.until, root.until)
            opened += _open(log, verdict, window, until=until, actor=actor, now=now)
        elif window is not None:
            _shut(log, window, actor=actor, now=now)
    # After every window is written: what goes on now asks which units may see the log.
    for unit in opened:
        participants.consent_opened(log, unit, actor=actor, now=now)
        handovers.consent_opened(log, unit, actor=actor, now=now)
    if was_request and log.is_active:
        # A second pass over this log: a block that is written here takes away a yes that has just been counted.
        refresh_all(blocks.copy_blocks(log, now=now), actor=None, now=now)


def refresh_all(logs: Iterable[Log], *, actor: User | None, now: datetime) -> None:
    """`refresh_windows` for each of these logs, which are locked. Safe to repeat."""
    for log in logs:
        refresh_windows(log, actor=actor, now=now)


def expire_windows(*, now: datetime) -> int:
    """Tell of consents that have just run out, and let the holder's shell stand by itself (S11). Safe to repeat.

    Returns how many logs. Rights changed by themselves at the instant: everyone else's ended, the holder's became the
    shell written in advance.
    """
    due = ConsentWindow.objects.filter(
        basis=WindowBasis.CONSENT, valid_until__lte=now, log__status=LogStatus.ACTIVE
    ).values_list("log_id", "unit_id", "log__holder__window__unit_id")
    count = 0
    for log_id in {log_id for log_id, unit_id, root_id in due if unit_id == root_id}:
        with transaction.atomic():
            log = lock(Log, log_id)
            refresh_windows(log, actor=None, now=now)
            count += 1
    return count


def _may_open(verdict: selectors.Sharing, window: ConsentWindow | None, now: datetime) -> bool:
    if not verdict.is_open:
        return False
    already = window is not None and window.basis == WindowBasis.CONSENT and window.is_open(now)
    return already or verdict.may_open_new


def _open(log, verdict, window, *, until, actor, now) -> list:
    """Open or prolong the unit's window until `until`. Gives the unit in a list when it was shut before, else []."""
    _replace_older(log, verdict, now=now)
    if window is None:
        window = ConsentWindow(log=log, unit=verdict.unit, basis=WindowBasis.CONSENT, valid_from=now, valid_until=now)
    was_open = window.basis == WindowBasis.CONSENT and window.is_open(now)
    shell_until = _shell_from(until)
    if was_open and (window.valid_until, window.shell_until, window.scope) == (until, shell_until, verdict.scope):
        return []
    if not was_open:
        window.basis, window.valid_from = WindowBasis.CONSENT, now
    window.valid_until, window.shell_until, window.scope = until, shell_until, verdict.scope
    window._history_user = actor
    window.save()
    if was_open:
        return []
    _note_opened(log, verdict, now=now)
    return [verdict.unit]


def _shell_from(at):
    """The end of the shell that follows sharing that stops at `at`: the municipality's `shell_days` (S11)."""
    return end_of_day(timezone.localdate(at) + timedelta(days=settings_row().shell_days)) if at < FAR_AT else None


def _note_opened(log, verdict, *, now) -> None:
    """A line that the sharing opened, for everyone: all who answer were asked about it."""
    number = ConsentScope.values.index(verdict.scope)
    record_event(log, EventKind.SHARING_OPENED, actor=None, now=now, unit_name=verdict.unit.name, number=number)


def _replace_older(log, verdict, *, now) -> None:
    """The round that decides is complete: yeses from earlier rounds have done their work."""
    older = Consent.objects.filter(log=log, unit=verdict.unit, about=About.CHILD, state=ConsentState.GIVEN)
    for row in older.filter(request__number__lt=verdict.request.number):
        row.state, row.ended_at = ConsentState.REPLACED, now
        row.save(update_fields=["state", "ended_at"])


def _activate(log, *, actor, now) -> None:
    if log.status == LogStatus.ACTIVE:
        return
    log_rules.check_can_become(log, LogStatus.ACTIVE)
    log.status, log.opened_at = LogStatus.ACTIVE, now
    log.evaluation_due_day = timezone.localdate(now) + timedelta(weeks=settings_row().evaluation_weeks)
    log._history_user = actor
    bump(log).save(update_fields=["status", "opened_at", "evaluation_due_day"])
    record_event(log, EventKind.OPENED, actor=None, now=now)
    if log.child.answers_alone:
        give_family_rows(log, actor=actor, now=now)
    own_threads.tell_opened(log, now=now)
    tell_holders(log, "log_opened", key=f"log {log.pk}", page="stafettlogg:consents", now=now)
    tell_family(log, "log_opened_family", key=f"log {log.pk}", page="stafettlogg:parent_log", now=now)


def _shut(log, window, *, actor, now) -> None:
    if not window.is_open(now) or window.basis == WindowBasis.PREPARING:
        return
    window.valid_until, window.shell_until = now, None
    window._history_user = actor
    window.save(update_fields=["valid_until", "shell_until"])
    _note_stopped(log, window, now=now)


def _shut_root(log, window, *, actor, now) -> None:
    """The holder keeps the request before consent, and after it the shell, for `shell_days` from when it is told of."""
    if window is None or window.basis != WindowBasis.CONSENT or not log.is_opened:
        return
    # A consent that ran out before anyone came here: the shell goes on from that instant, so that no moment is without.
    window.basis, window.valid_from = WindowBasis.CLOSING, min(now, window.valid_until)
    window.valid_until, window.shell_until = max(_shell_from(now), log.closes_at or now), None
    window._history_user = actor
    window.save(update_fields=["basis", "valid_from", "valid_until", "shell_until"])
    _note_stopped(log, window, now=now)


def _note_stopped(log, window, *, now) -> None:
    """A line and notices that the sharing stopped, for holder and leader alone: no guardian learns that another one has
    changed an answer (S1)."""
    record_event(
        log, EventKind.SHARING_STOPPED, actor=None, now=now, audience=Audience.HOLDER, unit_name=window.unit.name
    )
    key = f"window {window.pk} {now.isoformat()}"
    tell_holders(log, "sharing_stopped", key=key, page="stafettlogg:consents", now=now)
    if window.basis == WindowBasis.CLOSING:
        tell_leaders(log, "sharing_stopped_leader", key=key, page="stafettlogg:list", now=now)
