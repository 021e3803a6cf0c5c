"""Invitations: those a person or a leader is asked to answer, and those the holder waits for."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.audit.enums import Ground
from apps.core.dates import local_day
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
    found = invitations_unanswered(scope)
    found = found.filter(asks_or_holds(scope, Q(unit__in=scope.led_unit_ids))) if scope.user is not None else found
    return list(found.select_related("log__child", "unit", "to_membership__user").order_by("pk"))


def invitations_unanswered(scope: Scope) -> QuerySet[Invitation]:
    """Invitations nobody has answered, to services the log is shared with by consent."""
    shared = ConsentWindow.objects.filter(
        access.stands_at(scope.now),
        log=OuterRef("log"),
        unit=OuterRef("unit"),
        basis=WindowBasis.CONSENT,
        valid_until__gt=scope.now,
    )
    return Invitation.objects.filter(Exists(shared), state=InvitationState.INVITED, log__status=LogStatus.ACTIVE)


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
