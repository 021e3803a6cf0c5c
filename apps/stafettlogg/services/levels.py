"""The level of a log: moved by an evaluation, or because a service came or went."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, EventKind
from apps.stafettlogg.models import ConsentWindow, LevelChange, Log
from apps.stafettlogg.rules import levels as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors.levels import proposal_for
from apps.stafettlogg.services.events import record_event


@transaction.atomic
def decide_level(log_id: UUID, *, level: int, actor: User, now: datetime) -> Log:
    """Take the level that fits the services, or stay: said once until another service comes or goes.

    Raises `AccessDenied`, `RuleBroken` (`log_not_active`, `level_not_asked`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.EVALUATE, now)
    log_rules.check_is_active(log)
    windows = ConsentWindow.objects.filter(log=log).select_related("unit")
    found = proposal_for(log, windows, now)
    rules.check_is_asked(level, now_at=log.level, fits=found.level if found else log.level)
    if level == log.level:
        record_event(log, EventKind.LEVEL, actor=actor, now=now, number=level)
        return log
    set_level(log, level, actor=actor, now=now)
    log._history_user = actor
    bump(log).save()
    return log


def set_level(log: Log, level: int, *, actor: User, now: datetime) -> None:
    """Write that the level changed; the caller saves the log."""
    if level == log.level:
        return
    LevelChange.objects.create(log=log, level_before=log.level, level_after=level, changed_at=now, changed_by=actor)
    record_event(log, EventKind.LEVEL, actor=actor, now=now, number=level)
    log.level = level
