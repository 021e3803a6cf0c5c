"""The guide as anyone reads it: without sign-in, in any order, for any service."""

import datetime
import html
import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.guides import selectors
from apps.guides.models import GuideVersion, LawReference, Theme, Tool, Variant
from apps.guides.services import load_start_content, publish
from apps.municipality.enums import UnitKind
from tests.factories import make_citizen, make_coordinator, make_employee, make_leader, make_municipality, make_unit
from tests.guides.factories import body, change_step, make_guide

pytestmark = pytest.mark.django_db
KEYS = [f"n{level}s{step}" for level, steps in ((0, 4), (1, 5), (2, 5), (3, 5)) for step in range(1, steps + 1)]
ADDRESSES = [
    "/veileder/",
    "/veileder/verktoy/",
    "/veileder/lover/",
    "/veileder/versjoner/",
    "/veileder/vold/",
    "/veileder/barnevernet/",
    "/veileder/tilbakemelding/",
    "/veileder/tilbakemelding/takk/",
    *(f"/veileder/{key}/" for key in KEYS),
    *(f"/veileder/versjoner/1/{key}/" for key in ("n0s1", "n3s5")),
    *(f"/veileder/videre/{outcome}/" for outcome in ("end", "close", "system", "lift", "ip")),
    *(f"/veileder/tema/{slug}/" for slug in ("barn-som-parorende", "gravide", "skole-og-barnehagemiljo", "mangfold")),
]
NOWHERE = ["/veileder/n0s9/", "/veileder/videre/noe/", "/veileder/tema/noe/", "/veileder/versjoner/9/"]


@pytest.fixture
def guide():
    return make_guide()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_pages_are_open_to_anyone(guide, client):
    assert {address: client.get(address).status_code for address in ADDRESSES} == dict.fromkeys(ADDRESSES, 200)


def test_page_that_is_not_there_is_not_found(guide, client):
    assert {address: client.get(address).status_code for address in NOWHERE} == dict.fromkeys(NOWHERE, 404)


@pytest.mark.parametrize("address", ["/veileder/", "/veileder/n0s1/", "/veileder/tema/gravide/", "/veileder/verktoy/"])
def test_without_a_published_version_there_is_no_guide(client, address):
    assert client.get(address).status_code == 404


def test_the_start_content_is_loaded_once(guide):
    assert load_start_content(now=timezone.now()) is None
    assert list(GuideVersion.objects.values_list("number", flat=True)) == [1]


def test_overview_leads_to_every_level_step_and_theme(guide, client):
    page = body(client.get("/veileder/"))

    assert [key for key in KEYS if f'href="/veileder/{key}/"' not in page] == []
    assert page.count("p-levelcard__steps") == 4
    assert 'href="/veileder/tema/gravide/"' in page


@pytest.mark.parametrize(
    ("key", "before", "after"), [("n0s1", None, "n0s2"), ("n1s1", "n0s4", "n1s2"), ("n3s5", "n3s4", None)]
)
def test_step_leads_both_ways(guide, key, before, after):
    page = selectors.step_page(selectors.newest_version(), key)

    assert ((page.before and page.before.key), (page.after and page.after.key)) == (before, after)


def test_step_has_its_blocks_and_asks_whether_the_worry_is_left(guide, client):
    page = body(client.get("/veileder/n0s1/"))

    assert "Er du fortsatt urolig?" in page
    for heading in ("Hensikt", "Slik gjør du", "Hvem", "Verktøy", "Barnets stemme", "Dokumentasjon"):
        assert f"</svg>{heading}</h2>" in page, heading
    assert 'href="/veileder/n0s2/"' in page
    assert 'href="/veileder/videre/end/"' in page
    assert 'href="/veileder/verktoy/undringsnotat.pdf"' in page
    assert 'href="/veileder/vold/"' in page


