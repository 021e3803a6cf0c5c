"""Who gets a place is told by e-mail how to sign in, and the coordinator when it is one as leader (safety.md S29)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.accounts.services import NewPerson, add_membership, end_person
from apps.core.dates import FAR_DAY
from apps.notifications import services
from apps.notifications.models import Notice
from tests.factories import (
    make_coordinator,
    make_employee,
    make_leader,
    make_leader_role,
    make_municipality,
    make_role,
    make_unit,
)

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "fire ord som ikke rimer"


@pytest.fixture
def unit():
    make_municipality()
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


def give(unit, actor, *, email="ny@solvik.example", role=None, first_day=None, **fields):
    today = timezone.localdate()
    return add_membership(
        NewPerson(email=email, name="Ny Person"),
        unit_id=unit.pk,
        role_id=(role or make_role()).pk,
        first_day=first_day or today,
        last_day=FAR_DAY,
        actor=actor,
        today=today,
        **fields,
    )


def sweep(now=None):
    services.tell_of_places(now=now or timezone.now())
    return services.sweep_outbox(now=now or timezone.now())


def link_in(message) -> str:
    return re.search(r"https?://\S+?(/konto/passord/nytt/\S+/)", message.get_content())[1]


def path_of_form(client, link) -> str:
    """Where the link leads, and what has the form there."""
    return client.get(link, follow=True).redirect_chain[-1][0]


def test_new_employee_makes_a_password_by_the_link_once(client, smtp, unit, leader):
    user = give(unit, leader).user

    assert sweep() == 1
    (message,) = smtp.messages
    link = link_in(message)
    for _look in range(2):  # a scanner of links opens it first: nothing is spent
        form = path_of_form(client, link)
    password = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(form, password).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)

    client.logout()
    again = client.get(link, follow=True)
    assert "Lenken virker ikke lenger" in again.content.decode()


def test_email_names_no_unit_role_or_person_and_its_link_runs_out(client, smtp, unit, leader, settings):
    give(unit, leader)
    sweep()

    (message,) = smtp.messages
    text = message["Subject"] + message.get_content()
    for hidden in ("Solbakken", "Lars", "Ny Person"):
        assert hidden not in text
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT, hours=2)):
        page = client.get(link_in(message), follow=True).content.decode()
        assert re.search(r"<h1>(.*?)</h1>", page)[1] == "Lenken virker ikke lenger"


def test_only_the_person_is_told_that_there_was_an_account(client, smtp, unit, leader):
    known = make_employee(name="Ny Person", email="kjent@solvik.example")
    known.set_password(NEW_PASSWORD)
    known.save()
    client.force_login(leader)
    told = {}
    for email in ("kjent@solvik.example", "ny@solvik.example"):
        today = timezone.localdate().isoformat()
        entries = {"email": email, "name": "Ny Person", "role": str(make_role().pk), "first_day": today}
        page = client.post(reverse("accounts:add", args=[unit.pk]), entries, follow=True)
        told[email] = [str(message) for message in page.context["messages"]]

    sweep()

    texts = {message["To"]: message.get_content() for message in smtp.messages}
    assert told["kjent@solvik.example"] == told["ny@solvik.example"]
    assert "Du har en bruker fra før" in texts["kjent@solvik.example"]
    assert "/passord/nytt/" not in texts["kjent@solvik.example"]
    assert "Lag et passord her" in texts["ny@solvik.example"]


def test_each_place_is_told_of_once_also_when_the_sweeper_was_away(smtp, unit, leader):
    give(unit, leader)

    later = timezone.now() + timedelta(days=2)
    assert [sweep(later), sweep(later + timedelta(minutes=1))] == [1, 0]
    assert Notice.objects.filter(kind="place_given").count() == 1


def test_place_that_was_taken_back_is_not_told_of(smtp, unit, leader):
    place = give(unit, leader, first_day=timezone.localdate() + timedelta(days=5))
    yesterday = timezone.localdate() - timedelta(days=1)
    end_person(place.user_id, last_day=yesterday, actor=leader, today=timezone.localdate())

    assert sweep() == 0


def test_place_that_nobody_gave_is_not_told_of(smtp, unit):
    make_employee(unit)

    assert sweep() == 0


def test_coordinator_is_told_of_a_new_leader_but_not_who_gave_the_role(smtp, unit):
    giver, other = make_coordinator(unit, email="a@solvik.example"), make_coordinator(unit, email="b@solvik.example")
    leading = make_leader_role()

    new = give(unit, giver, role=leading)
    give(unit, giver, email="laerer@solvik.example")
    sweep()

    told = Notice.objects.filter(kind="leader_added").values_list("recipient", "url_name", "object_id")
    assert list(told) == [(other.pk, "accounts:person", new.user_id)]
    assert "Ny Person" not in "".join(message.get_content() for message in smtp.messages)
