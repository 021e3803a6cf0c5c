"""How the guide hangs together: keys, order and where a decision leads. No queries."""

from django.utils.html import conditional_escape, format_html_join

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
