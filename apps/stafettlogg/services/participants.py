"""Inviting a service into a log, joining, leaving, removing. Nothing is shared with a service before consent (S11)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Action, EventKind, InvitationState
from apps.stafettlogg.models import Invitation, Log, LogAccess
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import participants as rules
from apps.stafettlogg.rules.purposes import check_purposes
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors.exceptions import is_asking_again
from apps.stafettlogg.selectors.windows import open_window
from apps.stafettlogg.services import consent_questions
from apps.stafettlogg.services.access import end_row, staff_row
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.logs import lock_with_log
from apps.stafettlogg.services.notices import tell, tell_holders

_HOLDERS_PAGE = "stafettlogg:participants"


@transaction.atomic
def invite_unit(
    log_id: UUID,
    *,
    unit: Unit,
    purpose: str = "",
    task: str = "",
    to_membership: Membership | None = None,
    scope: str | None = None,
    actor: User,
    now: datetime,
) -> Invitation:
    """Invite a service, and if known the person in it. Without an open consent window the family is asked first.

    `scope`: how much of the log the family is asked to let it read. `purpose`: why, from the list of its kind; it goes
    along in the question to the family. The invitation waits for consent until the window opens (`consent_opened`);
    until then nobody in the unit learns of it. Raises `AccessDenied`; `RuleBroken` for a unit that is asked already,
    one that cannot join, an unknown purpose, someone who is not in the unit or is in the log already, and a second
    invitation while one waits.
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_active(log)
    rules.check_can_invite(unit, today=local_day(now))
    check_purposes(log, [unit], {unit.pk: purpose})
    if log.invitations.filter(unit=unit, state__in=rules.WAITING).exists():
        reason = _("Denne tjenesten er allerede invitert. Vent på svaret, eller trekk invitasjonen.")
        raise RuleBroken("already_invited", reason)
    if to_membership is not None:
        _check_may_join(log, unit, to_membership, now=now)
    shares = consent_selectors.is_sharing(log, unit, now)
    if shares:
        _check_nobody_asked_again(log, now)
    else:
        consent_questions.ask_about(log, unit, scope=scope, purpose=purpose, actor=actor, now=now)
    invitation = Invitation.objects.create(
        log=log,
        unit=unit,
        to_membership=to_membership,
        purpose=purpose,
        task=task.strip(),
        state=InvitationState.INVITED if shares else InvitationState.AWAITING_CONSENT,
        invited_by=actor,
        invited_at=now,
    )
    _record(log, EventKind.INVITED, unit, actor=actor, object_id=invitation.pk, now=now)
    if shares:
        _tell_asked(invitation, now=now)
    return invitation


def consent_opened(log: Log, unit: Unit, *, actor: User | None, now: datetime) -> None:
    """The unit's window has opened: an invitation that waited for it goes out. The days to answer count from here."""
    for invitation in log.invitations.filter(unit=unit, state=InvitationState.AWAITING_CONSENT):
        invitation.state = InvitationState.INVITED
        invitation.invited_at = now
        invitation.save(update_fields=["state", "invited_at"])
        _tell_asked(invitation, now=now)


@transaction.atomic
def choose_person(invitation_id: UUID, *, membership: Membership, actor: User, now: datetime) -> Invitation:
    """The unit's leader says who in the unit is asked to join.

    Raises `AccessDenied` unless the actor leads the unit, `RuleBroken` (`invitation_state`, `not_in_unit`,
    `already_in`).
    """
    log, invitation = lock_with_log(Invitation, invitation_id)
    if holder_selectors.led_place(actor, invitation.unit, today=local_day(now)) is None:
        raise AccessDenied(_("Bare lederen i tjenesten kan velge hvem som blir med."))
    access.check_not_disqualified(actor, log.child)
    rules.check_can_become(invitation, InvitationState.JOINED)
    _check_may_join(log, invitation.unit, membership, now=now)
    invitation.to_membership = membership
    invitation.save(update_fields=["to_membership"])
    _tell_asked(invitation, now=now)
    return invitation


