"""There is no moment without a holder (safety.md S21): when a holder's place ends, the unit's leader holds from then.

The change is written beforehand, as soon as the end is known: the old row ends and the leader's begins at the same
instant (local midnight after the last day), so rights change at that second without any job. `Log.holder` is moved
afterwards (`settle_ended_holders`); readers ask `selectors.holders.effective_holder`. Both may run at any time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import loaded
from apps.audit.enums import Ground
from apps.core.dates import FAR_AT, FAR_DAY, end_of_day, local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import OPEN_STATUSES, AccessKind, EventKind
from apps.stafettlogg.models import Deputy, Guardian, Log, LogAccess
from apps.stafettlogg.rules import deputies as deputy_rules
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.services import handovers, holders
from apps.stafettlogg.services.access import end_row, staff_row
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.notices import tell

logger = structlog.get_logger(__name__)

OPEN = OPEN_STATUSES


@dataclass(frozen=True)
class Successor:
    """Who holds next: the same person in another place of the unit, or a leader, who must appoint someone."""

    membership: Any
    must_appoint: bool


def plan_successions(*, now: datetime, log_ids: Collection[UUID] | None = None) -> int:
    """Write who holds next in every open log whose holder's end is known; undo plans that no longer fit.

    Returns the number of logs changed. Safe to repeat. A log with no leader anywhere above keeps its row, and that is
    an error in the municipality's set-up which is logged as a number.
    """
    changed = without = 0
    for log_id in _to_plan(now, log_ids):
        outcome = _plan(log_id, now=now)
        changed += outcome is True
        without += outcome is None
    if without:
        logger.error("logs_without_successor", number=without)
    return changed


def settle_ended_holders(*, now: datetime, log_ids: Collection[UUID] | None = None) -> int:
    """Point `Log.holder` to who holds now; tell the holder and the family. Returns how many moved. Safe to repeat."""
    ended = Log.objects.filter(status__in=OPEN, holder__ends_at__lte=now)
    if log_ids is not None:
        ended = ended.filter(pk__in=log_ids)
    return sum(_settle(log_id, now=now) for log_id in list(ended.values_list("pk", flat=True)))


def catch_up(units: QuerySet[Unit], *, now: datetime) -> None:
    """Write what the sweeper has not come to yet, so that a leader finds at once the logs that have come to the unit:
    of the logs held in these units alone.

    The one write a page may do without being asked: it changes nothing the clock and the staff list have not decided.
    """
    may_end = Q(membership__last_day__lt=FAR_DAY) | Q(user__is_active=False) | Q(ends_at__lt=FAR_AT)
    held = LogAccess.objects.filter(
        may_end, kind=AccessKind.HOLDER, membership__unit__in=units, content_object__status__in=OPEN
    )
    log_ids = set(held.values_list("content_object", flat=True))
    with loaded.apart():
        plan_successions(now=now, log_ids=log_ids)
        settle_ended_holders(now=now, log_ids=log_ids)


@transaction.atomic
def declare_disqualified(log_id: UUID, *, actor: User, now: datetime) -> None:
    """«Jeg er inhabil» (S18): the task goes to the leader above at once; a deputy or participant just leaves.

    Raises `RuleBroken("no_leader")` when there is nobody above, so the log is never without a holder.
    """
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is None or row.kind not in (AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT):
        raise AccessDenied(_("Du har ingen oppgave i denne stafettloggen."))
    if row.kind == AccessKind.HOLDER:
        _leader_takes_over(log, _leaders(log, row, on=local_day(now)), actor=actor, now=now)
    else:
        _step_out(log, row, actor=actor, now=now)


def leave_as_guardian(log: Log, guardian: Guardian, *, actor: User, now: datetime) -> None:
    """An employee who has just been written down as a guardian has no role in the log from this instant (S18).

    Found by blind index. The stafettpinne goes to the leader above, and what was planned to come to this person goes
    to the next.
    The log is locked. Raises `RuleBroken("no_leader")` when nobody can take it.
    """
    if not guardian.national_id_index:
        return
    rows = LogAccess.objects.filter(
        content_object=log,
        membership__isnull=False,
        user__national_id_index=guardian.national_id_index,
        ends_at__gt=now,
    )
    rows = list(rows.select_related("user", "membership__unit", "window__unit").order_by("starts_at", "pk"))
    for row in rows:
        if row.kind != AccessKind.HOLDER:
            _step_out(log, row, actor=actor, now=now)
    for deputy in log.deputies.filter(
        membership__user__national_id_index=guardian.national_id_index, state__in=deputy_rules.LIVE
    ):
        holders.end_deputy_row(deputy, actor=actor, now=now)
    held = [row for row in rows if row.kind == AccessKind.HOLDER]
    current = holder_selectors.effective_holder(log, now)
    if current.pk in {row.pk for row in held}:
        _leader_takes_over(log, _leaders(log, current, on=local_day(now)), actor=actor, now=now)
    elif held:
        _plan_anew(log, current, now=now)


def _plan_anew(log: Log, current: LogAccess, *, now: datetime) -> None:
    for row in LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER, starts_at__gt=now):
        end_row(row, actor=None, now=now)
    current.ends_at = FAR_AT
    current.save(update_fields=["ends_at"])
    _plan(log.pk, now=now)


def _step_out(log: Log, row: LogAccess, *, actor, now: datetime) -> None:
    """A deputy or participant is out, and the leaders of the unit are told. A leader who looked is out, no more."""
    end_row(row, actor=actor, now=now)
    for deputy in Deputy.objects.filter(log=log, access=row, state__in=deputy_rules.LIVE):
        holders.end_deputy_row(deputy, actor=actor, now=now)
    if row.kind == AccessKind.LEADER:
        return
    record_event(log, EventKind.LEFT, actor=row.user, now=now, unit_name=row.membership.unit.name, object_id=row.pk)
    leaders = [leader.user for leader in _leaders(log, row, on=local_day(now))]
    tell(leaders, "disqualified", key=f"row {row.pk}", page="stafettlogg:leader", now=now)


def _leader_takes_over(log: Log, leaders, *, actor, now: datetime) -> None:
    if not leaders:
        raise RuleBroken("no_leader", _("Det finnes ingen leder over deg som kan ta over. Ring kommunen."))
    old, new = holders.pass_baton(
        log, membership=leaders[0], window=log.holder.window, actor=actor, now=now, ground=Ground.HANDOVER
    )
    record_event(log, EventKind.HANDED_OVER, actor=leaders[0].user, now=now, unit_name=leaders[0].unit.name)
    _tell_must_appoint(log, new, now=now)
    handovers.tell_new_holder(log, old=old, new=new, leaders=leaders, now=now)


def _to_plan(now: datetime, log_ids) -> list[UUID]:
    """Open logs whose holder rows do not say what the memberships say."""
    rows = (
        LogAccess.objects.filter(
            Q(membership__last_day__lt=FAR_DAY) | Q(user__is_active=False) | Q(starts_at__gt=now),
            kind=AccessKind.HOLDER,
            ends_at__gt=now,
            content_object__status__in=OPEN,
        )
        .exclude(starts_at__gt=now, ends_at__lt=FAR_AT)
        .select_related("membership", "user")
    )
    if log_ids is not None:
        rows = rows.filter(content_object__in=log_ids)
    by_log: dict[UUID, list[LogAccess]] = {}
    for row in rows:
        by_log.setdefault(row.content_object_id, []).append(row)
    return [log_id for log_id, found in by_log.items() if not _is_planned(found, now)]


def _is_planned(rows: list[LogAccess], now: datetime) -> bool:
    current = [row for row in rows if row.starts_at <= now]
    planned = [row for row in rows if row.starts_at > now]
    if len(current) != 1 or current[0].ends_at != _end_of(current[0], now):
        return False
    return all(_works_on(row, local_day(row.starts_at)) for row in planned)


def _end_of(row: LogAccess, now: datetime) -> datetime:
    """The instant this person no longer works there; at the latest now when the account is closed."""
    ends_at = end_of_day(row.membership.last_day)
    return ends_at if row.user.is_active else min(ends_at, now)


def _works_on(row: LogAccess, day) -> bool:
    return row.user.is_active and row.membership.first_day <= day <= row.membership.last_day


@transaction.atomic
def _plan(log_id, *, now: datetime) -> bool | None:
    """True when something was written, False when nothing needed to be, None when there is nobody to take over."""
    log = lock(Log, log_id)
    rows = list(
        LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER, ends_at__gt=now)
        .exclude(starts_at__gt=now, ends_at__lt=FAR_AT)
        .select_related("user", "membership__unit", "window")
        .order_by("starts_at")
    )
    current = next((row for row in rows if row.starts_at <= now), None)
    if current is None or _is_planned(rows, now):
        return False
    at = max(_end_of(current, now), current.starts_at)
    successor = _successor(log, current, at) if at < FAR_AT else None
    if at < FAR_AT and successor is None:
        return None
    for row in rows:
        if row.starts_at > now:
            end_row(row, actor=None, now=now)
    current.ends_at = at
    current.save(update_fields=["ends_at"])
    if successor is not None:
        _write_next(log, current, successor, at=at, now=now)
    return True


def _write_next(log: Log, current: LogAccess, successor: Successor, *, at: datetime, now: datetime) -> None:
    staff_row(
        log=log,
        membership=successor.membership,
        window=current.window,
        kind=AccessKind.HOLDER,
        actor=None,
        now=at,
        ground=Ground.HANDOVER if successor.must_appoint else current.ground,
    )
    if successor.must_appoint and at > now:
        key, day = f"log {log.pk} at {local_day(at)}", local_day(at)
        tell([successor.membership.user], "holder_leaving", key=key, page="stafettlogg:leader", due_day=day, now=now)


def _successor(log: Log, current: LogAccess, at: datetime) -> Successor | None:
    day = local_day(at)
    if current.user.is_active:
        unit = current.membership.unit
        for place in holder_selectors.colleagues(unit, today=day):
            if place.user_id == current.user_id:
                return Successor(place, must_appoint=False)
    leaders = _leaders(log, current, on=day)
    return Successor(leaders[0], must_appoint=True) if leaders else None


def _leaders(log: Log, row: LogAccess, *, on) -> list:
    return holder_selectors.controlling_leaders(log, row.window.unit, passing_over={row.user_id}, today=on)


@transaction.atomic
def _settle(log_id, *, now: datetime) -> bool:
    log = lock(Log, log_id)
    old, new = log.holder, holder_selectors.effective_holder(log, now)
    if old.pk == new.pk or old.ends_at > now:
        return False
    holders.point_to(log, new, actor=None)
    if new.user_id == old.user_id:
        return True
    holders.end_deputies(log, actor=None, now=now)
    record_event(log, EventKind.HANDED_OVER, actor=new.user, now=new.starts_at, unit_name=new.membership.unit.name)
    _tell_must_appoint(log, new, now=now)
    leaders = holder_selectors.leaders_of_holder(log, today=local_day(now))
    handovers.tell_new_holder(log, old=old, new=new, leaders=leaders, now=now)
    return True


def _tell_must_appoint(log: Log, new: LogAccess, *, now: datetime) -> None:
    tell(
        [new.user],
        "must_appoint",
        key=f"holder {new.pk}",
        page="stafettlogg:hand_over",
        object_id=log.pk,
        due_day=local_day(now),
        now=now,
    )
