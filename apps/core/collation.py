"""Norwegian order on PostgreSQL (its own collation) and on SQLite (ours, under the same name).

Use `order_by(in_norwegian("name"))`, not `db_collation`: Django does not quote the name on SQLite.
"""

import unicodedata
from functools import cmp_to_key, lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Collate

NAME = "nb-x-icu"

# After z come æ, ø, å. Swedish, Danish and older spellings sort with them; «aa» is an old spelling of å.
_LAST = {"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"}
_LIKE = {"ü": "y", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ß": "ss", "œ": "oe"}
# Letters of their own, each after the one it looks like.
_AFTER = {"ŋ": "n", "ŧ": "t", "ǥ": "g", "ı": "i"}


def in_norwegian(field: str) -> Collate:
    """The field for `order_by`, with æ, ø, å last and å beside aa."""
    return Collate(field, NAME)


def add_to_connection(sender: type[BaseDatabaseWrapper], connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(NAME, compare)


def compare(left: str, right: str) -> int:
    """-1, 0 or 1. Equal letters are told apart by accents, then case (small first), then code points."""
    left_key, right_key = sort_key(left), sort_key(right)
    return (left_key > right_key) - (left_key < right_key)


@lru_cache(maxsize=8192)
def sort_key(text: str) -> tuple:
    """Key for `sorted()` in Norwegian order."""
    composed = unicodedata.normalize("NFC", text)
    letters = composed.casefold().replace("aa", "å")
    return (
        [_primary(letter) for letter in letters],
        [_secondary(letter) for letter in letters],
        [letter.isupper() for letter in composed],
        composed,
    )


norwegian = cmp_to_key(compare)


def _primary(letter):
    """Marks and spaces, then digits, then letters without accents."""
    if letter in _LAST:
        return (2, _LAST[letter])
    if letter in _AFTER:
        return (2, f"{_AFTER[letter]}\uffff")
    base = _LIKE.get(letter) or unicodedata.normalize("NFD", letter)[0]
    if base.isdigit():
        return (1, base)
    return (2 if base.isalpha() else 0, base)


def _secondary(letter):
    return letter if letter in "äö" or letter not in _LAST and not letter.isascii() else ""
