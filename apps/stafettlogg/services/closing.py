"""Closing a log. After it nothing is written, services no longer see it, and the family and the holder keep reading."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    AccessKind,
    Action,
    CloseReason,
    EventKind,
    HandoverState,
    LogStatus,
    RemovedReason,
    WindowBasis,
)
from apps.stafettlogg.models import Consent, ConsentRequest, ConsentWindow, Guardian, Log, LogAccess
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import participants as participant_rules
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors.evaluations import latest_evaluation
from apps.stafettlogg.services import handovers, holders, participants
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.notices import tell
from apps.stafettlogg.services.removal import remove

# Who no longer needs to read a closed log.
_ENDED_KINDS = (AccessKind.PARTICIPANT, AccessKind.ADVISER, AccessKind.LEADER)


@transaction.atomic
def close_log(log_id: UUID, *, reason: str, actor: User, now: datetime) -> Log:
    """The holder closes the log after a final evaluation (not needed in the shell, where nothing can be written).

    Raises `AccessDenied`; `RuleBroken` when the log is not open, the evaluation is missing or the reason is not
    one the holder may choose.
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.CLOSE, now)
    _check_staff(log, actor, now=now)
    rules.check_can_close(log)
    if reason not in rules.HOLDER_REASONS:
        raise RuleBroken("reason_unknown", _("Velg hvorfor dere avslutter."))
    latest = latest_evaluation(log)
    shares = consent_selectors.is_sharing(log, log.holder.window.unit, now)
    rules.check_final_evaluation(has_final=latest is not None and latest.is_final, sharing_open=shares)
    told = _readers(log, now)
    _close(log, reason, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=actor, now=now)
    _tell_closed(log, told, but=actor, now=now)
    return log


@transaction.atomic
def close_by_family(log_id: UUID, *, actor: User, now: datetime) -> Log:
    """A guardian or the youth closes the log, at any time and without an evaluation.

    The holder learns who; nobody else does (S1): to the others the log is closed, and that is all. Raises
    `AccessDenied`, `RuleBroken` (`log_state`).
    """
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is None or not access.is_family(row) or not rules.may_close_as_family(log, row.kind):
        raise AccessDenied(_("Du har ikke tilgang til å gjøre dette i stafettloggen."))
    access.check_birth_date_given(actor, log.pk)
    rules.check_can_close(log)
    told = _readers(log, now)
    _close(log, CloseReason.FAMILY_WISH, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=None, now=now)
    guardian = Guardian.objects.filter(child=log.child_id, user=actor).first()
    record_event(
        log, EventKind.CLOSED, actor=actor, now=now, guardian=guardian, about_youth=row.kind == AccessKind.YOUTH
    )
    _tell_closed(log, told, but=actor, now=now)
    return log


@transaction.atomic
def close_quietly(log_id: UUID, *, actor: User, now: datetime) -> Log:
    """«Avslutt stille» (S9), for an expected child: every reminder stops at once and nobody is told anything.

    The holder or the pregnant woman. A request goes away altogether. Raises `AccessDenied`, `RuleBroken`.
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.CLOSE, now)
    rules.check_quiet(log.child)
    if log.is_request:
        remove(log, reason=RemovedReason.CANCELLED, actor=actor, now=now)
        return log
    rules.check_can_close(log)
    _close(log, CloseReason.QUIET, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=None, now=now)
    return log


def go_to_paper(log: Log, *, actor: User, now: datetime) -> None:
    """The locked log goes on on paper: it is closed here, and no one in the family is told in the portal (S17)."""
    rules.check_can_close(log)
    _close(log, CloseReason.OTHER_PLAN, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=actor, now=now)


def close_ended_shells(*, now: datetime) -> int:
    """Close logs whose consent was not renewed while the shell lasted (S11); holder, leader and family are told.

    Returns how many. Safe to repeat.
    """
    ended = Log.objects.filter(
        status=LogStatus.ACTIVE, holder__window__basis=WindowBasis.CLOSING, holder__window__valid_until__lte=now
    )
    return sum(_close_shell(log_id, now=now) for log_id in list(ended.values_list("pk", flat=True)))


@transaction.atomic
def _close_shell(log_id, *, now: datetime) -> bool:
    log = lock(Log, log_id)
    window = log.holder.window
    if not log.is_active or window.basis != WindowBasis.CLOSING or window.is_open(now):
        return False
    _close(log, CloseReason.NO_CONSENT, actor=None, now=now)
    record_event(log, EventKind.CLOSED, actor=None, now=now)
    leaders = holder_selectors.leaders_of_holder(log, today=local_day(now))
    staff = [log.holder.user, *(row.user for row in leaders)]
    _tell_closed(log, [*staff, *holder_selectors.family_users(log, now)], but=None, now=now)
    return True


def _close(log: Log, reason: str, *, actor, now: datetime) -> None:
    """Everything that ends when a log is closed. The log is locked; the caller tells."""
    log.status, log.closed_at, log.closed_by, log.close_reason = LogStatus.CLOSED, now, actor, reason
    log.evaluation_due_day = None
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


def _check_staff(log: Log, actor, *, now: datetime) -> None:
    if access.is_family(access.row_for(actor, log, now)):
        raise AccessDenied(_("Bare stafettholderen kan avslutte på denne måten."))


def _readers(log: Log, now: datetime) -> list:
    rows = access.current_rows_in([log.pk], now).exclude(kind=AccessKind.LEADER)
    return list({row.user_id: row.user for row in rows.order_by("starts_at", "pk")}.values())


def _tell_closed(log: Log, users: list[User], *, but: User | None, now: datetime) -> None:
    """`users` were read before the log was closed, as the rows of most of them end with it."""
    staff = [user for user in users if user.is_employee]
    family = [user for user in users if not user.is_employee]
    key, page = f"log {log.pk}", "stafettlogg:parent_log"
    tell(staff, "log_closed", key=key, page="stafettlogg:list", but=but, now=now)
    tell(family, "log_closed_family", key=key, page=page, object_id=log.pk, but=but, now=now)
