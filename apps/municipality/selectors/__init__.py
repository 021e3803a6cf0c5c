from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.db.models.functions import Collate
from django.utils.translation import get_language

from apps.core import collation
from apps.core.dates import FAR_DAY
from apps.core.models import TrackedQuerySet
from apps.core.statements import statement
from apps.municipality import rules
from apps.municipality.enums import GROUPING_KINDS, TermKey, UnitKind
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Role, Term, Unit

# Other apps may not import rules; these three are theirs too.
from apps.municipality.rules import DECISION_AGE as DECISION_AGE
from apps.municipality.rules import DEFAULT_AGE as DEFAULT_AGE
from apps.municipality.rules import HEALTH_AGE as HEALTH_AGE
from apps.municipality.rules import HEALTH_KINDS as HEALTH_KINDS
from apps.municipality.rules import ConsentAge as ConsentAge
from apps.municipality.rules import answers_alone as answers_alone
from apps.municipality.rules import is_switched_on as is_switched_on

# What this request has read already; None outside requests, where every question is asked anew.
_read: ContextVar[dict | None] = ContextVar("municipality_read", default=None)


@contextmanager
def kept_in_mind() -> Iterator[None]:
    """Inside, `settings_row` and the words are read at most once."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def forget() -> None:
    """Called by the services after a change."""
    read = _read.get()
    if read is not None:
        read.clear()


def _once(name, ask):
    read = _read.get()
    if read is None:
        return ask()
    if name not in read:
        read[name] = ask()
    return read[name]


# Settings and words ---------------------------------------------------------------------------------------------------


def settings_row() -> Municipality:
    """The municipality's settings. An empty, unsaved row before the first set-up. Not for changing: see services."""
    return _once("settings", lambda: _settings.first() or empty_settings())


@statement
def _settings() -> TrackedQuerySet[Municipality]:
    return Municipality.objects.order_by("pk")[:1]


def empty_settings() -> Municipality:
    return Municipality(name="", model_name={"nb": "", "nn": "", "en": ""}, languages=["nb"])


def languages() -> list[str]:
    """The codes of the languages the municipality has chosen, in the order of settings.LANGUAGES."""
    chosen = settings_row().languages
    return [code for code, _name in settings.LANGUAGES if code in chosen]


def _term_rows() -> dict[tuple[str, str], Term]:
    return _once("terms", lambda: {(row.key, row.language): row for row in Term.objects.all()})


def words(key: str, language: str | None = None) -> rules.Words:
    """One of the municipality's words in the language (else the active one).

    Its own row, else the default of that language. A language without defaults gets bokmål.
    """
    language = language or get_language() or "nb"
    for code in (language, "nb") if language not in rules.DEFAULT_WORDS else (language,):
        row = _term_rows().get((key, code))
        if row is not None:
            return rules.Words(*(getattr(row, form) for form in rules.FORMS))
    return rules.default_words(key, language)


def as_written(key: str) -> str:
    """What the portal calls it until the municipality has its own word; heads the page where that is changed."""
    text = rules.default_words(key, get_language() or "nb").indefinite
    return text[:1].upper() + text[1:]


def word(key: str, form: str = "indefinite", language: str | None = None) -> str:
    """`word("stafettlogg", "definite")` → «stafettloggen»; for placeholders in whole sentences.

    Raises `KeyError`/`ValueError` for unknown keys and `AttributeError` for unknown forms.
    """
    return getattr(words(key, language), form)


def in_own_words(text: str, language: str) -> str:
    """A text of the portal with the municipality's own words, while a request is answered; else as it is written."""
    read = _read.get()
    if read is None or not text:
        return text
    if "own words" not in read:
        # Reading the settings may itself need a text.
        read["own words"] = {}
        read["own words"] = _own_words_by_language()
    own = read["own words"].get(language)
    return rules.in_own_words(text, language, own) if own else text


def _own_words_by_language() -> dict[str, tuple]:
    try:
        words = settings_row().own_words
    except DatabaseError:
        # The error pages keep their words when the database is what failed.
        return {}
    own: dict[str, list] = {}
    for key, languages in words.items():
        for language, forms in languages.items():
            own.setdefault(language, []).append((key, tuple(forms)))
    return {language: tuple(pairs) for language, pairs in own.items()}


def own_keys() -> list[str]:
    """The words the municipality may have its own for."""
    return [key.value for key in TermKey]


