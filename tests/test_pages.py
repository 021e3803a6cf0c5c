"""The public pages, forms left empty and pages that refuse, at 1280 and 320 px and in the dark.

What those who are signed in can walk to is looked at in test_pages_of_*.py, each beside the others. Errors of scripts
and of the content security policy fail a test through the fixture `pages`.
"""

import pytest

from tests.page_walk import PUBLIC, look_at, look_here, shared_titles, sign_in

pytestmark = [pytest.mark.browser]

# Form left empty: who, which page, and the button that is pressed.
EMPTY_FORMS = [
    ("", "/konto/logg-inn/", "Logg inn"),
    ("", "/veileder/tilbakemelding/", "Send tilbakemelding"),
    ("Ane Solheim", "/logger/ny/", "Neste"),
    ("Ane Solheim", "/konto/borte/", "Se over før du sender"),
    ("Ola Nordmann", "/barna-dine/onske/", "Send ønsket"),
]
REFUSED = [("/innstillinger/", 403), ("/finnes-ikke/", 404)]


def test_public_pages(live_app, page, capsys):
    titles, wrong = {}, []
    for path in PUBLIC:
        title, found = look_at(page, f"{live_app.url}{path}")
        titles.setdefault(title, []).append(path)
        wrong += found

    with capsys.disabled():
        print(f"\npages: {len(PUBLIC)} public pages at 1280 and 320 px and in the dark, {len(wrong)} problems")
    assert wrong == []
    assert shared_titles(titles) == {}


@pytest.mark.parametrize(("name", "path", "button"), EMPTY_FORMS)
def test_form_left_empty(live_app, page, name, path, button):
    if name:
        sign_in(page, live_app.url, name)
    page.goto(f"{live_app.url}{path}")

    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.locator(".p-errors:focus").wait_for()  # given by the browser when it draws the page

    assert page.title().startswith("Feil:")
    assert look_here(page, path) == []


@pytest.mark.parametrize(("path", "status"), REFUSED)
def test_page_that_refuses(live_app, page, path, status):
    sign_in(page, live_app.url, "Ane Solheim")

    title, wrong = look_at(page, f"{live_app.url}{path}", status=status)

    assert title
    assert wrong == []


def test_steps_of_an_answer(live_app, page):
    sign_in(page, live_app.url, "Ola Nordmann")
    page.get_by_role("link", name="Les og svar").first.click()
    page.get_by_role("link", name="Start").click()

    page.get_by_role("button", name="Neste steg").click()
    page.get_by_role("button", name="Neste steg").click()
    page.locator(".p-errors").wait_for()
    wrong = look_here(page, "step 2 left empty")
    for answer in page.get_by_role("radio", name="Ja, dere kan samarbeide").all():
        answer.check()
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_role("radio", name="Nei, jeg trenger ikke tolk").check()
    wrong += look_here(page, "step 3")
    page.get_by_role("button", name="Neste steg").click()
    page.get_by_role("button", name="Gi samtykke").wait_for()
    wrong += look_here(page, "step 4")

    assert wrong == []
