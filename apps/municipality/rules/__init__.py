"""Rules of the municipality that follow from its settings, whoever asks."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.dates import FAR_DAY
from apps.core.errors import RuleBroken
from apps.core.text import few_or_number
from apps.municipality.enums import Right, TermKey, UnitKind
from apps.municipality.models import Role, Term, Unit
from apps.municipality.rules.consent_ages import DECISION_AGE as DECISION_AGE
from apps.municipality.rules.consent_ages import DEFAULT_AGE as DEFAULT_AGE
from apps.municipality.rules.consent_ages import HEALTH_AGE as HEALTH_AGE
from apps.municipality.rules.consent_ages import HEALTH_KINDS as HEALTH_KINDS
from apps.municipality.rules.consent_ages import ConsentAge as ConsentAge
from apps.municipality.rules.consent_ages import answers_alone as answers_alone
from apps.municipality.rules.consent_ages import default_consent_age as default_consent_age


def is_switched_on(unit: Unit, today: date) -> bool:
    """Whether the unit may begin anything new on that local day. One that is to close begins nothing more."""
    return unit.switched_on_day is not None and unit.switched_on_day <= today and unit.last_day == FAR_DAY


# Words ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """One of the municipality's words in the forms the texts need; `definite` and `plural_definite` with article."""

    indefinite: str
    definite: str
    plural: str
    plural_definite: str


FORMS = ("indefinite", "definite", "plural", "plural_definite")

# What the words are until the municipality has its own. Also what a language falls back to that has no row.
DEFAULT_WORDS = {
    "nb": {
        TermKey.LOG: Words("stafettlogg", "stafettloggen", "stafettlogger", "stafettloggene"),
        TermKey.HOLDER: Words("stafettholder", "stafettholderen", "stafettholdere", "stafettholderne"),
        TermKey.LEVEL: Words("nivå", "nivået", "nivåer", "nivåene"),
        TermKey.STEP: Words("steg", "steget", "steg", "stegene"),
        TermKey.GUARDIAN: Words("foresatt", "den foresatte", "foresatte", "de foresatte"),
        TermKey.MEASURE: Words("tiltak", "tiltaket", "tiltak", "tiltakene"),
        TermKey.GUIDE: Words("handlingsveileder", "handlingsveilederen", "handlingsveiledere", "handlingsveilederne"),
    },
    "nn": {
        TermKey.LOG: Words("stafettlogg", "stafettloggen", "stafettloggar", "stafettloggane"),
        TermKey.HOLDER: Words("stafetthaldar", "stafetthaldaren", "stafetthaldarar", "stafetthaldarane"),
        TermKey.LEVEL: Words("nivå", "nivået", "nivå", "nivåa"),
        TermKey.STEP: Words("steg", "steget", "steg", "stega"),
        TermKey.GUARDIAN: Words("føresett", "den føresette", "føresette", "dei føresette"),
        TermKey.MEASURE: Words("tiltak", "tiltaket", "tiltak", "tiltaka"),
        TermKey.GUIDE: Words(
            "handlingsrettleiar", "handlingsrettleiaren", "handlingsrettleiarar", "handlingsrettleiarane"
        ),
    },
    "en": {
        TermKey.LOG: Words("stafettlogg", "the stafettlogg", "stafettloggs", "the stafettloggs"),
        TermKey.HOLDER: Words("stafettholder", "the stafettholder", "stafettholders", "the stafettholders"),
        TermKey.LEVEL: Words("level", "the level", "levels", "the levels"),
        TermKey.STEP: Words("step", "the step", "steps", "the steps"),
        TermKey.GUARDIAN: Words("guardian", "the guardian", "guardians", "the guardians"),
        TermKey.MEASURE: Words("action", "the action", "actions", "the actions"),
        TermKey.GUIDE: Words("action guide", "the action guide", "action guides", "the action guides"),
    },
}


def default_words(key: str, language: str) -> Words:
    """Raises `KeyError` for a word the portal does not know."""
    return DEFAULT_WORDS.get(language, DEFAULT_WORDS["nb"])[TermKey(key)]


# Shorter forms of the same words that the texts also use; changed with them.
SHORT_WORDS = {
    "nb": {
        TermKey.LOG: Words("logg", "loggen", "logger", "loggene"),
        TermKey.GUIDE: Words("veileder", "veilederen", "veiledere", "veilederne"),
    },
    "nn": {
        TermKey.LOG: Words("logg", "loggen", "loggar", "loggane"),
        TermKey.GUIDE: Words("rettleiar", "rettleiaren", "rettleiarar", "rettleiarane"),
    },
    "en": {TermKey.LOG: Words("log", "the log", "logs", "the logs")},
}
# «Logg inn», «du logger ut», "log me out" are about something else.
_VERB = r"(?!\s(?:inn|ut|deg|meg|du|in|out|me|you)\b)"
_VERB_BEFORE = r"(?<!\bdu )(?<!\bvi )(?<!\beg )(?<!\bjeg )(?<!%\()"
# Before a word that is spelled alike for one and many («steg», «tiltak»): many.
_MANY_BEFORE = re.compile(
    r"(?:\d|%\(\w+\)[sd]|\{\{ ?\w+ ?\}\}|\b(?:og|ingen|alle|andre|flere|fleire|fire|to|tre|mange)|,)\s$", re.IGNORECASE
)


def own_words(rows: Iterable[Term]) -> dict[str, dict[str, list[str]]]:
    """What the municipality calls things, for `Municipality.own_words`: only the words that are not the defaults."""
    own: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        forms = [getattr(row, form) for form in FORMS]
        if row.language in DEFAULT_WORDS and Words(*forms) != default_words(row.key, row.language):
            own.setdefault(row.key, {})[row.language] = forms
    return own


