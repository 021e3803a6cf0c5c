import datetime
import logging

import pytest
import structlog
import time_machine
from django.http import HttpResponse
from django.test import Client

from apps.core import sessions
from apps.core.middleware import RequestIdMiddleware, SecurityHeadersMiddleware
from apps.core.models import BrowserSession
from tests.core.conftest import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls"), pytest.mark.usefixtures("notes")]

MORNING = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user():
    return make_user()


def is_in(client):
    return client.get("/prove/").status_code == 200


@pytest.mark.parametrize(("seconds", "still_in"), [(30 * 60 - 1, True), (30 * 60, False)])
def test_a_sign_in_ends_after_30_minutes_without_use(client, clock, user, seconds, still_in):
    client.force_login(user)
    clock.shift(seconds)

    assert is_in(client) is still_in


def test_a_sign_in_in_use_lasts_10_hours(client, clock, user):
    client.force_login(user)
    for _ in range(10 * 60 // 20 - 1):
        clock.shift(20 * 60)
        assert is_in(client)

    clock.shift(20 * 60)
    assert not is_in(client)


def test_use_is_noted_at_most_once_a_minute(client, clock, user, django_assert_num_queries):
    client.force_login(user)
    clock.shift(59)

    with django_assert_num_queries(3):  # session, user, the municipality's settings
        client.get("/prove/")
    clock.shift(1)
    with django_assert_num_queries(6):  # and the session saved, in a savepoint
        client.get("/prove/")


def test_an_ended_sign_in_is_gone_on_the_server_too(client, clock, user):
    client.force_login(user)
    key = client.session.session_key
    clock.shift(31 * 60)
    client.get("/prove/")

    assert not BrowserSession.objects.filter(session_key=key).exists()
    clock.move_to(MORNING)
    client.cookies["session"] = key
    assert not is_in(client)


def test_an_ended_sign_in_is_explained_on_the_sign_in_page(client, clock, user):
    client.force_login(user)
    clock.shift(31 * 60)

    assert "Du ble logget ut" in client.get("/prove/", follow=True).text


def test_signing_out_and_in_starts_the_clocks_again(client, clock, user):
    client.force_login(user)
    clock.shift(9 * 3600 + 45 * 60)
    client.force_login(user)
    clock.shift(29 * 60)

    assert is_in(client)


def test_a_session_from_elsewhere_without_clocks_is_over(client, clock, user):
    client.force_login(user)
    session = client.session
    del session["_signed_in_at"]
    session.save()

    assert not is_in(client)


def test_the_session_gets_a_new_id_at_sign_in_and_when_rotated(client, user, rf):
    client.force_login(user)
    first = client.session.session_key
    client.force_login(user)
    second = client.session.session_key
    request = rf.get("/")
    request.session = client.session
    sessions.rotate(request)

    assert len({first, second, request.session.session_key}) == 3
    assert request.session["_auth_user_id"] == str(user.pk)
    assert not BrowserSession.objects.filter(session_key__in=[first, second]).exists()


def test_pages_of_signed_in_people_are_never_stored(client, user):
    client.force_login(user)
    answers = [client.get("/prove/"), client.post("/prove/", {}), client.get("/prove/side/"), client.get("/x")]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store, private"}
    assert all("Cookie" in answer.headers["Vary"] for answer in answers)


def test_pages_for_everyone_may_be_stored(client):
    answer = client.get("/prove/side/")

    assert "Cache-Control" not in answer.headers
    assert "Cookie" in answer.headers["Vary"]


@pytest.fixture
def access_lines():
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield lines


def test_an_access_line_holds_the_route_never_the_address(client, user, access_lines):
    from tests.core.models import Note

    note = Note(title="a")
    note.save()
    client.force_login(user)
    client.get(f"/prove/notat/{note.pk}/?navn=Ola")

    line = access_lines[-1]
    assert (line["method"], line["route"], line["status"], line["event"]) == ("GET", "note", 200, "request")
    assert set(line) == {"event", "log_level", "method", "route", "status", "ms", "request_id"}
    assert str(note.pk) not in str(line)
    assert "Ola" not in str(line)


def test_each_request_has_an_id_of_its_own_that_is_not_in_the_answer(client, access_lines):
    answers = [client.get("/prove/side/"), client.get("/finnes-ikke/")]

    first, second = (line["request_id"] for line in access_lines)
    assert first != second
    assert access_lines[1]["route"] == ""
    assert not any(first in str(answer.headers) or second in str(answer.headers) for answer in answers)


@pytest.mark.parametrize("path", ["/veileder/vold/", "/veileder/vold", "/nn/veileder/vold/"])
def test_the_gate_leaves_no_access_line_and_no_referrer(rf, access_lines, path):
    answer = RequestIdMiddleware(SecurityHeadersMiddleware(lambda request: HttpResponse("x")))(rf.get(path))

    assert access_lines == []
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_other_pages_send_the_referrer_to_the_portal_only(client):
    answer = client.get("/prove/side/")

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_personal_is_logged_when_a_page_breaks(user, caplog):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    with caplog.at_level(logging.INFO):
        answer = client.get("/prove/feil/")

    assert answer.status_code == 500
    assert "Ola" not in answer.text
