"""At 320 px: what belongs together stays on one line, and long lists are short enough to scroll through."""

import pytest
from django.utils import timezone

from apps.stafettlogg.models import Guardian, Log
from apps.stafettlogg.services.messages import write_message
from tests.browser import PHONE
from tests.page_walk import sign_in

pytestmark = [pytest.mark.browser]
HEIGHTS = "rows => rows.map(row => row.getBoundingClientRect().height)"
LINES = "parts => parts.map(part => part.getClientRects().length)"


@pytest.fixture
def phone(pages):
    return pages.open(**PHONE)


@pytest.mark.parametrize(
    ("address", "highest"), [("/innstillinger/enheter/", 100), ("/innstillinger/samtykkealder/", 140)]
)
def test_each_row_of_a_long_list_is_low(live_app, phone, address, highest):
    sign_in(phone, live_app.url, "Kari Myhre")
    phone.goto(live_app.url + address)

    heights = phone.locator(".p-tablebox tbody tr").evaluate_all(HEIGHTS)

    assert len(heights) > 10
    assert sum(heights) / len(heights) < highest, heights


def test_level_stands_on_one_line_in_the_head_of_a_log(live_app, phone):
    sign_in(phone, live_app.url, "Ane Solheim")
    phone.goto(f"{live_app.url}/logger/")
    phone.goto(live_app.url + phone.locator(".p-log h3 a").first.get_attribute("href"))

    (height,) = phone.locator(".p-idband .p-level").evaluate_all(HEIGHTS)

    assert height < 36


def test_reference_and_minutes_are_never_broken(live_app, phone):
    sign_in(phone, live_app.url, "Ola Nordmann")
    assert "omtrent\xa05\xa0minutter" in phone.locator("article.p-taskcard").first.inner_text()
    phone.context.clear_cookies()
    sign_in(phone, live_app.url, "Mari Lie")
    log = phone.locator('main a[href^="/barna-dine/"]').first.get_attribute("href")
    phone.goto(f"{live_app.url}{log}samtykker/")
    listed = phone.locator("main .p-nowrap").evaluate_all(LINES)
    phone.locator('main a[href*="/kvittering/"]').first.click()

    shown = phone.locator(".p-receipt .p-nowrap").evaluate_all(LINES)

    assert (set(listed), shown) == ({1}, [1])


LONG = "https://teams.example/" + "l" * 150
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_long_words_stay_on_the_page(live_app, phone, django_db_blocker):
    """A link in a message, and a name without a hyphen."""
    with live_app.orm(django_db_blocker):
        guardian = Guardian.objects.get(name="Mari Lie")
        guardian.name = "Wolfeschlegelsteinhausenbergerdorffogfrue" * 3
        guardian.save(update_fields=["name"])
        log = Log.objects.filter(child=guardian.child_id).first()
        write_message(log.pk, text=LONG, actor=log.holder.user, now=timezone.now())
    sign_in(phone, live_app.url, "Ane Solheim")

    wide = {}
    for page in ("", "beskjeder/", "foresatte/", "samtykke/", "historikk/", "deltakere/"):
        phone.goto(f"{live_app.url}/logger/{log.pk}/{page}")
        wide[page] = phone.evaluate(SIDEWAYS)
    phone.context.clear_cookies()
    sign_in(phone, live_app.url, "Ola Nordmann")
    for page in ("", "beskjeder/", "historikk/"):
        phone.goto(f"{live_app.url}/barna-dine/{log.pk}/{page}")
        wide[f"family {page}"] = phone.evaluate(SIDEWAYS)

    assert {page: pixels for page, pixels in wide.items() if pixels > 0} == {}
