"""What is sent on a sign-in that has ended: kept, and given back to the right person."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client

from apps.core import drafts
from apps.core.models import Draft
from tests.core.conftest import make_user
from tests.core.models import Note
from tests.core.sending import hidden_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls"), pytest.mark.usefixtures("notes")]

MORNING = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
SIGN_IN = "/konto/logg-inn/?next=/prove/"
TEXT = "Ola vil ha hjelp til leksene"


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user():
    return make_user()


def after(clock, **time):
    clock.shift(datetime.timedelta(**time))


def expire(client, clock, path="/prove/", **entries):
    """Open the page, wait until the sign-in is over, send the form; gives the answer."""
    hidden = hidden_in(client.get(path))
    after(clock, minutes=31)
    return client.post(path, {"text": TEXT, **hidden, **entries})


def test_what_was_sent_on_an_expired_sign_in_comes_back(client, clock, user):
    client.force_login(user)

    answer = expire(client, clock, loud="on", kinds=["b"], day="12.10.2026")
    client.force_login(user)
    page = client.get("/prove/")

    assert (answer.status_code, answer.url) == (302, SIGN_IN)
    assert not Note.objects.exists()
    assert TEXT in page.text
    assert 'value="12.10.2026"' in page.text
    assert re.search(r'name="loud"[^>]* checked', page.text)
    assert '<option value="a">' in page.text
    assert '<option value="b" selected>' in page.text


def test_what_came_back_is_sent_once_and_then_gone(client, clock, user):
    client.force_login(user)
    expire(client, clock)
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))

    answer = client.post("/prove/", {"text": TEXT, **hidden})

    assert answer.url == f"/prove/notat/{Note.objects.get().pk}/"
    assert not Draft.objects.exists()
    assert TEXT not in client.get("/prove/").text


def test_what_came_back_stays_until_it_is_accepted(client, clock, user):
    client.force_login(user)
    expire(client, clock)
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))

    client.post("/prove/", {"text": TEXT, **hidden, "day": "i går"})

    assert TEXT in client.get("/prove/").text


def test_the_sign_in_page_tells_that_the_text_is_kept(client, clock, user):
    client.force_login(user)

    answer = client.get(expire(client, clock).url)

    assert "Vi har tatt vare på det du skrev" in answer.text


def test_the_text_is_kept_when_another_tab_met_the_expiry_first(client, clock, user):
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    after(clock, minutes=31)
    client.get("/prove/")
    client.post("/prove/", {"text": TEXT, **hidden})

    client.force_login(user)

    assert TEXT in client.get("/prove/").text


def test_the_text_is_kept_when_another_tab_signed_out(client, clock, user):
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    client.logout()
    client.post("/prove/", {"text": TEXT, **hidden})

    client.force_login(user)

    assert TEXT in client.get("/prove/").text


def test_the_next_person_in_the_same_browser_sees_nothing(client, clock, user):
    client.force_login(user)
    expire(client, clock)

    client.force_login(make_user("Per Dahl"))
    seen_by_other = client.get("/prove/").text
    client.force_login(user)

    assert TEXT not in seen_by_other
    assert TEXT in client.get("/prove/").text


def test_the_same_person_in_another_browser_sees_nothing(client, clock, user):
    client.force_login(user)
    expire(client, clock)
    elsewhere = Client()
    elsewhere.force_login(user)

    assert TEXT not in elsewhere.get("/prove/").text


def test_the_text_does_not_come_back_in_another_form_or_on_another_page(client, clock, user):
    client.force_login(user)
    expire(client, clock)
    client.force_login(user)

    assert TEXT not in client.get("/prove/utkast/").text
    assert TEXT not in client.get("/prove/flere/").text


@pytest.mark.parametrize(("hours", "kept"), [(23, True), (24, False)])
def test_the_text_waits_for_24_hours(client, clock, user, hours, kept):
    client.force_login(user)
    expire(client, clock)
    after(clock, hours=hours)
    client.force_login(user)

    assert (TEXT in client.get("/prove/").text) is kept


def test_several_tabs_lose_nothing(client, clock, user):
    client.force_login(user)
    first, second = hidden_in(client.get("/prove/")), hidden_in(client.get("/prove/utkast/"))
    after(clock, minutes=31)
    client.post("/prove/", {"text": "det ene", **first})
    client.post("/prove/utkast/", {"text": "det andre", **second})
    client.force_login(user)

    assert "det ene" in client.get("/prove/").text
    assert "det andre" in client.get("/prove/utkast/").text


def test_a_form_among_several_gets_its_own_text_back(client, clock, user):
    client.force_login(user)
    marks = re.findall(rf'name="(?:x-)?{drafts.MARK}" value="([^"]+)"', client.get("/prove/flere/").text)
    after(clock, minutes=31)
    client.post("/prove/flere/", {"text": TEXT, drafts.MARK: marks[1]})
    client.force_login(user)

    sections = client.get("/prove/flere/").text.split("<section>")[1:]

    assert [TEXT in section for section in sections] == [False, True, False]


def test_passwords_and_tokens_are_never_kept(client, clock, user):
    client.force_login(user)
    expire(client, clock, password="Hemmelig123", csrfmiddlewaretoken="t" * 32)

    payload = Draft.objects.get().payload

    assert TEXT in payload
    assert "Hemmelig123" not in payload
    assert "tttt" not in payload
    assert drafts.MARK not in payload


def test_kept_text_lies_encrypted(client, clock, user):
    client.force_login(user)
    expire(client, clock)

    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM core_draft")
        assert "Ola" not in cursor.fetchone()[0]


def test_the_token_is_in_a_cookie_scripts_cannot_read(client, clock, user):
    client.force_login(user)

    cookie = expire(client, clock).cookies[drafts.COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 24 * 3600)
    assert Draft.objects.get().token_hash not in cookie.value


@pytest.mark.parametrize("mark", ["", "forged", "WyJ4Il0:1abc:xyz"])
def test_nothing_is_kept_without_a_mark_of_ours(client, clock, user, mark):
    client.force_login(user)

    answer = expire(client, clock, **{drafts.MARK: mark})

    assert answer.url == SIGN_IN
    assert not Draft.objects.exists()


def test_a_mark_is_too_old_after_a_week(client, clock, user):
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    after(clock, days=7, seconds=1)
    client.post("/prove/", {"text": TEXT, **hidden})

    assert not Draft.objects.exists()


def test_a_forged_token_opens_nothing(client, clock, user):
    client.force_login(user)
    expire(client, clock)
    client.force_login(user)
    client.cookies[drafts.COOKIE] = "forged"

    assert TEXT not in client.get("/prove/").text


def test_visitors_have_no_mark_and_open_pages_take_their_post(client):
    page = client.get("/prove/apen/")
    answer = client.post("/prove/apen/", {"text": TEXT, **hidden_in(page)})

    assert hidden_in(page)[drafts.MARK] == ""
    assert answer.url == f"/prove/notat/{Note.objects.get().pk}/"


def test_htmx_is_told_to_move_the_whole_page(client, clock, user):
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    after(clock, minutes=31)

    answer = client.post("/prove/", {"text": TEXT, **hidden}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, SIGN_IN)


def test_a_form_from_before_the_last_sign_in_keeps_its_text(clock, user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))

    answer = client.post("/prove/", {"text": TEXT, **hidden, "csrfmiddlewaretoken": "gammel"})

    assert (answer.status_code, answer.url) == (302, "/prove/")
    assert TEXT in client.get("/prove/").text
    assert not Note.objects.exists()


def test_a_form_of_a_signed_out_person_with_an_old_token_keeps_its_text(clock, user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    after(clock, minutes=31)

    answer = client.post("/prove/", {"text": TEXT, **hidden, "csrfmiddlewaretoken": "gammel"})
    client.force_login(user)

    assert answer.url == SIGN_IN
    assert TEXT in client.get("/prove/").text


def test_a_form_of_someone_else_is_refused_and_waits_for_its_writer(clock, user):
    """On a machine many use: another has signed in, in another tab, since the form was opened."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    client.force_login(make_user("Per Dahl"))

    answer = client.post("/prove/", {"text": TEXT, **hidden, "csrfmiddlewaretoken": "gammel"})
    seen_by_the_other = client.get("/prove/").text
    client.force_login(user)

    assert answer.status_code == 403
    assert "Vi har tatt vare på det du skrev." in answer.text
    assert (TEXT in answer.text, TEXT in seen_by_the_other) == (False, False)
    assert TEXT in client.get("/prove/").text
    assert not Note.objects.exists()


