"""The demo: pick a person. It must not exist anywhere else."""

import json

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts import services
from apps.accounts.checks import no_demo_people
from tests.factories import make_citizen, make_employee, make_unit

pytestmark = pytest.mark.django_db
LOGIN = "/konto/logg-inn/"


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def pick(client, user, **fields):
    return client.post(reverse("accounts:demo_sign_in"), {"person": user.pk, **fields})


def test_picking_a_person_signs_in(client, demo):
    user = make_employee(is_demo=True)

    response = pick(client, user)

    assert (response.url, client.session[SESSION_KEY]) == (reverse("portal:start"), str(user.pk))


def test_picking_another_person_gives_a_new_session(client, demo):
    client.force_login(make_employee(is_demo=True))
    old = client.session.session_key
    other = make_citizen(is_demo=True)

    pick(client, other)

    assert (client.session[SESSION_KEY], client.session.session_key != old) == (str(other.pk), True)


def test_picking_goes_on_to_the_page_asked_for(client, demo):
    user = make_employee(is_demo=True)

    assert pick(client, user, next="/varsler/").url == "/varsler/"


@pytest.mark.parametrize("fields", [{"is_demo": False}, {"is_demo": True, "is_active": False}])
def test_others_cannot_be_picked(client, demo, fields):
    assert pick(client, make_employee(**fields)).status_code == 404


@pytest.mark.parametrize("person", ["", "ingen", "0b5f4d5e-95a5-4f51-9c2d-3c4b8b0f6a11"])
def test_picking_nobody_is_not_found(client, demo, person):
    assert client.post(reverse("accounts:demo_sign_in"), {"person": person}).status_code == 404


def test_nobody_can_be_picked_outside_the_demo(client):
    user = make_employee(is_demo=True)

    response = pick(client, user)

    assert (response.status_code, SESSION_KEY in client.session) == (404, False)


def test_sign_in_page_lists_the_people_of_the_door(client, demo):
    unit = make_unit("Solbakken barnehage")
    make_employee(unit, name="Ane Solheim", title="Pedagogisk leder", is_demo=True, demo_note="Holder to logger")
    make_citizen("Ola Vik", is_demo=True)
    make_employee(unit, name="Ekte Person")

    lines = {
        door: [(p.user.name, p.role, p.unit, p.note) for p in client.get(LOGIN + query).context["demo_people"]]
        for door, query in (("all", ""), ("ansatt", "?dor=ansatt"), ("foreldre", "?dor=foreldre"))
    }

    ane = ("Ane Solheim", "Pedagogisk leder", "Solbakken barnehage", "Holder to logger")
    ola = ("Ola Vik", "Foresatt eller ungdom", "", "")
    assert lines == {"all": [ane, ola], "ansatt": [ane], "foreldre": [ola]}


def test_sign_in_page_begins_with_those_who_show_something(client, demo):
    make_employee(name="Adele Berg", is_demo=True)
    make_employee(name="Ane Solheim", is_demo=True, demo_note="Holder to logger")

    page = client.get(LOGIN).content.decode()

    order = ("Begynn gjerne med en av disse", "Ane Solheim", "De andre", "Adele Berg")
    assert sorted(order, key=page.index) == list(order)


def test_sign_in_page_lists_nobody_outside_the_demo(client):
    make_employee(name="Ane Solheim", is_demo=True)

    response = client.get(LOGIN)

    assert (response.context["demo_people"], "Ane Solheim" in response.content.decode()) == ([], False)


def test_demo_users_are_listed_for_scripts(capsys, demo):
    make_employee(
        make_unit("Solbakken barnehage"), name="Ane Solheim", email="ane@solvik.example", is_demo=True, title="Lærer"
    )

    call_command("demo_users", "--json")

    assert json.loads(capsys.readouterr().out) == [
        {
            "role": "Lærer",
            "name": "Ane Solheim",
            "unit": "Solbakken barnehage",
            "email": "ane@solvik.example",
            "password": services.demo_password(),
            "note": "",
        }
    ]


def test_demo_users_are_listed_for_people(capsys, demo):
    make_employee(name="Ane Solheim", is_demo=True)

    call_command("demo_users")

    head, line = capsys.readouterr().out.splitlines()
    assert head.startswith("role")
    assert "Ane Solheim" in line


def test_demo_users_say_when_there_are_none(demo):
    with pytest.raises(CommandError):
        call_command("demo_users")


def test_there_is_no_demo_password_outside_the_demo():
    with pytest.raises(ImproperlyConfigured):
        services.demo_password()


def test_demo_accounts_stop_a_deployment():
    assert no_demo_people(None) == []

    make_employee(is_demo=True)

    assert [error.id for error in no_demo_people(None)] == ["accounts.E001"]
    assert "accounts.E001" in {error.id for error in run_checks(include_deployment_checks=True)}
