"""How the guide hangs together: keys, order and where a decision leads. No queries."""

import re

from django.utils.html import conditional_escape, format_html_join
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken

TEXT_FIELDS = {
    "level": ("name", "question", "who", "consent_note", "deadline_note"),
    "step": (
        "title",
        "short",
        "purpose_html",
        "how_html",
        "questions_html",
        "who_html",
        "documentation_html",
        "child_voice_html",
        "deadline_note",
    ),
    "variant": ("who", "extra_html"),
    "theme": ("title", "intro", "body_html"),
    "law": ("title", "reference", "what"),
    "tool": ("title", "summary", "intro", "footer"),
}


def as_list_html(texts: list[dict], *, ordered: bool) -> dict[str, str]:
    """`[{"nb": "…", "nn": "…"}]` → `{"nb": "<ol><li>…</li></ol>", …}`. A language that lacks a line is left out."""
    tag = "ol" if ordered else "ul"
    languages = set.intersection(*(set(text) for text in texts)) if texts else set()
    return {
        language: f"<{tag}>" + format_html_join("", "<li>{}</li>", ((text[language],) for text in texts)) + f"</{tag}>"
        for language in languages
    }


def as_paragraph_html(text: dict | None) -> dict[str, str]:
    """`{"nb": "…"}` → `{"nb": "<p>…</p>"}`; a blank line starts a new paragraph."""
    return {
        language: "".join(f"<p>{conditional_escape(part)}</p>" for part in words.split("\n\n") if part.strip())
        for language, words in (text or {}).items()
        if words
    }


def neighbours(step_keys: list[str], key: str) -> tuple[str | None, str | None]:
    """The step before and the step after, across levels; None at the ends."""
    at = step_keys.index(key)
    before = step_keys[at - 1] if at else None
    after = step_keys[at + 1] if at + 1 < len(step_keys) else None
    return before, after


# Tools ----------------------------------------------------------------------------------------------------------------

# What asks who the child is, in the three languages of the portal.
_WHO = re.compile(
    r"(barnet|eleven|ungdommen|barn|elev)e?s (fulle )?(navn|namn|etternavn|fødsels)"
    r"|(navn|namn)(et)? (på|til) (barn|elev|ungdom)|fødselsnummer|fødselsdato|personnummer"
    r"|(child|pupil)('|’)?s (full )?name|name of the (child|pupil)|date of birth",
    re.IGNORECASE,
)


def section(*, heading: dict, help_text: dict, items: dict, lines: int, checkbox: bool) -> dict:
    """A section as `models.Tool.sections` holds it. `items`: language → one item per line, as many in each language.

    Raises `RuleBroken` ("heading_missing" without bokmål, "items_differ" when a language has another number of lines).
    """
    if not heading.get("nb"):
        raise RuleBroken("heading_missing", _("Skriv overskriften på bokmål."))
    split = {language: [line.strip() for line in text.splitlines() if line.strip()] for language, text in items.items()}
    split = {language: texts for language, texts in split.items() if texts}
    if len({len(texts) for texts in split.values()}) > 1 or (split and "nb" not in split):
        raise RuleBroken("items_differ", _("Skriv like mange punkter på hvert språk."))
    number = len(split.get("nb", []))
    return {
        "heading": heading,
        "help": help_text or None,
        "items": [{language: texts[at] for language, texts in split.items()} for at in range(number)],
        "lines": lines,
        "checkbox": checkbox,
    }


def check_asks_for_no_child(levels: list[int], sections: list[dict]) -> None:
    """A tool of level 0 never asks who the child is (safety.md S24)."""
    if 0 not in levels:
        return
    asked = [text for part in sections for text in (part["heading"], *part["items"])]
    if any(_WHO.search(words) for text in asked for words in text.values()):
        raise RuleBroken(
            "asks_for_child", _("Et verktøy på nivå 0 kan ikke spørre om navnet eller fødselsdatoen til barnet.")
        )
