import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from apps.accounts import selectors
from apps.accounts.selectors import StaffLabel
from apps.municipality.enums import Right
from tests.factories import (
    make_absence,
    make_coordinator,
    make_employee,
    make_leader,
    make_membership,
    make_municipality,
    make_role,
    make_unit,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 8)


def days(number):
    return TODAY + datetime.timedelta(number)


def request_of(user, **session):
    request = RequestFactory().get("/")
    request.user = user
    request.session = SessionStore()
    request.session.update(session)
    return request


def test_active_membership_is_the_first_until_another_is_chosen():
    user = make_employee(first_day=days(-10))
    second = make_membership(user, make_unit(), first_day=days(-5))

    chosen = [
        selectors.active_membership(request_of(user, **session))
        for session in ({}, {selectors.SESSION_PLACE: str(second.pk)}, {selectors.SESSION_PLACE: "borte"})
    ]

    assert chosen == [user.membership, second, user.membership]


def test_place_that_has_ended_is_no_longer_active():
    user = make_employee()
    ended = make_membership(user, make_unit(), last_day=days(-1))

    assert selectors.active_membership(request_of(user, **{selectors.SESSION_PLACE: str(ended.pk)})) == user.membership


def test_visitor_has_no_places():
    request = request_of(AnonymousUser())

    assert (selectors.places(request), selectors.active_membership(request)) == ([], None)


@pytest.mark.parametrize(
    ("show_names", "protected", "label"),
    [
        (True, False, StaffLabel("Ane Solheim", "Pedagogisk leder, Solbakken barnehage")),
        (True, True, StaffLabel("Ansatt", "Solbakken barnehage")),
        (False, False, StaffLabel("Ansatt", "Solbakken barnehage")),
        (False, True, StaffLabel("Ansatt", "Solbakken barnehage")),
    ],
)
def test_staff_label_shows_the_name_only_when_both_allow_it(show_names, protected, label):
    unit = make_unit("Solbakken barnehage")
    user = make_employee(unit, name="Ane Solheim", title="Pedagogisk leder", protected_identity=protected)

    assert selectors.staff_label(user, user.membership, show_names=show_names) == label


def test_staff_label_without_a_place():
    shown, hidden = make_employee(name="Ane Solheim"), make_employee(protected_identity=True)

    labels = [selectors.staff_label(user, None, show_names=True) for user in (shown, hidden)]

    assert labels == [StaffLabel("Ane Solheim", ""), StaffLabel("Ansatt", "")]


def test_public_name_follows_the_municipality():
    user = make_employee(make_unit("Solbakken barnehage"), name="Ane Solheim")

    names = [
        selectors.public_name(user, user.membership, make_municipality(show_staff_names=shown))
        for shown in (True, False)
    ]

    assert names == ["Ane Solheim", "Ansatt, Solbakken barnehage"]


def test_units_for_the_staff_list_count_people_of_today():
    unit = make_unit("Solbakken")
    leader = make_leader(unit)
    make_employee(unit)
    make_membership(leader, unit, role=make_role())
    make_employee(unit, last_day=days(-1))
    make_unit("Fjordgløtt")

    units = selectors.units_for_staff_list(leader, TODAY)

    assert [(each.name, each.people_count) for each in units] == [("Solbakken", 2)]


def test_units_for_the_staff_list_are_in_norwegian_order_and_not_closed():
    coordinator = make_coordinator(make_unit("Solvik kommune", kind="kommune"))
    for name in ("Ås", "Ørnes", "Ærlig", "Berg"):
        make_unit(name)
    make_unit("Nedlagt", last_day=days(-1))

    units = selectors.units_for_staff_list(coordinator, TODAY)

    assert [unit.name for unit in units] == ["Berg", "Solvik kommune", "Ærlig", "Ørnes", "Ås"]


@pytest.mark.parametrize("number", [1, 30])
def test_staff_of_a_unit_takes_two_queries(number, django_assert_num_queries):
    unit = make_unit()
    for _each in range(number):
        make_absence(make_employee(unit), first_day=TODAY)
    make_employee(unit, last_day=days(-1))

    with django_assert_num_queries(2):
        staff = selectors.staff_of(unit, TODAY)
        seen = [(place.user.name, place.role.name, len(place.user.coming_absences)) for place in staff]

    assert (len(seen), {row[2] for row in seen}) == (number, {1})


def test_person_of_the_staff_list_shows_only_the_places_one_looks_after():
    here, elsewhere = make_unit(), make_unit()
    leader, user = make_leader(here), make_employee(here)
    make_membership(user, elsewhere)
    make_absence(user, first_day=days(-9), last_day=days(-1))
    coming = make_absence(user, first_day=days(3))

    person = selectors.person_for_staff_list(leader, user.pk, TODAY)

    assert (person, person.places, person.coming_absences) == (user, [user.membership], [coming])


def test_person_elsewhere_or_gone_is_nobody():
    leader = make_leader()
    gone = make_employee(leader.membership.unit, last_day=days(-1))

    assert [selectors.person_for_staff_list(leader, user.pk, TODAY) for user in (make_employee(), gone)] == [None, None]


def test_roles_to_give_are_those_the_actor_may_give():
    leader = make_leader()
    make_role("bti-koordinator", rights=(Right.COORDINATOR,))
    make_role()

    roles = selectors.roles_to_give(leader, leader.membership.unit, TODAY)

    assert [role.key for role in roles] == ["ansatt", "styrer"]


def test_away_on_the_days_both_included():
    user = make_employee()
    absence = make_absence(user, first_day=TODAY, last_day=days(2))

    assert [selectors.is_away(user, days(number)) for number in (-1, 0, 2, 3)] == [False, True, True, False]
    assert list(selectors.absences_on(days(1))) == [absence]
    spans = [(-2, -1), (-2, 0), (1, 1), (2, 9), (3, 9)]
    away = [selectors.away_between([user.pk], days(first), days(last)) for first, last in spans]
    assert away == [set(), {user.pk}, {user.pk}, {user.pk}, set()]
