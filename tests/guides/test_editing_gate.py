"""The words of the page about suspected violence are edited; what the page is, never changes (safety.md S13)."""

import copy
import re

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.errors import AccessDenied, RuleBroken
from apps.guides import rules, services
from apps.guides.models import GateText
from tests.factories import make_leader
from tests.guides.factories import address_of, body, send
from tests.guides.test_gate import main_of
from tests.markup import markup
from tests.municipality.pages import filled

pytestmark = pytest.mark.django_db
ADDRESS, PREVIEW = "/veileder/vold/", "/veileder/rediger/vis/vold/"


@pytest.fixture
def gate(guide):
    return GateText.objects.get()


def saved():
    return GateText.objects.get().content


def skeleton(page):
    """Everything but the words."""
    return re.sub(r">[^<]*<", "><", main_of(page))


def test_words_are_changed_previewed_and_read_after_publishing(editor, gate, kari):
    send(editor, address_of("vold", gate), ja_heading_nb="Stopp og ring", ja_steps2_body_nn="Ring ikkje heim.")
    draft, before = body(editor.get(PREVIEW)), body(Client().get(ADDRESS))
    services.publish(actor=kari, what_changed="Tydeligere", now=timezone.now())
    after = body(Client().get(ADDRESS))

    assert ["Stopp og ring" in page for page in (draft, before, after)] == [True, False, True]
    assert saved()["answers"]["ja"]["steps"][1]["body"]["nn"] == "Ring ikkje heim."
    assert skeleton(after) == skeleton(before)


def test_every_text_of_the_page_may_be_changed(editor, gate):
    """All the words that a reader sees come from the form, and the page is otherwise the same."""
    form = editor.get(address_of("vold", gate)).context["form"]
    names = [bound.name for bound in form.visible_fields()]
    before = body(editor.get(PREVIEW))

    send(editor, address_of("vold", gate), **{f"{name}_nb": f"Ord {name}." for name in names})
    editor.get("/veileder/rediger/")  # takes the word about the saving
    after = body(editor.get(PREVIEW))

    assert [name for name in names if f"Ord {name}." not in after] == []
    assert skeleton(after) == skeleton(before)
    assert len(names) == len(rules.gate_texts(gate.content)) > 40


def test_answers_stand_in_the_order_of_the_question_whatever_the_database_does(editor, gate):
    gate.content = gate.content | {"answers": dict(sorted(gate.content["answers"].items(), reverse=True))}
    gate.save()

    page = main_of(body(editor.get(PREVIEW)))

    assert re.findall(r'class="p-radio" href="#(\w+)"', page) == ["ja", "usikker", "nei"]
    assert re.findall(r'<div id="(\w+)"', page) == ["ja", "usikker", "nei"]


def test_form_sent_as_it_was_changes_nothing(editor, gate):
    assert send(editor, address_of("vold", gate)).status_code == 302
    assert saved() == gate.content


def test_what_is_not_a_text_of_the_page_is_not_saved(editor, gate):
    address = address_of("vold", gate)
    entries = filled(editor.get(address).context["form"])
    more = {
        "ja_steps11_heading_nb": "Et punkt til",
        "law_nb": "melding",
        "kanskje_label_nb": "Kanskje",
        "content": "{}",
    }

    editor.post(address, entries | more)

    assert saved() == gate.content


def test_markup_in_a_text_is_only_words(editor, gate):
    send(editor, address_of("vold", gate), ja_lead_nb='<a href="/x/?svar=ja">Svar</a><script>alert(1)</script>')

    page = main_of(body(editor.get(PREVIEW)))

    assert ("<script" in page, '"/x/?svar=ja"' in page, "&lt;script&gt;" in page) == (False, False, True)


def test_text_without_bokmal_is_explained_in_an_open_group(editor, gate):
    response = send(editor, address_of("vold", gate), usikker_steps1_body_nb="")

    page = markup(response)
    assert response.status_code == 422
    assert re.search(r'<details class="p-details" open><summary>Svaret «Usikker», 1\.', page)
    assert "Skriv teksten på bokmål." in page
    assert saved() == gate.content


