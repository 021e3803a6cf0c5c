import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts import access
from apps.core.errors import AccessDenied
from apps.municipality.enums import Right, UnitKind
from tests.factories import (
    make_citizen,
    make_coordinator,
    make_employee,
    make_leader,
    make_leader_role,
    make_membership,
    make_role,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 8)


def allowed(check, *args):
    try:
        check(*args, TODAY)
    except AccessDenied:
        return False
    return True


@pytest.fixture
def tree():
    """Municipality, a sector, and two kindergartens under it."""
    root = make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY)
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=root)
    return root, sector, make_unit("Solbakken", parent=sector), make_unit("Fjordgløtt", parent=sector)


def test_current_memberships_are_those_of_today():
    user, unit = make_user(), make_unit()
    make_membership(user, unit, last_day=TODAY - datetime.timedelta(1))
    now = make_membership(user, unit, first_day=TODAY, last_day=TODAY)
    make_membership(user, unit, first_day=TODAY + datetime.timedelta(1))

    assert list(access.current_memberships(user, TODAY)) == [now]


def test_current_memberships_are_none_for_others():
    assert [
        list(access.current_memberships(user, TODAY))
        for user in (AnonymousUser(), make_citizen(), make_employee(is_active=False))
    ] == [[], [], []]


def test_rights_are_asked_by_right():
    leader = make_leader()

    assert [access.has_right(leader, right, TODAY) for right in (Right.LEADER, Right.COORDINATOR)] == [True, False]
    assert access.has_right(AnonymousUser(), Right.LEADER, TODAY) is False


def test_leader_leads_and_staffs_the_units_below(tree):
    root, sector, solbakken, fjordglott = tree
    director, head, teacher = make_leader(sector), make_leader(solbakken), make_employee(solbakken)

    assert set(access.units_led_by(director, TODAY)) == {sector, solbakken, fjordglott}
    assert list(access.staffed_by(head, TODAY)) == [solbakken]
    assert list(access.staffed_by(teacher, TODAY)) == []


def test_coordinator_staffs_every_unit_and_leads_none(tree):
    coordinator = make_coordinator(tree[0])

    assert set(access.staffed_by(coordinator, TODAY)) == set(tree)
    assert list(access.units_led_by(coordinator, TODAY)) == []


def test_leaders_of_a_unit_are_its_own_else_those_above(tree):
    root, sector, solbakken, fjordglott = tree
    director, head = make_leader(sector), make_leader(solbakken)
    make_leader(fjordglott, last_day=TODAY - datetime.timedelta(1))

    assert [row.user for row in access.leaders_of(solbakken, TODAY)] == [head]
    assert [row.user for row in access.leaders_of(fjordglott, TODAY)] == [director]
    assert access.leaders_of(root, TODAY) == []


def test_leader_gives_no_right_that_is_not_her_own(tree):
    root, sector, solbakken, fjordglott = tree
    head = make_leader(solbakken)
    employee, leader = make_role(), make_leader_role()
    coordinator = make_role("bti-koordinator", rights=(Right.COORDINATOR,))

    gives = [
        allowed(access.check_can_give, head, role, unit)
        for role, unit in ((employee, solbakken), (leader, solbakken), (coordinator, solbakken), (employee, fjordglott))
    ]

    assert gives == [True, True, False, False]


def test_right_from_another_unit_is_not_given_here(tree):
    root, sector, solbakken, fjordglott = tree
    head = make_leader(solbakken)
    flow = make_role("flyt", rights=(Right.FLOW,))
    make_membership(head, fjordglott, role=flow)

    assert allowed(access.check_can_give, head, flow, solbakken) is False


def test_coordinator_gives_any_role(tree):
    coordinator = make_coordinator(tree[0])

    assert allowed(access.check_can_give, coordinator, make_leader_role(), tree[3]) is True


def test_nobody_changes_their_own_place(tree):
    head = make_leader(tree[2])

    with pytest.raises(AccessDenied):
        access.check_not_own(head, head)


def test_person_is_ended_by_a_leader_of_every_place_or_the_coordinator(tree):
    root, sector, solbakken, fjordglott = tree
    director, head, coordinator = make_leader(sector), make_leader(solbakken), make_coordinator(root)
    here = make_employee(solbakken)
    both = make_employee(solbakken)
    make_membership(both, fjordglott)
    nowhere = make_user()

    verdicts = {
        name: [allowed(access.check_can_end_person, actor, user) for user in (here, both, nowhere)]
        for name, actor in (("director", director), ("head", head), ("coordinator", coordinator))
    }

    assert verdicts == {
        "director": [True, True, False],
        "head": [True, False, False],
        "coordinator": [True, True, True],
    }


def test_absence_is_recorded_by_oneself_or_those_who_look_after_one(tree):
    root, sector, solbakken, fjordglott = tree
    teacher = make_employee(solbakken)
    actors = [
        teacher,
        make_leader(solbakken),
        make_coordinator(root),
        make_leader(fjordglott),
        make_employee(solbakken),
    ]

    verdicts = [allowed(access.check_can_record_absence, actor, teacher) for actor in actors]

    assert verdicts == [True, True, True, False, False]


def test_citizen_is_never_away_from_work():
    citizen = make_citizen()

    assert allowed(access.check_can_record_absence, citizen, citizen) is False
