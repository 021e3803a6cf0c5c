"""Named templates of choices (fixtures/templates.json): what other municipalities do, and where ours differs."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.text import LocalizedText
from apps.municipality import rules
from apps.municipality.enums import LanguageForm, TermKey, UnitKind
from apps.municipality.models import Municipality, Role


@dataclass(frozen=True)
class Template:
    """One named set of choices. `ages` and `words` hold only what differs from the portal's own."""

    key: str
    name: LocalizedText
    about: LocalizedText
    language_form: str
    model: str
    log_from_level: int
    ages: dict[str, rules.ConsentAge]
    words: dict[str, dict[str, rules.Words]]
    roles: list[dict[str, Any]]


@dataclass(frozen=True)
class Difference:
    """One choice, as it stands here and as each template has it, in the order of `templates()`."""

    what: str
    here: str
    there: list[str]


@dataclass(frozen=True)
class Compared:
    """A template, and each choice in which it is another than ours: what it is about, and both in words."""

    template: Template
    rows: list[dict[str, str]]


def compared(rows: list[Difference]) -> list[Compared]:
    """Each template with what it does in another way than we do."""
    return [
        Compared(
            each,
            [
                {
                    "label": row.what,
                    "value": _("%(there)s. Hos dere: %(here)s.") % {"there": row.there[at], "here": row.here},
                }
                for row in rows
                if row.there[at] != row.here
            ],
        )
        for at, each in enumerate(templates())
    ]


@cache
def templates() -> tuple[Template, ...]:
    rows = json.loads((settings.FIXTURES_DIR / "templates.json").read_text("utf-8"))
    return tuple(_template(row) for row in rows)


def template(key: str) -> Template | None:
    return next((each for each in templates() if each.key == key), None)


def _template(row) -> Template:
    return Template(
        key=row["key"],
        name=LocalizedText.of(row["name"]),
        about=LocalizedText.of(row["about"]),
        language_form=row["language_form"],
        model=row["model"],
        log_from_level=row["log_from_level"],
        ages={kind: rules.ConsentAge(**age) for kind, age in row["ages"].items()},
        words={
            key: {language: rules.Words(*forms) for language, forms in languages.items()}
            for key, languages in row["words"].items()
        },
        roles=row["roles"],
    )


def differences(row: Municipality, ages: dict[str, rules.ConsentAge], words: dict[str, str]) -> list[Difference]:
    """What the templates choose differently from each other or from us. `words`: our own, by key, in bokmål."""
    every = templates()
    found = [
        Difference(_("Modellen"), row.model_short, [each.model for each in every]),
        Difference(
            _("Skriftspråk"),
            str(LanguageForm(row.language_form).label),
            [str(LanguageForm(each.language_form).label) for each in every],
        ),
        Difference(_("Stafettlogg fra nivå"), str(row.log_from_level), [str(each.log_from_level) for each in every]),
    ]
    for kind in sorted({kind for each in every for kind in each.ages}):
        there = [_age(each.ages.get(kind) or rules.default_consent_age(kind)) for each in every]
        label = _("Hvem svarer om %(kind)s") % {"kind": UnitKind(kind).label}
        found.append(Difference(label, _age(ages.get(kind) or rules.default_consent_age(kind)), there))
    for key in sorted({key for each in every for key in each.words}):
        default = rules.default_words(key, "nb").indefinite
        there = [each.words[key]["nb"].indefinite if key in each.words else default for each in every]
        label = _("Ordet for %(word)s") % {"word": str(TermKey(key).label).lower()}
        found.append(Difference(label, words.get(key, default), there))
    known = {role.key for role in Role.objects.all()}
    own = [str(LocalizedText.of(role["name"])) for each in every for role in each.roles if role["key"] in known]
    there = [", ".join(str(LocalizedText.of(role["name"])) for role in each.roles) or _("ingen") for each in every]
    found.append(Difference(_("Roller som kommer i tillegg"), ", ".join(own) or _("ingen"), there))
    return found


def _age(age: rules.ConsentAge) -> str:
    if age.guardians_needed:
        return _("Foresatte, og ungdom fra %(age)d år") % {"age": age.age}
    return _("Foresatte, og fra %(age)d år ungdommen alene") % {"age": age.age}
