"""The life of an offered stafettpinne. The holder keeps it until someone has accepted (safety.md S21)."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.core.dates import end_of_day, local_day
from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import HandoverState
from apps.stafettlogg.models import Handover, LogAccess

NEXT: dict[str, frozenset[str]] = {
    HandoverState.AWAITING_CONSENT: frozenset({HandoverState.OFFERED, HandoverState.WITHDRAWN, HandoverState.LAPSED}),
    HandoverState.OFFERED: frozenset(
        {HandoverState.ACCEPTED, HandoverState.DECLINED, HandoverState.WITHDRAWN, HandoverState.LAPSED}
    ),
    HandoverState.ACCEPTED: frozenset(),
    HandoverState.DECLINED: frozenset(),
    HandoverState.WITHDRAWN: frozenset(),
    HandoverState.LAPSED: frozenset(),
}
WAITING = frozenset({HandoverState.AWAITING_CONSENT, HandoverState.OFFERED})
REMINDER_DAYS = (3, 7)


def check_can_become(handover: Handover, state: str) -> None:
    """Raise `RuleBroken("handover_state")` unless this offer may go to that state now."""
    if state not in NEXT[handover.state]:
        raise RuleBroken(
            "handover_state", _("Noen har allerede svart på tilbudet, eller det er trukket eller gått ut.")
        )


def is_lapsed(handover: Handover, now: datetime) -> bool:
    """Whether the time to answer has run out, also before the sweeper has written it down."""
    return handover.state in WAITING and handover.expires_at <= now


def check_not_lapsed(handover: Handover, *, now: datetime) -> None:
    """Raise `RuleBroken("handover_lapsed")` when the time to answer has run out."""
    if is_lapsed(handover, now):
        raise RuleBroken("handover_lapsed", _("Fristen for å svare har gått ut. Be stafettholderen spørre på nytt."))


def expiry(now: datetime, *, days: int) -> datetime:
    """The instant an offer made now lapses: after its last local day, `days` from today."""
    return end_of_day(local_day(now) + timedelta(days=days))


def last_day(handover: Handover) -> date:
    """The last local day the offer can be answered."""
    return local_day(handover.expires_at) - timedelta(days=1)


def check_to_another(holder_row: LogAccess, membership: Membership) -> None:
    """Raise `RuleBroken("already_holder")` when the stafettpinne is offered to the one who has it."""
    if membership.user_id == holder_row.user_id:
        raise RuleBroken("already_holder", _("Personen er allerede stafettholder."))


def check_nothing_waits(handovers: QuerySet[Handover]) -> None:
    """One offer at a time: raise `RuleBroken("handover_waiting")`."""
    if any(handover.state in WAITING for handover in handovers):
        raise RuleBroken(
            "handover_waiting", _("Du har allerede tilbudt stafettpinnen til noen. Trekk det tilbudet først.")
        )


def check_reason(reason: str) -> None:
    """A no comes with a reason for the holder: raise `RuleBroken("reason_missing")`."""
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Skriv kort hvorfor, så stafettholderen kan finne en annen."))
