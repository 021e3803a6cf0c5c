"""An open report to child welfare: asks first whether the parents know, and keeps nothing (safety.md S14)."""

import re

import pytest
from django.test import Client

from apps.audit.models import ReadEvent
from apps.guides.models import GuideVersion
from apps.portal.seeding.settings import load_demo_settings
from tests.factories import make_employee
from tests.guides.factories import body, make_guide, type_in_numbers
from tests.guides.test_gate import main_of

pytestmark = pytest.mark.django_db
ADDRESS = "/veileder/barnevernet/"


@pytest.fixture(autouse=True)
def _guide():
    load_demo_settings()
    type_in_numbers()
    make_guide()


def test_asks_first_whether_the_parents_know_and_a_no_leads_to_the_stop_page():
    main = main_of(body(Client().get(ADDRESS)))
    answers = re.findall(r'class="p-radio" href="([^"]+)"', main)

    assert main.index("Vet foreldrene at du melder?") < main.index("Meld til barnevernet sammen med foreldrene")
    assert answers == ["#meld", "/veileder/vold/#ansatt-vold"]
    assert re.findall(r'id="([\w-]+)"[^>]*\sdata-first', main) == ["sporsmal"]


def test_tells_where_to_send_what_to_write_and_what_comes_back():
    main = main_of(body(Client().get(ADDRESS)))

    assert 'href="https://bekymringsmelding.fiks.ks.no/offentlig" rel="noopener noreferrer"' in main
    for number in ("tel:112", "tel:55000001", "tel:55000002"):
        assert f'href="{number}"' in main
    assert "Du får vite om saken er henlagt, eller om barnevernet følger den opp videre." in main
    assert ("Innen tre uker" in main, "kvittering" in main, "<form" in main) == (True, True, False)


def test_leaves_no_trace(caplog):
    client = Client()
    client.force_login(make_employee())
    caplog.clear()

    response = client.get(ADDRESS)

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert [record.getMessage() for record in caplog.records if record.name.startswith(("portal", "django"))] == []
    assert ReadEvent.objects.count() == 0


@pytest.mark.parametrize("key", ["n0s4", "n1s5", "n2s5", "n3s5"])
def test_contact_with_child_welfare_leads_here_and_not_to_the_gate(key):
    page = body(Client().get(f"/veileder/{key}/"))

    assert re.search(r'class="p-radio" href="([^"]+)"[^>]*>\s*<b>Kontakt barnevernet', page)[1] == ADDRESS


def test_stands_also_before_a_guide_is_published():
    GuideVersion.objects.all().delete()

    assert 'id="meld"' in body(Client().get(ADDRESS))
