import datetime

import pytest
from django.db import IntegrityError, transaction

from apps.core.dates import FAR_DAY
from apps.municipality.enums import Right
from tests.factories import (
    make_absence,
    make_citizen,
    make_employee,
    make_leader_role,
    make_membership,
    make_role,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 10, 8)


def test_address_is_unique_among_employees_and_among_citizens():
    make_user(email="kari@solvik.example")
    make_citizen(email="kari@solvik.example")

    for make in (make_user, make_citizen):
        with pytest.raises(IntegrityError), transaction.atomic():
            make(email="KARI@solvik.example ")


def test_many_may_be_without_an_address():
    assert [make_citizen(email="").email, make_citizen(email=None).email] == [None, None]


def test_note_for_the_demo_belongs_to_the_demo():
    with pytest.raises(IntegrityError):
        make_user(demo_note="Holder to logger")


def test_rights_follow_the_places_of_the_day():
    user, unit = make_user(), make_unit()
    make_membership(user, unit, role=make_leader_role(), first_day=DAY, last_day=DAY)
    make_membership(user, unit, role=make_role(), first_day=DAY + datetime.timedelta(1))

    rights = [user.rights_on(DAY + datetime.timedelta(days)) for days in (-1, 0, 1)]

    assert rights == [set(), {Right.EMPLOYEE, Right.LEADER}, {Right.EMPLOYEE}]


@pytest.mark.parametrize("user_fields", [{"is_active": False}, {"kind": "citizen"}])
def test_rights_are_none_for_those_who_are_not_active_employees(user_fields):
    user = make_employee(first_day=DAY, **user_fields)

    assert user.rights_on(DAY) == set()


def test_new_session_round_makes_another_session_hash():
    user = make_user()
    before = user.get_session_auth_hash()

    user.session_round += 1

    assert user.get_session_auth_hash() != before


def test_names_of_a_person():
    user = make_user("Ane Marie Solheim")

    assert [str(user), user.given_name, user.get_full_name(), user.get_short_name()] == [
        "Ane Marie Solheim",
        "Ane",
        "Ane Marie Solheim",
        "Ane",
    ]


def test_days_stand_in_order():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(make_user(), make_unit(), first_day=DAY, last_day=DAY - datetime.timedelta(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_absence(make_user(), first_day=DAY, last_day=DAY - datetime.timedelta(1))


def test_place_and_absence_are_named_by_person_and_days():
    user = make_employee(make_unit("Solbakken barnehage"), name="Ane Solheim")

    absence = make_absence(user, first_day=DAY)

    assert [str(user.membership), str(absence)] == [
        "Ane Solheim – Solbakken barnehage",
        "Ane Solheim 2026-10-08–2026-10-08",
    ]
    assert user.membership.last_day == FAR_DAY
