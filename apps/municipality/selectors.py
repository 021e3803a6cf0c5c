from datetime import date

from django.db.models import Q
from django.utils.translation import get_language

from apps.municipality import rules
from apps.municipality.enums import GROUPING_KINDS
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Term, Unit
from apps.municipality.rules import DEFAULT_AGE, ConsentAge, is_switched_on

__all__ = [
    "DEFAULT_AGE",
    "ConsentAge",
    "consent_age",
    "consent_ages",
    "gate_phones",
    "is_switched_on",
    "services_switched_on",
    "settings_row",
    "terms",
    "units_below",
]


def settings_row() -> Municipality:
    """The municipality's settings. An empty, unsaved row before the first set-up."""
    return Municipality.objects.first() or Municipality(name="", model_name={"nb": "", "nn": "", "en": ""})


def services_switched_on(today: date):
    """Services that take part on that day, in Norwegian name order by tree."""
    return (
        Unit.objects.filter(switched_on_day__lte=today, last_day__gte=today)
        .exclude(kind__in=GROUPING_KINDS)
        .order_by("name", "pk")
    )


def units_below(paths):
    """The units with these paths and every unit below them."""
    clause = Q(pk__in=[])
    for path in paths:
        clause |= Q(path__startswith=path)
    return Unit.objects.filter(clause)


def consent_ages() -> dict[str, ConsentAge]:
    """The municipality's own rules by kind; kinds without a row follow `rules.default_consent_age`."""
    return {row.kind: ConsentAge(row.age, row.guardians_needed) for row in ConsentAgeRule.objects.all()}


def consent_age(kind: str, ages: dict[str, ConsentAge] | None = None) -> ConsentAge:
    ages = consent_ages() if ages is None else ages
    return ages.get(kind) or rules.default_consent_age(kind)


def gate_phones() -> list[PhoneNumber]:
    return list(PhoneNumber.objects.filter(on_gate=True))


def terms() -> dict[str, Term]:
    """The municipality's words in the active language, by key; bokmål where the language has none."""
    language = get_language() or "nb"
    rows = Term.objects.filter(language__in={language, "nb"})
    return {row.key: row for row in sorted(rows, key=lambda row: row.language == language)}
