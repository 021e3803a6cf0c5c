"""A log of the youth's own (safety.md S26): who at home reads it, which the youth says one guardian at a time; and the
decision it rests on from 12 to 16, made anew."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Action, EventKind, LetIn, LogStatus
from apps.stafettlogg.models import Child, Guardian, Log, LogAccess
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_logs as rules
from apps.stafettlogg.services.access import end_guardian
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.notices import take_back, tell, tell_holders


@transaction.atomic
def renew_decision(log_id: UUID, decision: rules.Decision, *, actor: User, now: datetime) -> Child:
    """Health personnel have decided anew that the youth answers alone: until another day, by a new name.

    A yes keeps the day it was given for: the youth is asked anew. Raises `AccessDenied`, `RuleBroken` (`log_state`,
    `not_own_log`, and what `rules.own_logs.check_decision` says).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    log_rules.check_is_open(log)
    child = lock(Child, log.child_id)
    if not child.answers_alone or child.alone_last_day is None:
        raise RuleBroken("not_own_log", _("Denne stafettloggen bygger ikke på en slik bestemmelse."))
    unit = log.holder.window.unit
    rules.check_decision(decision, kind=unit.kind, birth_date=child.birth_date, today=local_day(now))
    child.alone_decided_by, child.alone_decided_day = decision.decided_by, decision.decided_day
    child.alone_last_day, child.alone_paragraph = decision.last_day, decision.paragraph
    child._history_user = actor
    bump(child).save()
    return child


@transaction.atomic
def choose_readers(log_id: UUID, choices: Mapping[UUID, str], *, actor: User, now: datetime) -> int:
    """The youth says who may read, or the holder writes down what she has said. At any time, also of a closed log.

    `choices`: guardian id → `LetIn`. Nobody else learns of it. Returns how many were changed; safe to repeat. Raises
    `AccessDenied`, `RuleBroken` (`not_own_log`, `let_in_unknown`).
    """
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is None or row.kind != AccessKind.YOUTH:
        access.check_can(actor, log, Action.INVITE, now)
    return choose(log, choices, actor=actor, now=now)


def choose(log: Log, choices: Mapping[UUID, str], *, actor: User, now: datetime) -> int:
    """`choose_readers` for services that hold the lock on the log and have checked who asks."""
    if not log.child.answers_alone or log.status == LogStatus.REMOVED:
        raise RuleBroken("not_own_log", _("Dette er ikke ungdommens egen stafettlogg."))
    if any(said not in LetIn for said in choices.values()):
        raise RuleBroken("let_in_unknown", _("Velg ja eller nei for hver av dem."))
    mine = Guardian.objects.select_for_update(of=("self",)).filter(child=log.child_id, pk__in=list(choices))
    changed = [guardian for guardian in mine.order_by("pk") if guardian.let_in != choices[guardian.pk]]
    for guardian in changed:
        _let(guardian, choices[guardian.pk], log, actor=actor, now=now)
    give_family_rows(log, actor=actor, now=now)
    for guardian in changed:
        _tell(guardian, log, now=now)
    return len(changed)


def _let(guardian: Guardian, said: str, log: Log, *, actor, now) -> None:
    was, guardian.let_in = guardian.let_in, said
    guardian._history_user = actor
    bump(guardian).save(update_fields=["let_in"])
    if said == LetIn.NO or was == LetIn.ALL:  # whoever may read less from now on begins anew
        end_guardian(guardian, actor=actor, now=now)
        if guardian.user is not None:
            take_back(guardian.user, [log.pk], now=now)
    record_event(log, EventKind.LET_IN, actor=actor, now=now, about_youth=True, object_id=guardian.pk)


@transaction.atomic
def leave_own_log(log_id: UUID, *, actor: User, now: datetime) -> None:
    """A guardian who was let in, leaves by himself, also from a closed log. No other guardian learns of it; the youth
    is told that somebody reads no more, and may say yes to him again. Raises `AccessDenied`, `RuleBroken`
    (`not_own_log`).
    """
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is None or row.kind != AccessKind.GUARDIAN:
        raise AccessDenied(_("Du har ikke tilgang til å gjøre dette i stafettloggen."))
    access.check_birth_date_given(actor, log.pk)
    if not log.child.answers_alone or log.status == LogStatus.REMOVED:
        raise RuleBroken("not_own_log", _("Dette er ikke ungdommens egen stafettlogg."))
    guardian = Guardian.objects.select_for_update(of=("self",)).get(child=log.child_id, user=actor)
    guardian.let_in = LetIn.NO
    guardian._history_user = actor
    bump(guardian).save(update_fields=["let_in"])
    end_guardian(guardian, actor=actor, now=now)
    take_back(actor, [log.pk], now=now)
    record_event(log, EventKind.LEFT, actor=actor, now=now, guardian=guardian)
    key = f"guardian {guardian.pk} {now.isoformat()}"
    tell_holders(log, "family_left", key=key, page="stafettlogg:consents", now=now)
    if log.child.user is not None:
        page = "stafettlogg:own_readers"
        tell([log.child.user], "reader_left", key=key, page=page, object_id=log.pk, now=now)


def _tell(guardian: Guardian, log: Log, *, now: datetime) -> None:
    """Tell one who has just been let in, and may read now."""
    rows = LogAccess.objects.filter(content_object=log, user=guardian.user_id, starts_at=now, ends_at__gt=now)
    for row in rows.filter(kind=AccessKind.GUARDIAN).select_related("user"):
        key, page = f"guardian {guardian.pk} {now.isoformat()}", "stafettlogg:parent_log"
        tell([row.user], "log_opened_family", key=key, page=page, object_id=log.pk, now=now)
