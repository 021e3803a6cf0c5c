"""A page as tests compare it: how the templates are laid out in lines is nobody's business but theirs."""

import re

_BESIDE_A_TAG = re.compile(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)|\s+(?=>)")
_IN_A_TEXT = re.compile(r"\s*\n\s*")


def tight(html: str) -> str:
    """HTML without the line breaks and indents of its templates."""
    return _IN_A_TEXT.sub(" ", _BESIDE_A_TAG.sub("", html)).strip()


def markup(response) -> str:
    """The page's HTML, `tight`."""
    return tight(response.content.decode())
