"""The words of the gate and of the open report are edited; what the pages are, never changes (safety.md S13)."""

import copy
import re

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.errors import AccessDenied, RuleBroken
from apps.guides import rules, selectors, services
from apps.guides.models import GateText
from apps.portal.seeding.settings import load_demo_settings
from tests.factories import make_leader
from tests.guides.factories import address_of, body, send, type_in_numbers
from tests.guides.test_gate import main_of
from tests.markup import markup
from tests.municipality.pages import filled

pytestmark = pytest.mark.django_db
ADDRESS, PREVIEW = "/veileder/vold/", "/veileder/rediger/vis/vold/"
REPORT = "/veileder/rediger/vis/barnevernet/"


@pytest.fixture
def gate(guide):
    return GateText.objects.get()


def saved():
    return GateText.objects.get().content


def skeleton(page):
    """Everything but the words, and the telephone numbers inside them."""
    without_words = re.sub(r">[^<]*<", "><", re.sub(r' aria-label="[^"]*"', "", main_of(page)))
    return re.sub(r'<a href="tel:[^"]*"></a>', "", without_words)


def test_words_are_changed_previewed_and_read_after_publishing(editor, gate, kari):
    send(
        editor,
        address_of("vold-ansatt-vold", gate),
        **{"ansatt-vold_heading_nb": "Stopp og ring", "ansatt-vold_parts2_steps2_body_nn": "Ring ikkje heim."},
    )
    draft, before = body(editor.get(PREVIEW)), body(Client().get(ADDRESS))
    services.publish(actor=kari, what_changed="Tydeligere", now=timezone.now())
    after = body(Client().get(ADDRESS))

    assert ["Stopp og ring" in page for page in (draft, before, after)] == [True, False, True]
    assert saved()["answers"]["ansatt-vold"]["parts"][1]["steps"][1]["body"]["nn"] == "Ring ikkje heim."
    assert skeleton(after) == skeleton(before)


def test_every_text_of_the_page_may_be_changed(editor, gate):
    """All the words that a reader sees come from the form, and the pages are otherwise the same."""
    load_demo_settings()
    type_in_numbers()
    forms = {
        kind: editor.get(address_of(kind, gate)).context["form"] for kind, _name in selectors.gate_pieces(gate.content)
    }
    names = [bound.name for form in forms.values() for bound in form.visible_fields()]
    before = [body(editor.get(address)) for address in (PREVIEW, REPORT)]

    for kind, form in forms.items():
        words = {f"{bound.name}_nb": f"Ord {bound.name}." for bound in form.visible_fields()}
        send(editor, address_of(kind, gate), **words)
    editor.get("/veileder/rediger/")  # takes the word about the saving
    after = [body(editor.get(address)) for address in (PREVIEW, REPORT)]

    assert [name for name in names if f"Ord {name}." not in "".join(after)] == []
    assert [skeleton(page) for page in after] == [skeleton(page) for page in before]
    assert len(names) == len(rules.gate_texts(gate.content)) > 200


def test_answers_stand_in_the_order_of_the_question_whatever_the_database_does(editor, gate):
    doors = dict(reversed(gate.content["who"]["doors"].items()))
    answers = dict(sorted(gate.content["answers"].items(), reverse=True))
    gate.content |= {"answers": answers, "who": gate.content["who"] | {"doors": doors}}
    gate.save()

    page = main_of(body(editor.get(PREVIEW)))

    work = ["ansatt-fare", "ansatt-vold", "ansatt-usikker", "ansatt-nei"]
    assert re.findall(r'class="p-radio" href="#([\w-]+)"', page) == ["ansatt", "privat", "barn", *work]
    assert re.findall(r'<div id="([\w-]+)"', page) == [*work, "privat", "barn"]


def test_forms_sent_as_they_were_change_nothing(editor, gate):
    sent = [send(editor, address_of(kind, gate)).status_code for kind, _name in selectors.gate_pieces(gate.content)]

    assert set(sent) == {302}
    assert saved() == gate.content


def test_every_piece_is_named_in_the_editor_and_on_its_page(editor, gate):
    page = body(editor.get("/veileder/rediger/"))

    for kind, name in selectors.gate_pieces(gate.content):
        assert f'<a href="{address_of(kind, gate)}">{name}</a>' in page
        assert f"<h1>{name}</h1>" in body(editor.get(address_of(kind, gate)))


