"""Who sits down at an open screen signs no exception and takes no copy: the person shows again who it is."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_employee, make_leader, make_municipality
from tests.stafettlogg.factories import make_log

PASSWORD = "fire ord som passer"
PROVE = "/konto/bekreft/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def holder():
    make_municipality()
    return make_employee(make_leader().membership.unit, email="ane@solvik.example", password=PASSWORD)


def at_ten_past():
    return time_machine.travel(timezone.now() + datetime.timedelta(minutes=10))


def signed_in(user):
    client = Client()
    client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    return client


def address_of_summary(log):
    return reverse("stafettlogg:summary_pdf", args=[log.pk])


def test_copy_is_asked_for_after_ten_minutes_and_not_before(holder):
    log = make_log(holder=holder)
    client, page = signed_in(holder), address_of_summary(log)

    before = client.get(page)
    with at_ten_past():
        asked = client.get(page)
        wrong = client.post(PROVE, {"next": page, "password": "feil"})
        right = client.post(PROVE, {"next": page, "password": PASSWORD})
        after = client.get(page)

    assert (before.status_code, asked.url, wrong.status_code) == (200, f"{PROVE}?next={page.replace('/', '%2F')}", 422)
    assert (right.url, after.status_code, after.headers["Content-Type"]) == (page, 200, "application/pdf")


def test_log_that_is_not_hers_is_not_told_of_by_asking(holder):
    log = make_log()
    client = signed_in(holder)

    with at_ten_past():
        assert client.get(address_of_summary(log)).status_code == 404


def test_session_has_a_new_id_after_the_proof(holder):
    client = signed_in(holder)
    before = client.session.session_key

    client.post(PROVE, {"next": "/hjelp/", "password": PASSWORD})

    assert client.session.session_key != before


def test_proof_leads_to_no_other_site(holder):
    response = signed_in(holder).post(PROVE, {"next": "https://example.org/", "password": PASSWORD})

    assert response.url == reverse("portal:start")


def test_guessing_the_password_ends(holder):
    client = signed_in(holder)

    answers = [client.post(PROVE, {"password": f"feil {number}"}).status_code for number in range(11)]

    assert (answers[:10], answers[10]) == ([422] * 10, 429)


def test_people_of_the_demo_are_not_asked(holder):
    holder.is_demo = True
    holder.save()
    log = make_log(holder=holder)
    client = signed_in(holder)

    with at_ten_past():
        assert client.get(address_of_summary(log)).status_code == 200
