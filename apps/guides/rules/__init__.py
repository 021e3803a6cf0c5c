"""How the guide hangs together: keys, order and where a decision leads. No queries."""

import re
from datetime import date
from enum import StrEnum

from django.utils.html import conditional_escape, format_html_join
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.guides.rules.gate import ANSWERS as ANSWERS
from apps.guides.rules.gate import PIECES as PIECES
from apps.guides.rules.gate import QUESTIONS as QUESTIONS
from apps.guides.rules.gate import REPORT_PAGE as REPORT_PAGE
from apps.guides.rules.gate import WHO as WHO
from apps.guides.rules.gate import WORK as WORK
from apps.guides.rules.gate import check_gate as check_gate
from apps.guides.rules.gate import gate_field as gate_field
from apps.guides.rules.gate import gate_texts as gate_texts
from apps.guides.rules.gate import is_of_today as is_of_today
from apps.guides.rules.gate import phone_keys as phone_keys
from apps.guides.rules.gate import piece_of as piece_of
from apps.guides.rules.gate import with_gate_texts as with_gate_texts
from apps.guides.rules.gate import with_own_words as with_own_words

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


# The log --------------------------------------------------------------------------------------------------------------


class LogPlace(StrEnum):
    """How a step stands to the stafettlogg."""

    NONE = "none"  # level 0: nothing is stored (safety.md S24)
    LATER = "later"  # the municipality offers a log from a higher level
    STARTS = "starts"
    GOES_ON = "goes_on"


def log_place(*, level: int, step: int, log_from_level: int) -> LogPlace:
    if level == 0:
        return LogPlace.NONE
    if level < log_from_level:
        return LogPlace.LATER
    return LogPlace.STARTS if (level, step) == (log_from_level, 1) else LogPlace.GOES_ON


# Where a step leads ---------------------------------------------------------------------------------------------------

GATE = "gate"
# An open report to child welfare, which the parents know of (safety.md S14).
REPORT = "report"
# The pages that a decision may lead to when it leaves the steps.
OUTCOMES = ("end", "close", "system", "lift", "ip")


def leads_to(goes_to: str, *, level: int) -> str:
    """Where a decision leads on this level: above level 0 there is a log to close, so nothing just ends there."""
    return "close" if level and goes_to == "end" else goes_to


def decision(*, label: dict, help_text: dict, goes_to: str, step_keys: list[str]) -> dict:
    """A decision as `models.Step.decisions` holds it. Raises `RuleBroken` ("label_missing", "leads_nowhere")."""
    if not label.get("nb"):
        raise RuleBroken("label_missing", _("Skriv ordene på knappen på bokmål."))
    if goes_to not in {*step_keys, GATE, REPORT, *OUTCOMES}:
        raise RuleBroken(
            "leads_nowhere", _("«%(label)s» må føre til et steg som finnes i veilederen.") % {"label": label["nb"]}
        )
    return {"label": label, "help": help_text, "goes_to": goes_to}


def check_decisions(decisions: list[dict], step_keys: list[str]) -> None:
    """Every button leads somewhere. Raises `RuleBroken`."""
    for one in decisions:
        decision(label=one["label"], help_text=one["help"], goes_to=one["goes_to"], step_keys=step_keys)


def link(*, title: dict, note: dict, url: str) -> dict:
    """A link as `models.Step.links` holds it. Raises `RuleBroken` ("title_missing", "address_unsafe")."""
    if not title.get("nb"):
        raise RuleBroken("title_missing", _("Skriv navnet på bokmål."))
    if url and not re.fullmatch(r"https://[^\s/?#\\@]+\.[^\s\\]+", url):
        raise RuleBroken("address_unsafe", _("Skriv en adresse som begynner med https://."))
    return {"title": title, "url_note": note} | ({"url": url} if url else {})


def check_links(links: list[dict]) -> None:
    for one in links:
        link(title=one["title"], note=one.get("url_note") or {}, url=one.get("url", ""))


def in_known_order(known: list[str], chosen: list[str]) -> list[str]:
    """The chosen keys: those that stood there keep their order, the new ones come last."""
    return [key for key in known if key in chosen] + [key for key in chosen if key not in known]


def check_tools_fit(level: int, tools: list[str], for_level_0: list[str]) -> None:
    """A step of level 0 shows no tool that may ask who the child is (safety.md S24)."""
    if level == 0 and not set(tools) <= set(for_level_0):
        raise RuleBroken("tool_not_for_level_0", _("På nivå 0 kan bare verktøy for nivå 0 vises."))


def check_review(role: str, day: date | None) -> None:
    """A law was gone through by a role on a day, or not yet. Raises `RuleBroken` ("review_half")."""
    if bool(role) != bool(day):
        raise RuleBroken("review_half", _("Skriv både hvem som har gått gjennom teksten, og dagen."))


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
