"""The pages about the portal itself, and what stands around every page."""

import datetime
import re

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils import timezone

from apps.guides.services import load_start_content
from apps.portal import context
from apps.portal.seeding.settings import load_demo_settings
from tests.factories import (
    make_citizen,
    make_coordinator,
    make_employee,
    make_leader,
    make_membership,
    make_municipality,
    make_unit,
)
from tests.markup import markup

pytestmark = pytest.mark.django_db
OPEN = ["/", "/logget-ut/", "/barn-og-unge/", "/personvern/", "/informasjonskapsler/", "/tilgjengelighet/", "/hjelp/"]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(client, address="/"):
    response = client.get(address)
    assert response.status_code == 200, address
    return markup(response)


def menu_of(client, address="/hjelp/"):
    return [entry.label for entry in client.get(address).context["frame"].menu]


def test_open_pages_are_open_before_anything_is_set_up(client):
    assert {address: client.get(address).status_code for address in [*OPEN, "/stil/"]} == dict.fromkeys(
        [*OPEN, "/stil/"], 200
    )


def test_front_page_has_three_doors_the_guide_and_the_numbers(client):
    load_demo_settings()
    load_start_content(now=timezone.now())

    page = text_of(client)

    for door in ("/konto/logg-inn/?dor=ansatt", "/konto/logg-inn/?dor=foreldre", "/barn-og-unge/"):
        assert f'href="{door}"' in page
    assert page.count('href="tel:') >= 3
    assert 'href="/veileder/#n3"' in page
    assert "Versjon 1 av veilederen er publisert" in page


@pytest.mark.parametrize(
    ("make_person", "words", "address"),
    [(make_employee, "Gå til arbeidet ditt", "/arbeidet-ditt/"), (make_citizen, "Gå til barna dine", "/barna-dine/")],
    ids=["employee", "parent"],
)
def test_front_page_leads_who_has_signed_in_straight_to_her_own(client, make_person, words, address):
    client.force_login(make_person())

    page = text_of(client)

    assert words in page
    assert f'class="p-door__go" href="{address}"' in page


def test_privacy_page_names_the_municipalitys_own_ombud(client):
    make_municipality(dpo_name="Turid Lie", dpo_email="ombud@solvik.example", dpo_phone="11 22 33 44")

    page = text_of(client, "/personvern/")

    assert "Turid Lie" in page
    assert 'href="mailto:ombud@solvik.example"' in page
    assert ">11\u00a022\u00a033\u00a044</a>" in page


def test_privacy_page_without_an_ombud_gives_the_municipalitys_phone(client):
    make_municipality(phone="99 88 77 66")

    assert "Spør kommunen på telefon." in text_of(client, "/personvern/")


def test_privacy_page_tells_employees_what_is_written_down_about_them(client):
    page = text_of(client, "/personvern/")

    for words in ("Er du ansatt?", "Portalen skriver ned når du åpner", "kontrolltiltak etter arbeidsmiljøloven"):
        assert words in page


def test_cookies_page_lists_every_cookie_a_visitor_gets(client):
    make_municipality()
    load_start_content(now=timezone.now())
    page = text_of(client, "/informasjonskapsler/")

    client.get("/veileder/tilbakemelding/")
    client.get("/veileder/vis-for/", {"for": "skole"})
    client.post("/sprak/", {"language": "nn"})
    make_employee(email="ane@solvik.example", password="fire ord som passer")
    client.post("/konto/logg-inn/", {"login": "ane@solvik.example", "password": "fire ord som passer"})
    client.post("/varsler/valg/", {"email": "each"})

    assert {name for name in client.cookies if f"<code>{name}</code>" not in page} == set()
    assert set(client.cookies) >= {"session", "csrf", "sprak", "veileder_for", "kjent", "messages"}


@pytest.mark.parametrize(
    ("query", "language"), [("", "nb"), ("?sprak=en", "en"), ("?sprak=nn", "nn"), ("?sprak=x", "nb")]
)
def test_s13_page_about_violence_leaves_no_cookie_and_changes_language_in_its_address(client, query, language):
    make_municipality()
    load_start_content(now=timezone.now())

    page = client.get(f"/veileder/vold/{query}")

    assert (dict(page.cookies), page.headers["Content-Language"]) == ({}, language)
    links = re.findall(r'<a[^>]*href="/veileder/vold/\?sprak=\w+"[^>]*>', page.content.decode())
    assert len(links) >= 3
    assert [link for link in links if "noreferrer" not in link] == []
    assert client.get(f"/veileder/{query}").headers["Content-Language"] == "nb"


def test_robots_find_the_guide_and_people_find_whom_to_tell_of_a_hole(client):
    make_municipality(email="post@solvik.example")

    robots, security = client.get("/robots.txt"), client.get("/.well-known/security.txt")
    make_municipality(email="")
    without = client.get("/.well-known/security.txt").content.decode()

    assert {answer.headers["Content-Type"] for answer in (robots, security)} == {"text/plain"}
    assert "Disallow: /konto/" in robots.content.decode()
    lines = dict(line.split(": ", 1) for line in security.content.decode().splitlines())
    assert lines["Contact"] == "mailto:post@solvik.example"
    assert lines["Expires"] > timezone.now().isoformat()
    assert "Contact: http://localhost:8000/personvern/" in without


