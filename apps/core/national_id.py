"""Norwegian national ids: fødselsnummer, D-number and the synthetic ones of the public test registers, also in texts.

Source of the rules: Skatteetaten, «Fødselsnummer» and «Nye fødselsnummer fra 2032». Gender is never read from a number:
from 2032 it is not there.
"""

import datetime
import enum
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.written import is_unseen


class Kind(enum.StrEnum):
    BIRTH = "birth"
    D_NUMBER = "d_number"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class NationalId:
    """A checked number. Its text forms show the birth date only.

    `century_known` is False for a number of the kind given from 2032 on, where the digits no longer tell the century:
    `birth_date` is then in the 2000s, and whoever needs it for certain asks the person.
    """

    digits: str
    birth_date: datetime.date
    kind: Kind
    century_known: bool = True

    def __str__(self):
        return mask(self.digits)

    def __repr__(self):
        return f"NationalId({mask(self.digits)})"


# Added to the month in test registers: Tenor (Skatteetaten) 80; NAV and Norsk Helsenett 40 and 65.
_SYNTHETIC_MONTHS = (80, 65, 40)
_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# Numbers given before 2032 have the remainder 0; the ones given from 2032 on may have 0, 1, 2 or 3. Both are accepted
# now, since a number does not say when it was given.
_REMAINDERS_1 = {0, 1, 2, 3}


def parse(text: str, *, synthetic_ok: bool) -> NationalId:
    """A checked number. Spaces, dots, dashes and the like between digits are allowed, and digits of any script.

    Raises `ValueError` with a sentence in the active language that tells what is wrong, never the number itself.
    """
    digits = "".join(letter for letter, _at in _plain(text) if letter != _BETWEEN)
    if not re.fullmatch(r"[0-9]{11}", digits):
        raise ValueError(_("Et fødselsnummer har 11 siffer. Sjekk at du har skrevet alle."))
    day, month, kind = _day_month_and_kind(digits)
    year, century_known = _year(digits)
    try:
        birth_date = datetime.date(year, month, day)
    except ValueError:
        raise ValueError(_("Fødselsnummeret har en dato som ikke finnes. Sjekk de seks første sifrene.")) from None
    if _remainder_1(digits) not in _REMAINDERS_1 or _remainder_2(digits) != 0:
        raise ValueError(_("Fødselsnummeret stemmer ikke. Sjekk om du har byttet om noen sifre."))
    if kind is Kind.SYNTHETIC and not synthetic_ok:
        raise ValueError(_("Dette er et testnummer. Skriv et ekte fødselsnummer."))
    return NationalId(digits, birth_date, kind, century_known)


def contains_national_id(text: str) -> bool:
    """True when a valid fødselsnummer, D-number or test number stands in the text, however its digits are parted.

    Word makes a dash of a hyphen, and texts that are pasted bring spaces, line breaks and characters nobody sees.
    """
    return any(True for _span in _spans(text))


def without_national_ids(text: str, instead: str = "") -> str:
    """The text with each valid fødselsnummer, D-number and test number replaced by `instead`."""
    parts, end = [], 0
    for first, last in _spans(text):
        if first >= end:
            parts += [text[end:first], instead]
            end = last
    return "".join([*parts, text[end:]])


# Stands for whatever parts digits: spaces, line breaks, dashes, dots, slashes.
_BETWEEN = " "
_PARTS = set("./:,_·\u2212")
_ELEVEN_DIGITS = re.compile(r"(?<![0-9])(?=([0-9](?: {0,3}[0-9]){10})(?![0-9]))")


def _plain(text: str) -> Iterator[tuple[str, int]]:
    """Each character as a plain one, with its place in the text. Nothing for characters that nobody sees."""
    for at, written in enumerate(text):
        for letter in unicodedata.normalize("NFKC", written):
            digit = unicodedata.decimal(letter, None)
            if digit is not None:
                yield str(digit), at
            elif letter.isspace() or letter in _PARTS or unicodedata.category(letter) == "Pd":
                yield _BETWEEN, at
            elif not is_unseen(letter):
                yield letter, at


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where valid numbers stand in the text: (first, after the last). They may share digits."""
    if sum(letter.isdigit() for letter in text) < 11:
        return
    plain = list(_plain(text))
    for found in _ELEVEN_DIGITS.finditer("".join(letter for letter, _at in plain)):
        if _is_valid(found[1]):
            yield plain[found.start(1)][1], plain[found.end(1) - 1][1] + 1


def _is_valid(text: str) -> bool:
    try:
        parse(text, synthetic_ok=True)
    except ValueError:
        return False
    return True


def mask(digits: str) -> str:
    """Birth date only: «010190 •••••»."""
    return f"{re.sub(r'[^0-9]', '', digits)[:6]} •••••"


def _day_month_and_kind(digits):
    day, month, kind = int(digits[:2]), int(digits[2:4]), Kind.BIRTH
    if day > 40:
        day, kind = day - 40, Kind.D_NUMBER
    for added in _SYNTHETIC_MONTHS:
        if month > added:
            return day, month - added, Kind.SYNTHETIC
    return day, month, kind


def _year(digits):
    """(year, whether the century is certain), by the ranges of the individual number as they are before 2032."""
    short_year, individual = int(digits[4:6]), int(digits[6:9])
    if _remainder_1(digits) == 0:
        if individual <= 499:
            return 1900 + short_year, True
        if short_year <= 39:
            return 2000 + short_year, True
        if individual <= 749 and short_year >= 54:
            return 1800 + short_year, True
        if individual >= 900:
            return 1900 + short_year, True
    return 2000 + short_year, False


def _remainder_1(digits):
    return _weighted(digits, _WEIGHTS_1) % 11


def _remainder_2(digits):
    return _weighted(digits, _WEIGHTS_2) % 11


def _weighted(digits, weights):
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))
