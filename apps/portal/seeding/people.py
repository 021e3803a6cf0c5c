"""Makes the units and the people of the cast. Safe to repeat: what is there is left as it is."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from apps.accounts.enums import UserKind
from apps.accounts.models import Membership, User
from apps.accounts.services import confirm_address
from apps.accounts.services.demo import demo_password
from apps.core.crypto import blind_index
from apps.municipality.models import Role, Unit
from apps.portal.seeding import cast
from apps.portal.seeding.ids import synthetic_id

FIRST_DAY = date(2024, 8, 1)
PERSON = "person"


@dataclass(frozen=True)
class People:
    units: dict[str, Unit]
    places: dict[str, Membership]
    citizens: dict[str, User]

    def user(self, key: str) -> User:
        return self.places[key].user if key in self.places else self.citizens[key]


_LETTERS: dict[str, str | int | None] = {"æ": "ae", "ø": "o", "å": "a", " ": "."}
_PLAIN = str.maketrans(_LETTERS)


def make_people() -> People:
    password = make_password(demo_password())
    units = _units()
    roles = {role.key: role for role in Role.objects.all()}
    places = {row.key: _employee(row, units[row.unit], roles[row.role], password) for row in cast.EMPLOYEES}
    citizens = {row.key: _citizen(row, number, password) for number, row in enumerate(cast.CITIZENS)}
    return People(units, places, citizens)


def address_of(name: str) -> str:
    """«Ane Solheim» → «ane.solheim@solvik.example»."""
    return f"{name.lower().translate(_PLAIN)}@solvik.example"


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in cast.PLACES:
        parent = units.get(row.parent)
        unit = Unit.objects.filter(parent=parent, name=row.name).first() or Unit(parent=parent, name=row.name)
        if unit._state.adding:
            unit.kind = row.kind
            unit.switched_on_day = FIRST_DAY if row.is_on else None
            unit.is_external = bool(row.controller)
            unit.controller_name = row.controller
            unit.agreement = "Avtale om samarbeid, 2025" if row.controller else ""
            unit.contact_phone = "00 00 00 03"
            unit.contact_email = address_of(row.name.split(" ")[0])
            unit.save()
        units[row.key] = unit
    return units


def _employee(row: cast.Employee, unit: Unit, role: Role, password: str) -> Membership:
    email = address_of(row.name)
    user = User.objects.filter(email=email, kind=UserKind.EMPLOYEE).first()
    if user is None:
        user = User(email=email, name=row.name, kind=UserKind.EMPLOYEE, password=password, is_demo=True)
        user.demo_note, user.phone = row.note, "00 00 00 03"
        user.save()
    place = Membership.objects.filter(user=user, unit=unit, role=role).first()
    if place is None:
        place = Membership.objects.create(user=user, unit=unit, role=role, title=row.title, first_day=FIRST_DAY)
    return place


def _citizen(row: cast.Citizen, number: int, password: str) -> User:
    email = address_of(row.name)
    user = User.objects.filter(email=email, kind=UserKind.CITIZEN).first()
    if user is None:
        index = blind_index(PERSON, synthetic_id(row.born, number).digits)
        user = User(email=email, name=row.name, kind=UserKind.CITIZEN, password=password, is_demo=True)
        user.national_id_index, user.birth_year, user.demo_note = index, row.born.year, row.note
        user.save()
        confirm_address(user)
    return user