def test_forms_of_two_people_at_once_are_kept_for_nobody(clock, user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    mine = hidden_in(client.get("/prove/"))
    client.force_login(make_user("Per Dahl"))
    theirs = hidden_in(client.get("/prove/"))

    both = {**mine, "x-form_mark": theirs["form_mark"], "csrfmiddlewaretoken": "gammel", "text": TEXT}

    assert client.post("/prove/", both).status_code == 403
    assert not Draft.objects.exists()


def test_signed_out_one_keeps_no_more_than_some_texts_of_a_length_of_ours(clock, user):
    """Whoever has had a form may send it without signing in: that must not fill the database."""
    client = Client()
    client.force_login(user)
    hidden = hidden_in(client.get("/prove/"))
    after(clock, minutes=31)
    too_long = Client().post("/prove/", {"text": "a" * drafts.LONGEST, **hidden})

    for number in range(drafts.MOST_RESCUED + 5):
        after(clock, seconds=1)
        newest = Client()  # each browser has a token of its own
        newest.post("/prove/", {"text": f"{TEXT} {number}", **hidden})

    assert too_long.status_code == 302
    assert Draft.objects.count() == drafts.MOST_RESCUED
    newest.force_login(user)
    assert f"{TEXT} {number}" in newest.get("/prove/").text


def test_a_page_without_kept_text_asks_the_database_for_none(client, user, django_assert_num_queries):
    client.force_login(user)

    with django_assert_num_queries(3):  # session, user, the municipality's settings
        client.get("/prove/")
    with django_assert_num_queries(4):  # and the drafts of this page
        client.get("/prove/utkast/")


def test_an_address_too_long_to_remember_gives_no_mark(client, user, rf):
    request = rf.get("/" + "a" * 500)
    request.user = user

    with drafts.request_in_hand(request):
        assert drafts.mark_for("x", keeps=False) == ""
