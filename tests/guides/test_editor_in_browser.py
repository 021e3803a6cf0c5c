"""The guide's text editor, as the coordinator meets it."""

import pytest

from tests.page_walk import sign_in

pytestmark = [pytest.mark.browser]


def test_toolbar_and_dialog_speak_the_language_of_the_page(live_app, page):
    sign_in(page, live_app.url, "Kari Myhre")
    page.goto(f"{live_app.url}/veileder/rediger/")
    page.get_by_role("link", name="Barn som pårørende", exact=True).first.click()
    page.locator(".ProseMirror[contenteditable=true]").first.click()

    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Sett inn lenke").first.click()
    labels = page.locator(".prose-editor-dialog label:visible").all_inner_texts()
    page.get_by_role("button", name="Avbryt", exact=True).first.click()
    names = (
        page.locator(".prose-menubar")
        .first.locator("button[title]")
        .evaluate_all("buttons => buttons.map(button => button.title)")
    )

    assert labels == ["Nettadresse"]
    assert {"Punktliste", "Nummerert liste", "Fet skrift", "Kursiv skrift", "Angre", "Gjør om igjen"} <= set(names)
    assert page.locator(".prose-menubar__option").evaluate_all(
        "all => [...new Set(all.map(one => one.textContent))]"
    ) == [
        "Overskrift",
        "Avsnitt",
    ]


def test_headings_of_a_theme_are_still_headings_after_saving(live_app, page):
    sign_in(page, live_app.url, "Kari Myhre")
    page.goto(f"{live_app.url}/veileder/rediger/")
    page.get_by_role("link", name="Barn som pårørende", exact=True).first.click()
    page.locator(".ProseMirror[contenteditable=true] h3").first.wait_for()

    page.get_by_role("button", name="Lagre utkastet").click()
    page.wait_for_load_state()
    page.goto(f"{live_app.url}/veileder/rediger/vis/tema/barn-som-parorende/")

    assert "Til deg som møter barnet" in page.locator("main .p-rich h3, main article h3").all_inner_texts()
