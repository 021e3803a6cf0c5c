"""People and places for the tests. Dull defaults: whatever a test is about is written in the test."""

import datetime
from itertools import count

from django.utils import timezone

from apps.accounts.enums import UserKind
from apps.accounts.models import Absence, Membership, User
from apps.core.dates import FAR_DAY
from apps.municipality.enums import Right, UnitKind
from apps.municipality.models import Municipality, Role, Unit

LONG_AGO = datetime.date(2020, 1, 1)
_numbers = count(1)


def make_municipality(**fields):
    """The one settings row, with these settings."""
    row = Municipality.objects.first() or Municipality(
        name="Solvik kommune", model_name={"nb": "Bedre tverrfaglig innsats"}, languages=["nb", "nn", "en"]
    )
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def make_unit(name=None, *, kind=UnitKind.KINDERGARTEN, parent=None, switched_on_day=LONG_AGO, **fields):
    """A unit that takes part since long ago."""
    return Unit.objects.create(
        name=name or f"Enhet {next(_numbers)}", kind=kind, parent=parent, switched_on_day=switched_on_day, **fields
    )


def make_role(key="ansatt", *, name="Ansatt", rights=(Right.EMPLOYEE,)):
    """The role with this key; made the first time."""
    role, _ = Role.objects.get_or_create(
        key=key, defaults={"name": {"nb": name}, "rights": [str(right) for right in rights]}
    )
    return role


def make_leader_role():
    return make_role("styrer", name="Styrer", rights=(Right.EMPLOYEE, Right.LEADER))


def make_coordinator_role():
    return make_role("bti-koordinator", name="BTI-koordinator", rights=(Right.EMPLOYEE, Right.COORDINATOR))


def make_user(name=None, *, kind=UserKind.EMPLOYEE, **fields):
    """A user without a place; `email` is given when missing."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@solvik.example")
    return User.objects.make(name=name or f"Person {number}", kind=kind, **fields)


def make_membership(user, unit, *, role=None, first_day=LONG_AGO, last_day=FAR_DAY, title=""):
    return Membership.objects.create(
        user=user, unit=unit, role=role or make_role(), first_day=first_day, last_day=last_day, title=title
    )


def make_employee(unit=None, *, role=None, first_day=LONG_AGO, last_day=FAR_DAY, title="", **user_fields):
    """An employee with one place; the place is also `user.membership`."""
    user = make_user(**user_fields)
    user.membership = make_membership(
        user, unit or make_unit(), role=role, first_day=first_day, last_day=last_day, title=title
    )
    return user


def make_leader(unit=None, **fields):
    return make_employee(unit, role=make_leader_role(), **fields)


def make_coordinator(unit=None, **fields):
    unit = unit or make_unit(f"Kommune {next(_numbers)}", kind=UnitKind.MUNICIPALITY)
    return make_employee(unit, role=make_coordinator_role(), **fields)


def make_citizen(name=None, **fields):
    """A guardian or a youth."""
    return make_user(name, kind=UserKind.CITIZEN, **fields)


def make_absence(user, *, first_day=None, last_day=None, recorded_by=None):
    """Away today, unless other days are given."""
    first_day = first_day or timezone.localdate()
    return Absence.objects.create(
        user=user,
        first_day=first_day,
        last_day=last_day or first_day,
        recorded_by=recorded_by or user,
    )