@pytest.mark.parametrize(
    ("key", "addresses"),
    [
        ("n0s4", ["videre/end", "n1s1", "n2s1", "barnevernet", "vold", "videre/system"]),
        ("n2s5", ["videre/close", "n2s3", "n2s2", "n1s1", "n3s1", "videre/lift", "barnevernet"]),
    ],
)
def test_decision_is_a_button_that_leads_on(guide, key, addresses):
    page = selectors.step_page(selectors.newest_version(), key)

    assert [decision["url"] for decision in page.decisions] == [f"/veileder/{address}/" for address in addresses]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_log_begins_where_the_municipality_says(guide, client, level):
    """One asks for a log at the first step of that level, goes on in it from there, and stores nothing before (S24)."""
    make_municipality(log_from_level=level)
    pages = {key: body(client.get(f"/veileder/{key}/")) for key in KEYS}
    later = f"Hos oss begynner stafettloggen på nivå {level}."

    found = {
        words: [key for key in KEYS if words in pages[key]]
        for words in ("Be om stafettlogg", "Fortsett i stafettloggen", later, "Portalen lagrer ingenting om barnet på")
    }

    from_there = [key for key in KEYS if int(key[1]) >= level]
    between = [key for key in KEYS if 0 < int(key[1]) < level]
    assert found == {
        "Be om stafettlogg": [f"n{level}s1"],
        "Fortsett i stafettloggen": from_there,
        later: between,
        "Portalen lagrer ingenting om barnet på": ["n0s1", "n0s3", *between],
    }


@pytest.mark.parametrize(("level", "without"), [(1, []), (2, [1]), (3, [1, 2])])
def test_overview_says_at_which_levels_there_is_no_log(guide, client, level, without):
    make_municipality(log_from_level=level)

    page = body(client.get("/veileder/"))

    cards = {number: page.split(f'id="n{number}"')[1].split("</section>")[0] for number in range(4)}
    assert [number for number in cards if f"Begynner på nivå {level}." in cards[number]] == without


def test_parent_reads_the_guide_without_the_way_to_the_logs_of_staff(guide):
    make_municipality()
    page = body(signed_in(make_citizen()).get("/veileder/n1s2/"))

    assert ("Bli enige om mål og tiltak" in page, "Gå til stafettloggene dine" in page) == (True, False)


def test_names_are_those_of_the_newest_version(guide):
    before = selectors.names()
    change_step("n1s2", title={"nb": "Lag en plan"})
    draft = selectors.names()
    publish(actor=make_coordinator(), what_changed="Nytt navn", now=timezone.now())
    after = selectors.names()

    assert [str(names.steps["n1s2"]) for names in (before, draft, after)] == [
        "Bli enige om mål og tiltak",
        "Bli enige om mål og tiltak",
        "Lag en plan",
    ]
    assert {number: str(name) for number, name in after.levels.items()}[1] == "Hjelp i egen tjeneste"


def test_step_shows_what_the_chosen_service_does_in_addition(guide, client):
    extra = Variant.objects.get(step__key="n0s1", kind=UnitKind.SCHOOL).extra_html.get("nb")

    without = body(client.get("/veileder/n0s1/"))
    chosen = client.get("/veileder/vis-for/", {"for": "skole", "steg": "n0s1"})
    with_school = body(client.get("/veileder/n0s1/"))

    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/veileder/n0s1/")
    assert (extra in without, extra in with_school) == (False, True)


def test_choice_of_service_is_one_on_the_list_and_leads_nowhere_else(client):
    kept = {}
    for asked in ("skole", "", "hopp", "<script>", "bup"):
        response = client.get("/veileder/vis-for/", {"for": asked, "steg": "//evil.example"})
        assert response.headers["Location"] == "/veileder/"
        kept[asked] = response.cookies["veileder_for"].value if "veileder_for" in response.cookies else None

    assert kept == {"skole": "skole", "": "", "hopp": None, "<script>": None, "bup": None}


