"""The page that asks first who asks (safety.md S13, S31) and the page for an open report: what they consist of.

A published version is never changed, so content of the first shape, which had one question and three answers, is still
read: `with_own_words` moves what the municipality had written itself into the shape of today.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken

SHAPE = 2
# The doors in the order of the page. Each leads to the answer of its name, «ansatt» to a question of its own.
WHO = ("ansatt", "privat", "forelder", "barn")
WORK = ("ansatt-fare", "ansatt-vold", "ansatt-usikker", "ansatt-nei")
ANSWERS = (*WORK, *WHO[1:])
# The pieces the words are edited in, each on a page of its own: the questions, the answers one by one, the report.
QUESTIONS, REPORT_PAGE = "", "report"
PIECES = (QUESTIONS, *ANSWERS, REPORT_PAGE)
LANGUAGES = {"nb", "nn", "en"}
# The order of the page. The database keeps no order of its own inside the content.
_ORDER = (
    *("nothing_stored", "now", "who", "work", "answers", "report", "question", "page"),
    *("eyebrow", "heading", "label", "label_help", "lead", "yes", "no", "stop", "doors", *WHO, *WORK),
    *("note", "parts", "rows", "steps", "items", "when", "body", "phones", "help", "link"),
    # The first shape.
    *("ja", "usikker", "nei", "log_page_addition", "suspected_employee"),
)


def gate_texts(content: Any, path: tuple = ()) -> dict[tuple, dict]:
    """Every text of the page by where it stands: `("answers", "privat", "lead")` → `{"nb": …}`, in order."""
    if isinstance(content, dict) and content.keys() <= LANGUAGES:
        return {path: content}
    return {at: text for key, part in _parts(content) for at, text in gate_texts(part, (*path, key)).items()}


def _parts(content: Any) -> Iterator[tuple]:
    if isinstance(content, dict):
        yield from ((key, content[key]) for key in _ORDER if key in content)
    elif isinstance(content, list):
        yield from enumerate(content)


def piece_of(path: tuple) -> str:
    """The one of PIECES that a text is edited in."""
    if path[0] == "answers":
        return path[1]
    return REPORT_PAGE if path[0] == REPORT_PAGE else QUESTIONS


def gate_field(path: tuple) -> str:
    """The form field of a text: «ansatt-vold_parts2_steps1_body»."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words[-1] += str(part + 1)
        elif part not in ("answers", "doors"):
            words.append(part)
    return "_".join(words)


def with_gate_texts(content: Any, texts: dict[tuple, dict], path: tuple = ()) -> Any:
    """The page with other words: what it consists of, and its order, are those of `content`."""
    if path in texts:
        return texts[path]
    if isinstance(content, dict):
        return {key: with_gate_texts(part, texts, (*path, key)) for key, part in content.items()}
    if isinstance(content, list):
        return [with_gate_texts(part, texts, (*path, at)) for at, part in enumerate(content)]
    return content


def check_gate(before: dict, after: dict) -> None:
    """Only words of the page may change (safety.md S13). Raises `RuleBroken` ("gate_changed", "gate_text_missing")."""
    texts = gate_texts(after)
    if with_gate_texts(before, texts) != after:
        raise RuleBroken("gate_changed", _("Bare ordene på siden om vold og overgrep kan endres, ikke oppbyggingen."))
    if not all(text.get("nb") for text in texts.values()):
        raise RuleBroken("gate_text_missing", _("Skriv teksten på bokmål."))


def phone_keys(content: Any) -> set[str]:
    """The keys of every number that the page names."""
    if isinstance(content, list):
        return set().union(*(phone_keys(part) for part in content))
    if not isinstance(content, dict):
        return set()
    own = {content["phone"]} if isinstance(content.get("phone"), str) else set()
    return own | set().union(*(phone_keys(part) for part in content.values()))


# The first shape ------------------------------------------------------------------------------------------------------


def is_of_today(content: dict) -> bool:
    return content.get("shape") == SHAPE


def _steps(old: str, new: str, places: dict[int, int]) -> dict[tuple, tuple]:
    return {
        ("answers", new, "parts", 1, "steps", is_now, word): ("answers", old, "steps", was, word)
        for is_now, was in places.items()
        for word in ("heading", "body")
    }


# A text of today -> where it stood in the first shape. What is not here was said anew, or had no place then.
_STOOD: dict[tuple, tuple] = {
    ("nothing_stored",): ("nothing_stored",),
    ("answers", "ansatt-vold", "heading"): ("answers", "ja", "heading"),
    ("answers", "ansatt-vold", "lead"): ("answers", "ja", "lead"),
    ("answers", "ansatt-usikker", "heading"): ("answers", "usikker", "heading"),
    ("answers", "ansatt-usikker", "lead"): ("answers", "usikker", "lead"),
    ("answers", "ansatt-nei", "heading"): ("answers", "nei", "heading"),
    ("answers", "ansatt-nei", "lead"): ("answers", "nei", "body"),
    **_steps("ja", "ansatt-vold", {0: 0, 1: 5, 2: 3, 3: 7, 4: 6, 5: 4, 6: 8, 7: 9}),
    **_steps("usikker", "ansatt-usikker", {0: 0, 1: 2, 3: 3, 4: 4, 5: 1, 6: 5}),
    ("answers", "ansatt-vold", "parts", 5, "heading"): ("suspected_employee", "heading"),
    ("answers", "ansatt-vold", "parts", 5, "body"): ("suspected_employee", "body"),
    ("answers", "ansatt-usikker", "parts", 3, "heading"): ("suspected_employee", "heading"),
    ("answers", "ansatt-usikker", "parts", 3, "body"): ("suspected_employee", "body"),
}


def with_own_words(today: dict, old: dict, first: dict) -> dict:
    """`today`, the page as every municipality starts from it, with what this one had changed in the first shape.

    `first` is what it started from then: a text that nobody had touched gives way to the one of today.
    """
    began = gate_texts(first)
    own = {path: text for path, text in gate_texts(old).items() if text != began.get(path)}
    return with_gate_texts(today, {now: own[then] for now, then in _STOOD.items() if then in own})
