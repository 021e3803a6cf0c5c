"""What only a leader signs: that a guardian's yes is not needed (safety.md S7), and that a guardian is blocked (S4)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, ConsentState, ExceptionGround, LogStatus
from apps.stafettlogg.models import Consent, ConsentExceptionGrant, Guardian, Log
from apps.stafettlogg.rules import guardians as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.services import blocks
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.notices import tell_holders, tell_leaders
from apps.stafettlogg.services.windows import refresh_all, refresh_windows

_NO = {ConsentState.REFUSED, ConsentState.WITHDRAWN}
_SAID = _NO | {ConsentState.GIVEN}


@transaction.atomic
def ask_exception(log_id: UUID, guardian_id: UUID, *, ground: str, actor: User, now: datetime) -> ConsentExceptionGrant:
    """The holder asks the leader to sign that this guardian's yes is not needed, on a ground from the list.

    Raises `RuleBroken("guardian_has_answered")` for a guardian who is said to be out of reach, but has said no.
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    guardian = Guardian.objects.get(pk=guardian_id, child_id=log.child_id)
    _check_ground(log, guardian.pk, ground)
    grant = ConsentExceptionGrant.objects.filter(log=log, guardian=guardian).first()
    if grant is not None and grant.signed_at is not None:
        raise RuleBroken("exception_signed", _("Lederen har allerede signert unntaket."))
    if grant is not None and (grant.ground, grant.asked_by_id) != (ground, actor.pk):
        grant.delete()  # what stands on the leader's screen is what is signed, and nothing else
        grant = None
    if grant is None:
        grant = ConsentExceptionGrant.objects.create(log=log, guardian=guardian, ground=ground, asked_by=actor)
    tell_leaders(log, "exception_asked", key=f"exception {grant.pk}", page="stafettlogg:leader_decisions", now=now)
    return grant


@transaction.atomic
def sign_exception(grant_id: UUID, *, actor: User, now: datetime) -> ConsentExceptionGrant:
    """The leader signs. The guardian is not asked any more, and an earlier answer no longer counts. Safe to repeat.

    Raises `AccessDenied`, `RuleBroken` (`guardian_has_answered`, `log_state`).
    """
    found = ConsentExceptionGrant.objects.get(pk=grant_id)
    log = lock(Log, found.log_id)
    grant = lock(ConsentExceptionGrant, grant_id)
    check_may_sign(actor, log, asked_by=grant.asked_by_id, now=now)
    log_rules.check_is_open(log)
    if grant.signed_at is not None:
        return grant
    _check_ground(log, grant.guardian_id, grant.ground)  # the guardian may have answered since
    grant.signed_by, grant.signed_at = actor, now
    grant.save(update_fields=["signed_by", "signed_at"])
    cancel_waiting(Consent.objects.filter(log=log, guardian=grant.guardian_id, about=About.CHILD), now=now)
    refresh_windows(log, actor=actor, now=now)
    tell_holders(log, "exception_signed", key=f"exception {grant.pk}", page="stafettlogg:consents", now=now)
    return grant


@transaction.atomic
def decline_exception(grant_id: UUID, *, actor: User, now: datetime) -> None:
    """The leader does not sign: the guardian's yes is still needed. The holder is told.

    Raises `AccessDenied`, `RuleBroken` (`exception_signed`, `log_state`).
    """
    found = ConsentExceptionGrant.objects.get(pk=grant_id)
    log = lock(Log, found.log_id)
    grant = lock(ConsentExceptionGrant, grant_id)
    check_may_sign(actor, log, asked_by=grant.asked_by_id, now=now)
    log_rules.check_is_open(log)
    if grant.signed_at is not None:
        raise RuleBroken("exception_signed", _("Lederen har allerede signert unntaket."))
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


def _check_ground(log, guardian_id, ground) -> None:
    """A no is a full answer, and whoever gave it was there to give it: no exception turns it into a yes (S7, S11)."""
    if ground != ExceptionGround.UNREACHABLE:
        return
    said = Consent.objects.filter(log=log, guardian=guardian_id, about=About.CHILD, state__in=_SAID)
    newest = dict(said.order_by("request__number").values_list("unit_id", "state"))
    if _NO & set(newest.values()):
        text = _("Den foresatte har svart selv, og da gjelder svaret. Har noe annet skjedd, velger du en annen grunn.")
        raise RuleBroken("guardian_has_answered", text)
