"""Child welfare has the care: who answers then, and what follows when it ends (safety.md S36, docs/adr/0021)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.dates import FAR_DAY, end_of_day, local_day
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    About,
    AccessKind,
    Action,
    CareKind,
    CheckedHow,
    ConsentState,
    EndScope,
    ExceptionGround,
)
from apps.stafettlogg.models import CareDecision, ClosingWish, Consent, ConsentExceptionGrant, Guardian, Log, LogAccess
from apps.stafettlogg.rules import care as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules.care import Care
from apps.stafettlogg.rules.exceptions import Proof
from apps.stafettlogg.selectors import care as selectors
from apps.stafettlogg.selectors import exceptions as exception_selectors
from apps.stafettlogg.selectors.windows import sharing_by_unit
from apps.stafettlogg.services.consent_questions import ask
from apps.stafettlogg.services.consent_rows import move_to
from apps.stafettlogg.services.exceptions import ask_exception
from apps.stafettlogg.services.foster import end_places
from apps.stafettlogg.services.guardians import confirm_responsibility, lose_responsibility
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.notices import tell_leaders
from apps.stafettlogg.services.windows import refresh_windows


@transaction.atomic
def record_care(log_id: UUID, given: Care, *, actor: User, now: datetime) -> CareDecision:
    """The holder writes down a decision. Nobody is passed over by it alone: the leader signs that (S7, S27).

    Care order and emergency: the one named for child welfare is asked from now on, until the day it lasts to, and the
    leader is asked to sign that the parents' yes is not needed; or to block them, where they may not read. Voluntary:
    the parents answer as before. Responsibility taken away: that parent's place ends at once. Raises `AccessDenied`,
    `RuleBroken` (what `rules.care` says, `log_state`, `guardians_not_asked`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    own_logs.check_guardians_are_asked(log.child)
    rules.check_decision(given, today=local_day(now))
    guardian = _guardian(log, given)
    if given.kind != CareKind.RESPONSIBILITY:
        rules.check_one_at_a_time(selectors.standing(log))
    decision = CareDecision.objects.create(
        log=log,
        kind=given.kind,
        guardian=guardian,
        source=given.source,
        number=given.number.strip(),
        day=given.day,
        last_day=given.last_day if given.kind != CareKind.RESPONSIBILITY else None,
        parents_read=given.parents_read,
        recorded_by=actor,
        recorded_at=now,
    )
    if guardian is not None and rules.answers(given.kind):
        _let_answer(log, decision, guardian, actor=actor, now=now)
    elif guardian is not None:
        lose_responsibility(log.pk, guardian.pk, how=CheckedHow.DECISION, actor=actor, now=now)
    return decision


def _guardian(log: Log, given: Care) -> Guardian | None:
    if given.kind == CareKind.VOLUNTARY:
        return None
    mine = Guardian.objects.filter(child=log.child_id)
    found = mine.filter(pk=given.guardian_id).first() if given.guardian_id else None
    if rules.answers(given.kind):
        rules.check_answers(found, works_here=found is not None and selectors.works_in(found, log))
    else:
        rules.check_parent(found)
    return found


def _let_answer(log: Log, decision: CareDecision, guardian: Guardian, *, actor: User, now: datetime) -> None:
    guardian = lock(Guardian.objects.filter(child=log.child_id), guardian.pk)
    guardian.place_last_day = decision.last_day
    guardian._history_user = actor
    bump(guardian).save(update_fields=["place_last_day"])
    _end_place_with(guardian, actor=actor, now=now)
    confirm_responsibility(log.pk, guardian.pk, how=CheckedHow.DECISION, actor=actor, now=now)
    parents = selectors.parents_of(log.child_id)
    if not decision.parents_read:
        key = f"care {decision.pk}"
        tell_leaders(log, "care_to_block", key=key, page="stafettlogg:leader_decisions", now=now)
        return
    standing = exception_selectors.newest_exceptions(log, now)
    for parent in parents:
        grant = standing.get(parent.pk)
        if parent.is_blocked(local_day(now)) or (grant is not None and grant.signed_at is not None):
            continue
        proof = Proof(
            ExceptionGround.CHILD_WELFARE_CARE, decision.source, decision.number, decision.day, decision.last_day
        )
        asked = ask_exception(log.pk, parent.pk, proof=proof, actor=actor, now=now)
        asked.care = decision
        asked.save(update_fields=["care"])


def _end_place_with(guardian: Guardian, *, actor: User, now: datetime) -> None:
    """The rows the guardian has already last as long as the decision, and no longer."""
    if guardian.user_id is None or guardian.place_last_day is None:
        return
    rows = LogAccess.objects.filter(
        content_object__child=guardian.child_id, user=guardian.user_id, kind=AccessKind.GUARDIAN, ends_at__gt=now
    )
    for row in rows:
        row.ends_at = max(end_of_day(guardian.place_last_day), row.starts_at)
        row._history_user = actor
        row.save(update_fields=["ends_at"])


@transaction.atomic
def end_care(decision_id: UUID, *, reason: str, actor: User, now: datetime) -> CareDecision:
    """The care is given back, or the child moves: the place ends with it, and everyone is asked anew.

    No yes that was given before counts any more. Who is blocked stays so until the leader lifts it (S4). Raises
    `AccessDenied`, `RuleBroken` (`care_over`, `care_end_reason`, `nobody_answers`, `log_state`).
    """
    found = CareDecision.objects.get(pk=decision_id)
    log = lock(Log, found.log_id)
    decision = CareDecision.objects.select_for_update(of=("self",)).get(pk=decision_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    rules.check_end(decision, reason)
    decision.end_reason, decision.ended_by, decision.ended_at = reason, actor, now
    decision.save(update_fields=["end_reason", "ended_by", "ended_at"])
    end_places(decision, log, actor=actor, now=now)
    for grant in ConsentExceptionGrant.objects.filter(care=decision):
        _end_exception(grant, now=now)
    if decision.guardian is not None:
        lose_responsibility(log.pk, decision.guardian.pk, how=CheckedHow.DECISION, actor=actor, now=now)
    for wish in ClosingWish.objects.filter(log=log, scope=EndScope.OWN, guardian__isnull=False, undone_at=None):
        wish.undone_at = now  # whoever left while others answered is asked anew as well
        wish.save(update_fields=["undone_at"])
    units = [found.unit.pk for found in sharing_by_unit(log, now).values() if found.unit.last_day == FAR_DAY]
    answers = Consent.objects.filter(log=log, about=About.CHILD)
    for row in answers.filter(state=ConsentState.GIVEN):
        move_to(row, ConsentState.REPLACED, now=now)
    cancel_waiting(answers, now=now)
    if units:
        ask(log, unit_ids=units, actor=actor, now=now)
    refresh_windows(log, actor=actor, now=now)
    return decision


def _end_exception(grant: ConsentExceptionGrant, *, now: datetime) -> None:
    if grant.is_over(now):
        return
    if grant.is_signed:
        grant.ends_at = now
        grant.save(update_fields=["ends_at"])
    else:
        grant.delete()
