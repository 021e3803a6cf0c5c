"""Invitations: those a person or a leader is asked to answer, and those the holder waits for."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.audit.enums import Ground
from apps.core.dates import local_day
from apps.core.statements import statement
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.enums import InvitationState, LogStatus, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Invitation
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.asked import asked, asks_or_holds


@read_once
def invitations_waiting(scope: Scope) -> list[Invitation]:
    """Those that ask the user, or are out in a log the user holds."""
    if scope.user is None:
        return list(_unanswered(scope.now))
    if scope.log is not None:
        return _unanswered_in.rows(scope.log.pk, scope.now)
    return _unanswered_for.rows(scope.user.pk, list(rows.held(scope)), scope.led_unit_ids, scope.now)


def _unanswered(now: datetime) -> QuerySet[Invitation]:
    """Invitations nobody has answered, to services the log is shared with by consent."""
    shared = ConsentWindow.objects.filter(
        access.stands_at(now),
        log=OuterRef("log"),
        unit=OuterRef("unit"),
        basis=WindowBasis.CONSENT,
        valid_until__gt=now,
    )
    found = Invitation.objects.filter(Exists(shared), state=InvitationState.INVITED, log__status=LogStatus.ACTIVE)
    return found.select_related("log__child", "unit", "to_membership__user").order_by("pk")


@statement
def _unanswered_in(log_id: UUID, now: datetime) -> QuerySet[Invitation]:
    return _unanswered(now).filter(log=log_id)


@statement
def _unanswered_for(user_id: UUID, held: list[UUID], led: set[UUID], now: datetime) -> QuerySet[Invitation]:
    return _unanswered(now).filter(asks_or_holds(user_id, held, Q(unit__in=led)))


def invitations(scope: Scope) -> list[Due]:
    """To the person named, else to the leaders of the unit; reminded after 3 and 7 days."""
    return [
        rows.LogDue(
            recipient=user,
            log=invitation.log,
            key=f"invitation {invitation.pk}",
            url_name="stafettlogg:invitation",
            object_id=invitation.pk,
            since_day=local_day(invitation.invited_at),
            detail=invitation.unit.name,
            unit=invitation.unit,
            ground=Ground.INVITED,
        )
        for invitation, user in asked(scope, [(row, row.unit) for row in invitations_waiting(scope)])
    ]


def invitations_out(scope: Scope) -> list[Due]:
    """What the holder waits for. For pages."""
    held = rows.held(scope)
    return [
        rows.due_in_log(
            held[row.log_id].content_object,
            held[row.log_id],
            "stafettlogg:participants",
            key=f"invitation {row.pk}",
            since_day=local_day(row.invited_at),
            detail=row.unit.name,
            status=TaskStatus.WAITS,
        )
        for row in invitations_waiting(scope)
        if row.log_id in held
    ]