@pytest.mark.parametrize("step", ["n9s9", "x", "99999999999999999999", "", "\x00", "' OR 1=1"])
def test_choice_of_service_on_a_step_that_is_none_leads_to_the_overview(client, step):
    response = client.get("/veileder/vis-for/", {"for": "skole", "steg": step})

    assert (response.status_code, response.headers["Location"]) == (302, "/veileder/")


def test_made_up_choice_of_service_is_taken_for_none(guide, client):
    client.cookies["veileder_for"] = "hopp"

    assert client.get("/veileder/n0s1/").context["kind"] == ""


@pytest.mark.parametrize(
    ("kind", "shown"), [(UnitKind.SCHOOL, UnitKind.SCHOOL), (UnitKind.AFTER_SCHOOL, UnitKind.SCHOOL), ("bup", None)]
)
def test_employee_reads_her_own_services_variant(guide, kind, shown):
    client = signed_in(make_employee(make_unit(kind=kind)))

    page = client.get("/veileder/n0s1/").context["page"]

    assert (page.variant and page.variant.kind) == shown


def test_employee_is_told_who_to_talk_to(guide):
    unit = make_unit()
    leader = make_leader(unit, name="Lars Moen")
    employee, other = make_employee(unit), make_employee(make_unit())

    pages = [body(signed_in(user).get("/veileder/n0s2/")) for user in (employee, other, leader, make_citizen())]

    assert ["Lederen din er <b>Lars Moen</b>" in page for page in pages] == [True, False, False, False]


def test_leader_with_protected_identity_is_role_and_service(guide):
    unit = make_unit("Solbakken barnehage")
    make_leader(unit, name="Lars Moen", protected_identity=True)

    page = body(signed_in(make_employee(unit)).get("/veileder/n0s2/"))

    assert ("Lederen din er <b>Styrer, Solbakken barnehage</b>" in page, "Lars Moen" in page) == (True, False)


def test_law_says_who_reviewed_it_and_when_only_when_somebody_has(guide, client):
    started = body(client.get("/veileder/lover/"))
    law = LawReference.objects.get(key="tolk")
    law.reviewed_by, law.reviewed_day = "kommunens jurist", datetime.date(2026, 2, 3)
    law.save()
    publish(actor=make_coordinator(), what_changed="Lover", now=timezone.now())

    page = body(client.get("/veileder/lover/"))

    assert ("Sist gjennomgått" in started, page.count("Sist gjennomgått")) == (False, 1)
    assert "Sist gjennomgått 3.\u00a0februar 2026 av kommunens jurist." in page


def test_that_the_jurist_has_not_checked_a_law_is_for_the_editor_alone(guide, client):
    assert LawReference.objects.filter(needs_check=True).exists()

    pages = [body(client.get(address)) for address in ("/veileder/lover/", "/veileder/n0s3/", "/veileder/vold/")]
    editor = body(signed_in(make_coordinator()).get("/veileder/rediger/"))

    assert ["jurist" in page for page in pages] == [False, False, False]
    assert (
        editor.count("Kommunens jurist har ikke kontrollert teksten ennå.")
        == LawReference.objects.filter(needs_check=True).count()
    )


def test_day_from_a_version_without_a_role_is_not_shown(guide, client):
    """The first versions had a day that came with the start content, and nobody behind it."""
    laws = [law | {"reviewed_day": "2026-10-01"} for law in guide.content["laws"]]
    without = [{key: value for key, value in law.items() if key != "reviewed_by"} for law in laws]
    GuideVersion.objects.filter(pk=guide.pk).update(content=guide.content | {"laws": without})

    assert "Sist gjennomgått" not in body(client.get("/veileder/lover/"))


def test_old_version_is_read_as_it_was(guide, client):
    change_step("n0s1", title={"nb": "Helt ny tittel"})
    publish(actor=make_coordinator(), what_changed="Ny tittel på steg 1", now=timezone.now())

    now, then = body(client.get("/veileder/n0s1/")), body(client.get("/veileder/versjoner/1/n0s1/"))
    listed = body(client.get("/veileder/versjoner/"))

    assert ("Helt ny tittel" in now, "Helt ny tittel" in then) == (True, False)
    assert "Avklar uroen din" in then
    assert "Dette er versjon 1" in then
    assert "Ny tittel på steg 1" in listed
    assert listed.index("Versjon 2") < listed.index("Versjon 1")