def terms() -> dict[str, rules.Words]:
    """All the municipality's words in the active language, by key."""
    return {key.value: words(key) for key in TermKey}


# Numbers that need a word of what they are for, so that they stand where that word does, not in a short list.
EXPLAINED = {
    *("mental-helse", "giftinformasjonen", "barnehus", "krisesenter"),
    *("helsestasjon", "familievern", "bup", "kompetanseteam"),
}


def gate_phones() -> list[PhoneNumber]:
    """Every number that the municipality shows to someone who is worried or afraid. Outside the demo no placeholder."""
    return [phone for phone in PhoneNumber.objects.filter(on_gate=True) if settings.DEMO or not phone.is_placeholder]


def first_phones() -> list[PhoneNumber]:
    """Those a short list has room for, on the front page."""
    return [phone for phone in gate_phones() if phone.key not in EXPLAINED]


def consent_ages() -> dict[str, rules.ConsentAge]:
    """The municipality's own rules by kind; kinds without a row follow `rules.default_consent_age`."""
    return {row.kind: rules.ConsentAge(row.age, row.guardians_needed) for row in _age_rules.rows()}


@statement
def _age_rules() -> TrackedQuerySet[ConsentAgeRule]:
    return ConsentAgeRule.objects.all()


def consent_age(kind: str, ages: dict[str, rules.ConsentAge] | None = None) -> rules.ConsentAge:
    ages = consent_ages() if ages is None else ages
    return ages.get(kind) or rules.default_consent_age(kind)


def service_kinds() -> list[UnitKind]:
    return [kind for kind in UnitKind if kind not in GROUPING_KINDS]


# Units ----------------------------------------------------------------------------------------------------------------


def services_switched_on(today: date) -> TrackedQuerySet[Unit]:
    """Services that may begin something new on that day, in Norwegian name order."""
    return (
        Unit.objects.filter(switched_on_day__lte=today, last_day=FAR_DAY)
        .exclude(kind__in=GROUPING_KINDS)
        .order_by(Collate("name", collation.NAME), "pk")
    )


def units_below(paths: Collection[str]) -> TrackedQuerySet[Unit]:
    """The units with these paths and every unit below them."""
    clause = Q(pk__in=[])
    for path in paths:
        clause |= Q(path__startswith=path)
    return Unit.objects.filter(clause)


@dataclass(frozen=True)
class TreeLine:
    """A unit in the tree as read from the top; `depth` 0 is the municipality."""

    unit: Unit
    depth: int
    is_on: bool

    @property
    def is_closing(self) -> bool:
        return self.unit.last_day < FAR_DAY


def unit_tree(today: date) -> list[TreeLine]:
    """Every unit that is not closed, depth first, siblings in Norwegian name order."""
    children: dict = {}
    for unit in Unit.objects.filter(last_day__gte=today):
        children.setdefault(unit.parent_id, []).append(unit)
    lines: list[TreeLine] = []

    def walk(parent_id, depth):
        for unit in sorted(children.pop(parent_id, []), key=lambda unit: collation.sort_key(unit.name)):
            lines.append(TreeLine(unit, depth, rules.is_switched_on(unit, today)))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    # What lies under a closed unit is still there, and must be seen.
    for parent_id in list(children):
        walk(parent_id, 1)
    return lines


def closed_units(today: date) -> list[Unit]:
    """Units whose last day is over, the last closed first."""
    return list(Unit.objects.filter(last_day__lt=today).order_by("-last_day", Collate("name", collation.NAME), "pk"))


def possible_parents(unit: Unit | None, today: date) -> list[TreeLine]:
    """Where a unit may lie: anywhere but under itself."""
    own = unit.path if unit is not None and not unit._state.adding else None
    return [line for line in unit_tree(today) if own is None or not line.unit.path.startswith(own)]


# Settings pages -------------------------------------------------------------------------------------------------------


def roles() -> list[Role]:
    return sorted(Role.objects.all(), key=lambda role: collation.sort_key(str(role.name)))


@dataclass(frozen=True)
class LastChange:
    at: datetime
    by: str


def last_change(*rows) -> LastChange | None:
    """Who changed any of these last; «» when it was not a person. Names a person with protected identity by nothing."""
    changes = [row.history.select_related("history_user").first() for row in rows]
    known = [change for change in changes if change is not None]
    if not known:
        return None
    newest = max(known, key=lambda change: change.history_date)
    user = newest.history_user
    return LastChange(newest.history_date, "" if user is None or user.protected_identity else user.name)
