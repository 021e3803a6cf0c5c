"""Names as one reader of one log sees them (rules/names.py holds the rule)."""

from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import AddressProtection
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules.names import Reading


def reading_for(log: Log, row: LogAccess) -> Reading:
    """How staff are named for the person behind this row. Costs one query for the family, none for staff."""
    if not access.is_family(row):
        return Reading(family=False)
    return family_reading(log)


def place_line(row: LogAccess) -> str:
    """«Pedagogisk leder, Solbakken barnehage» for staff, «Foresatt» or «Ungdom» for the family."""
    if row.membership is None:
        return row.get_kind_display()
    return f"{row.membership.title or row.membership.role}, {row.membership.unit.name}"


def family_reading(log: Log) -> Reading:
    """How staff are named for this log's family on paper and on the employee's screen."""
    return Reading(
        family=True,
        names_for_family=settings_row().show_staff_names,
        shielded=log.child.address_protection != AddressProtection.NONE,
    )
