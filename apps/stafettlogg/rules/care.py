"""Child welfare has the care: what a decision must say, and who answers then (safety.md S36)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import ANSWERING_KINDS, CareEnd, CareKind, ExceptionSource, Relation, Responsibility
from apps.stafettlogg.models import CareDecision, Guardian

# Who can have decided each kind.
SOURCES: dict[str, tuple[ExceptionSource, ...]] = {
    CareKind.CARE_ORDER: (ExceptionSource.TRIBUNAL, ExceptionSource.COURT),
    CareKind.EMERGENCY: (ExceptionSource.CHILD_WELFARE, ExceptionSource.TRIBUNAL, ExceptionSource.POLICE),
    CareKind.VOLUNTARY: (ExceptionSource.CHILD_WELFARE,),
    CareKind.RESPONSIBILITY: (ExceptionSource.TRIBUNAL, ExceptionSource.COURT),
}
# An emergency is short (to be confirmed by a jurist).
EMERGENCY_DAYS = 42
DAYS_BEFORE = (30, 14, 3, 0)


@dataclass(frozen=True)
class Care:
    """A decision as the stafettholder writes it down. `guardian_id`: who answers for child welfare, or whose
    responsibility is taken away."""

    kind: str
    source: str
    number: str
    day: date
    last_day: date | None = None
    guardian_id: str = ""
    parents_read: bool = True


def longest_day(kind: str, today: date) -> date | None:
    """The last day a decision of this kind may last to when it is written down today; None for no such limit."""
    return today + timedelta(days=EMERGENCY_DAYS) if kind == CareKind.EMERGENCY else None


def check_decision(care: Care, *, today: date) -> None:
    """Raise `RuleBroken` (`care_missing`, `care_end`) unless it says who decided, when, and until when."""
    if care.kind not in CareKind.values or care.source not in SOURCES[care.kind]:
        raise RuleBroken("care_missing", _("Velg hva slags vedtak det er, og hvem som har bestemt det."))
    if not care.number.strip() or care.day > today:
        raise RuleBroken("care_missing", _("Skriv nummeret og datoen på vedtaket. Datoen kan ikke være fram i tid."))
    if care.kind == CareKind.RESPONSIBILITY:
        return
    longest = longest_day(care.kind, today)
    if care.last_day is None or care.last_day < today or (longest is not None and care.last_day > longest):
        raise RuleBroken("care_end", _("Skriv hvilken dag vedtaket gjelder til. Et akuttvedtak er kort."))


def check_one_at_a_time(standing: CareDecision | None) -> None:
    if standing is not None:
        raise RuleBroken("care_stands", _("Et annet vedtak gjelder. Avslutt det først."))


def check_answers(guardian: Guardian | None, *, works_here: bool) -> None:
    """Who answers has a place as child welfare, and is not one of those who take part as a service (S18, S36)."""
    is_named = guardian is not None and guardian.relation == Relation.CHILD_WELFARE
    if not is_named:
        raise RuleBroken("care_nobody", _("Velg hvem som svarer for barnevernstjenesten. Legg til personen først."))
    if works_here:
        raise RuleBroken("care_works_here", _("Den som er med i stafettloggen som ansatt, kan ikke svare for barnet."))


def check_parent(guardian: Guardian | None) -> None:
    """Whose responsibility is taken away is a parent who has it."""
    if guardian is None or guardian.responsibility != Responsibility.CONFIRMED:
        raise RuleBroken("care_nobody", _("Velg hvem som ikke har foreldreansvar lenger."))


def check_end(decision: CareDecision, reason: str) -> None:
    if decision.ended_at is not None or not decision.lasts:
        raise RuleBroken("care_over", _("Dette vedtaket gjelder ikke lenger."))
    if reason not in CareEnd.values:
        raise RuleBroken("care_end_reason", _("Velg hvorfor vedtaket ikke gjelder lenger."))


def answers(kind: str) -> bool:
    """Whether child welfare answers in the parents' place."""
    return kind in ANSWERING_KINDS
