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


BY_ITSELF = {"X-Autosave": "1"}


def save_draft(client, page="/prove/utkast/", headers=None, **entries):
    hidden = hidden_in(client.get(page))
    return client.post("/utkast/lagre/", {"text": TEXT, **hidden, **entries}, headers=headers)


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


def test_a_form_that_saves_itself_is_told_when_and_is_one_draft(client, clock, user):
    client.force_login(user)
    save_draft(client, headers=BY_ITSELF, text="Ola vil")
    clock.shift(datetime.timedelta(minutes=5))

    answer = save_draft(client, headers=BY_ITSELF)

    assert (answer.status_code, answer.text) == (200, "Lagret klokka 09.05")
    assert Draft.objects.count() == 1
    assert TEXT in client.get("/prove/utkast/").text


def test_a_form_that_saves_itself_leaves_out_what_waits_for_a_tick(client, user):
    client.force_login(user)

    without = save_draft(client, "/prove/krysset/", headers=BY_ITSELF, day="12.10.2026")
    page = client.get("/prove/krysset/").text
    ticked = save_draft(client, "/prove/krysset/", headers=BY_ITSELF, loud="on")

    assert (without.status_code, ticked.status_code) == (202, 200)
    assert TEXT not in page
    assert "12.10.2026" in page
    assert TEXT in client.get("/prove/krysset/").text


def test_what_the_writer_saves_herself_waits_for_no_tick(client, user):
    client.force_login(user)
    save_draft(client, "/prove/krysset/")

    assert TEXT in client.get("/prove/krysset/").text


def test_a_form_that_is_as_it_was_leaves_no_draft(client, user):
    client.force_login(user)
    save_draft(client, headers=BY_ITSELF)

    answer = save_draft(client, headers={"X-Autosave": "0"}, text="")

    assert (answer.status_code, answer.text) == (200, "")
    assert not Draft.objects.exists()


def test_a_form_that_was_sent_is_not_saved_by_a_late_script(client, user):
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/utkast/"))
    client.post("/prove/utkast/", {"text": TEXT, **hidden})

    answer = client.post("/utkast/lagre/", {"text": TEXT, **hidden}, headers=BY_ITSELF)

    assert answer.status_code == 200
    assert not Draft.objects.exists()


def test_a_person_has_so_many_drafts_and_none_is_endless(client, clock, user):
    client.force_login(user)
    for number in range(drafts.MOST_SAVED + 5):
        page = f"/prove/{number}/"
        Draft.objects.create(user_id=user.pk, form_name="note", object_key=page, payload="{}", updated_at=MORNING)
    clock.shift(datetime.timedelta(minutes=1))

    too_long = save_draft(client, text="a" * drafts.LONGEST)
    save_draft(client)

    assert too_long.status_code == 413
    assert "Teksten er for lang" in too_long.text
    assert Draft.objects.count() == drafts.MOST_SAVED
    assert TEXT in client.get("/prove/utkast/").text


def test_a_draft_is_deleted_without_opening_it_by_its_writer_alone(client, user):
    client.force_login(user)
    save_draft(client)
    entries = {"page": "/prove/utkast/", "back": "/prove/"}
    client.force_login(make_user("Per Dahl"))
    client.post("/utkast/slett/", entries)
    kept = Draft.objects.count()
    client.force_login(user)

    answers = [client.post("/utkast/slett/", entries) for _press in range(2)]

    assert kept == 1
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/prove/")}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("back", ["", "https://ond.example/", "//ond.example/"])
def test_after_deleting_one_stays_in_the_portal(client, user, back):
    client.force_login(user)

    assert client.post("/utkast/slett/", {"page": "/prove/", "back": back}).url == "/arbeidet-ditt/"


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


@pytest.mark.parametrize("path", ["/utkast/lagre/", "/utkast/forkast/", "/utkast/slett/"])
def test_drafts_of_others_are_not_found(client, user, path):
    client.force_login(user)
    save_draft(client)
    hidden = hidden_in(client.get("/prove/utkast/"))
    client.force_login(make_user("Per Dahl"))

    answers = [client.post(path, hidden), client.post(path, {})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("path", ["/utkast/lagre/", "/utkast/forkast/", "/utkast/slett/"])
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
