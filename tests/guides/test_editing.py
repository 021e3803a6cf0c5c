"""The coordinator writes, looks, publishes; readers see nothing before that."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core import collation
from apps.core.errors import AccessDenied, Conflict, RuleBroken
from apps.guides import selectors, services
from apps.guides.models import GuideVersion, LawReference, Level, Step, Theme, Tool, Variant
from tests.factories import make_leader
from tests.guides.factories import address_of, body, change_step, send
from tests.municipality.pages import filled

pytestmark = pytest.mark.django_db
RICH = "<p>Ny <strong>tekst</strong></p>"


def test_draft_is_seen_in_the_preview_alone_until_it_is_published(editor):
    step = Step.objects.get(key="n0s1")

    saved = send(editor, address_of("steg", step), short_nb="Helt ny innledning", purpose_html_nb=RICH)
    preview, read = body(editor.get("/veileder/rediger/vis/n0s1/")), body(Client().get("/veileder/n0s1/"))
    send(editor, "/veileder/rediger/publiser/", what_changed="Ny innledning på steg 1")
    after = body(Client().get("/veileder/n0s1/"))

    assert saved.headers["Location"] == "/veileder/rediger/"
    assert [("Helt ny innledning" in page, RICH in page) for page in (preview, read, after)] == [
        (True, True),
        (False, False),
        (True, True),
    ]
    assert "Ny innledning på steg 1" in body(Client().get("/veileder/versjoner/"))


def test_publishing_asks_what_changed_and_names_who(editor, kari):
    address = "/veileder/rediger/publiser/"
    untouched = send(editor, address, what_changed="Ingenting")
    change_step("n0s1", title={"nb": "Ny tittel"})
    empty = send(editor, address, what_changed="  ")

    send(editor, address, what_changed="Ny tittel")
    newest = GuideVersion.objects.first()

    assert (untouched.status_code, empty.status_code) == (422, 422)
    assert "Det er ingenting å publisere" in untouched.content.decode()
    assert (newest.number, newest.what_changed, newest.published_by) == (2, "Ny tittel", kari)
    assert "Publisert av Kari Nordvik." in body(editor.get("/veileder/rediger/"))


def test_editor_says_whether_there_is_something_to_publish(editor):
    before = body(editor.get("/veileder/rediger/"))
    change_step("n0s1", title={"nb": "Ny tittel"})
    after = body(editor.get("/veileder/rediger/"))

    assert ("Utkastet er likt det leserne ser" in before, "Publiser ny versjon" in before) == (True, False)
    assert ("Utkastet har endringer" in after, "Publiser ny versjon" in after) == (True, True)


def test_laws_stand_in_alphabetical_order_where_they_are_edited_and_chosen(editor):
    law = LawReference.objects.get(key="arkiv")
    law.title = {"nb": "Åpenhet"}
    law.save()

    listed = [str(law.title) for law in selectors.draft_rows()["laws"]]

    assert listed[-1] == "Åpenhet"
    assert listed == sorted(listed, key=collation.sort_key)
    assert [choice[1].partition(" · ")[0] for choice in selectors.law_choices()] == listed


def test_publishing_is_refused_by_the_service_too(guide, kari):
    now = timezone.now()
    with pytest.raises(AccessDenied):
        services.publish(actor=make_leader(), what_changed="Noe", now=now)
    with pytest.raises(RuleBroken) as nothing:
        services.publish(actor=kari, what_changed="Noe", now=now)
    with pytest.raises(RuleBroken) as silent:
        services.publish(actor=kari, what_changed=" ", now=now)

    assert (nothing.value.code, silent.value.code) == ("nothing_changed", "what_changed_missing")
    assert GuideVersion.objects.count() == 1


def test_published_version_is_never_changed(guide):
    with pytest.raises(RuntimeError):
        guide.save()


@pytest.mark.parametrize(
    ("kind", "model", "field"),
    [
        ("niva", Level, "question_nb"),
        ("steg", Step, "who_html_nb"),
        ("variant", Variant, "extra_html_nb"),
        ("tema", Theme, "intro_nb"),
        ("lov", LawReference, "what_nb"),
        ("verktoy", Tool, "summary_nb"),
    ],
)
def test_every_kind_of_row_is_edited_and_its_writer_is_named(editor, kind, model, field):
    row = model.objects.first()

    send(editor, address_of(kind, row), **{field: "<p>Endret</p>"})

    name = field.removesuffix("_nb")
    assert getattr(model.objects.get(pk=row.pk), name).get("nb") == "<p>Endret</p>"
    assert "Sist endret av Kari Nordvik" in body(editor.get(address_of(kind, row)))
    assert model.history.filter(id=row.pk).first().history_user.name == "Kari Nordvik"


def test_form_sent_as_it_was_changes_nothing(editor, guide):
    """The editor takes nothing away on the way: what is saved is what was there."""
    rows = [("steg", Step), ("niva", Level), ("tema", Theme), ("lov", LawReference), ("verktoy", Tool)]

    for kind, model in rows:
        for row in model.objects.all():
            assert send(editor, address_of(kind, row)).status_code == 302, row

    assert selectors.draft_content() == guide.content


def test_text_that_is_not_on_the_allow_list_is_never_saved(editor):
    """The editor is asked politely; the service is not trusted to it: exactly these tags come through (L7)."""
    step = Step.objects.get(key="n0s1")
    sent = (
        '<h3>T</h3><p class="a" id="b" style="color:red" onclick="x()">En <strong>to</strong> <em>tre</em><br></p>'
        "<ul><li>a</li></ul><ol><li>b</li></ol>"
        '<a href="https://bufdir.no/x" target="_blank">l</a><a href="data:text/html,x">d</a>'
        '<a href="javascript:alert(1)">j</a><img src="https://x.example/a.png" onerror="alert(1)">'
        "<script>alert(1)</script><style>p{}</style><iframe src=https://x.example></iframe><h1>Stor</h1>"
    )

    send(editor, address_of("steg", step), how_html_nb=sent)

    assert Step.objects.get(pk=step.pk).how_html.get("nb") == (
        "<h3>T</h3><p>En <strong>to</strong> <em>tre</em><br></p>"
        "<ul><li>a</li></ul><ol><li>b</li></ol>"
        '<a href="https://bufdir.no/x" rel="noopener noreferrer">l</a><a rel="noopener noreferrer">d</a>'
        '<a rel="noopener noreferrer">j</a>Stor'
    )


def test_html_that_came_another_way_is_cleaned_when_it_is_read(editor, kari):
    change_step("n0s1", purpose_html={"nb": "<p>Trygg</p><script>alert(1)</script><img src=x onerror=alert(1)>"})
    services.publish(actor=kari, what_changed="Forbi skjemaet", now=timezone.now())

    page = body(Client().get("/veileder/n0s1/"))

    assert ("<p>Trygg</p>" in page, "alert(1)" in page) == (True, False)


def test_two_who_edit_the_same_step_lose_no_text(editor, kari):
    address = address_of("steg", Step.objects.get(key="n0s1"))
    entries = filled(editor.get(address).context["form"], short_nb="Min tekst")
    send(editor, address, short_nb="Den andres tekst")

    conflict = editor.post(address, entries)
    again = editor.post(address, filled(conflict.context["form"]))

    page = conflict.content.decode()
    assert (conflict.status_code, "Min tekst" in page, "Den andres tekst" in page) == (409, True, True)
    assert again.status_code == 302
    assert Step.objects.get(key="n0s1").short.get("nb") == "Min tekst"


def test_service_refuses_an_old_version_and_others_than_the_coordinator(guide, kari):
    step = Step.objects.get(key="n0s1")
    services.save_draft_row(Step, step.pk, values={"title": {"nb": "En"}}, version=step.version, actor=kari)

    with pytest.raises(Conflict):
        services.save_draft_row(Step, step.pk, values={"title": {"nb": "To"}}, version=step.version, actor=kari)
    with pytest.raises(AccessDenied):
        services.save_draft_row(Step, step.pk, values={}, version=step.version, actor=make_leader())
    assert Step.objects.get(pk=step.pk).title.get("nb") == "En"


def test_title_without_bokmal_is_explained(editor):
    step = Step.objects.get(key="n0s1")

    response = send(editor, address_of("steg", step), title_nb="", title_nn="Berre nynorsk")

    assert (response.status_code, "Skriv teksten på bokmål." in response.content.decode()) == (422, True)
    assert Step.objects.get(pk=step.pk).title.get("nb") == "Avklar uroen din"


def test_what_is_not_there_is_not_found(editor):
    addresses = [
        "/veileder/rediger/vis/n0s9/",
        "/veileder/rediger/vis/tema/noe/",
        "/veileder/rediger/vis/verktoy/noe.pdf",
        reverse("guides:edit_row", args=["noe", Step.objects.first().pk]),
        address_of("steg", Theme.objects.first()),
    ]

    assert {editor.get(address).status_code for address in addresses} == {404}


def test_theme_is_previewed_as_readers_will_see_it(editor):
    theme = Theme.objects.get(slug="gravide")
    send(editor, address_of("tema", theme), intro_nb="Ny innledning")

    draft, read = (body(editor.get(f"/veileder/{path}tema/gravide/")) for path in ("rediger/vis/", ""))

    assert ("Ny innledning" in draft, "Slik blir siden når du publiserer" in draft) == (True, True)
    assert ("Ny innledning" in read, "Slik blir siden når du publiserer" in read) == (False, False)


def test_editor_page_alone_may_run_the_editor(editor):
    own = editor.get(address_of("steg", Step.objects.first())).headers["Content-Security-Policy"]
    other = editor.get("/veileder/rediger/").headers["Content-Security-Policy"]

    assert ("'nonce-" in own, "'nonce-" in other) == (True, False)
    assert "unsafe-inline" not in own + other
