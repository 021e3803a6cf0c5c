"""From which age a youth answers about consent, until the municipality decides otherwise (safety.md S10)."""

from dataclasses import dataclass

from apps.municipality.enums import UnitKind

HEALTH_KINDS = frozenset(
    {UnitKind.HEALTH_STATION, UnitKind.SCHOOL_HEALTH, UnitKind.MIDWIFE, UnitKind.DOCTOR, UnitKind.BUP, UnitKind.THERAPY}
)


DEFAULT_AGE = 15


HEALTH_AGE = 16
# From this age, and until `HEALTH_AGE`, health personnel may decide that a youth answers alone (safety.md S26).
DECISION_AGE = 12


@dataclass(frozen=True)
class ConsentAge:
    """`age` in years; from that birthday the youth answers, and `guardians_needed` says whether they still do too."""

    age: int
    guardians_needed: bool


def default_consent_age(kind: str) -> ConsentAge:
    """What holds until the municipality decides: health 16 alone, others 15 together with the guardians (S10)."""
    return ConsentAge(HEALTH_AGE, False) if kind in HEALTH_KINDS else ConsentAge(DEFAULT_AGE, True)


def answers_alone(kind: str, rule: ConsentAge, *, age: int) -> bool:
    """Whether a service of this kind is the youth's own by the municipality's rule: a health service where no guardian
    answers. School, kindergarten, PPT, child welfare, NAV and leisure never are, whatever the rule says (S26)."""
    return kind in HEALTH_KINDS and not rule.guardians_needed and age >= rule.age
