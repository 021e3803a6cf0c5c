"""Synthetic national ids (Tenor: month + 80), for invented people only. The same seed gives the same number."""

from datetime import date

from apps.core.national_id import NationalId, parse


def synthetic_id(birth_date: date, seed: int) -> NationalId:
    """A valid synthetic number for the birth date; `seed` picks which. Raises `ValueError` when none is left."""
    start = f"{birth_date.day:02}{birth_date.month + 80:02}{birth_date.year % 100:02}"
    individual = range(500, 1000) if birth_date.year >= 2000 else range(0, 500)
    found = 0
    for number in individual:
        for control in range(100):
            try:
                national_id = parse(f"{start}{number:03}{control:02}", synthetic_ok=True)
            except ValueError:
                continue
            if national_id.birth_date == birth_date:
                found += 1
                if found > seed:
                    return national_id
                break
    raise ValueError(f"No synthetic number left for {birth_date}")