@pytest.mark.parametrize(
    ("chosen", "shown"), [(["nb"], []), (["nb", "nn"], ["nb", "nn"]), (["en", "nb", "nn"], ["nb", "nn", "en"])]
)
def test_footer_offers_the_municipalitys_languages_alone(client, chosen, shown):
    make_municipality(languages=chosen)

    assert re.findall(r'name="language" value="(\w+)"', text_of(client, "/hjelp/")) == shown


def test_language_the_municipality_does_not_have_is_not_kept():
    make_municipality(languages=["nb", "nn"])
    user = make_employee()
    client = signed_in(user)

    kept = []
    for language in ("nn", "en"):
        client.post("/sprak/", {"language": language})
        user.refresh_from_db()
        kept.append(user.language)

    assert kept == ["nn", "nn"]


@pytest.mark.parametrize(
    ("make", "labels"),
    [
        (make_citizen, ["Barna dine", "Handlingsveileder"]),
        (make_employee, ["Arbeidet ditt", "Handlingsveileder", "Stafettlogger"]),
        (make_leader, ["Arbeidet ditt", "Handlingsveileder", "Stafettlogger", "Enheten din", "Ansatte"]),
        (
            make_coordinator,
            ["Arbeidet ditt", "Handlingsveileder", "Stafettlogger", "Rediger veilederen", "Innstillinger"],
        ),
    ],
)
def test_menu_follows_what_a_person_may_do(make, labels):
    make_municipality()

    assert menu_of(signed_in(make())) == labels


def test_visitor_has_no_menu(client):
    assert menu_of(client) == []


def test_menu_marks_where_one_is():
    make_municipality()
    client = signed_in(make_employee())

    entries = client.get("/arbeidet-ditt/").context["frame"].menu

    assert [entry.label for entry in entries if entry.current] == ["Arbeidet ditt"]


def test_frame_says_who_and_from_where():
    make_municipality()
    user = make_employee(make_unit("Solbakken"), name="Ane Solheim", title="Pedagogisk leder")
    one = signed_in(user).get("/hjelp/").context["frame"]
    make_membership(user, make_unit("Tangen"))
    two = signed_in(user).get("/hjelp/").context["frame"]
    parent = signed_in(make_citizen("Ola Nordmann")).get("/hjelp/").context["frame"]

    assert (one.user_name, one.user_role_line, one.has_roles_to_switch) == (
        "Ane Solheim",
        "Pedagogisk leder, Solbakken",
        False,
    )
    assert two.has_roles_to_switch
    assert (parent.user_role_line, parent.is_citizen) == ("", True)


def test_person_whose_places_are_over_still_has_a_frame():
    make_municipality()
    yesterday = timezone.localdate() - datetime.timedelta(days=1)

    frame = signed_in(make_employee(last_day=yesterday)).get("/hjelp/").context["frame"]

    assert (frame.user_role_line, frame.has_roles_to_switch) == ("", False)


def test_frame_of_an_error_page_stands_without_a_database(monkeypatch):
    def down(request):
        raise DatabaseError

    monkeypatch.setattr(context, "build_frame", down)

    frame = context.frame(RequestFactory().get("/"))["frame"]

    assert (frame.gate_url, frame.menu, frame.municipality_name) == ("/veileder/vold/", [], "")


def test_every_page_may_be_asked_for_with_the_methods_it_has_and_no_others(client):
    assert {client.post(address).status_code for address in OPEN} == {405}
    assert settings.LANGUAGE_CODE == "nb"


def test_families_have_a_footer_of_one_row_and_others_the_whole(client):
    make_municipality()

    def footer(page):
        return page.content.decode().partition('<footer class="p-footer"')[2]

    family, visitor = footer(signed_in(make_citizen("Ola Nordmann")).get("/hjelp/")), footer(client.get("/hjelp/"))

    assert ("data-short" in family, "data-short" in visitor) == (True, False)
    assert [
        words for words in ("utsatt for vold?", "Personvern", "Tilgjengelighet", "English") if words not in family
    ] == []


def test_help_page_answers_what_parents_ask(client):
    page = text_of(client, "/hjelp/")

    for question in ("sier nei?", "Hvem ser hva?", "trekker jeg", "på papir?", "er uenige?", "få tolk?"):
        assert question in page


def test_help_page_names_the_contact_and_the_practice_version(client):
    without = text_of(client, "/hjelp/")
    make_municipality(contact_name="BTI-koordinatoren", practice_url="https://ov.solvik.example/")

    page = text_of(client, "/hjelp/")

    assert "BTI-koordinatoren svarer på spørsmål om portalen." in page
    assert ('href="https://ov.solvik.example/"' in page, "øvingsversjonen" in without) == (True, False)
