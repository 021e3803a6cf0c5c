"""A guardian writes her own address. Opening the link does nothing, and nobody learns who has an address."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from tests.factories import make_citizen, make_employee, make_municipality

PAGE = "/konto/e-post/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town():
    cache.clear()
    make_municipality()


@pytest.fixture
def kari(client):
    user = make_citizen("Kari Foss", email=None)
    User.objects.filter(pk=user.pk).update(email=None)
    client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    return user


def address_of(user):
    return User.objects.get(pk=user.pk).email


def link_in(message):
    return re.search(r"http://[^/\s]+(/konto/e-post/\S+)", message.body)[1]


def test_address_is_hers_after_a_press_and_not_by_opening_the_link(client, kari):
    asked = client.post(PAGE, {"email": "Kari@Solvik.example"})
    link, scanner = link_in(mail.outbox[0]), Client()
    opened = scanner.get(link)
    before = address_of(kari)
    pressed = scanner.post(link)

    assert (asked.status_code, mail.outbox[0].to, opened.status_code) == (200, ["kari@solvik.example"], 200)
    assert (before, pressed.status_code, address_of(kari)) == (None, 200, "kari@solvik.example")


def test_page_behind_the_link_says_nothing_of_whose_it_is(client, kari):
    client.post(PAGE, {"email": "kari@solvik.example"})

    page = Client().get(link_in(mail.outbox[0])).content.decode()

    assert [word in page for word in ("Kari", "kari@", "Foss")] == [False, False, False]


def test_address_of_another_is_told_to_the_address_alone(client, kari):
    make_citizen("Per Foss", email="per@solvik.example")
    free = client.post(PAGE, {"email": "kari@solvik.example"}).content.decode()
    taken = client.post(PAGE, {"email": "per@solvik.example"}).content.decode()

    def plain(page):
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)

    assert plain(free) == plain(taken)
    assert ["en annen har den alt" in message.body for message in mail.outbox] == [False, True]
    assert "/konto/e-post/" not in mail.outbox[1].body


def test_employee_may_have_the_same_address(client, kari):
    make_employee(email="kari@solvik.example")
    client.post(PAGE, {"email": "kari@solvik.example"})

    Client().post(link_in(mail.outbox[0]))

    assert address_of(kari) == "kari@solvik.example"


@pytest.mark.parametrize("token", ["x", "a:b:c", "\N{LATIN SMALL LETTER AE}"])
def test_wrong_link_does_nothing(kari, token):
    answers = [Client().get(f"{PAGE}{token}/").status_code, Client().post(f"{PAGE}{token}/").status_code]

    assert (answers, address_of(kari)) == ([410, 410], None)


def test_link_is_over_after_three_days_and_when_another_was_used(client, kari):
    client.post(PAGE, {"email": "gammel@solvik.example"})
    client.post(PAGE, {"email": "ny@solvik.example"})
    first, second = (link_in(message) for message in mail.outbox)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=3, seconds=1)):
        late = Client().post(first).status_code
    used = [Client().post(link).status_code for link in (second, first, second)]

    assert (late, used, address_of(kari)) == (410, [200, 410, 200], "ny@solvik.example")


def test_address_that_somebody_took_meanwhile_is_not_taken(client, kari):
    client.post(PAGE, {"email": "kari@solvik.example"})
    make_citizen(email="kari@solvik.example")

    assert (Client().post(link_in(mail.outbox[0])).status_code, address_of(kari)) == (410, None)


def test_page_is_for_families(client):
    client.force_login(make_employee(), backend="apps.accounts.adapters.PortalBackend")

    assert client.get(PAGE).status_code == 404
