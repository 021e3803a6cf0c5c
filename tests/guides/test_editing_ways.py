"""Where a step leads: its decisions, links, tools and law references are edited, looked at and published."""

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.errors import RuleBroken
from apps.guides import rules, services
from apps.guides.models import Step, Theme
from tests.guides.factories import address_of, body, change_step, send
from tests.municipality.pages import filled

pytestmark = pytest.mark.django_db
NEW = {"label": {"nb": "Nytt valg"}, "help": {}, "goes_to": "n2s1"}


@pytest.fixture
def step(guide):
    """A step with six decisions."""
    return Step.objects.get(key="n0s4")


@pytest.fixture
def address(step):
    return address_of("veivalg", step)


def saved(step):
    return Step.objects.get(pk=step.pk)


def test_decision_is_changed_added_moved_and_taken_away(editor, step, address):
    old = step.decisions

    response = send(
        editor,
        address,
        decision1_label_nb="Slutt",
        decision1_goes_to="system",
        decision2_remove="on",
        decision7_label_nb="Gå til samarbeid",
        decision7_label_nn="Gå til samarbeid",
        decision7_help_nb="Med en annen tjeneste.",
        decision7_goes_to="n2s2",
        decision7_place="1",
    )

    now = saved(step).decisions
    assert response.status_code == 302
    assert now[0] == old[0] | {"label": old[0]["label"] | {"nb": "Slutt"}, "goes_to": "system"}
    assert now[1] == {
        "label": {"nb": "Gå til samarbeid", "nn": "Gå til samarbeid"},
        "help": {"nb": "Med en annen tjeneste."},
        "goes_to": "n2s2",
    }
    assert now[2:] == old[2:]


def test_changed_decision_is_previewed_and_read_after_publishing(editor, address, kari):
    send(editor, address, decision1_label_nb="Slutt for nå", decision1_goes_to="n3s5")
    draft, before = body(editor.get("/veileder/rediger/vis/n0s4/")), body(Client().get("/veileder/n0s4/"))
    services.publish(actor=kari, what_changed="Nytt valg", now=timezone.now())
    after = body(Client().get("/veileder/n0s4/"))

    button = '<a class="p-radio" href="/veileder/n3s5/"><b>Slutt for nå</b>'
    assert [button in page for page in (draft, before, after)] == [True, False, True]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decision1_goes_to": "n0s9"}, "Velg et steg som finnes i veilederen."),
        ({"decision1_goes_to": "https://x.example"}, "Velg et steg som finnes i veilederen."),
        ({"decision1_goes_to": ""}, "«Avslutt undringen» må føre til et steg som finnes i veilederen."),
        ({"decision7_label_nb": "Nytt"}, "«Nytt» må føre til et steg som finnes i veilederen."),
        ({"decision1_label_nb": ""}, "Skriv ordene på knappen på bokmål."),
        ({"decision7_goes_to": "n1s1"}, "Skriv ordene på knappen på bokmål."),
        ({"link1_url": "https://x.example"}, "Skriv navnet på bokmål."),
        ({"link1_title_nb": "Lenke", "link1_url": "http://x.example"}, "Skriv en adresse som begynner med https://."),
        ({"link1_title_nb": "Lenke", "link1_url": "javascript:alert(1)//"}, "Skriv en adresse som begynner med"),
        ({"tools": ["motemal"]}, "motemal"),
        ({"laws": ["finnes-ikke"]}, "finnes-ikke"),
    ],
)
def test_what_is_wrong_is_explained_and_nothing_is_saved(editor, step, address, changes, words):
    response = send(editor, address, **changes)

    page = response.content.decode()
    assert (response.status_code, words in page) == (422, True)
    assert '<details class="p-details" open>' in page
    now = saved(step)
    assert (now.decisions, now.links, now.tools, now.laws) == (step.decisions, step.links, step.tools, step.laws)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decisions": [NEW | {"goes_to": "n0s9"}]}, "leads_nowhere"),
        ({"decisions": [NEW | {"label": {"nn": "Nytt val"}}]}, "label_missing"),
        ({"links": [{"title": {"nb": "Lenke"}, "url_note": {}, "url": "javascript:alert(1)"}]}, "address_unsafe"),
        ({"tools": ["motemal"]}, "tool_not_for_level_0"),
    ],
)
def test_service_and_publishing_refuse_it_too(step, kari, changes, code):
    with pytest.raises(RuleBroken) as refused:
        services.save_draft_row(Step, step.pk, values=changes, version=step.version, actor=kari)
    change_step("n0s4", **changes)
    with pytest.raises(RuleBroken) as unpublished:
        services.publish(actor=kari, what_changed="Noe", now=timezone.now())

    assert (refused.value.code, unpublished.value.code) == (code, code)


