"""What ends when a log is closed, whoever closes it, and who is told. The topics that close one stand below."""

from collections.abc import Iterable
from datetime import datetime

from apps.accounts.models import User
from apps.core.models import bump
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, HandoverState, LogStatus
from apps.stafettlogg.models import Consent, ConsentRequest, ConsentWindow, Log, LogAccess
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import participants as participant_rules
from apps.stafettlogg.selectors.hidden_places import hidden_users
from apps.stafettlogg.services import handovers, holders, participants
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.notices import tell

# Who no longer needs to read a closed log.
_ENDED_KINDS = (AccessKind.PARTICIPANT, AccessKind.ADVISER, AccessKind.LEADER)


def end_log(log: Log, reason: str, *, actor: User | None, now: datetime) -> None:
    """Everything that ends when a log is closed. The log is locked and may be closed; the caller tells."""
    log.status, log.closed_at, log.closed_by, log.close_reason = LogStatus.CLOSED, now, actor, reason
    log.evaluation_due_day = log.closes_at = None
    log._history_user = actor
    bump(log).save()
    for handover in log.handovers.filter(state__in=handover_rules.WAITING):
        handovers.end_waiting(handover, HandoverState.WITHDRAWN, now=now)
    for invitation in log.invitations.filter(state__in=participant_rules.WAITING):
        participants.end_invitation(invitation, now=now)
    holders.end_deputies(log, actor=actor, now=now)
    for row in LogAccess.objects.filter(content_object=log, kind__in=_ENDED_KINDS, ends_at__gt=now):
        end_row(row, actor=actor, now=now)
    for window in ConsentWindow.objects.filter(log=log, valid_until__gt=now):
        if window.pk != log.holder.window_id:
            window.valid_until = max(now, window.valid_from)
        window.shell_until = None  # what is closed is not to be renewed
        window._history_user = actor
        window.save(update_fields=["valid_until", "shell_until"])
    cancel_waiting(Consent.objects.filter(log=log), now=now)
    for request in ConsentRequest.objects.filter(log=log, cancelled_at=None):
        request.cancelled_at = now
        request.save(update_fields=["cancelled_at"])


def readers(log: Log, now: datetime) -> list[User]:
    """Who reads the log now, but a leader who looks: to be read before it is closed, as most rows end with it."""
    rows = access.current_rows_in([log.pk], now).exclude(kind=AccessKind.LEADER)
    return list({row.user_id: row.user for row in rows.order_by("starts_at", "pk")}.values())


def everyone_in(log: Log, now: datetime) -> list[User]:
    """`readers`, and those who took part until the sharing stopped: their rows stand while nothing is shared."""
    rows = LogAccess.objects.filter(content_object=log, ends_at__gt=now, user__is_active=True)
    rows = rows.exclude(kind=AccessKind.LEADER).select_related("user").order_by("starts_at", "pk")
    return list({row.user_id: row.user for row in rows}.values())


def tell_closed(log: Log, users: Iterable[User], *, but: User | None, now: datetime) -> None:
    """One neutral line to each of these people, who were read before the log was closed."""
    users = list(users)
    staff = [user for user in users if user.is_employee]
    hidden = hidden_users(log.child_id)
    family = [user for user in users if not user.is_employee and user.pk not in hidden]
    key, page = f"log {log.pk}", "stafettlogg:parent_log"
    tell(staff, "log_closed", key=key, page="stafettlogg:list", but=but, now=now)
    tell(family, "log_closed_family", key=key, page=page, object_id=log.pk, but=but, now=now)
