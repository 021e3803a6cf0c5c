"""A real browser between the portal (localhost) and the provider (127.0.0.1): two sites, so no cookie helps anyone."""

import json
import re
from urllib.parse import quote

import pytest
from joserfc import jws

from apps.portal.seeding.cast import CITIZENS
from apps.portal.seeding.ids import synthetic_id
from tests.journeys import test_parent as parent
from tests.journeys.person import NARROW, Person
from tests.live import LiveApp
from tests.oidc.servers import FAMILIES, TestProvider

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("oidc")]


@pytest.fixture(scope="module")
def both(live_mail):
    """The product, and a provider that it knows as ID-porten."""
    app = LiveApp(mail_url=live_mail.url)
    provider = TestProvider(portal=app.url)
    app.env |= {
        "IDPORTEN_ISSUER": provider.issuer,
        "IDPORTEN_CLIENT_ID": FAMILIES,
        "IDPORTEN_KEY": json.dumps(provider.client_key.as_dict(private=True)),
    }
    try:
        provider.start()
        yield app.start(), provider
    finally:
        app.stop()
        provider.stop()


def comes_next(provider, name):
    """The person of the demo with this name is the next to come to the provider."""
    number, row = next((number, row) for number, row in enumerate(CITIZENS) if row.name == name)
    provider.person(row.key, pid=synthetic_id(row.born, number).digits)


def signs_in(page, app):
    page.goto(f"{app.url}/konto/logg-inn/?dor=foreldre")
    page.get_by_role("button", name="Logg inn med ID-porten").click()
    page.wait_for_url(f"{app.url}/barna-dine/**")


def is_in(page, app):
    return page.goto(f"{app.url}/varsler/").url == f"{app.url}/varsler/"


def test_from_the_email_by_the_provider_to_the_receipt(both, live_mail, pages):
    app, provider = both
    comes_next(provider, "Ola Nordmann")
    ola = Person(pages, app, "Ola Nordmann", **NARROW)
    app.manage("shell", "-c", parent.SWEEP)
    mail = next(mail for mail in live_mail.messages if mail.recipients == ["ola.nordmann@solvik.example"])

    ola.page.goto(re.search(r"http://\S+", mail.get_content())[0])
    ola.follows("Logg inn som forelder")
    ola.page.get_by_role("button", name="Logg inn med ID-porten").click()
    ola.page.wait_for_url(f"{app.url}/barna-dine/**")
    if ola.heading == "Skriv inn barnets fødselsdato":
        ola.writes("Barnets fødselsdato", "2021-03-14").presses_button("Gå videre")
    parent.reads_who_asks_and_why(ola)
    parent.answers_for_each_service(ola)
    parent.gets_a_receipt(ola)


def test_back_after_signing_in_comes_to_no_page_that_signs_in_again(both, pages):
    app, provider = both
    comes_next(provider, "Mari Lie")
    page = pages.open()
    signs_in(page, app)
    where = page.url

    page.go_back()
    page.wait_for_load_state()
    page.go_forward()
    page.wait_for_load_state()

    assert page.url == where
    assert is_in(page, app)


def test_portal_and_provider_are_signed_out_by_one_press(both, pages):
    app, provider = both
    comes_next(provider, "Mari Lie")
    page = pages.open(**NARROW)
    signs_in(page, app)

    page.goto(f"{app.url}/konto/logg-ut/")
    page.locator("main").get_by_role("button", name="Logg ut").click()
    page.wait_for_url(f"{provider.issuer}/**")
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url(f"{app.url}/logget-ut/**")

    assert not is_in(page, app)


def test_provider_that_signs_out_ends_the_portals_session_by_its_server(both, pages):
    app, provider = both
    comes_next(provider, "Mari Lie")
    page = pages.open()
    signs_in(page, app)
    was_in = is_in(page, app)

    page.goto(f"{provider.issuer}/session/end")
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_load_state()

    assert [was_in, is_in(page, app)] == [True, False]


def test_frame_on_the_providers_site_ends_the_session_without_a_cookie(both, pages):
    app, provider = both
    comes_next(provider, "Mari Lie")
    page = pages.open()
    signs_in(page, app)
    sid = json.loads(jws.extract_compact(provider.answers[-1]["id_token"].encode()).payload)["sid"]
    address = f"{app.url}/konto/idporten/ut/?iss={quote(provider.issuer, safe='')}&sid={quote(sid, safe='')}"
    sent = []
    page.on("request", lambda request: sent.append(request) if "/konto/idporten/ut/" in request.url else None)

    page.goto(f"{provider.issuer}/frame?{quote(address, safe='')}")
    page.wait_for_load_state("networkidle")

    assert [("cookie" in request.all_headers()) for request in sent] == [False]
    assert not is_in(page, app)
