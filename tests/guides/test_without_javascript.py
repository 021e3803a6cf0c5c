"""The guide in a browser without JavaScript and without sign-in, from the front page to a tool."""

import pytest

from tests.browser import PHONE

pytestmark = [pytest.mark.browser]


def test_guide_is_read_from_the_worry_to_the_tool(live_app, pages):
    page = pages.open(java_script_enabled=False)
    page.goto(f"{live_app.url}/veileder/")

    page.get_by_role("link", name="Jeg er bekymret for et barn").first.click()
    page.get_by_role("link", name="Jeg arbeider med barn").click()
    page.get_by_role("link", name="Jeg er usikker").click()
    unsure = (page.url, page.locator("#ansatt-usikker h1").is_visible(), page.locator("#hvem").is_visible())
    page.locator("#ansatt-usikker").get_by_role("link", name="Forrige spørsmål").click()
    page.get_by_role("link", name="Noe annet").click()
    page.locator("#ansatt-nei").get_by_role("link", name="Gå til steg 1").click()
    first = page.url
    page.get_by_role("link", name="Ja, gå videre").click()
    second = page.url
    page.get_by_role("link", name="Forrige steg").click()

    assert unsure == (f"{live_app.url}/veileder/vold/#ansatt-usikker", True, False)
    assert (first, second) == (f"{live_app.url}/veileder/n0s1/", f"{live_app.url}/veileder/n0s2/")
    assert page.url == first
    with page.expect_download() as download:
        page.get_by_role("link", name="Undringsnotat").first.click()
    assert download.value.suggested_filename == "undringsnotat.pdf"


@pytest.mark.parametrize("size", [{}, PHONE])
def test_a_parents_answer_leaves_no_trace_in_the_address(live_app, pages, size):
    page = pages.open(java_script_enabled=False, **size)
    page.goto(f"{live_app.url}/veileder/vold/")

    page.get_by_text("Jeg er mor, far eller foresatt").click()
    answer = page.get_by_role("heading", name="Er du redd?")
    unfolded = (page.url, answer.is_visible(), page.locator("h1:visible").count())
    page.get_by_text("Velg hvem du er").locator("visible=true").click()

    assert unfolded == (f"{live_app.url}/veileder/vold/", True, 1)
    assert (answer.is_visible(), page.get_by_role("heading", name="Hvem er du?").is_visible()) == (False, True)


def test_the_gate_is_walked_with_the_keyboard(live_app, pages):
    page = pages.open(java_script_enabled=False)
    page.goto(f"{live_app.url}/veileder/vold/")

    page.get_by_role("link", name="Jeg er barn eller ungdom").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.url == f"{live_app.url}/veileder/vold/#barn"
    assert page.evaluate("document.activeElement.textContent.trim()") == "Forlat siden"


def test_service_and_language_are_chosen_without_javascript(live_app, pages):
    page = pages.open(java_script_enabled=False)
    page.goto(f"{live_app.url}/veileder/n0s1/")

    page.get_by_label("Vis veilederen for").select_option("skole")
    page.get_by_role("button", name="Vis", exact=True).click()
    for_school = page.get_by_text("Tilpasset tjenesten din").is_visible()
    page.get_by_role("button", name="Norsk (nynorsk)").click()

    assert (for_school, page.url) == (True, f"{live_app.url}/veileder/n0s1/")
    assert "Avklar uroa di" in page.locator("h1").inner_text()


def test_step_fits_a_phone_in_the_language_with_the_longest_words(live_app, pages):
    page = pages.open(java_script_enabled=False, **PHONE)
    page.goto(f"{live_app.url}/veileder/n1s2/")
    page.get_by_role("button", name="English").click()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
