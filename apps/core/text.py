"""Text: in several languages, made safe as HTML, and prepared for sorting."""

import re
import unicodedata
from html.parser import HTMLParser
from typing import Any, Self

import nh3
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

FALLBACK_LANGUAGE = "nb"
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3"}
SCHEMES = {"https", "mailto", "tel"}


def language_codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class LocalizedText:
    """One text in several languages. Never changed; `str()` gives the active language, else bokmål, else any."""

    __slots__ = ("_texts",)

    def __init__(self, texts=None):
        self._texts = {code: text for code, text in (texts or {}).items() if text}

    @classmethod
    def of(cls, value: Any) -> Self:
        """From a dict, a plain text (bokmål), None or a `LocalizedText`. Raises `TypeError` for anything else."""
        if isinstance(value, cls):
            return value
        if value is None:
            return cls()
        if isinstance(value, dict):
            if not all(isinstance(code, str) and isinstance(text, str) for code, text in value.items()):
                raise TypeError("A localized text maps language codes to texts.")
            return cls(value)
        if isinstance(value, str | Promise):
            return cls({FALLBACK_LANGUAGE: str(value)})
        raise TypeError("A localized text is a dict of texts.")

    def get(self, language: str) -> str:
        """The text in exactly this language, or ''."""
        return self._texts.get(language, "")

    @property
    def language(self) -> str:
        """The language that `str()` is in now; goes into `lang="…"` when it is a fallback."""
        active = (get_language() or FALLBACK_LANGUAGE).partition("-")[0]
        if active in self._texts or not self._texts:
            return active
        return FALLBACK_LANGUAGE if FALLBACK_LANGUAGE in self._texts else next(iter(self._texts))

    @property
    def is_fallback(self) -> bool:
        """True when the text is not there in the active language, so another one is shown."""
        return self.language != (get_language() or FALLBACK_LANGUAGE).partition("-")[0]

    def as_dict(self) -> dict[str, str]:
        return dict(self._texts)

    def __str__(self):
        return self.get(self.language)

    def __repr__(self):
        return f"LocalizedText({self._texts!r})"

    def __bool__(self):
        return bool(self._texts)

    def __len__(self):
        return len(str(self))

    def __eq__(self, other):
        if isinstance(other, dict):
            return self._texts == other
        return isinstance(other, LocalizedText) and self._texts == other._texts

    def __hash__(self):
        return hash(frozenset(self._texts.items()))


def clean_html(html: str) -> str:
    """The HTML with nothing but p, br, strong, em, ul, ol, li, h3 and a[href] to https, mailto, tel or our own paths.

    Other tags are dropped and their text kept; scripts and styles go with their text. Safe to repeat. The result may
    be marked safe in a template.
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        url_relative=_own_path,
        link_rel="noopener noreferrer",
        strip_comments=True,
        clean_content_tags={"script", "style", "title", "textarea", "template"},
    )


def _own_path(url):
    """A path on this site or a place on this page; None (dropped) for what a browser may take for another host."""
    return url if re.fullmatch(r"/(?![/\\])[^\\\s]*|#[\w-]+", url) else None


class _TextOnly(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "br", "li", "h3"):
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """The words of a piece of HTML, one line per paragraph; for summaries and search."""
    parser = _TextOnly()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def casefold(text: str) -> str:
    """The text as columns one sorts by hold it: composed, without upper case, single spaces."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())


FEW = 5


def few_or_number(number: int) -> str:
    """How many, as others than the unit's own leader read it: a few are not told apart (safety.md S19)."""
    return _("færre enn %(few)s") % {"few": FEW} if 0 < number < FEW else str(number)


def joined(names: list[str]) -> str:
    """«A», «A og B», «A, B og C»."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s og %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
