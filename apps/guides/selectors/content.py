"""The content of a version as pages read it: localized, safe, in the reader's language."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from apps.core.text import LocalizedText, clean_html
from apps.guides.models import GuideVersion


class Item:
    """One thing of a version: localized texts as attributes, `*_html` as safe HTML in the active language."""

    # Set by the selectors below.
    step_items: list["Item"]
    day: date | None
    role: str

    def __init__(self, content: dict):
        self._content = content

    def __getattr__(self, name):
        try:
            value = self._content[name]
        except KeyError:
            raise AttributeError(name) from None
        return _safe_html(LocalizedText.of(value)) if name.endswith("_html") else localized(value)


def _safe_html(text: LocalizedText):
    """Marked with its own language when it is shown in another than the page's."""
    html = mark_safe(clean_html(str(text)))  # noqa: S308 -- just cleaned by nh3
    return format_html('<div lang="{}">{}</div>', text.language, html) if text.is_fallback else html


def is_in_another_language(*items: "Item | None") -> bool:
    """Whether some text of these is shown in another language than the page's, so that the page says so."""
    return any(_has_fallback(item._content) for item in items if item is not None)


def _has_fallback(content) -> bool:
    if isinstance(content, dict) and content.keys() <= {"nb", "nn", "en"}:
        return LocalizedText.of(content).is_fallback
    if isinstance(content, dict):
        # The variants of a step are items of their own.
        return any(_has_fallback(part) for name, part in content.items() if name != "variants")
    return isinstance(content, list) and any(_has_fallback(part) for part in content)


def localized(value: Any) -> Any:
    """`{"nb": …}` → LocalizedText; lists and other dicts are gone through; the rest is left as it is."""
    if isinstance(value, dict) and value.keys() <= {"nb", "nn", "en"}:
        return LocalizedText(value)
    if isinstance(value, dict):
        return {key: localized(part) for key, part in value.items()}
    if isinstance(value, list):
        return [localized(part) for part in value]
    return value


def laws_of(version: GuideVersion, keys: list[str] | None = None) -> list[Item]:
    """The laws by key, or all. `day` and `role` say who last went through one; None and "" when nobody has."""
    laws = []
    for content in version.content["laws"]:
        if keys is None or content["key"] in keys:
            law = Item(content)
            law.role = content.get("reviewed_by", "")
            law.day = date.fromisoformat(content["reviewed_day"]) if law.role else None
            laws.append(law)
    return laws


def start_content(name: str) -> Any:
    """A part of the guide that every municipality starts from."""
    return json.loads((settings.FIXTURES_DIR / "guides" / f"{name}.json").read_text("utf-8"))
