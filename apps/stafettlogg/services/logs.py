"""The log's own first page: why it is open, written after opening (safety.md S5)."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.models import Deputy, Handover, Invitation, Log
from apps.stafettlogg.rules import logs as rules

Thing = TypeVar("Thing", Deputy, Handover, Invitation)


@transaction.atomic
def fill_in_reason(log_id: UUID, *, reason: str, background: str = "", version: int, actor: User, now: datetime) -> Log:
    """Write or change why the log is open and what lies behind. Parents read it; the history keeps the old words.

    Raises `AccessDenied`, `Conflict` when someone saved after `version`, `RuleBroken` (log_not_active, reason_missing).
    """
    log = lock(Log, log_id, version)
    access.check_can(actor, log, Action.PLAN, now)
    rules.check_opened_for_text(log, reason=reason)
    if (log.reason, log.background) != (reason, background):
        log.reason, log.background = reason, background
        log._history_user = actor
        bump(log).save()
    return log


def lock_with_log(model: type[Thing], pk: UUID) -> tuple[Log, Thing]:
    """The log and one thing of it, both locked, the log first: so everything about one log takes turns."""
    log_id = model.objects.values_list("log_id", flat=True).get(pk=pk)
    return lock(Log, log_id), lock(model, pk)
