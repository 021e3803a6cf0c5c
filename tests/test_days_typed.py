"""A day that does not exist is stopped where it is typed: the browser would send nothing, and the day would be lost."""

import pytest

from apps.core.forms import DateInput
from tests.page_walk import sign_in

pytestmark = [pytest.mark.browser]


def test_deadline_that_does_not_exist_is_not_saved_as_none(live_app, page):
    sign_in(page, live_app.url, "Ane Solheim")
    page.goto(f"{live_app.url}/logger/")
    log = page.locator(".p-log h3 a").first.get_attribute("href")
    page.goto(f"{live_app.url}{log}plan/")
    page.get_by_role("link", name="Legg til tiltak").first.click()
    page.get_by_label("Tiltak").first.fill("Leser sammen hver dag")
    field = page.locator('input[type="date"]').first
    field.focus()
    page.keyboard.type("1")  # whatever the order of the browser, a part of a day

    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Lagre tiltaket").click()

    assert field.evaluate("field => field.validity.badInput && document.activeElement === field")
    assert sent == []


@pytest.mark.parametrize("path", ["/logger/ny/", "/konto/borte/"])
def test_form_with_a_day_is_checked_by_the_browser(live_app, page, path):
    sign_in(page, live_app.url, "Ane Solheim")
    page.goto(f"{live_app.url}{path}")

    form = page.locator(f'form:has(input[type="{DateInput.input_type}"])').first
    assert form.evaluate("form => form.noValidate") is False
