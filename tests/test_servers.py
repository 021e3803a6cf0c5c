"""The servers that the tests themselves stand on."""

import json
import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest
import redis
from django.contrib.auth import get_user_model


def test_mail_server_keeps_what_it_accepts_and_refuses_on_request(mail_server):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "fra@solvik.example", "til@solvik.example", "Hei på deg"
    message.set_content("Du har noe nytt i portalen.")
    mail_server.refusals.append("451 Try later")

    with smtplib.SMTP("127.0.0.1", mail_server.port) as client:
        refused = _send(client, message)
        accepted = _send(client, message)

    assert (refused, accepted) == (451, None)
    assert [(got["Subject"], got.recipients) for got in mail_server.messages] == [
        ("Hei på deg", ["til@solvik.example"])
    ]


def _send(client, message):
    try:
        client.send_message(message)
    except smtplib.SMTPDataError as error:
        return error.smtp_code
    return None


def test_live_app_has_its_own_demo_municipality(live_app, django_db_blocker):
    with live_app.orm(django_db_blocker):
        people = get_user_model().objects.count()

    assert people > 0
    assert len(json.loads(live_app.manage("demo_users", "--json"))) > 0


@pytest.mark.parametrize("path", ["/", "/finnes-ikke/", "/static/finnes-ikke.css"])
def test_no_answer_says_which_program_serves_it(live_app, path):
    try:
        answer = urllib.request.urlopen(f"{live_app.url}{path}", timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        headers = answer.headers

    assert headers.get_all("Server") == ["web"]
    assert "gunicorn" not in str(headers).lower()


@pytest.mark.browser
def test_browser_opens_the_live_app_in_norwegian(live_app, page):
    answer = page.goto(live_app.url)

    assert answer.status == 200
    assert page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "nb-NO",
        "Europe/Oslo",
    ]


@pytest.mark.django_db
def test_test_database_is_empty_and_migrated():
    assert get_user_model().objects.count() == 0


def test_redis_server_answers(redis_server):
    assert redis.Redis.from_url(redis_server.url).ping() is True
