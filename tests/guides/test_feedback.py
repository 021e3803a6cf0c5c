"""Feedback on a page: from anyone, without a third party against spam, listed for the coordinator."""

import datetime

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from apps.guides.enums import FeedbackState
from apps.guides.forms import FeedbackForm
from apps.guides.models import Feedback
from apps.guides.services import handle_feedback, send_feedback
from tests.factories import make_citizen, make_coordinator, make_employee, make_leader, make_municipality
from tests.guides.factories import body, make_guide
from tests.municipality.pages import filled

pytestmark = pytest.mark.django_db
ADDRESS = "/veileder/tilbakemelding/?side=n0s1"
NOW = datetime.datetime(2026, 3, 2, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _guide():
    make_municipality()
    make_guide()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def write(client, *, seconds=20, **changes):
    """Open the form, and send it after so many seconds."""
    with time_machine.travel(NOW, tick=False) as clock:
        entries = filled(client.get(ADDRESS).context["form"], text="Steg 1 er uklart.", **changes)
        clock.shift(seconds)
        return client.post(ADDRESS, entries)


@pytest.mark.parametrize("make", [None, make_citizen, make_employee])
def test_anyone_writes_and_a_citizen_is_never_tied_to_it(make):
    user = make() if make else None
    client = signed_in(user) if user else Client()

    response = write(client, answer_to="svar@solvik.example")

    kept = Feedback.objects.get()
    assert response.headers["Location"] == "/veileder/tilbakemelding/takk/"
    assert (kept.page_key, kept.text, kept.answer_to) == ("n0s1", "Steg 1 er uklart.", "svar@solvik.example")
    assert kept.author == (user if make is make_employee else None)
    assert kept.sent_at == NOW + datetime.timedelta(seconds=20)


@pytest.mark.parametrize("make", [None, make_employee])
def test_feedback_sent_twice_is_kept_once_with_the_same_receipt(make):
    client = signed_in(make()) if make else Client()
    with time_machine.travel(NOW, tick=False) as clock:
        entries = filled(client.get(ADDRESS).context["form"], text="Steg 1 er uklart.")
        clock.shift(20)

        receipts = [client.post(ADDRESS, entries).headers["Location"] for _press in range(2)]

    assert receipts == ["/veileder/tilbakemelding/takk/"] * 2
    assert Feedback.objects.count() == 1


def test_robot_gets_the_same_receipt_and_nothing_is_kept():
    response = write(Client(), website="https://spam.example")

    assert response.headers["Location"] == "/veileder/tilbakemelding/takk/"
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    ("seconds", "changes"),
    [
        (1, {}),
        (25 * 3600, {}),
        (20, {"opened": ""}),
        (20, {"opened": "påfunn"}),
        (20, {"opened": signing.dumps(0, salt="another")}),
    ],
)
def test_who_sends_too_fast_or_too_late_gets_the_text_back_and_sends_it_once_more(seconds, changes):
    client = Client()

    again = write(client, seconds=seconds, **changes)

    page = again.content.decode()
    assert again.status_code == 422
    assert "Send den en gang til" in page
    assert "Steg 1 er uklart." in page
    assert Feedback.objects.count() == 0
    with time_machine.travel(NOW + datetime.timedelta(seconds=seconds), tick=False):
        entries = {f.html_name: f.value() or "" for f in again.context["form"]}
        assert client.post(ADDRESS, entries).status_code == 302
    assert Feedback.objects.get().text == "Steg 1 er uklart."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "Svar på «Hva mangler, er feil eller kan bli bedre?»"),
        ({"text": "Gjelder 08881588057"}, "fødselsnummer"),
        ({"text": "x" * 2001}, "2000"),
        ({"answer_to": "ingen adresse"}, "Skriv e-postadressen slik: navn@eksempel.no."),
    ],
)
def test_feedback_that_is_wrong_is_explained_and_not_kept(changes, words):
    client = Client()
    entries = filled(client.get(ADDRESS).context["form"], text="Steg 1 er uklart.") | changes

    response = client.post(ADDRESS, entries)

    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert Feedback.objects.count() == 0


def test_hidden_field_is_out_of_reach_for_people():
    page = body(Client().get(ADDRESS))

    assert '<input type="hidden" name="website"' in page
    assert FeedbackForm().fields["opened"].initial


def test_coordinator_lists_and_handles_what_was_written():
    kari = make_coordinator()
    client = signed_in(kari)
    employee = make_employee(name="Ane Solheim")
    protected = make_employee(name="Hemmelig Navn", protected_identity=True)
    for number, author in enumerate((employee, protected, None)):
        send_feedback(page_key="n0s1", text=f"Tekst {number}", answer_to="", author=author, now=NOW)
    feedback = Feedback.objects.get(text="Tekst 0")

    before = body(client.get("/veileder/rediger/tilbakemeldinger/"))
    client.post(f"/veileder/rediger/tilbakemeldinger/{feedback.pk}/", {"note": "Skrevet om"})
    after = body(client.get("/veileder/rediger/tilbakemeldinger/"))
    front = body(client.get("/veileder/rediger/"))

    feedback.refresh_from_db()
    assert [f"Tekst {number}" in before for number in range(3)] == [True, True, True]
    assert ("Ane Solheim" in before, "Hemmelig Navn" in before) == (True, False)
    assert (feedback.state, feedback.handled_by, feedback.note) == (FeedbackState.HANDLED, kari, "Skrevet om")
    assert (after.count("Merk som behandlet"), "Skrevet om" in after) == (2, True)
    assert "Tilbakemeldinger (2 nye)" in front


def test_list_names_the_page_each_was_written_about(guide):
    for key in ("overview", "n0s1", "gravide", "borte"):
        send_feedback(page_key=key, text="Tekst", answer_to="", author=None, now=NOW)

    page = body(signed_in(make_coordinator()).get("/veileder/rediger/tilbakemeldinger/"))

    for name in ("Handlingsveileder", "Nivå 0, steg 1: Avklar uroen din", "Gravide", "borte"):
        assert f"· {name}" in page


def test_handling_twice_keeps_the_first():
    kari, other = make_coordinator(), make_coordinator()
    feedback = send_feedback(page_key="", text="Tekst", answer_to="", author=None, now=NOW)

    handle_feedback(feedback.pk, actor=kari, note="Først", now=NOW)
    handle_feedback(feedback.pk, actor=other, note="Så", now=timezone.now())

    feedback.refresh_from_db()
    assert (feedback.handled_by, feedback.handled_at, feedback.note) == (kari, NOW, "Først")


def test_list_is_the_coordinators_alone_and_says_when_it_is_empty():
    feedback = send_feedback(page_key="", text="Tekst", answer_to="", author=None, now=NOW)
    leader = signed_in(make_leader())
    address = "/veileder/rediger/tilbakemeldinger/"
    answers = [leader.get(address).status_code, leader.post(f"{address}{feedback.pk}/").status_code]
    Feedback.objects.all().delete()

    assert answers == [403, 403]
    assert "Ingen har skrevet ennå." in body(signed_in(make_coordinator()).get(address))


@pytest.mark.parametrize("number", [1, 30])
def test_list_asks_the_database_as_often_however_much_is_written(number, django_assert_num_queries):
    client = signed_in(make_coordinator())
    for _each in range(number):
        send_feedback(page_key="n0s1", text="Tekst", answer_to="", author=make_employee(), now=NOW)

    with django_assert_num_queries(9):
        client.get("/veileder/rediger/tilbakemeldinger/")
