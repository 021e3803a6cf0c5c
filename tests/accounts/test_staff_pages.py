"""The staff list as a leader and the coordinator use it, and as others meet it."""

import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Membership, User
from apps.accounts.selectors import roles_to_give
from apps.core.dates import FAR_DAY
from apps.municipality.enums import UnitKind
from tests.factories import (
    make_absence,
    make_citizen,
    make_coordinator,
    make_employee,
    make_leader,
    make_leader_role,
    make_membership,
    make_municipality,
    make_role,
    make_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _municipality():
    make_municipality()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def in_days(number):
    return timezone.localdate() + datetime.timedelta(number)


def url_of(name, thing=None):
    return reverse(f"accounts:{name}", args=[thing.pk] if thing else [])


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


def test_leader_of_one_unit_goes_straight_to_it(leader, unit):
    assert signed_in(leader).get(url_of("people")).url == url_of("unit", unit)


def test_coordinator_sees_every_unit(unit):
    coordinator = make_coordinator(make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY))

    units = signed_in(coordinator).get(url_of("people")).context["units"]

    assert [each.name for each in units] == ["Solbakken barnehage", "Solvik kommune"]


@pytest.mark.parametrize("make", [make_employee, make_citizen])
def test_others_have_no_staff_list(make):
    assert signed_in(make()).get(url_of("people")).status_code == 403


def test_unit_lists_its_people(leader, unit):
    make_employee(unit, name="Ane Solheim", title="Pedagogisk leder", last_day=in_days(10))
    make_employee(unit, name="Mona Lie", first_day=in_days(5))
    hidden = make_employee(unit, name="Skjult Navn", protected_identity=True)
    make_absence(hidden)
    make_employee(unit, name="Sluttet Person", last_day=in_days(-1))

    page = signed_in(leader).get(url_of("unit", unit)).content.decode()

    for text in ("Ane Solheim", "Pedagogisk leder", "Til og med", "Mona Lie", "Skjult Navn", "Navnet vises aldri"):
        assert text in page
    assert "Sluttet Person" not in page


def test_empty_unit_says_so():
    empty = make_unit()
    coordinator = make_coordinator()

    assert "Ingen ansatte er lagt inn" in signed_in(coordinator).get(url_of("unit", empty)).content.decode()


def test_unit_of_another_leader_is_not_found(leader):
    other = make_unit()

    statuses = [signed_in(leader).get(url_of(name, other)).status_code for name in ("unit", "add")]

    assert statuses == [404, 404]


def entries_of_a_new_person(client, unit, **fields):
    key = client.get(url_of("add", unit)).context["form"]["form_key"].value()
    return {
        "form_key": key,
        "email": "ane@solvik.example",
        "name": "Ane Solheim",
        "role": str(make_role().pk),
        "title": "Lærer",
        "first_day": in_days(0).isoformat(),
        "last_day": "",
    } | fields


def test_leader_adds_a_person_once_also_when_sent_twice(leader, unit):
    make_role()
    client = signed_in(leader)
    entries = entries_of_a_new_person(client, unit)

    urls = {client.post(url_of("add", unit), entries).url for _time in range(2)}

    user = User.objects.get(email="ane@solvik.example")
    assert urls == {url_of("person", user)}
    assert [(p.unit, p.title, p.last_day) for p in user.memberships.all()] == [(unit, "Lærer", FAR_DAY)]


def test_person_who_is_there_already_is_explained(leader, unit):
    make_employee(unit, email="ane@solvik.example")
    client = signed_in(leader)

    response = client.post(url_of("add", unit), entries_of_a_new_person(client, unit))

    assert (response.status_code, len(response.context["form"].non_field_errors())) == (422, 1)


def test_leader_is_offered_no_role_above_her_own(leader, unit):
    make_role()
    make_coordinator()

    choices = signed_in(leader).get(url_of("add", unit)).context["form"].fields["role"].choices

    assert [label for _value, label in choices] == ["Ansatt", "Styrer"]