@lru_cache(maxsize=64)
def _replacements(language: str, own: tuple) -> tuple[re.Pattern, dict]:
    """The pattern of every form to change, and for each spelling what it becomes for one and for many."""
    becomes: dict[str, tuple[str, str]] = {}
    for key, forms in own:
        for words in (default_words(key, language), SHORT_WORDS.get(language, {}).get(TermKey(key))):
            for at, form in enumerate(FORMS if words else ()):
                spelled = getattr(words, form)
                one = becomes.get(spelled, (forms[at], ""))[0]
                becomes[spelled] = (one, forms[at])
    spellings = "|".join(re.escape(text) for text in sorted(becomes, key=len, reverse=True))
    return re.compile(rf"{_VERB_BEFORE}\b({spellings})(s?)\b{_VERB}", re.IGNORECASE), becomes


@lru_cache(maxsize=8192)
def in_own_words(text: str, language: str, own: tuple) -> str:
    """A text of the portal with the municipality's own words in it. `own`: (word, forms) pairs of that language.

    Whole words in each of their forms; a capital letter and a genitive s stay. What people write never comes here.
    """
    pattern, becomes = _replacements(language, own)

    def instead(match):
        one, many = becomes[match[1].lower()]
        word = many if one != many and _MANY_BEFORE.search(text[: match.start()]) else one
        return (word[:1].upper() + word[1:] if match[1][0].isupper() else word) + match[2]

    return pattern.sub(instead, text)


# What the coordinator may not set -------------------------------------------------------------------------------------


def check_languages(languages: Collection[str]) -> None:
    if settings.LANGUAGE_CODE not in languages:
        raise RuleBroken("language_needed", _("Bokmål må være med. Det er språket vi faller tilbake på."))
    if not set(languages) <= set(dict(settings.LANGUAGES)):
        raise RuleBroken("unknown_language", _("Velg blant språkene i lista."))


def check_parent(unit: Unit, parent: Unit | None) -> None:
    """The tree has one root, and no unit lies under itself."""
    if parent is None:
        if unit.kind != UnitKind.MUNICIPALITY:
            raise RuleBroken("no_parent", _("Velg hvor i kommunen enheten hører til."))
        return
    if unit.kind == UnitKind.MUNICIPALITY:
        raise RuleBroken("root_has_parent", _("Kommunen selv ligger øverst."))
    if not unit._state.adding and parent.path.startswith(unit.path):
        raise RuleBroken("under_itself", _("En enhet kan ikke ligge under seg selv."))


def check_kind(unit: Unit, old_kind: str) -> None:
    """A service stays a service: consents and logs point at it."""
    if unit.kind != old_kind and UnitKind.MUNICIPALITY in (unit.kind, old_kind):
        raise RuleBroken("root_kind", _("Kommunen selv kan ikke bytte type."))


def check_external(unit: Unit) -> None:
    if unit.is_external and not unit.controller_name.strip():
        raise RuleBroken("no_controller", _("Skriv hvem som er behandlingsansvarlig for den eksterne enheten."))


def check_no_namesake(namesakes: QuerySet[Unit]) -> None:
    if namesakes:
        raise RuleBroken("name_taken", _("Det finnes allerede en enhet med dette navnet her."))


def check_can_switch(unit: Unit, *, on: bool, today: date) -> None:
    if not unit.is_service:
        raise RuleBroken("not_service", _("Bare tjenester tas i bruk. Dette er en overordnet enhet."))
    if unit.last_day < FAR_DAY:
        raise RuleBroken("unit_closed", _("Enheten er eller blir lagt ned."))
    if on == is_switched_on(unit, today):
        raise RuleBroken("already_so", _("Enheten er allerede i bruk.") if on else _("Enheten er ikke i bruk."))


def check_can_close(unit: Unit, *, last_day: date, today: date, units_below: bool, logs_held: int) -> None:
    """A unit closes only when its logs have a successor (safety.md S21), and never under something that is left."""
    if unit.kind == UnitKind.MUNICIPALITY:
        raise RuleBroken("root_closes", _("Kommunen selv kan ikke legges ned."))
    if unit.last_day < FAR_DAY:
        raise RuleBroken("unit_closed", _("Enheten er eller blir lagt ned."))
    if units_below:
        raise RuleBroken("units_below", _("Flytt eller legg ned enhetene under først."))
    if logs_held:
        raise RuleBroken(
            "logs_without_successor",
            _("Enheten holder %(number)s stafettlogger. Gi stafettpinnene til en annen enhet, eller avslutt dem.")
            % {"number": few_or_number(logs_held)},
        )
    if last_day < today - timedelta(days=1):
        raise RuleBroken("last_day_passed", _("Siste dag kan ikke være tidligere enn i går."))
    if last_day > today + timedelta(days=366):
        raise RuleBroken("last_day_far", _("Velg en siste dag innen et år."))


def check_can_reopen(unit: Unit, parent: Unit | None) -> None:
    """A closed unit, or one that is to close, may be opened again where it lies."""
    if unit.last_day == FAR_DAY:
        raise RuleBroken("not_closed", _("Enheten er ikke lagt ned."))
    if parent is not None and parent.last_day < FAR_DAY:
        raise RuleBroken("parent_closed", _("Enheten over er eller blir lagt ned. Åpne den først."))


def check_coordinator_role_remains(roles: Iterable[Role]) -> None:
    """`roles`: all of them, as they will be."""
    if not any(role.has(Right.COORDINATOR) for role in roles):
        raise RuleBroken("no_coordinator_role", _("Minst én rolle må kunne endre innstillingene."))
