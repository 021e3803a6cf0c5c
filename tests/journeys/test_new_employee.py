"""Journey A: someone newly employed who is worried, and finds out what to do and what never to do."""

import re

import pytest

from tests.journeys.person import NARROW, Person

pytestmark = [pytest.mark.browser]

OTHER_CHILDREN = ["Emma", "Noah", "Ella", "Aksel", "Sander"]
ADMIN = ["Innstillinger", "Rediger veilederen", "Ansatte og fravær", "Enheten din"]


@pytest.fixture(params=[{}, NARROW], ids=["wide", "narrow"])
def mona(request, pages, live_app):
    return Person(pages, live_app, "Mona Eik", **request.param)


def test_from_the_front_page_to_the_step_that_says_who_to_talk_to(mona):
    mona.goes_to("/").sees("Logg inn", "Ansatt", "Foreldre", "Barn og unge")
    mona.follows("Se handlingsveilederen").sees("Handlingsveileder", "Avklar uroen din").goes_to("/")
    mona.follows("Logg inn som ansatt").presses_button(re.compile("^Mona Eik"))

    mona.sees("Hei, Mona", "Solbakken barnehage", "Jeg er bekymret for et barn")
    mona.does_not_see(*OTHER_CHILDREN, *ADMIN)
    assert mona.page.locator("table").count() == 0

    mona.follows("Jeg er bekymret for et barn")
    assert mona.heading == "Hva er du redd for?"
    mona.sees("Vold, overgrep eller alvorlig omsorgssvikt", "Vi lagrer ikke det du svarer her")
    stops_when_unsure(mona)
    mona.follows("Noe annet").sees("Tilbake til arbeidet ditt").follows("Gå til steg 1")

    reads_the_first_step(mona)
    takes_a_tool_that_asks_for_no_name(mona)
    mona.follows("Ja, gå videre").sees("Steg 2 av 4", "Lederen din er Lars Bakken.")
    signs_out(mona)


def stops_when_unsure(mona):
    asked = []
    mona.page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    mona.follows("Jeg er usikker på om det kan være vold")
    answer = mona.page.locator("#ansatt-usikker")
    mona.sees(
        "Vent med foreldrene.", "Lederen din er Lars Bakken.", "Drøft uten navn", "Vi lagrer ikke det du svarer her"
    )
    numbers = [link.get_attribute("href") for link in answer.locator("a[href^='tel:']").all()]
    assert {"tel:112", "tel:00000002", "tel:116006"} <= set(numbers)
    assert not mona.page.locator("#ansatt").is_visible()
    mona.follows("Forrige spørsmål", within=answer)
    assert mona.page.locator("#ansatt").is_visible()
    assert asked == []  # an answer is never a request (safety.md S13)


def reads_the_first_step(mona):
    mona.sees("Nivå 0 · Undring", "Steg 1 av 4")
    assert mona.heading == "Avklar uroen din"
    blocks = [block.inner_text() for block in mona.page.locator("main section.p-block > h2").all()]
    asked_for = ["Hensikt", "Slik gjør du", "Hvem", "Verktøy", "Dokumentasjon"]
    assert [block for block in blocks if block in asked_for] == asked_for
    assert mona.page.locator("main nav [aria-current]").first.is_visible()
    mona.sees("Portalen lagrer ingenting om barnet")


def takes_a_tool_that_asks_for_no_name(mona):
    with mona.page.expect_download() as download:
        mona.page.get_by_role("link", name="Undringsnotat").click()
    assert download.value.suggested_filename == "undringsnotat.pdf"
    content = mona.page.request.get(download.value.url).body()
    assert content.startswith(b"%PDF-1.7")
    assert not re.search("barnets navn|navn på barnet", mona.text, re.IGNORECASE)


def signs_out(mona):
    mona.goes_to("/konto/logg-ut/").presses_button("Logg ut")
    mona.sees("Du er logget ut")
    mona.goes_to("/arbeidet-ditt/")
    assert mona.path.startswith("/konto/logg-inn/")
