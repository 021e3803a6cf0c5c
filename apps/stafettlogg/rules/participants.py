"""The life of an invitation, and who may join a log."""

from datetime import date

from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.core.errors import RuleBroken
from apps.municipality.models import Unit
from apps.municipality.selectors import is_switched_on
from apps.stafettlogg.enums import AccessKind, InvitationState
from apps.stafettlogg.models import Invitation, LogAccess

NEXT: dict[str, frozenset[str]] = {
    InvitationState.AWAITING_CONSENT: frozenset({InvitationState.INVITED, InvitationState.ENDED}),
    InvitationState.INVITED: frozenset({InvitationState.JOINED, InvitationState.DECLINED, InvitationState.ENDED}),
    InvitationState.JOINED: frozenset({InvitationState.ENDED}),
    InvitationState.DECLINED: frozenset(),
    InvitationState.ENDED: frozenset(),
}
WAITING = frozenset({InvitationState.AWAITING_CONSENT, InvitationState.INVITED})


def check_can_become(invitation: Invitation, state: str) -> None:
    """Raise `RuleBroken("invitation_state")` unless this invitation may go to that state now."""
    if state not in NEXT[invitation.state]:
        raise RuleBroken("invitation_state", _("Noen har allerede svart på invitasjonen, eller den er trukket."))


def check_can_invite(unit: Unit, *, today: date) -> None:
    """Only a service that takes part in the portal can be invited: raise `RuleBroken("unit_not_on")`."""
    if not unit.is_service or not is_switched_on(unit, today):
        raise RuleBroken("unit_not_on", _("Denne tjenesten har ikke tatt portalen i bruk. Velg en annen tjeneste."))


def check_works_in(membership: Membership, unit: Unit, *, today: date) -> None:
    """Raise `RuleBroken("not_in_unit")` unless the membership is a place in this unit today."""
    if membership.unit_id != unit.pk or not membership.first_day <= today <= membership.last_day:
        raise RuleBroken("not_in_unit", _("Personen arbeider ikke i denne tjenesten nå."))


def check_can_leave(row: LogAccess) -> None:
    """A participant may leave; the holder gives the baton on instead: raise `RuleBroken("holder_cannot_leave")`."""
    if row.kind == AccessKind.HOLDER:
        raise RuleBroken("holder_cannot_leave", _("Gi stafettpinnen videre før du går ut av loggen."))
    if row.kind != AccessKind.PARTICIPANT:
        raise RuleBroken("not_participant", _("Bare deltakere kan gå ut av stafettloggen."))
