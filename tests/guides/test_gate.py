"""The page about suspected violence (safety.md S13): the same for everyone, and it leaves no trace."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.audit.models import ReadEvent
from apps.guides.models import GuideVersion
from apps.municipality.models import PhoneNumber
from apps.municipality.services import load_start_data
from tests.factories import make_citizen, make_employee
from tests.guides.factories import body, make_guide

pytestmark = pytest.mark.django_db
ADDRESS = "/veileder/vold/"


@pytest.fixture(autouse=True)
def _guide():
    load_start_data()
    make_guide()


def main_of(page):
    return re.search(r"<main.*?</main>", page, re.DOTALL)[0]


def test_answers_are_fragments_and_the_page_has_no_form():
    main = main_of(body(Client().get(ADDRESS)))
    links = set(re.findall(r'href="([^"]+)"', main))

    assert {link for link in links if link.startswith("#")} >= {"#ja", "#usikker", "#nei", "#sporsmal"}
    assert {answer for answer in ("ja", "usikker", "nei") if f'id="{answer}"' in main} == {"ja", "usikker", "nei"}
    assert ("<form" in main, "<script" in main, "?" in "".join(links)) == (False, False, False)


def test_page_is_the_same_for_everyone_and_sets_nothing():
    clients = [Client(), Client(), Client()]
    clients[1].force_login(make_employee())
    clients[2].force_login(make_citizen())

    responses = [client.get(ADDRESS) for client in clients]

    assert len({main_of(body(response)) for response in responses}) == 1
    assert {name for response in responses for name in response.cookies} <= {settings.CSRF_COOKIE_NAME}
    assert {response.headers["Referrer-Policy"] for response in responses} == {"no-referrer"}
    assert {'<meta name="referrer" content="no-referrer">' in body(response) for response in responses} == {True}


def test_page_is_in_no_log_no_count_and_no_audit(caplog):
    client = Client()
    client.force_login(make_employee())
    caplog.clear()

    with CaptureQueriesContext(connection) as queries:
        for address in (ADDRESS, "/veileder/vold"):
            client.get(address)

    assert [record.getMessage() for record in caplog.records if record.name.startswith(("portal", "django"))] == []
    assert ReadEvent.objects.count() == 0
    assert [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []


def test_page_shows_the_municipalitys_numbers_as_links():
    shown = PhoneNumber.objects.filter(on_gate=True).first()
    hidden = PhoneNumber.objects.create(key="annet", label={"nb": "Et annet"}, number="99 88 77 66", on_gate=False)
    shown.number = "+47 11 22 33 44"
    shown.save()

    main = main_of(body(Client().get(ADDRESS)))

    assert ('href="tel:+4711223344"' in main, hidden.number in main) == (True, False)


def test_page_stands_also_before_a_guide_is_published():
    GuideVersion.objects.all().delete()

    assert 'id="sporsmal"' in body(Client().get(ADDRESS))
