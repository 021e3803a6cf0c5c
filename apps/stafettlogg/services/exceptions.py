"""What only a leader signs: that a guardian's yes is not needed (safety.md S7, S27), and that one is blocked (S4)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, LogStatus
from apps.stafettlogg.models import Consent, ConsentExceptionGrant, Guardian, Log
from apps.stafettlogg.rules import exceptions as exception_rules
from apps.stafettlogg.rules import guardians as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules.exceptions import Proof
from apps.stafettlogg.selectors import exceptions as selectors
from apps.stafettlogg.selectors import holders, signing
from apps.stafettlogg.services import blocks
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.notices import tell, tell_holders, tell_leaders
from apps.stafettlogg.services.windows import refresh_all, refresh_windows


@transaction.atomic
def ask_exception(
    log_id: UUID, guardian_id: UUID, *, proof: Proof, actor: User, now: datetime
) -> ConsentExceptionGrant:
    """The holder asks the leader to sign that this guardian's yes is not needed, on a ground with its proof (S27).

    What stands on the leader's screen is what is signed, and nothing else: asking on another ground replaces it.
    Raises `AccessDenied`, `RuleBroken` (`exception_signed`, `guardians_not_asked`, and what `rules.exceptions` says of
    the proof).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    own_logs.check_guardians_are_asked(log.child)
    guardian = Guardian.objects.get(pk=guardian_id, child_id=log.child_id)
    _check_ground(log, guardian, proof, now=now)
    grant = selectors.newest_exceptions(log, now).get(guardian.pk)
    if grant is not None and grant.signed_at is not None:
        raise RuleBroken("exception_signed", _("Lederen har allerede signert unntaket."))
    if grant is not None and (exception_rules.proof_of(grant), grant.asked_by_id) != (proof, actor.pk):
        grant.delete()
        grant = None
    if grant is None:
        grant = ConsentExceptionGrant.objects.create(
            log=log,
            guardian=guardian,
            ground=proof.ground,
            source=proof.source,
            document_number=proof.number.strip(),
            document_day=proof.day,
            last_day=proof.last_day,
            untold_reason=proof.untold_reason,
            asked_by=actor,
        )
    tell_leaders(log, "exception_asked", key=f"exception {grant.pk}", page="stafettlogg:leader_decisions", now=now)
    return grant


@transaction.atomic
def sign_exception(
    grant_id: UUID,
    *,
    actor: User,
    now: datetime,
    second_leader_id: UUID | None = None,
    dpo_heard_day: date | None = None,
) -> ConsentExceptionGrant:
    """The leader signs. From then the guardian is not waited for, unless another leader must sign too. Safe to repeat.

    Over a no, and when the guardian is not told, a leader of another line (docs/adr/0014) is named and asked.
    Raises `AccessDenied`, `RuleBroken` (`second_missing`, `dpo_missing`, `attempts_too_new`, `log_state`, and what
    `rules.exceptions` says of the proof).
    """
    log, grant = _locked(grant_id)
    check_may_sign(actor, log, asked_by=grant.asked_by_id, now=now)
    log_rules.check_is_open(log)
    if grant.signed_at is not None:
        return grant
    proof, today = exception_rules.proof_of(grant), timezone.localdate(now)
    has_said_no = _check_ground(log, grant.guardian, proof, now=now)  # the guardian may have answered since
    attempts = selectors.attempts_of(log, grant.guardian_id)
    exception_rules.check_time_to_answer(proof.ground, attempts, today=today)
    others = {place.user_id: place.user for place in signing.leaders_of_other_lines(log, grant, first=actor, now=now)}
    grant.needs_two = exception_rules.needs_two(proof, has_said_no=has_said_no)
    named = others.get(second_leader_id) if second_leader_id is not None else None
    grant.second_leader = named if grant.needs_two else None
    grant.dpo_heard_day = dpo_heard_day if grant.needs_two else None
    exception_rules.check_second(
        grant.needs_two,
        has_second=grant.second_leader is not None,
        dpo_heard_day=dpo_heard_day,
        has_said_no=has_said_no,
        today=today,
    )
    grant.signed_by, grant.signed_at = actor, now
    grant.ends_at = end_of_day(grant.last_day) if grant.last_day is not None else None
    grant.save()
    if grant.second_leader is None:
        _take_effect(log, grant, actor=actor, now=now)
    else:
        page = "stafettlogg:second_signature"
        key = f"exception {grant.pk}"
        tell([grant.second_leader], "exception_second", key=key, page=page, object_id=grant.pk, now=now)
    return grant


@transaction.atomic
def sign_as_second(grant_id: UUID, *, actor: User, now: datetime) -> ConsentExceptionGrant:
    """The leader of another line signs too, and the exception holds from then. Safe to repeat.

    Raises `AccessDenied`, `RuleBroken` (`log_state`, and what `rules.exceptions` says of the proof).
    """
    log, grant = _locked(grant_id)
    check_may_sign_second(actor, log, grant, now=now)
    log_rules.check_is_open(log)
    if grant.second_signed_at is None:
        _check_ground(log, grant.guardian, exception_rules.proof_of(grant), now=now)
        grant.second_signed_at = now
        grant.save(update_fields=["second_signed_at"])
        _take_effect(log, grant, actor=actor, now=now)
    return grant


