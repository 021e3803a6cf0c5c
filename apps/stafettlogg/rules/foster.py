"""A foster parent's place: what must be known to make it, and what child welfare's yes lets her do (safety.md S36)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.core.national_id import NationalId
from apps.stafettlogg.enums import ANSWERING_KINDS, Audience, ConsentScope, Route
from apps.stafettlogg.models import CareDecision, FosterPlace, Guardian
from apps.stafettlogg.rules.scopes import WHOLE, Reach

# How the holder may have got child welfare's yes, when it is not given in the portal.
WRITTEN_DOWN = (Route.PAPER, Route.ORAL)


@dataclass(frozen=True)
class Foster:
    """A foster parent as the stafettholder writes her down. `is_hidden`: the decision says that the parents may not
    know who she is."""

    name: str
    national_id: NationalId | None = None
    email: str = ""
    phone: str = ""
    language: str = "nb"
    needs_interpreter: bool = False
    scope: str = ConsentScope.MEASURES
    is_hidden: bool = True


def check_care(decision: CareDecision | None, *, today: date) -> None:
    """A foster parent comes with a decision where child welfare has the care: `RuleBroken("foster_no_care")` without.

    Where the parents have said yes to the placement they have the care, and she would need their yes.
    """
    if decision is None or decision.kind not in ANSWERING_KINDS or decision.is_past(today):
        raise RuleBroken("foster_no_care", _("Skriv inn vedtaket om omsorgen først."))


def check_person(known: Guardian | None) -> None:
    """A foster parent is not one of the guardians (`foster_is_guardian`), and has one place (`foster_stands`)."""
    if known is not None and not known.is_foster:
        raise RuleBroken("foster_is_guardian", _("Personen står allerede som foresatt for barnet."))


def check_only_place(stands: bool) -> None:
    if stands:
        raise RuleBroken("foster_stands", _("Personen har allerede en plass som fosterforelder her."))


def check_answer(place: FosterPlace, scope: str, *, today: date) -> None:
    """Child welfare answers for a place that is not over: `RuleBroken` (`foster_over`, `foster_scope`)."""
    if not place.stands(today):
        raise RuleBroken("foster_over", _("Plassen er avsluttet."))
    if scope not in ConsentScope.values:
        raise RuleBroken("foster_scope", _("Velg hvor mye fosterforelderen kan lese."))


def check_written_down(route: str) -> None:
    if route not in WRITTEN_DOWN:
        raise RuleBroken("foster_route", _("Velg hvordan barnevernstjenesten svarte."))


def reach_of(place: FosterPlace, user_id: UUID) -> Reach:
    """How much of the log she reads: what she is responsible for, or all of it."""
    return WHOLE if place.reads_all else Reach(user_id, frozenset())


def reads_messages_to_all(place: FosterPlace) -> bool:
    """Who reads what is written to all, stands above the box before it is written (S2): never one who is hidden."""
    return place.reads_all and not place.is_hidden


# What she writes, goes to the stafettholder alone: words can tell where a child lives.
WRITES_TO = Audience.HOLDER
