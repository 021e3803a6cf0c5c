"""L1: markup that people write, wherever they may write, is text on every page that shows it."""

from html.parser import HTMLParser

import pytest
from django.utils import timezone

from apps.stafettlogg.enums import Audience
from apps.stafettlogg.models import Log
from apps.stafettlogg.services import evaluations, voices
from apps.stafettlogg.services.evaluations import EvaluationInput
from apps.stafettlogg.services.messages import write_message
from tests import crawl
from tests.two_logs import make_twin, make_units

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '" onmouseover="alert(1)',
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{display:none}</style>",
    "<base href=//example.org>",
    "<meta http-equiv=refresh content=0;url=//example.org>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "--><script>alert(1)</script><!--",
    "<form action=//example.org><input name=a>",
]
MARK = "Kanarifugl"  # stands beside each of them, so that we know it was shown
FORBIDDEN_TAGS = {"iframe", "base", "style", "object", "embed"}


class Dangers(HTMLParser):
    """What on a page could only have come from what somebody wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in FORBIDDEN_TAGS or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        if tag == "meta" and given.get("http-equiv"):
            self.found.append("<meta http-equiv>")
        for name, value in attrs:
            outside = (value or "").strip().lower().startswith(("javascript:", "//example", "data:text"))
            if name.startswith("on") or name in ("srcdoc", "autofocus") or outside or value == "x":
                self.found.append(f"<{tag} {name}={value}>")


def dangers_in(page: str) -> list[str]:
    parser = Dangers()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("payload", [payload for payload in PAYLOADS if "{{" not in payload])
def test_what_is_looked_for_is_found(payload):
    inside = f"<title>{payload}</title><textarea>{payload}</textarea><p>{payload}</p>"
    page = f"{inside}<p title=\"{payload}\"><p title='{payload}'>"

    assert dangers_in(page) != []


def _write_everywhere(twin) -> None:
    """Each payload stands in several fields; together they fill every field of text there is in a log."""
    holder, log, now = twin.people["holder"], Log.objects.get(pk=twin.log.pk), timezone.now()
    every = " ".join(f"{MARK} {payload}" for payload in PAYLOADS)
    log.reason = log.background = every
    log.save()
    for payload in PAYLOADS:
        write_message(log.pk, text=f"{MARK} {payload}", audience=Audience.ALL, actor=holder, now=now)
    voices.add_voice(
        log.pk,
        text=every,
        told_to=PAYLOADS[0],
        told_day=timezone.localdate(),
        child_knows_readers=True,
        actor=holder,
        now=now,
    )
    today = timezone.localdate()
    evaluations.evaluate(
        log.pk,
        evaluation=EvaluationInput(
            held_day=today,
            decision="continue",
            effects={twin.ids["measure"]: "works"},
            next_day=today + timezone.timedelta(days=30),
            no_voice_reason=f"{MARK} {PAYLOADS[1]}",
            family_view=every,
            summary=every,
        ),
        actor=holder,
        now=now,
    )


def _rename(thing, number) -> None:
    thing.name = f"{PAYLOADS[number % len(PAYLOADS)]} {MARK}"[:150]
    thing.save()


@pytest.mark.django_db
def test_markup_is_text_on_every_page(capsys):
    units = make_units()
    twin = make_twin(f"{MARK} <img src=x onerror=alert(1)>", units)
    _write_everywhere(twin)
    own = twin.log.unit
    for number, thing in enumerate([*twin.people.values(), own, *units.values(), *twin.log.guardians]):
        thing.refresh_from_db()
        _rename(thing, number)
    wrong, pages, shown = [], 0, 0

    for who in ("holder", "mother", "participant", "leader", "colleague", "invited", "deputy"):
        start = (
            ["/barna-dine/"] if twin.people[who].is_citizen else ["/arbeidet-ditt/", "/logger/", "/leder/", "/varsler/"]
        )
        for answer in crawl.crawl(crawl.Visitor(who, twin.people[who]), start):
            if answer.is_document or answer.status not in (200, 403, 409, 422):
                continue
            page = answer.response.content.decode()
            pages, shown = pages + 1, shown + (MARK in page)
            wrong += [f"{answer}: {danger}" for danger in dangers_in(page)]
            wrong += [f"{answer}: a template ran"] if f"14{timezone.localdate().year}" in page else []

    with capsys.disabled():
        print(f"\nstored markup: {len(PAYLOADS)} payloads, {pages} pages, {shown} with them, {len(wrong)} live")
    assert wrong == []
    assert shown > 40
