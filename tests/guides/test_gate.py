"""The gate asks first who asks, then what for (safety.md S13, S31): no trace, and an answer for each."""

import datetime
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.guides.models import GuideVersion
from apps.guides.rules import ANSWERS
from apps.municipality.models import PhoneNumber
from apps.portal.seeding.settings import load_demo_settings
from tests.factories import make_citizen, make_employee, make_leader, make_unit
from tests.guides.factories import body, change_phone, make_guide, type_in_numbers
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log

pytestmark = pytest.mark.django_db
ADDRESS = "/veileder/vold/"
# A parent's answer is unfolded where it was asked for, and is no place in the address.
FRAGMENTS = {"hvem", "ansatt", *ANSWERS} - {"forelder"}


@pytest.fixture(autouse=True)
def _guide():
    load_demo_settings()
    type_in_numbers()
    make_guide()


def main_of(page):
    return re.search(r"<main.*?</main>", page, re.DOTALL)[0]


def page_for(user=None):
    client = Client()
    if user is not None:
        client.force_login(user)
    return main_of(body(client.get(ADDRESS)))


def answer(main, code):
    """The markup of one answer, up to the next."""
    return re.split(r'<(?:div|section)[^>]* id="', main.split(f'id="{code}"', 1)[1])[0]


def test_answers_are_fragments_and_the_page_has_no_form():
    main = page_for()
    links = set(re.findall(r'href="([^"]+)"', main))

    assert {link for link in links if link.startswith("#")} == {f"#{fragment}" for fragment in FRAGMENTS}
    assert {fragment for fragment in FRAGMENTS if f'id="{fragment}"' in main} == FRAGMENTS
    assert ("<form" in main, "<script" in main, "?" in "".join(links)) == (False, False, False)


def test_a_parents_answer_is_no_place_in_the_address_and_has_a_way_out_first():
    main = page_for()
    unfolded = re.search(r"<details class=\"p-behind\".*?</details>", main, re.DOTALL)[0]

    assert "Er du redd? Du kan få hjelp i dag" in unfolded
    assert set(re.findall(r'(?:id|href)="#?([a-z-]+)"', unfolded)) & {"forelder", *FRAGMENTS} == set()
    assert re.search(r'<a[^>]* href="([^"]+)"', unfolded)[1] == "https://www.yr.no/"


@pytest.mark.parametrize("code", ["barn", "forelder"])
def test_one_who_may_be_watched_has_a_way_out(code):
    assert "Forlat siden" in (answer(page_for(), "barn") if code == "barn" else page_for())


def first_of(main):
    return re.findall(r'id="([\w-]+)"[^>]*\sdata-first', main)


@pytest.fixture
def young():
    """A young person who reads her own log."""
    user = make_citizen("Sander Vik")
    born = timezone.localdate() - datetime.timedelta(days=17 * 365)
    child = make_child("Sander", birth_date=born, user=user)
    give_consents(make_log(child=child, guardians=[make_guardian(child)]))
    return user


def test_who_is_signed_in_decides_what_is_asked_first_and_no_answer(young):
    readers = {None: "hvem", make_employee(): "ansatt", make_citizen(): "hvem", young: "barn"}
    pages = {reader: page_for(reader) for reader in readers}

    assert {reader: first_of(page) for reader, page in pages.items()} == {
        reader: [first] for reader, first in readers.items()
    }
    assert [page.count('<details class="p-behind" open') for page in pages.values()] == [0, 0, 1, 0]
    answers = {tuple(answer(page, code) for code in FRAGMENTS - {"ansatt-nei"}) for page in pages.values()}
    assert len({tuple(re.sub(r" (data-first|open)(?=[ >])", "", part) for part in parts) for parts in answers}) == 1


def test_page_sets_nothing_and_sends_no_referrer():
    clients = [Client(), Client(), Client()]
    clients[1].force_login(make_employee())
    clients[2].force_login(make_citizen())

    responses = [client.get(ADDRESS) for client in clients]

    assert {name for response in responses for name in response.cookies} <= {settings.CSRF_COOKIE_NAME}
    assert {response.headers["Referrer-Policy"] for response in responses} == {"no-referrer"}
    assert {'<meta name="referrer" content="no-referrer">' in body(response) for response in responses} == {True}


def test_an_employee_reads_who_her_leader_is_and_goes_back_to_work_without_an_id():
    unit = make_unit("Solbakken barnehage")
    make_leader(unit, name="Lars Moen")

    staff, anyone = page_for(make_employee(unit)), page_for()

    assert [staff.count("Lars Moen"), anyone.count("Lars Moen")] == [3, 0]
    assert re.search(r'<a[^>]*href="/arbeidet-ditt/" rel="noreferrer"', answer(staff, "ansatt-nei"))
    assert "/arbeidet-ditt/" not in anyone


def test_only_those_who_work_with_children_are_told_of_a_leader():
    """A neighbour, a parent and a child have none."""
    main = page_for()
    for code in ("privat", "barn"):
        assert "leder" not in answer(main, code)
    assert "Gå til lederen" not in main.split("</details>", 1)[0]


def test_the_condition_stands_before_the_instruction_to_call_home():
    danger = answer(page_for(), "ansatt-fare")

    condition, forbidden = danger.index("er barnet redd for hva de gjør?"), danger.index("Ikke ring hjem.")
    assert condition < forbidden < danger.index("Ring foreldrene nå")
    assert "Ring foreldrene" not in danger[:condition]
    assert 'href="tel:113"' in danger[: danger.index("Dette gjør du")]


def test_reporting_comes_before_discussing():
    main = page_for()
    for code in ("ansatt-vold", "ansatt-usikker"):
        words = answer(main, code)
        report = min(words.index(word) for word in ("Meld til barnevernet, ", "Meld når du har grunn") if word in words)
        assert report < words.index("Å drøfte erstatter ikke å melde.")


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
    change_phone("nod", number="+47 11 22 33 44")
    PhoneNumber.objects.create(key="vakt", label={"nb": "Vakt"}, number="55 66 77 88", on_gate=True)
    PhoneNumber.objects.create(key="annet", label={"nb": "Et annet"}, number="99 88 77 66", on_gate=False)

    main = page_for()

    assert ('href="tel:+4711223344"' in main, "99887766" in main) == (True, False)
    assert [code for code in ("ansatt-vold", "ansatt-usikker", "privat") if "55667788" not in answer(main, code)] == []


def test_a_number_the_municipality_does_not_show_is_left_out():
    assert "tel:55000004" in page_for()
    for key in ("krisesenter", "barnehus"):
        change_phone(key, on_gate=False)
    main = page_for()

    assert [number for number in ("tel:55000004", "tel:55000006") if number in main] == []
    assert "Statens barnehus</h3>" not in main


def test_a_number_that_nobody_has_typed_in_is_shown_to_no_one_who_is_afraid(settings):
    change_phone("krisesenter", number="00 00 00 04")
    real = page_for()
    settings.DEMO = True

    assert ("00\u00a000\u00a000\u00a004" in real, "00\u00a000\u00a000\u00a004" in page_for()) == (False, True)


def test_page_stands_also_before_a_guide_is_published():
    GuideVersion.objects.all().delete()

    assert 'id="hvem"' in page_for()