def test_themes_and_tools_of_an_old_version_are_read_as_they_were(guide, client):
    theme, tool = Theme.objects.get(slug="gravide"), Tool.objects.order_by("slug").first()
    then = {"theme": str(theme.title), "tool": str(tool.title)}
    for row in (theme, tool):
        row.title = {"nb": "Helt ny tittel"}
        row.save()
    publish(actor=make_coordinator(), what_changed="Nye titler", now=timezone.now())

    now, old = (body(client.get(f"/veileder/{place}tema/gravide/")) for place in ("", "versjoner/1/"))
    pdfs = [client.get(f"/veileder/{place}verktoy/{tool.slug}.pdf") for place in ("", "versjoner/1/")]
    texts = [" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages) for pdf in pdfs]
    listed = body(client.get("/veileder/versjoner/1/"))

    assert ("Helt ny tittel" in now, "Helt ny tittel" in old) == (True, False)
    assert "Dette er versjon 1" in old
    assert ["Helt ny tittel" in text for text in texts] == [True, False]
    assert pdfs[1]["Content-Disposition"] == f'attachment; filename="{tool.slug}-1.pdf"'
    for title in then.values():
        assert html.escape(title) in listed
    assert client.get("/veileder/versjoner/9/tema/gravide/").status_code == 404


@pytest.mark.parametrize("address", ["/veileder/", "/veileder/n0s1/", "/veileder/vold/", "/veileder/versjoner/"])
def test_page_asks_the_database_as_often_however_much_there_is(guide, client, address, django_assert_num_queries):
    make_municipality()
    coordinator = make_coordinator()
    expected = {"/veileder/": 2, "/veileder/n0s1/": 2, "/veileder/vold/": 3, "/veileder/versjoner/": 2}[address]
    with django_assert_num_queries(expected):
        client.get(address)
    for number in range(30):
        LawReference.objects.create(key=f"lov{number}", title={"nb": "Lov"}, reference={"nb": "§ 1"})
        publish(actor=coordinator, what_changed="Mer", now=timezone.now())

    with django_assert_num_queries(expected):
        client.get(address)


LATER_STEPS = [key for key in KEYS if key[1] != "0"]


def test_above_level_0_no_step_asks_whether_you_are_worried(guide, client):
    pages = {key: body(client.get(f"/veileder/{key}/")) for key in LATER_STEPS}

    assert [key for key, page in pages.items() if "urolig?" in page or "/videre/end/" in page] == []
    assert 'href="/veileder/n2s3/">Gå til steg 3' in re.sub(r"\s+", " ", pages["n2s2"]).replace("> ", ">")
    assert {key for key, page in pages.items() if "/veileder/videre/close/" in page} == {"n1s5", "n2s5", "n3s5"}


def test_end_above_level_0_is_in_the_log_and_says_nothing_untrue(guide, client):
    step = next(step for step in guide.content["levels"][1]["steps"] if step["key"] == "n1s5")
    step["decisions"] = [{"label": {"nb": "Avslutt"}, "help": {}, "goes_to": "end"}]
    GuideVersion.objects.filter(pk=guide.pk).update(content=guide.content)

    led = body(client.get("/veileder/n1s5/"))
    anyone, staff = (body(c.get("/veileder/videre/close/")) for c in (client, signed_in(make_employee())))

    assert ("/veileder/videre/close/" in led, "/veileder/videre/end/" in led) == (True, False)
    assert ('href="/logger/"' in staff.split("<main", 1)[1], 'href="/logger/"' in anyone) == (True, False)
    assert "ikke lagret" not in staff


def test_address_of_a_step_is_its_key():
    assert reverse("guides:step", args=["n2s3"]) == "/veileder/n2s3/"
