"""A gate from before it asked who asks is read as it was, and its own words live on in the page of today."""

import json
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from apps.guides import rules, selectors
from apps.guides.models import GateText, GuideVersion, Step
from apps.guides.services import publish
from tests.guides.factories import body, change_step
from tests.guides.test_gate import main_of

pytestmark = pytest.mark.django_db
FIRST = json.loads((Path(__file__).parent / "gate_first_shape.json").read_text("utf-8"))


def words_of(gate, path):
    for part in path:
        gate = gate[part]
    return gate["nb"]


@pytest.fixture
def before(guide):
    """A municipality that has published the first shape, then its own words in it; its draft is of that shape too."""
    own = deepcopy(FIRST)
    own["answers"]["ja"]["steps"][5]["body"]["nb"] = "Ring Torill på kontoret."
    own["answers"]["nei"]["heading"]["nb"] = "Gå til steg 1 hos oss"
    contact = {"label": {"nb": "Kontakt barnevernet"}, "help": {}, "goes_to": "gate"}
    suspicion = {"label": {"nb": "Mistanke om vold"}, "help": {}, "goes_to": "gate"}
    change_step("n0s4", decisions=[contact, suspicion])
    GuideVersion.objects.filter(number=1).update(content=selectors.draft_content() | {"gate": FIRST})
    GuideVersion.objects.create(
        number=2,
        published_at=guide.published_at,
        what_changed="Våre ord",
        content=selectors.draft_content() | {"gate": own},
    )
    draft = GateText.objects.get()
    draft.content = own
    draft.save()
    return own


def test_readers_meet_the_page_of_today_with_the_municipalitys_own_words(before):
    main = main_of(body(Client().get("/veileder/vold/")))

    assert ("Hvem er du?" in main, "Ring Torill på kontoret." in main, "Gå til steg 1 hos oss" in main) == (True,) * 3
    # What nobody had changed gives way to the words of today.
    assert "den du er redd for" not in main


def test_a_text_moves_to_its_own_place(before):
    today = selectors.start_content("gate")

    moved = rules.with_own_words(today, before, FIRST)

    changed = {path for path, text in rules.gate_texts(moved).items() if text != rules.gate_texts(today)[path]}
    assert changed == {
        ("answers", "ansatt-vold", "parts", 1, "steps", 1, "body"),
        ("answers", "ansatt-nei", "heading"),
    }


def test_every_text_that_moves_keeps_its_meaning(before):
    """The two words of a step move together, and where nothing was said anew the heading is the same."""
    today = selectors.start_content("gate")
    marked = {path: {"nb": "/".join(map(str, path))} for path in rules.gate_texts(FIRST)}

    moved = rules.with_own_words(today, rules.with_gate_texts(FIRST, marked), FIRST)

    steps = moved["answers"]["ansatt-vold"]["parts"][1]["steps"]
    assert [step["heading"]["nb"].removesuffix("/heading") for step in steps] == [
        step["body"]["nb"].removesuffix("/body") for step in steps
    ]
    same = {"Hør på barnet hvis det forteller", "Gå til lederen din nå", "Vær der for barnet", "Skriv ned"}
    started = today["answers"]["ansatt-vold"]["parts"][1]["steps"]
    for now, then in zip(started, steps, strict=True):
        if now["heading"]["nb"] in same:
            path = [int(part) if part.isdecimal() else part for part in then["heading"]["nb"].split("/")]
            assert words_of(FIRST, path) == now["heading"]["nb"]


def test_the_coordinator_reads_an_old_version_as_it_was(before, editor):
    old = body(editor.get("/veileder/rediger/versjoner/2/vold/"))

    assert ("Ring Torill på kontoret." in old, "den du er redd for" in old, 'id="usikker"' in old) == (True,) * 3
    assert editor.get("/veileder/rediger/versjoner/2/barnevernet/").status_code == 404


def test_the_draft_is_brought_up_once_and_can_be_published(before, editor, kari):
    migration = import_module("apps.guides.migrations.0003_ask_who_asks")

    migration.bring_draft_up(apps, None)
    content = GateText.objects.get().content
    migration.bring_draft_up(apps, None)

    assert GateText.objects.get().content == content
    assert words_of(content, ("answers", "ansatt-nei", "heading")) == "Gå til steg 1 hos oss"
    assert [one["goes_to"] for one in Step.objects.get(key="n0s4").decisions] == ["report", "gate"]
    assert GuideVersion.objects.get(number=2).content["gate"] == before
    assert "Hvem er du?" in body(editor.get("/veileder/rediger/vis/vold/"))
    assert publish(actor=kari, what_changed="Hvem spør", now=timezone.now()).content["gate"] == content