def _without_a_point(content):
    del content["answers"]["ja"]["steps"][1]


def _with_the_points_moved(content):
    content["answers"]["ja"]["steps"].append(content["answers"]["ja"]["steps"].pop(0) | {"more": {"nb": "Mer"}})


def _with_another_answer(content):
    content["answers"]["kanskje"] = content["answers"]["nei"]


def _without_an_answer(content):
    del content["answers"]["usikker"]


def _with_other_laws(content):
    content["law"] = []


def _with_a_number_for_a_text(content):
    content["question"] = 1


@pytest.mark.parametrize(
    "change",
    [
        _without_a_point,
        _with_the_points_moved,
        _with_another_answer,
        _without_an_answer,
        _with_other_laws,
        _with_a_number_for_a_text,
    ],
)
def test_service_refuses_every_change_but_of_words(gate, kari, change):
    content = copy.deepcopy(gate.content)
    change(content)

    with pytest.raises(RuleBroken) as broken:
        services.save_draft_row(GateText, gate.pk, values={"content": content}, version=gate.version, actor=kari)

    assert broken.value.code == "gate_changed"
    assert saved() == gate.content


def test_service_refuses_an_empty_text_and_others_than_the_coordinator(gate, kari):
    content = copy.deepcopy(gate.content)
    content["nothing_stored"] = {"nn": "Berre nynorsk"}

    with pytest.raises(RuleBroken) as broken:
        services.save_draft_row(GateText, gate.pk, values={"content": content}, version=gate.version, actor=kari)
    with pytest.raises(AccessDenied):
        services.save_draft_row(
            GateText, gate.pk, values={"content": gate.content}, version=gate.version, actor=make_leader()
        )

    assert broken.value.code == "gate_text_missing"


def test_two_who_edit_the_page_lose_no_text(editor, gate):
    address = address_of("vold", gate)
    entries = filled(editor.get(address).context["form"], question_nb="Mitt spørsmål?")
    send(editor, address, question_nb="Den andres spørsmål?", nei_body_nn="Annan tekst")

    conflict = editor.post(address, entries)
    again = editor.post(address, filled(conflict.context["form"]))

    rows = {str(row["label"]): (row["yours"], row["theirs"]) for row in conflict.context["rows"]}
    assert (conflict.status_code, again.status_code) == (409, 302)
    assert rows["Spørsmålet (Bokmål)"] == ("Mitt spørsmål?", "Den andres spørsmål?")
    assert [theirs for _yours, theirs in rows.values()] == ["Den andres spørsmål?", "Annan tekst"]
    assert saved()["question"]["nb"] == "Mitt spørsmål?"


def test_its_writer_is_named_and_kept_in_the_history(editor, gate):
    send(editor, address_of("vold", gate), question_nb="Et nytt spørsmål?")

    assert "Sist endret av Kari Nordvik" in body(editor.get(address_of("vold", gate)))
    newest, first = GateText.history.filter(id=gate.pk)[:2]
    assert (newest.history_user.name, first.content["question"]) == ("Kari Nordvik", gate.content["question"])


def test_an_old_version_is_read_by_the_coordinator_alone(editor, gate, kari):
    send(editor, address_of("vold", gate), ja_heading_nb="Stopp og ring")
    services.publish(actor=kari, what_changed="Tydeligere", now=timezone.now())
    old = "/veileder/rediger/versjoner/1/vold/"

    pages = [body(editor.get(address)) for address in (ADDRESS, old)]
    versions = [body(client.get("/veileder/versjoner/")) for client in (editor, Client())]

    assert ["Stopp og ring" in page for page in pages] == [True, False]
    assert "Dette er versjon 1" in pages[1]
    assert [f'href="{old}"' in page for page in versions] == [True, False]
    assert Client().get(old).status_code == 302
    assert editor.get(old.replace("1", "9")).status_code == 404