def test_what_is_not_a_text_of_the_page_is_not_saved(editor, gate):
    address = address_of("vold-ansatt-vold", gate)
    entries = filled(editor.get(address).context["form"])
    more = {
        "ansatt-vold_parts2_steps11_heading_nb": "Et punkt til",
        "law_nb": "melding",
        "kanskje_label_nb": "Kanskje",
        "content": "{}",
    }

    editor.post(address, entries | more)

    assert saved() == gate.content


def test_markup_in_a_text_is_only_words(editor, gate):
    send(
        editor,
        address_of("vold-ansatt-vold", gate),
        **{"ansatt-vold_lead_nb": '<a href="/x/?svar=ja">Svar</a><script>alert(1)</script>'},
    )

    page = main_of(body(editor.get(PREVIEW)))

    assert ("<script" in page, '"/x/?svar=ja"' in page, "&lt;script&gt;" in page) == (False, False, True)


def test_text_without_bokmal_is_explained_in_an_open_group(editor, gate):
    response = send(editor, address_of("vold-ansatt-usikker", gate), **{"ansatt-usikker_parts2_steps1_body_nb": ""})

    page = markup(response)
    assert response.status_code == 422
    assert re.search(r'<details class="p-details" open><summary>2\. Dette gjør du', page)
    assert "Skriv teksten på bokmål." in page
    assert saved() == gate.content


def _without_a_point(content):
    del content["answers"]["ansatt-vold"]["parts"][1]["steps"][1]


def _with_the_points_moved(content):
    steps = content["answers"]["ansatt-vold"]["parts"][1]["steps"]
    steps.append(steps.pop(0) | {"more": {"nb": "Mer"}})


def _with_another_answer(content):
    content["answers"]["kanskje"] = content["answers"]["ansatt-nei"]


def _without_an_answer(content):
    del content["answers"]["ansatt-usikker"]


def _with_other_laws(content):
    content["law"] = []


def _with_a_number_for_a_text(content):
    content["nothing_stored"] = 1


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
    entries = filled(editor.get(address).context["form"], who_heading_nb="Mitt spørsmål?")
    send(editor, address, who_heading_nb="Den andres spørsmål?", who_lead_nn="Annan tekst")

    conflict = editor.post(address, entries)
    again = editor.post(address, filled(conflict.context["form"]))

    rows = {str(row["label"]): (row["yours"], row["theirs"]) for row in conflict.context["rows"]}
    assert (conflict.status_code, again.status_code) == (409, 302)
    assert rows["Overskrift (Bokmål)"] == ("Mitt spørsmål?", "Den andres spørsmål?")
    assert [theirs for _yours, theirs in rows.values()] == ["Den andres spørsmål?", "Annan tekst"]
    assert saved()["who"]["heading"]["nb"] == "Mitt spørsmål?"


def test_its_writer_is_named_and_kept_in_the_history(editor, gate):
    send(editor, address_of("vold", gate), who_heading_nb="Et nytt spørsmål?")

    assert "Sist endret av Kari Nordvik" in body(editor.get(address_of("vold", gate)))
    newest, first = GateText.history.filter(id=gate.pk)[:2]
    assert (newest.history_user.name, first.content) == ("Kari Nordvik", gate.content)


def test_an_old_version_is_read_by_the_coordinator_alone(editor, gate, kari):
    send(editor, address_of("vold-ansatt-vold", gate), **{"ansatt-vold_heading_nb": "Stopp og ring"})
    services.publish(actor=kari, what_changed="Tydeligere", now=timezone.now())
    old = "/veileder/rediger/versjoner/1/vold/"

    pages = [body(editor.get(address)) for address in (ADDRESS, old)]
    versions = [body(client.get("/veileder/versjoner/")) for client in (editor, Client())]

    assert ["Stopp og ring" in page for page in pages] == [True, False]
    assert "Dette er versjon 1" in pages[1]
    assert [f'href="{old}"' in page for page in versions] == [True, False]
    assert Client().get(old).status_code == 302
    assert editor.get(old.replace("1", "9")).status_code == 404


def test_the_open_report_is_seen_as_draft_and_as_it_was(editor, gate, kari):
    send(editor, address_of("vold-report", gate), report_page_heading_nb="Meld sammen")
    draft = body(editor.get(REPORT))
    services.publish(actor=kari, what_changed="Ny overskrift", now=timezone.now())
    old = "/veileder/rediger/versjoner/1/barnevernet/"

    pages = [draft, *(body(editor.get(address)) for address in ("/veileder/barnevernet/", old))]

    assert ["Meld sammen" in page for page in pages] == [True, True, False]
    assert f'href="{old}"' in body(editor.get(old.replace("barnevernet", "vold")))
    assert (Client().get(old).status_code, Client().get(REPORT).status_code) == (302, 302)