@pytest.mark.parametrize("goes_to", ["n0s4", "gate", "report", "end", "close", "system", "lift", "ip"])
def test_decision_may_lead_to_a_step_the_gate_or_out_of_the_guide(goes_to):
    made = rules.decision(label={"nb": "Velg"}, help_text={}, goes_to=goes_to, step_keys=["n0s4"])

    assert made == {"label": {"nb": "Velg"}, "help": {}, "goes_to": goes_to}


def test_without_decisions_the_step_asks_whether_you_are_still_worried(editor, kari, step, address):
    removed = {f"decision{number}_remove": "on" for number in range(1, len(step.decisions) + 1)}

    send(editor, address, **removed)
    services.publish(actor=kari, what_changed="Uten valg", now=timezone.now())

    assert saved(step).decisions == []
    assert "Er du fortsatt urolig?" in body(Client().get("/veileder/n0s4/"))


def test_link_has_an_address_when_the_coordinator_gives_one(editor, address, kari):
    send(
        editor, address, link1_title_nb="Bufdir", link1_url_note_nb="Om barn", link1_url="https://bufdir.no/barn?a=1#b"
    )
    draft = body(editor.get("/veileder/rediger/vis/n0s4/"))
    services.publish(actor=kari, what_changed="Lenke", now=timezone.now())

    shown = '<a href="https://bufdir.no/barn?a=1#b" rel="noopener noreferrer">Bufdir</a><span>Om barn</span>'
    assert shown in draft
    assert shown in body(Client().get("/veileder/n0s4/"))
    assert "<b>Trygg til handling (RVTS)</b>" in body(Client().get("/veileder/n0s3/"))


def test_page_to_practise_on_is_a_link(guide):
    shown = '<a href="https://snakkemedbarn.no/" rel="noopener noreferrer">snakkemedbarn.no</a>'

    assert shown in body(Client().get("/veileder/n0s1/"))


def test_tools_and_laws_of_a_step_are_chosen_and_keep_their_order(editor, step, address):
    kept = step.tools[1:]

    send(editor, address, tools=["undringsnotat", *reversed(kept)], laws=["medvirkning"])

    now = saved(step)
    assert (now.tools, now.laws) == ([*kept, "undringsnotat"], ["medvirkning"])


def test_step_of_level_0_is_offered_no_tool_that_may_ask_who_the_child_is(editor, step):
    of_level_0, of_level_1 = (
        dict(editor.get(address_of("veivalg", row)).context["form"].fields["tools"].choices)
        for row in (step, Step.objects.get(key="n1s1"))
    )

    assert ("motemal" in of_level_0, "motemal" in of_level_1) == (False, True)


def test_tools_and_laws_of_a_theme_are_chosen(editor):
    theme = Theme.objects.get(slug="gravide")

    response = send(editor, address_of("tema", theme), tools=["motemal"], laws=["medvirkning"])

    now = Theme.objects.get(pk=theme.pk)
    assert (response.status_code, now.tools, now.laws) == (302, ["motemal"], ["medvirkning"])


def test_two_who_edit_the_decisions_lose_no_text(editor, step, address):
    entries = filled(editor.get(address).context["form"], decision1_label_nb="Min knapp", link1_title_nb="Min lenke")
    send(editor, address, decision1_label_nb="Den andres knapp", decision2_remove="on")

    conflict = editor.post(address, entries)
    again = editor.post(address, filled(conflict.context["form"]))

    rows = {str(row["label"]): (row["yours"], row["theirs"]) for row in conflict.context["rows"]}
    assert (conflict.status_code, again.status_code) == (409, 302)
    assert rows["Valg 1: ordene på knappen (Bokmål)"] == ("Min knapp", "Den andres knapp")
    assert (
        saved(step).decisions
        == [step.decisions[0] | {"label": step.decisions[0]["label"] | {"nb": "Min knapp"}}] + (step.decisions[1:])
    )
    assert saved(step).links[0]["title"] == {"nb": "Min lenke"}


def test_changed_words_in_another_language_are_shown_on_the_conflict_page(editor):
    address = address_of("steg", Step.objects.get(key="n0s1"))
    entries = filled(editor.get(address).context["form"], short_nb="Min tekst")
    send(editor, address, short_nn="Teksten til den andre")

    conflict = editor.post(address, entries)

    theirs = {str(row["label"]): row["theirs"] for row in conflict.context["rows"]}
    assert theirs["Kort, til oversikten (Nynorsk)"] == "Teksten til den andre"


def test_count_that_is_no_number_is_no_fault(editor, address):
    entries = filled(editor.get(address).context["form"]) | {"decision_count": "²", "link_count": "-1"}

    assert editor.post(address, entries).status_code == 302
