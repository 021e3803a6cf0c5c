"""A real run, gunicorn and Chromium: what people write is text (L1), and the log says nothing of whom (S13, S22)."""

import re
import time

import pytest
from django.utils import timezone

from apps.stafettlogg.enums import Audience
from apps.stafettlogg.models import Goal, Guardian, Log, Measure
from apps.stafettlogg.services.messages import write_message
from tests.journeys.person import Person
from tests.test_stored_markup import PAYLOADS

pytestmark = [pytest.mark.browser]
WRITTEN = "Kanarifugl"
HIT = (
    "window.hits = []; for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => window.hits.push(name);"
)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def emma(live_app, django_db_blocker):
    """Emma's log in the demo municipality, with each payload in every field that people write in."""
    with live_app.orm(django_db_blocker):
        log = Log.objects.select_related("holder__user").get(child__given_name="Emma", status="active")
        every = " ".join(f"{WRITTEN} {payload}" for payload in PAYLOADS)
        log.reason = log.background = every
        log.save()
        for payload in PAYLOADS:
            write_message(
                log.pk, text=f"{WRITTEN} {payload}", audience=Audience.ALL, actor=log.holder.user, now=timezone.now()
            )
        for model in (Goal, Measure):
            for number, row in enumerate(model.objects.filter(log=log)):
                row.title = f"{WRITTEN} {PAYLOADS[number % len(PAYLOADS)]}"
                row.save()
        other = Guardian.objects.filter(child=log.child_id).exclude(name="Mari Lie").first()
        if other is not None:
            other.name = f"{WRITTEN} {PAYLOADS[1]}"
            other.save()
        yield log


def walks(person, paths):
    """Visits each page; what ran, what was asked for elsewhere, and how many pages showed what was written."""
    ran, elsewhere, shown = [], [], 0
    person.page.add_init_script(HIT)
    person.page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    person.page.on("request", lambda asked: elsewhere.append(asked.url) if person.url not in asked.url else None)
    for path in paths:
        person.page.goto(f"{person.url}{path}")
        for field in person.page.locator("main :is(input, textarea, a, button)").all()[:40]:
            if field.is_visible():
                field.hover(force=True)
        ran += person.page.evaluate("window.hits")
        shown += WRITTEN in person.page.locator("body").inner_text()
    return ran, [url for url in elsewhere if not url.startswith(("data:", "blob:"))], shown


def test_l1_markup_people_write_never_runs_in_a_browser(live_app, pages, emma):
    """`pages` fails the test on a script error and on every violation of the content security policy."""
    staff = [
        f"/logger/{emma.pk}/{page}" for page in ("", "plan/", "beskjeder/", "deltakere/", "historikk/", "samtykke/")
    ]
    staff += [f"/logger/{emma.pk}/begrunnelse/", "/arbeidet-ditt/", "/logger/"]
    family = [f"/barna-dine/{emma.pk}/{page}" for page in ("", "beskjeder/", "deltakere/", "historikk/")]

    for name, door, paths in (("Ane Solheim", "ansatt", staff), ("Mari Lie", "foreldre", [*family, "/barna-dine/"])):
        ran, elsewhere, shown = walks(Person(pages, live_app, name).signs_in(door), paths)
        assert (ran, elsewhere) == ([], [])
        assert shown >= 3


def test_s13_s22_the_servers_log_of_a_run_says_nothing_of_whom(live_app, pages, emma):
    ane = Person(pages, live_app, "Ane Solheim").signs_in("ansatt")
    for path in (f"/logger/{emma.pk}/", f"/logger/{emma.pk}/plan/", "/logger/?q=Emma", f"/logger/{emma.holder_id}/"):
        ane.page.goto(f"{live_app.url}{path}")
    for path in ("/veileder/vold/", "/veileder/vold/?lang=en", "/veileder/vold/#ja"):
        ane.page.goto(f"{live_app.url}{path}")
    mari = Person(pages, live_app, "Mari Lie").signs_in("foreldre")
    mari.page.goto(f"{live_app.url}/barna-dine/{emma.pk}/")
    time.sleep(0.5)

    lines = live_app.log.read_text("utf-8").splitlines()
    assert sum('"route": "stafettlogg:plan"' in line for line in lines) >= 1
    told = re.compile(r"Emma|Lie\b|Solheim|Solbakken|vold|@")
    assert [line for line in lines if told.search(line) or ID.search(line)] == []
