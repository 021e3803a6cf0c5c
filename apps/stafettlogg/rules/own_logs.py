"""A youth's own health service, and the log of her own it lives in (safety.md S26, docs/adr/0012)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import FAR_AT, add_months, age_on, birthday, end_of_day, local_midnight
from apps.core.errors import RuleBroken
from apps.municipality.models import Unit
from apps.municipality.selectors import DECISION_AGE, HEALTH_AGE, HEALTH_KINDS, ConsentAge, answers_alone
from apps.stafettlogg.enums import AloneParagraph
from apps.stafettlogg.models import Child

ADULT_AGE = 18
LONGEST_MONTHS = 6
# How a youth's answer counts while a decision stands.
_DECIDED = ConsentAge(DECISION_AGE, guardians_needed=False)


@dataclass(frozen=True)
class Decision:
    """Authorised health personnel have decided that a youth of 12 to 16 answers alone. Why stands in the service's own
    journal, never here."""

    decided_by: User
    decided_day: date
    last_day: date
    paragraph: str


def is_own(kind: str, rule: ConsentAge, birth_date: date | None, *, has_decision: bool = False, today: date) -> bool:
    """Whether a service of this kind is the youth's own today. From 18 no guardian reads, and nothing needs to be."""
    if birth_date is None or age_on(birth_date, today) >= ADULT_AGE:
        return False
    age = age_on(birth_date, today)
    decided = has_decision and kind in HEALTH_KINDS and DECISION_AGE <= age < HEALTH_AGE
    return decided or answers_alone(kind, rule, age=age)


def check_decision(decision: Decision, *, kind: str, birth_date: date | None, today: date) -> None:
    """Raise `RuleBroken` (`decision_not_health`, `decision_age`, `decision_days`, `decision_paragraph`)."""
    if kind not in HEALTH_KINDS:
        raise RuleBroken("decision_not_health", _("Bare en helsetjeneste kan bestemme at ungdommen svarer alene."))
    if birth_date is None or not DECISION_AGE <= age_on(birth_date, today) < HEALTH_AGE:
        raise RuleBroken("decision_age", _("Dette gjelder bare ungdom fra 12 år og til de fyller 16."))
    if decision.decided_day > today:
        raise RuleBroken("decision_days", _("Skriv dagen det ble bestemt. Den kan ikke være fram i tid."))
    if not today <= decision.last_day <= add_months(decision.decided_day, LONGEST_MONTHS):
        raise RuleBroken("decision_days", _("Det kan gjelde i høyst seks måneder, og dagen kan ikke være passert."))
    if decision.paragraph not in AloneParagraph:
        raise RuleBroken("decision_paragraph", _("Velg hvilken paragraf det bygger på."))


def rule_for(child: Child, rule: ConsentAge, *, today: date) -> ConsentAge:
    """The rule of consent that counts for this record: while a decision stands, the youth answers from 12."""
    last_day = decided_until(child)
    return _DECIDED if last_day is not None and today <= last_day else rule


def decided_until(child: Child) -> date | None:
    """The last day a decision counts, the day before the 16th birthday at the latest; None where there is none."""
    if child.alone_last_day is None or child.birth_date is None:
        return None
    return min(child.alone_last_day, birthday(child.birth_date, HEALTH_AGE) - date.resolution)


def ends_at(child: Child, *, today: date) -> datetime:
    """The instant a decision stops counting, for what is shared on it; `FAR_AT` when nothing rests on one."""
    last_day = decided_until(child)
    if child.birth_date is None or last_day is None or age_on(child.birth_date, today) >= HEALTH_AGE:
        return FAR_AT
    return min(end_of_day(last_day), local_midnight(birthday(child.birth_date, HEALTH_AGE)))


def check_may_be_asked(unit: Unit, child: Child, rule: ConsentAge, *, today: date) -> None:
    """A log of the youth's own holds health services only, where she answers alone: `RuleBroken` otherwise.

    `own_log_health_only` for another kind of service, `own_decision_ended` when she may not answer alone any more.
    """
    if unit.kind not in HEALTH_KINDS or (rule.guardians_needed and decided_until(child) is None):
        raise RuleBroken(
            "own_log_health_only",
            _(
                "Denne stafettloggen er ungdommens egen. Her kan bare helsetjenester der ungdommen svarer alene, "
                "være med. De andre kan ha en egen stafettlogg sammen med familien."
            ),
        )
    if child.birth_date is None or age_on(child.birth_date, today) < rule_for(child, rule, today=today).age:
        raise RuleBroken(
            "own_decision_ended",
            _("Det er ikke lenger bestemt at ungdommen svarer alene. Da kan ingen spørres nå."),
        )


def check_guardians_are_asked(child: Child) -> None:
    """Raise `RuleBroken("guardians_not_asked")` for what only has to do with guardians who must answer."""
    if child.answers_alone:
        raise RuleBroken("guardians_not_asked", _("I denne stafettloggen svarer bare ungdommen."))
