"""Norwegian national ids: fødselsnummer, D-number and the synthetic ones of the public test registers.

Source of the rules: Skatteetaten, «Fødselsnummer» and «Nye fødselsnummer fra 2032». Gender is never read from a number:
from 2032 it is not there.
"""

import datetime
import enum
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _


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
    """A checked number. Spaces, dots and hyphens between digits are allowed.

    Raises `ValueError` with a sentence in the active language that tells what is wrong, never the number itself.
    """
    digits = re.sub(r"[\s.\-]", "", text)
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
