"""How the points of «Klar til å åpne» about people stand."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.accounts.selectors import demo_accounts_exist
from apps.core.text import joined
from apps.municipality.enums import Right
from apps.municipality.models import Unit
from apps.municipality.selectors.readiness import Reading, Standing, told_by

STAFF_LIST = "ansattliste"


def _places(reading: Reading) -> list[Membership]:
    """Everyone's places today, read once for all points of one look."""
    rows = Membership.objects.filter(
        first_day__lte=reading.today, last_day__gte=reading.today, user__is_active=True
    ).select_related("user", "role", "unit")
    return list(rows.order_by("first_day", "pk"))


def _leaders(reading: Reading) -> dict[UUID, Membership | None]:
    """The leader of each unit in use, there or nearest above."""
    leading = [place for place in _places(reading) if place.role.has(Right.LEADER)]
    return {unit.pk: _nearest(unit, leading) for unit in reading.units}


def _nearest(unit: Unit, leading: list[Membership]) -> Membership | None:
    above = [place for place in leading if unit.path.startswith(place.unit.path)]
    return max(above, key=lambda place: len(place.unit.path), default=None)


def leaders(reading: Reading) -> Standing:
    """Somebody leads every unit of ours that can hold a stafettlogg, there or above (safety.md S21)."""
    if not reading.units:
        return Standing(False, _("Ingen enheter er tatt i bruk ennå."))
    found = _leaders(reading)
    own = [unit for unit in reading.units if not unit.is_external]
    without = [unit.name for unit in own if found[unit.pk] is None]
    if without:
        return Standing(False, _("%(units)s mangler leder.") % {"units": joined(without[:3])})
    return Standing(True, _("%(number)d enheter har en leder, der eller over seg.") % {"number": len(own)})


def leader_of_units(reading: Reading) -> dict[UUID, Standing]:
    """For the list of each unit: who leads it, by a place in the unit itself or above."""
    return {pk: _leader(place) for pk, place in _leaders(reading).items()}


def _leader(place: Membership | None) -> Standing:
    return Standing(False, _("Mangler")) if place is None else Standing(True, place.user.shown_name)


def staff_lists(reading: Reading) -> dict[UUID, Standing]:
    """For the list of each unit: somebody has gone through who works there."""
    staffed = {place.unit_id for place in _places(reading)}
    return {unit.pk: _staff_list(unit, reading, unit.pk in staffed) for unit in reading.units}


def _staff_list(unit, reading, is_staffed) -> Standing:
    if not is_staffed:
        return Standing(False, _("Ingen ansatte"))
    tick = reading.tick(STAFF_LIST, subject_id=unit.pk)
    return told_by(tick) if tick is not None else Standing(False, _("Ikke bekreftet"), can_confirm=True)


def no_practice_people(reading: Reading) -> Standing:
    """Nobody from the demo is in a real installation: their password is public."""
    if settings.DEMO:
        return Standing(True, _("Dette er en prøveversjon."))
    if demo_accounts_exist():
        return Standing(False, _("Personer fra prøveversjonen ligger i databasen."))
    return Standing(True)
