"""What may happen to people and their places, whoever asks."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Absence, Membership, User
from apps.core.dates import FAR_DAY
from apps.core.errors import RuleBroken
from apps.core.text import joined
from apps.municipality.enums import Right, UnitKind
from apps.municipality.models import Role, Unit

LONGEST_ABSENCE = timedelta(days=730)

# Which kinds of unit a role of fixtures/municipality.json belongs in; a role that is not here may be given anywhere.
_TOP = (UnitKind.MUNICIPALITY, UnitKind.SECTOR)
ROLE_FITS: dict[str, tuple[UnitKind, ...]] = {
    "styrer": (UnitKind.KINDERGARTEN,),
    "rektor": (UnitKind.SCHOOL, UnitKind.UPPER_SECONDARY, UnitKind.ADULT_EDUCATION, UnitKind.CULTURE_SCHOOL),
    "tjenesteleder": tuple(kind for kind in UnitKind if kind not in (*_TOP, UnitKind.KINDERGARTEN, UnitKind.SCHOOL)),
    "kommunalsjef": _TOP,
    "kommuneadministrator": (UnitKind.MUNICIPALITY,),
    "systemeier": _TOP,
    "personvernombud": (UnitKind.MUNICIPALITY,),
    "jurist": _TOP,
    "arkivar": _TOP,
    "it-ansvarlig": _TOP,
}


def role_fits(role: Role, unit: Unit) -> bool:
    """Whether the role is one that a unit of this kind has: no «Rektor» in a kindergarten."""
    kinds = ROLE_FITS.get(role.key)
    return kinds is None or unit.kind in kinds


def may_sign_in(user: User, today: date) -> bool:
    """An active person, through the last day. Rights are another matter: they follow from places and access rows."""
    return user.is_active and user.last_day >= today


def check_first_and_last(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise RuleBroken("days_reversed", _("Siste dag kan ikke være før første dag."))


def check_can_join(user: User, unit: Unit, *, today: date) -> None:
    """Only employees have places, and only in a unit that is still there."""
    if not user.is_employee:
        raise RuleBroken("not_employee", _("Bare ansatte kan ha en rolle i en enhet."))
    if unit.last_day < today:
        raise RuleBroken("unit_closed", _("Enheten er lagt ned."))


def check_can_end(membership: Membership, *, last_day: date, today: date) -> None:
    """The last day may be moved both ways, but not into a past where the person has already acted."""
    if membership.last_day < today:
        raise RuleBroken("membership_over", _("Denne rollen er avsluttet."))
    check_first_and_last(membership.first_day, last_day)
    check_last_day(last_day, today=today)


def check_last_day(last_day: date, *, today: date) -> None:
    """Yesterday means «at once»."""
    if last_day < today - timedelta(days=1):
        raise RuleBroken("last_day_passed", _("Siste dag kan ikke være tidligere enn i går."))


def check_coordinator_remains(memberships: Iterable[Membership], *, day: date) -> None:
    """`memberships` are those that will still hold the day after: somebody must be able to run the portal."""
    if not any(row.role.has(Right.COORDINATOR) and row.last_day > day for row in memberships):
        raise RuleBroken("last_coordinator", _("Kommunen må ha en koordinator. Gi rollen til en annen først."))


def check_leader_remains(without: Sequence[Unit]) -> None:
    """`without`: units in use that would have no leader, there or above. Someone must be asked who takes over first."""
    if without:
        names = joined([unit.name for unit in without[:3]])
        raise RuleBroken(
            "last_leader",
            _("%(units)s får da ingen leder. Gi en annen rollen som leder først.") % {"units": names},
        )


def check_absence(first_day: date, last_day: date, *, today: date) -> None:
    check_first_and_last(first_day, last_day)
    if last_day < today:
        raise RuleBroken("absence_passed", _("Fraværet kan ikke være over allerede."))
    if last_day - first_day > LONGEST_ABSENCE or last_day >= FAR_DAY:
        raise RuleBroken("absence_too_long", _("Fraværet kan vare i høyst to år. Skriv en siste dag."))


def check_no_overlap(absences: QuerySet[Absence]) -> None:
    """`absences`: the person's others that touch the same days."""
    if absences:
        raise RuleBroken("absence_overlaps", _("Personen er allerede registrert som borte noen av dagene."))


def check_can_cancel(absence: Absence, *, today: date) -> None:
    if absence.last_day < today:
        raise RuleBroken("absence_over", _("Fraværet er over."))
