"""The stafettpinne: offers to answer, offers that are out, and one that came to a leader who must give it on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.audit.enums import Ground
from apps.core.dates import local_day
from apps.core.statements import statement
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, HandoverState, LogStatus
from apps.stafettlogg.models import ConsentWindow, Handover, LogAccess
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.asked import asked, asks_or_holds


@read_once
def offers_waiting(scope: Scope) -> list[Any]:
    """Those that ask the user, or are out in a log the user holds."""
    if scope.user is None:
        return list(_unanswered(scope.now))
    if scope.log is not None:
        return _unanswered_in.rows(scope.log.pk, scope.now)
    return _unanswered_for.rows(scope.user.pk, list(rows.held(scope)), scope.led_unit_ids, scope.now)


def _unanswered(now: datetime) -> QuerySet[Handover]:
    """Offers nobody has answered that are not lapsed. `may_answer`: a holder may stand in the unit's window now."""
    shared = ConsentWindow.objects.filter(access.stands_at(now), log=OuterRef("log"), unit=OuterRef("to_unit"))
    found = Handover.objects.annotate(may_answer=Exists(shared)).filter(
        state=HandoverState.OFFERED, expires_at__gt=now, log__status=LogStatus.ACTIVE
    )
    return found.select_related("log__child", "to_unit", "to_membership__user").order_by("pk")


@statement
def _unanswered_in(log_id: UUID, now: datetime) -> QuerySet[Handover]:
    return _unanswered(now).filter(log=log_id)


@statement
def _unanswered_for(user_id: UUID, held: list[UUID], led: set[UUID], now: datetime) -> QuerySet[Handover]:
    return _unanswered(now).filter(asks_or_holds(user_id, held, Q(to_unit__in=led)))


def offers(scope: Scope) -> list[Due]:
    """To who is asked; reminded after 3 and 7 days."""
    things = [(row, row.to_unit) for row in offers_waiting(scope) if row.may_answer]
    return [
        rows.LogDue(
            recipient=user,
            log=offer.log,
            key=f"handover {offer.pk}",
            url_name="stafettlogg:handover",
            object_id=offer.pk,
            due_day=handover_rules.last_day(offer),
            since_day=local_day(offer.offered_at),
            detail=offer.to_unit.name,
            unit=offer.to_unit,
            ground=Ground.OFFERED,
        )
        for offer, user in asked(scope, things)
    ]


def offers_unanswered(scope: Scope) -> list[Due]:
    """The holder learns after 7 days that nobody has answered."""
    late = [row for row in offers_waiting(scope) if _has_waited_long(row, scope)]
    return _to_holders(scope, late)


def offers_out(scope: Scope) -> list[Due]:
    """What the holder waits for, before that. For pages."""
    waits = [row for row in offers_waiting(scope) if not _has_waited_long(row, scope)]
    return _to_holders(scope, waits, status=TaskStatus.WAITS)


def to_appoint(scope: Scope) -> list[Due]:
    """A leader who came to hold a log (S21) and has offered it to nobody yet; reminded after 3 and 7 days."""
    waiting = Handover.objects.filter(state__in=handover_rules.WAITING)
    if scope.user is not None:
        came = [row for row in rows.held(scope).values() if row.kind == AccessKind.HOLDER and _came_to_leader(row)]
        came = [row for row in came if row.content_object.is_active]
        offered = set(waiting.filter(log__in=[r.content_object_id for r in came]).values_list("log", flat=True))
        came = [row for row in came if row.content_object_id not in offered] if came else []
    else:
        ids = LogAccess.objects.filter(
            kind=AccessKind.HOLDER,
            ground=Ground.HANDOVER,
            ends_at__gt=scope.now,
            content_object__status=LogStatus.ACTIVE,
        ).exclude(content_object__in=waiting.values("log"))
        log_ids = set(ids.values_list("content_object", flat=True))
        rows.know(scope, log_ids)
        by_log = rows.holding(scope, log_ids)
        came = [row for found in by_log.values() for row in found if row.kind == AccessKind.HOLDER]
        came = [row for row in came if _came_to_leader(row)]
    return [
        rows.due_in_log(
            row.content_object,
            row,
            "stafettlogg:hand_over",
            key=f"holder {row.pk}",
            since_day=local_day(row.starts_at),
        )
        for row in came
    ]


def _came_to_leader(row: LogAccess) -> bool:
    return row.ground == Ground.HANDOVER


def _has_waited_long(offer: Handover, scope: Scope) -> bool:
    return (scope.today - local_day(offer.offered_at)).days >= max(handover_rules.REMINDER_DAYS)


def _to_holders(scope: Scope, found: list[Handover], **fields: str) -> list[Due]:
    holders = rows.holding(scope, {offer.log_id for offer in found})
    return [
        rows.due_in_log(
            offer.log,
            row,
            "stafettlogg:hand_over",
            key=f"handover {offer.pk}",
            due_day=handover_rules.last_day(offer),
            detail=offer.to_unit.name,
            **fields,
        )
        for offer in found
        for row in holders.get(offer.log_id, [])
    ]
