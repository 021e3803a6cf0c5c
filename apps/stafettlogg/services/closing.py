"""Closing a log. After it nothing is written, services no longer see it, and the family and the holder keep reading."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, CloseReason, EventKind, GoalStatus, LogStatus, RemovedReason, WindowBasis
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors.evaluations import latest_evaluation
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.log_ending import end_log, readers, tell_closed
from apps.stafettlogg.services.plan import set_goal_status
from apps.stafettlogg.services.removal import remove

_NO_GOALS: Mapping[UUID, str] = MappingProxyType({})


@transaction.atomic
def close_log(log_id: UUID, *, reason: str, goals: Mapping[UUID, str] = _NO_GOALS, actor: User, now: datetime) -> Log:
    """The holder closes the log after a final evaluation (not needed in the shell, where nothing can be written).

    `goals` says what becomes of each goal under way: reached, dropped, or still open, which then is not reached.
    Raises `AccessDenied`; `RuleBroken` when the log is not open, the family has asked to close it, the evaluation or
    an answer about a goal is missing, or the reason is not one the holder may choose.
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.CLOSE, now)
    _check_staff(log, actor, now=now)
    rules.check_can_close(log)
    log_rules.check_not_closing(log)
    if reason not in rules.HOLDER_REASONS:
        raise RuleBroken("reason_unknown", _("Velg hvorfor dere avslutter."))
    latest = latest_evaluation(log)
    shares = consent_selectors.is_sharing(log, log.holder.window.unit, now)
    rules.check_final_evaluation(has_final=latest is not None and latest.is_final, sharing_open=shares)
    if shares:
        rules.check_goals_answered(log.goals.filter(status=GoalStatus.OPEN).values_list("pk", flat=True), goals)
        for goal_id, status in goals.items():
            set_goal_status(goal_id, status=status, actor=actor, now=now)
        log = lock(Log, log_id)
    told = readers(log, now)
    end_log(log, reason, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=actor, now=now)
    tell_closed(log, told, but=actor, now=now)
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
    end_log(log, CloseReason.QUIET, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=None, now=now)
    return log


def go_to_paper(log: Log, *, actor: User, now: datetime) -> None:
    """The locked log goes on on paper: it is closed here, and no one in the family is told in the portal (S17)."""
    rules.check_can_close(log)
    end_log(log, CloseReason.OTHER_PLAN, actor=actor, now=now)
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
    end_log(log, CloseReason.NO_CONSENT, actor=None, now=now)
    record_event(log, EventKind.CLOSED, actor=None, now=now)
    leaders = holder_selectors.leaders_of_holder(log, today=local_day(now))
    staff = [log.holder.user, *(row.user for row in leaders)]
    tell_closed(log, [*staff, *holder_selectors.family_users(log, now)], but=None, now=now)
    return True


def _check_staff(log: Log, actor, *, now: datetime) -> None:
    if access.is_family(access.row_for(actor, log, now)):
        raise AccessDenied(_("Bare stafettholderen kan avslutte på denne måten."))
