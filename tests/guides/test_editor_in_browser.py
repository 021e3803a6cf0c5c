"""The guide's text editor, as the coordinator meets it."""

import pytest

from tests.test_pages import sign_in

pytestmark = [pytest.mark.browser]


def test_headings_of_a_theme_are_still_headings_after_saving(live_app, page):
    sign_in(page, live_app.url, "Kari Myhre")
    page.goto(f"{live_app.url}/veileder/rediger/")
    page.get_by_role("link", name="Barn som pårørende", exact=True).first.click()
    page.locator(".ProseMirror[contenteditable=true] h3").first.wait_for()

    page.get_by_role("button", name="Lagre utkastet").click()
    page.wait_for_load_state()
    page.goto(f"{live_app.url}/veileder/rediger/vis/tema/barn-som-parorende/")

    assert "Til deg som møter barnet" in page.locator("main .p-rich h3, main article h3").all_inner_texts()