@transaction.atomic
def join(invitation_id: UUID, *, membership: Membership, actor: User, now: datetime) -> LogAccess:
    """The person asked (or the unit's leader) becomes a participant through the unit's window.

    Raises `AccessDenied` for anyone else and for a guardian in the log (S18), `RuleBroken` when the invitation is
    answered or withdrawn or the consent no longer stands.
    """
    log, invitation = lock_with_log(Invitation, invitation_id)
    _check_may_answer(invitation, actor, now=now)
    if membership.user_id != actor.pk:
        raise AccessDenied(_("Du kan bare bli med selv."))
    rules.check_can_become(invitation, InvitationState.JOINED)
    log_rules.check_is_active(log)
    _check_may_join(log, invitation.unit, membership, now=now)
    window = open_window(log, invitation.unit, now)
    if window is None or not consent_selectors.is_sharing(log, invitation.unit, now):
        raise RuleBroken("sharing_stopped", _("Samtykket til tjenesten gjelder ikke lenger. Du kan ikke bli med nå."))
    _check_nobody_asked_again(log, now)
    row = staff_row(log=log, membership=membership, window=window, kind=AccessKind.PARTICIPANT, actor=actor, now=now)
    invitation.state, invitation.answered_at, invitation.access = InvitationState.JOINED, now, row
    invitation.save(update_fields=["state", "answered_at", "access"])
    _record(log, EventKind.JOINED, invitation.unit, actor=actor, object_id=row.pk, now=now)
    tell_holders(log, "participant_joined", key=f"row {row.pk}", page=_HOLDERS_PAGE, but=actor, now=now)
    return row


@transaction.atomic
def decline(invitation_id: UUID, *, actor: User, now: datetime) -> Invitation:
    """Say no to joining. The holder is told; the family is not.

    Raises `AccessDenied`, `RuleBroken` (`invitation_state`).
    """
    log, invitation = lock_with_log(Invitation, invitation_id)
    _check_may_answer(invitation, actor, now=now, habilitet=False)
    rules.check_can_become(invitation, InvitationState.DECLINED)
    invitation.state, invitation.answered_at = InvitationState.DECLINED, now
    invitation.save(update_fields=["state", "answered_at"])
    key = f"invitation {invitation.pk}"
    tell_holders(log, "invitation_declined", key=key, page=_HOLDERS_PAGE, but=actor, now=now)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation_id: UUID, *, actor: User, now: datetime) -> Invitation:
    """The holder takes back an invitation nobody has answered.

    Raises `AccessDenied`, `RuleBroken` (`invitation_state`).
    """
    log, invitation = lock_with_log(Invitation, invitation_id)
    access.check_can(actor, log, Action.INVITE, now)
    if invitation.state not in rules.WAITING:
        rules.check_can_become(invitation, InvitationState.INVITED)
    end_invitation(invitation, now=now)
    return invitation


@transaction.atomic
def leave(log_id: UUID, *, actor: User, now: datetime) -> None:
    """A participant leaves. Raises `RuleBroken` for the holder, who hands over instead."""
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is None:
        raise AccessDenied(_("Du er ikke med i denne stafettloggen."))
    rules.check_can_leave(row)
    _end_participation(log, row, actor=actor, now=now)
    tell_holders(log, "participant_left", key=f"row {row.pk}", page=_HOLDERS_PAGE, but=actor, now=now)


@transaction.atomic
def remove(row_id: UUID, *, actor: User, now: datetime) -> None:
    """The holder removes a participant, who is told and loses access from the next request.

    Raises `AccessDenied`, `RuleBroken` (`not_participant`).
    """
    log_id = LogAccess.objects.values_list("content_object_id", flat=True).get(pk=row_id)
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    row = LogAccess.objects.select_related("membership__unit", "user").get(pk=row_id)
    if row.kind != AccessKind.PARTICIPANT or row.ends_at <= now:
        raise RuleBroken("not_participant", _("Personen er ikke deltaker i stafettloggen lenger."))
    _end_participation(log, row, actor=actor, now=now)
    tell([row.user], "participant_removed", key=f"row {row.pk}", page="stafettlogg:list", now=now)


