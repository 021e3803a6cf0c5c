"""Drafts that people save themselves."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.core import drafts
from apps.core.models import Draft
from tests.core.conftest import make_user
from tests.core.models import Note
from tests.core.sending import hidden_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls"), pytest.mark.usefixtures("notes")]

MORNING = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
TEXT = "Ola vil ha hjelp til leksene"


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user():
    return make_user()


def save_draft(client, **entries):
    hidden = hidden_in(client.get("/prove/utkast/"))
    return client.post("/utkast/lagre/", {"text": TEXT, **hidden}, **entries)


def test_a_saved_draft_comes_back_in_any_browser(client, user):
    client.force_login(user)
    answer = save_draft(client)
    elsewhere = Client()
    elsewhere.force_login(user)

    assert (answer.status_code, answer.url) == (302, "/prove/utkast/")
    assert TEXT in elsewhere.get("/prove/utkast/").text


def test_a_saved_draft_is_seen_by_the_writer_only(client, user):
    client.force_login(user)
    save_draft(client)
    client.force_login(make_user("Per Dahl"))

    assert TEXT not in client.get("/prove/utkast/").text


def test_a_script_saves_without_a_page(client, user):
    client.force_login(user)

    assert save_draft(client, headers={"X-Autosave": "1"}).status_code == 204
    assert save_draft(client, headers={"X-Autosave": "1"}).status_code == 204
    assert Draft.objects.count() == 1


def test_a_draft_is_gone_when_the_form_is_sent(client, user):
    client.force_login(user)
    save_draft(client)
    client.post("/prove/utkast/", {"text": TEXT, **hidden_in(client.get("/prove/utkast/"))})

    assert not Draft.objects.exists()
    assert Note.objects.count() == 1


def test_a_draft_can_be_thrown_away(client, user):
    client.force_login(user)
    save_draft(client)

    answer = client.post("/utkast/forkast/", hidden_in(client.get("/prove/utkast/")))

    assert answer.url == "/prove/utkast/"
    assert TEXT not in client.get("/prove/utkast/").text


@pytest.mark.parametrize("path", ["/utkast/lagre/", "/utkast/forkast/"])
def test_drafts_of_others_are_not_found(client, user, path):
    client.force_login(user)
    save_draft(client)
    hidden = hidden_in(client.get("/prove/utkast/"))
    client.force_login(make_user("Per Dahl"))

    answers = [client.post(path, hidden), client.post(path, {})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("path", ["/utkast/lagre/", "/utkast/forkast/"])
def test_drafts_are_never_changed_by_a_link(client, user, path):
    client.force_login(user)

    assert client.get(path).status_code == 405


@pytest.mark.parametrize(("days", "kept"), [(29, True), (30, False)])
def test_a_draft_waits_for_30_days(client, clock, user, days, kept):
    client.force_login(user)
    save_draft(client)
    clock.shift(datetime.timedelta(days=days))
    client.force_login(user)

    assert (TEXT in client.get("/prove/utkast/").text) is kept


def test_old_drafts_are_forgotten(client, clock, user):
    client.force_login(user)
    save_draft(client)
    hidden = hidden_in(client.get("/prove/"))
    client.logout()
    client.post("/prove/", {"text": TEXT, **hidden})
    now = timezone.now()

    forgotten = [drafts.forget_old(now=now + datetime.timedelta(days=days)) for days in (0, 1, 1, 30)]

    assert forgotten == [0, 1, 0, 1]
    assert not Draft.objects.exists()