def test_role_of_a_leader_is_asked_about_twice(leader, unit):
    client, styrer = signed_in(leader), make_leader_role()
    entries = entries_of_a_new_person(client, unit, role=str(styrer.pk))

    once = client.post(url_of("add", unit), entries)
    mixed = client.post(url_of("add", unit), entries | {"role": str(make_role().pk), "leads": "on"})

    assert [response.status_code for response in (once, mixed)] == [422, 422]
    assert "Kryss av for at personen skal lede enheten" in once.content.decode()
    assert not User.objects.filter(email="ane@solvik.example").exists()
    assert client.post(url_of("add", unit), entries | {"leads": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (UnitKind.KINDERGARTEN, ["ansatt", "bti-koordinator", "styrer"]),
        (UnitKind.SCHOOL, ["ansatt", "bti-koordinator", "rektor"]),
        (UnitKind.PPT, ["ansatt", "bti-koordinator", "tjenesteleder"]),
        (UnitKind.SECTOR, ["ansatt", "bti-koordinator", "kommunalsjef"]),
    ],
)
def test_roles_offered_fit_the_kind_of_unit(kind, keys):
    for key in ("ansatt", "styrer", "rektor", "tjenesteleder", "kommunalsjef"):
        make_role(key, name=key)
    coordinator = make_coordinator()

    assert [role.key for role in roles_to_give(coordinator, make_unit(kind=kind), in_days(0))] == keys


def test_person_page_hides_and_shows_the_name(leader, unit):
    user = make_employee(unit)
    client = signed_in(leader)

    for sent, stored in (({"protected": "on"}, True), ({}, False)):
        response = client.post(url_of("person", user), sent)
        user.refresh_from_db()
        assert (response.url, user.protected_identity) == (url_of("person", user), stored)


def test_own_person_page_offers_no_change(leader):
    client = signed_in(leader)

    page = client.get(url_of("person", leader)).content.decode()
    hidden = client.post(url_of("person", leader), {"protected": "on"})

    assert (url_of("end_person", leader) in page, hidden.status_code) == (False, 403)


def test_people_elsewhere_are_not_found(leader):
    other = make_employee()
    client = signed_in(leader)

    statuses = [client.get(url_of(name, other)).status_code for name in ("person", "end_person")]
    place = client.get(url_of("end_place", other.membership)).status_code

    assert [*statuses, place] == [404] * 3


def test_last_day_of_a_place_is_set(leader, unit):
    user = make_employee(unit)
    client = signed_in(leader)

    client.get(url_of("end_place", user.membership))
    wrong = client.post(url_of("end_place", user.membership), {"last_day": "2001-01-01"})
    right = client.post(url_of("end_place", user.membership), {"last_day": in_days(3).isoformat()})

    assert (list(wrong.context["form"].errors), right.url) == (["last_day"], url_of("unit", unit))
    assert Membership.objects.get(pk=user.membership.pk).last_day == in_days(3)


def test_old_choice_sent_again_does_not_take_the_protection_away(leader, unit):
    user = make_employee(unit)
    client, url, first = signed_in(leader), url_of("person", user), {"form_key": str(uuid4())}

    client.post(url, first)
    client.post(url, {"form_key": str(uuid4()), "protected": "on"})
    again = client.post(url, first)

    user.refresh_from_db()
    assert (again.status_code, user.protected_identity) == (302, True)


def test_last_day_sent_twice_is_noted_once(leader, unit):
    place = make_employee(unit).membership
    client, sent = signed_in(leader), {"last_day": in_days(3).isoformat(), "form_key": str(uuid4())}

    answers = [client.post(url_of("end_place", place), sent).url for _press in range(2)]

    assert (answers, place.history.count()) == ([url_of("unit", unit)] * 2, 2)


def test_person_leaves(leader, unit):
    user = make_employee(unit)
    client = signed_in(leader)

    client.get(url_of("end_person", user))
    wrong = client.post(url_of("end_person", user), {"last_day": "2001-01-01"})
    right = client.post(url_of("end_person", user), {"last_day": in_days(3).isoformat()})
    user.refresh_from_db()

    assert (list(wrong.context["form"].errors), right.url, user.last_day) == (
        ["last_day"],
        url_of("people"),
        in_days(3),
    )


def test_person_with_a_place_elsewhere_is_not_ended_by_the_leader(leader, unit):
    user = make_employee(unit)
    make_membership(user, make_unit())

    response = signed_in(leader).post(url_of("end_person", user), {"last_day": in_days(3).isoformat()})

    assert (response.status_code, "annen enhet" in response.content.decode()) == (403, True)