def turn_from_those_who_left(*, now: datetime) -> int:
    """An invitation to someone who has left goes to the leaders of the service, else it ends; the holder is told.

    Safe to repeat; returns how many.
    """
    left = holder_selectors.has_left("to_membership", local_day(now))
    due = Invitation.objects.filter(left, state__in=rules.WAITING).values_list("pk", flat=True)
    return sum(_turn_to_leaders(pk, now=now) for pk in list(due))


@transaction.atomic
def _turn_to_leaders(invitation_id, *, now: datetime) -> bool:
    log, invitation = lock_with_log(Invitation, invitation_id)
    place, today = invitation.to_membership, local_day(now)
    if place is None or invitation.state not in rules.WAITING:
        return False
    invitation.to_membership = holder_selectors.other_place(place, today=today)
    invitation.save(update_fields=["to_membership"])
    if invitation.to_membership is not None:
        return True
    if not holder_selectors.controlling_leaders(log, invitation.unit, today=today):
        end_invitation(invitation, now=now)
    elif invitation.state == InvitationState.INVITED:
        _tell_asked(invitation, now=now)
    tell_holders(log, "asked_has_left", key=f"invitation {invitation.pk} {place.pk}", page=_HOLDERS_PAGE, now=now)
    return True


def end_invitation(invitation: Invitation, *, now: datetime) -> None:
    """Write an invitation off, in the caller's transaction. Safe to repeat."""
    if invitation.state == InvitationState.ENDED:
        return
    rules.check_can_become(invitation, InvitationState.ENDED)
    invitation.state = InvitationState.ENDED
    invitation.answered_at = invitation.answered_at or now
    invitation.save(update_fields=["state", "answered_at"])


def _end_participation(log: Log, row: LogAccess, *, actor, now: datetime) -> None:
    end_row(row, actor=actor, now=now)
    for invitation in log.invitations.filter(access=row, state=InvitationState.JOINED):
        end_invitation(invitation, now=now)
    _record(log, EventKind.LEFT, row.membership.unit, actor=row.user, object_id=row.pk, now=now)


def _record(log: Log, kind: EventKind, unit, *, actor, object_id, now: datetime) -> None:
    """A line of the timeline, for everyone: all who answer were asked about the service."""
    record_event(log, kind, actor=actor, now=now, unit_name=unit.name, object_id=object_id)


def _check_may_answer(invitation: Invitation, actor, *, now: datetime, habilitet: bool = True) -> None:
    today = local_day(now)
    place = invitation.to_membership
    is_named = place is not None and place.user_id == actor.pk and place.first_day <= today <= place.last_day
    if not is_named and holder_selectors.led_place(actor, invitation.unit, today=today) is None:
        raise AccessDenied(_("Du er ikke spurt om å bli med i denne stafettloggen."))
    if habilitet:
        access.check_not_disqualified(actor, invitation.log.child)


def _check_nobody_asked_again(log: Log, now: datetime) -> None:
    """While a guardian who was passed over is asked anew, nobody new comes in (S27)."""
    if is_asking_again(log, now):
        raise RuleBroken("asking_again", _("Ingen nye kan bli med akkurat nå. Stafettholderen vet når det går."))


def _check_may_join(log: Log, unit, membership, *, now: datetime) -> None:
    rules.check_works_in(membership, unit, today=local_day(now))
    access.check_not_disqualified(membership.user, log.child)
    is_in = access.current_rows_in([log.pk], now).filter(
        user=membership.user, kind__in=[AccessKind.HOLDER, AccessKind.PARTICIPANT]
    )
    if is_in.exists():
        raise RuleBroken("already_in", _("Personen er allerede med i stafettloggen."))


def _tell_asked(invitation: Invitation, *, now: datetime) -> None:
    """Each time somebody new is asked."""
    asked = holder_selectors.users_to_answer(
        invitation.log, invitation.unit, invitation.to_membership, today=local_day(now)
    )
    key, page = f"invitation {invitation.pk}", "stafettlogg:invitation"
    tell(asked, "invitation", key=key, page=page, object_id=invitation.pk, now=now)