def _take_effect(log, grant, *, actor, now) -> None:
    if not grant.is_told or grant.care_id is not None:
        # Nobody who is dead, may not be told, or is answered for by child welfare (S36), has a question open; all
        # others may still answer it.
        cancel_waiting(Consent.objects.filter(log=log, guardian=grant.guardian_id, about=About.CHILD), now=now)
    refresh_windows(log, actor=actor, now=now)
    tell_holders(log, "exception_signed", key=f"exception {grant.pk}", page="stafettlogg:guardians", now=now)


@transaction.atomic
def decline_exception(grant_id: UUID, *, actor: User, now: datetime) -> None:
    """One of the leaders does not sign, or the first takes the signature back before the second has signed.

    The guardian's yes is still needed. The holder is told.

    Raises `AccessDenied`, `RuleBroken` (`exception_signed`, `log_state`).
    """
    log, grant = _locked(grant_id)
    if grant.signed_at is None or (grant.waits_for_second and actor.pk == grant.signed_by_id):
        check_may_sign(actor, log, asked_by=grant.asked_by_id, now=now)
    elif grant.waits_for_second:
        check_may_sign_second(actor, log, grant, now=now)
    else:
        raise RuleBroken("exception_signed", _("Lederen har allerede signert unntaket."))
    log_rules.check_is_open(log)
    tell_holders(log, "exception_declined", key=f"exception {grant.pk}", page="stafettlogg:consents", now=now)
    grant.delete()


@transaction.atomic
def block_guardian(
    log_id: UUID, guardian_id: UUID, *, ground: str, decision_number: str, last_day: date, actor: User, now: datetime
) -> Guardian:
    """The leader blocks a guardian from now through `last_day` (included): the guardian meets what a stranger meets.

    The guardian's yes is not needed while the block lasts (S4). When it ends the guardian is asked anew: nothing comes
    back by itself. It holds in every log of the same child (`services.blocks`). Also signed in a closed log, which the
    family reads. Raises `AccessDenied`, `RuleBroken` (`block_ground_missing`, `block_end_missing`).
    """
    log = lock(Log, log_id)
    check_may_sign(actor, log, asked_by=None, now=now)
    rules.check_block(ground=ground, decision_number=decision_number, last_day=last_day, today=timezone.localdate(now))
    guardian = lock(Guardian.objects.filter(child=log.child_id), guardian_id)
    guardian.blocked_ground, guardian.blocked_decision_number = ground, decision_number.strip()
    guardian.blocked_last_day, guardian.blocked_signed_by = last_day, actor
    guardian._history_user = actor
    bump(guardian).save()
    refresh_all(blocks.block(log, guardian, actor=actor, now=now), actor=actor, now=now)
    return guardian


@transaction.atomic
def unblock_guardian(log_id: UUID, guardian_id: UUID, *, actor: User, now: datetime) -> Guardian:
    """The leader lifts the block before its day. The guardian's access is given anew by the holder's check (S8).

    Raises `AccessDenied`.
    """
    log = lock(Log, log_id)
    check_may_sign(actor, log, asked_by=None, now=now)
    guardian = lock(Guardian.objects.filter(child=log.child_id), guardian_id)
    refresh_all(blocks.lift_block(log, bump(guardian), actor=actor, now=now), actor=actor, now=now)
    return guardian


def check_may_sign(actor: User, log: Log, *, asked_by: UUID | None, now: datetime) -> None:
    """A leader of the holder's unit or above, who neither holds it, is family in it, nor asked (S7, S18)."""
    today = timezone.localdate(now)
    leads = holders.led_place(actor, log.holder.window.unit, today=today) is not None
    if not leads or log.status == LogStatus.REMOVED:
        raise AccessDenied(_("Bare lederen for enheten kan signere dette."))
    access.check_not_disqualified(actor, log.child)
    if actor.pk in (log.holder.user_id, asked_by):
        raise AccessDenied(_("Den som er stafettholder eller har bedt om dette, kan ikke signere selv."))


def check_may_sign_second(actor: User, log: Log, grant: ConsentExceptionGrant, *, now: datetime) -> None:
    """The leader who was named, while she still leads another line and is not family (S27)."""
    if not signing.may_sign_second(actor, log, grant, now=now):
        raise AccessDenied(_("Bare lederen som er bedt om det, kan signere dette."))


def _locked(grant_id) -> tuple[Log, ConsentExceptionGrant]:
    found = ConsentExceptionGrant.objects.get(pk=grant_id)
    log = lock(Log, found.log_id)
    return log, lock(ConsentExceptionGrant, grant_id)


def _check_ground(log, guardian, proof, *, now) -> bool:
    """Whether the guardian has said no. A no is a full answer, and no lighter ground turns it into a yes (S7, S27)."""
    today = timezone.localdate(now)
    has_said_no = bool(selectors.noes(log, guardian.pk))
    exception_rules.check_against_answers(proof.ground, has_said_no=has_said_no)
    exception_rules.check_silence(proof, last_heard=selectors.last_heard(guardian), today=today)
    exception_rules.check_attempts(proof.ground, selectors.attempts_of(log, guardian.pk), today=today)
    exception_rules.check_proof(proof, today=today)
    return has_said_no
