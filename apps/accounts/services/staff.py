"""The staff list: who has which place, from when, until when."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import access, rules
from apps.accounts.enums import UserKind
from apps.accounts.models import Absence, Membership, User
from apps.accounts.services.people import leave
from apps.core.dates import FAR_DAY
from apps.core.errors import RuleBroken
from apps.core.models import lock
from apps.municipality.enums import Right, UnitKind
from apps.municipality.models import Role, Unit
from apps.municipality.selectors import settings_row, units_below

# The role of that key in fixtures/municipality.json.
COORDINATOR_KEY = "bti-koordinator"


@dataclass(frozen=True)
class NewPerson:
    """The person a place is for: the work address decides who it is; the name is used when the person is new here."""

    email: str
    name: str


@transaction.atomic
def add_membership(
    person: NewPerson,
    *,
    unit_id: UUID,
    role_id: UUID | str,
    first_day: date,
    actor: User,
    today: date,
    last_day: date = FAR_DAY,
    title: str = "",
) -> Membership:
    """Give an employee a place. A person who is new here gets a user without a password; one who had left is back.

    Raises `AccessDenied`, or `RuleBroken` («already_there»: the person has the role in the unit on some of the days).
    """
    unit = lock(Unit, unit_id)
    role = Role.objects.get(pk=role_id)
    access.check_can_give(actor, role, unit, today)
    user = _employee_with(person)
    access.check_not_own(actor, user)
    rules.check_can_join(user, unit, today=today)
    rules.check_first_and_last(first_day, last_day)
    same = Membership.objects.filter(user=user, unit=unit, role=role, first_day__lte=last_day, last_day__gte=first_day)
    if same.exists():
        raise RuleBroken("already_there", _("Personen har allerede denne rollen i enheten."))
    if user.last_day < last_day or not user.is_active:
        user.last_day, user.is_active = FAR_DAY, True
        user.save(update_fields=["last_day", "is_active"])
    place = Membership(user=user, unit=unit, role=role, title=title, first_day=first_day, last_day=last_day)
    place._history_user = actor
    place.save()
    return place


def _employee_with(person: NewPerson) -> User:
    email = person.email.strip().lower()
    found = User.objects.select_for_update().filter(email=email, kind=UserKind.EMPLOYEE).first()
    return found or User.objects.make(email=email, name=person.name.strip(), kind=UserKind.EMPLOYEE)


@transaction.atomic
def end_membership(membership_id: UUID, *, last_day: date, actor: User, today: date) -> Membership:
    """Set the last day of a place; yesterday ends it at once. Logs held from it pass to the unit's leader (S21).

    Raises `AccessDenied`, `RuleBroken` (also when no coordinator, or no leader of a unit in use, would be left).
    """
    place = lock(Membership.objects.select_related("user", "unit", "role"), membership_id)
    access.check_staffs(actor, place.unit, today)
    access.check_not_own(actor, place.user)
    rules.check_can_end(place, last_day=last_day, today=today)
    _check_coordinator_remains([place], last_day)
    _check_leader_remains([place], last_day)
    _end(place, last_day, actor, today)
    return place


@transaction.atomic
def end_person(user_id: UUID, *, last_day: date, actor: User, today: date) -> User:
    """The person leaves: every place ends with the day, coming ones fall away, and nobody signs in after it.

    Yesterday means at once, and ends every session. Absences after the day fall away. Safe to repeat. Raises
    `AccessDenied`, `RuleBroken` (also when no coordinator would be left).
    """
    user = lock(User, user_id)
    access.check_can_end_person(actor, user, today)
    rules.check_last_day(last_day, today=today)
    places = list(Membership.objects.filter(user=user, last_day__gt=last_day).select_related("role", "unit"))
    _check_coordinator_remains(places, last_day)
    _check_leader_remains(places, last_day)
    for place in places:
        _end(place, last_day, actor, today)
    for absence in Absence.objects.filter(user=user, first_day__gt=last_day):
        absence._history_user = actor
        absence.delete()
    leave(user, last_day=last_day, today=today)
    return user


@transaction.atomic
def end_places_in(unit: Unit, *, last_day: date, actor: User, today: date) -> int:
    """Every place in a unit that closes ends with its last day; coming ones fall away. Returns how many.

    Raises `AccessDenied`, `RuleBroken`.
    """
    access.check_staffs(actor, unit, today)
    places = list(Membership.objects.filter(unit=unit, last_day__gt=last_day).select_related("role"))
    _check_coordinator_remains(places, last_day)
    for place in places:
        _end(place, last_day, actor, today)
    return len(places)


def _end(place: Membership, last_day: date, actor, today: date) -> None:
    place._history_user = actor
    if place.first_day > max(last_day, today):
        place.delete()
        return
    place.last_day = max(last_day, place.first_day)
    place.save(update_fields=["last_day"])


def _check_coordinator_remains(ending, last_day: date) -> None:
    if not any(place.role.has(Right.COORDINATOR) for place in ending):
        return
    others = Membership.objects.exclude(pk__in=[place.pk for place in ending]).filter(
        user__is_active=True, user__last_day__gt=last_day, last_day__gt=last_day
    )
    rules.check_coordinator_remains(others.select_related("role"), day=last_day)


def _check_leader_remains(ending, last_day: date) -> None:
    """No unit in use is left without a leader there or above: whoever leaves a log would leave it to nobody (S21)."""
    led = [place.unit.path for place in ending if place.role.has(Right.LEADER)]
    if not led:
        return
    others = Membership.objects.exclude(pk__in=[place.pk for place in ending]).filter(
        user__is_active=True,
        user__last_day__gt=last_day,
        first_day__lte=last_day + timedelta(days=1),
        last_day__gt=last_day,
    )
    leading = [place.unit.path for place in others.select_related("role", "unit") if place.role.has(Right.LEADER)]
    in_use = units_below(led).filter(switched_on_day__isnull=False, last_day__gt=last_day).order_by("name", "pk")
    rules.check_leader_remains([unit for unit in in_use if not any(unit.path.startswith(path) for path in leading)])


@transaction.atomic
def add_first_coordinator(person: NewPerson, *, today: date) -> Membership:
    """The way in to a new installation, run from the server. Refused once there is a coordinator.

    Raises `RuleBroken` (`not_set_up`, `has_coordinator`).
    """
    municipality = settings_row()
    current = Membership.objects.filter(last_day__gte=today, user__is_active=True).select_related("role")
    role = Role.objects.filter(key=COORDINATOR_KEY).first()
    if municipality._state.adding or not municipality.name or role is None:
        raise RuleBroken("not_set_up", _("Kjør «manage.py start_municipality» først."))
    if any(place.role.has(Right.COORDINATOR) for place in current):
        raise RuleBroken("has_coordinator", _("Kommunen har allerede en koordinator, som legger til andre i portalen."))
    root = Unit.objects.filter(kind=UnitKind.MUNICIPALITY).first()
    if root is None:
        root = Unit.objects.create(kind=UnitKind.MUNICIPALITY, name=municipality.name)
    return Membership.objects.create(user=_employee_with(person), unit=root, role=role, first_day=today)
