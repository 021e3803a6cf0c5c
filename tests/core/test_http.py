import datetime

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client

from apps.core import http
from apps.core.errors import AccessDenied, Conflict, PdfFailed, RuleBroken
from tests.core.conftest import make_user
from tests.core.models import Note
from tests.core.sending import hidden_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls"), pytest.mark.usefixtures("notes")]

UNKNOWN = "/prove/notat/00000000-0000-4000-8000-000000000000/"


@pytest.fixture
def signed_in(client):
    client.force_login(make_user())
    return client


def seen(answer):
    return answer.status_code, answer.content, dict(answer.headers)


def test_not_found_is_the_same_bytes_whatever_was_asked(signed_in):
    answers = [
        signed_in.get(path) for path in ("/prove/borte/", "/finnes-ikke/", "/prove/borte/?x=Ola", "/prove/a.css")
    ]

    assert answers[0].status_code == 404
    assert [seen(answer) for answer in answers] == [seen(answers[0])] * 4
    assert seen(http.not_found_response())[1] == answers[0].content


def test_not_found_names_nobody_and_nothing(signed_in):
    answer = signed_in.get("/prove/borte/?x=Ola")

    assert "Kari" not in answer.text
    assert "Ola" not in answer.text
    assert "/prove/" not in answer.text
    assert "csrf" not in answer.text
    assert "nonce" not in answer.text
    assert "request" not in str(answer.headers).lower().replace("request-method", "")


def test_not_found_is_the_same_for_every_method(signed_in):
    assert signed_in.post("/prove/borte/").content == signed_in.get("/prove/borte/").content
    assert signed_in.head("/prove/borte/").status_code == 404


def test_a_broken_request_gets_a_static_page(rf):
    answer = http.handler400(rf.get("/"), SuspiciousOperation("Ola"))

    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store, private")
    assert "Ola" not in answer.text


def test_an_error_of_ours_gets_a_static_page(signed_in):
    signed_in.raise_request_exception = False

    answer = signed_in.get("/prove/feil/")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store, private")
    assert "Ola" not in answer.text


def test_not_allowed_says_why(signed_in):
    answer = signed_in.get("/prove/nei/")

    assert answer.status_code == 403
    assert "Bare stafettholderen kan gjøre dette." in answer.text


def test_not_allowed_shows_no_words_that_were_not_meant_for_people(signed_in, rf):
    request = signed_in.get("/prove/").wsgi_request

    answer = http.handler403(request, PermissionDenied("Ola Nordmann"))

    assert "Ola" not in answer.text
    assert "Du har ikke tilgang til denne siden." in answer.text


def test_a_form_without_token_is_refused_with_a_way_out():
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/prove/apen/", {"text": "hei"})

    assert answer.status_code == 403
    assert "Last siden på nytt" in answer.text


def edit(client, note, hidden, **fields):
    entries = {"title": note.title, "level": note.level, "due_day": "", **hidden, **fields}
    return client.post(f"/prove/notat/{note.pk}/", entries)


def test_a_conflict_shows_both_texts_and_loses_none(signed_in):
    note = Note(title="Først")
    note.save()
    hidden = hidden_in(signed_in.get(f"/prove/notat/{note.pk}/"))
    edit(signed_in, note, hidden, title="Den andres tekst", level="high", due_day="2026-10-12")

    answer = edit(signed_in, note, hidden, title="Min tekst")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (409, "no-store, private")
    assert answer.context["rows"] == [
        {"label": "Title", "yours": "Min tekst", "theirs": "Den andres tekst"},
        {"label": "Level", "yours": "Lav", "theirs": "Høy"},
        {"label": "Due day", "yours": "", "theirs": "12.\u00a0oktober 2026"},
    ]
    assert "Min tekst" in answer.text
    assert "Den andres tekst" in answer.text
    assert Note.objects.get().title == "Den andres tekst"


def test_a_conflict_is_settled_by_sending_again(signed_in):
    note = Note(title="Først")
    note.save()
    hidden = hidden_in(signed_in.get(f"/prove/notat/{note.pk}/"))
    edit(signed_in, note, hidden, title="Den andres tekst")
    conflict = edit(signed_in, note, hidden, title="Min tekst")

    answer = edit(signed_in, note, hidden_in(conflict), title="Begge tekster")

    assert answer.status_code == 302
    assert list(Note.objects.values_list("title", "version")) == [("Begge tekster", 3)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "Ja"),
        (False, "Nei"),
        (None, ""),
        (datetime.date(2026, 10, 12), "12.\u00a0oktober 2026"),
        (["low", "high"], "Lav, Høy"),
        ("ukjent", "ukjent"),
    ],
)
def test_values_in_a_conflict_are_shown_as_people_read_them(value, shown):
    field = Note._meta.get_field("level").formfield()

    assert http._shown(field, value) == shown


def test_related_objects_in_a_conflict_are_shown_by_name():
    for title in ("b", "a"):
        Note(title=title).save()
    field = Note._meta.get_field("level").formfield()

    assert http._shown(field, Note.objects.order_by("title")) == "a, b"
    assert http._shown(field, Note.objects) in ("a, b", "b, a")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuleBroken("closed", "Loggen er avsluttet."), "Loggen er avsluttet."),
        (AccessDenied("Bare stafettholderen."), "Bare stafettholderen."),
        (AccessDenied(), "Du har ikke tilgang til å gjøre dette."),
        (Conflict(current=1), "Noen andre har endret dette mens du skrev."),
        (PdfFailed("failed", "PDF-en kunne ikke lages."), "PDF-en kunne ikke lages."),
    ],
)
def test_errors_speak_to_people(error, words):
    assert str(error) == words
