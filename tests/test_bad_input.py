"""J3, J5 and J6: what is no form of ours is refused, and nobody is led away. J1 is in test_bad_posts.py."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests import crawl
from tests.factories import make_citizen, make_employee
from tests.world_with_marks import MarkedWorld

pytestmark = pytest.mark.django_db
FORM_TYPE = "application/x-www-form-urlencoded"


def _send(client, address, body, content_type=FORM_TYPE):
    """One POST whose effects are undone. A bare savepoint: the read audit refuses to run inside `atomic()`."""
    before = transaction.savepoint()
    try:
        return client.generic("POST", address, body, content_type=content_type)
    finally:
        transaction.savepoint_rollback(before)


# J3: what is no form of ours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "statuses"),
    [
        (b'{"text": "Hei", "to": "all"}', "application/json", {400}),
        (b"text=Hei&to=all", "text/plain", {400}),
        (b"\xff\xfe\xfa", FORM_TYPE, {422}),
        (b"text=Hei&to=all", "application/octet-stream", {400}),
        (b"text=Hei&to=all", "multipart/form-data", {400}),
        (b"&".join(b"a%d=1" % number for number in range(2000)), FORM_TYPE, {400}),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "text/xml", {400}),
    ],
)
def test_what_is_no_form_is_refused_and_writes_nothing(body, content_type, statuses):
    marked = MarkedWorld()
    log, holder = marked.world.log, marked.people["holder"]
    before = log.messages.count()

    response = _send(crawl.Visitor("holder", holder).client, f"/logger/{log.pk}/beskjeder/", body, content_type)

    assert response.status_code in statuses
    assert log.messages.count() == before
    assert response.headers["X-Frame-Options"] == "DENY"


def test_same_field_twice_counts_once_and_never_twice():
    """Parameter pollution: the last one counts, as for the page itself, and makes one row."""
    marked = MarkedWorld()
    log, holder = marked.world.log, marked.people["holder"]
    client = crawl.Visitor("holder", holder).client
    before = set(log.messages.values_list("pk", flat=True))
    key = "b6a2deda-38fa-4de9-94cb-aee52b1461d1"

    client.generic(
        "POST",
        f"/logger/{log.pk}/beskjeder/",
        f"form_key={key}&form_key={key}&to=all&text=Den+ene&text=Den+andre".encode(),
        content_type=FORM_TYPE,
    )

    assert [row.text for row in log.messages.exclude(pk__in=before)] == ["Den andre"]


# J5 and J6: where people are led --------------------------------------------------------------------------------------

HOSTILE = [
    "https://example.org/",
    "http://example.org/",
    "//example.org/",
    "///example.org/",
    "/\\example.org/",
    "\\\\example.org/",
    "/%09/example.org",
    "/\t/example.org",
    "https:example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://localhost@example.org/",
    "https://testserver.example.org/",
    " https://example.org/",
]


def _is_inside(url) -> bool:
    """What a browser would make of it, with its own way of reading backslashes and control characters."""
    cleaned = re.sub(r"[\t\r\n]", "", url.strip()).replace("\\", "/")
    return not urlsplit(cleaned).scheme and not cleaned.startswith("//")


@pytest.mark.parametrize("target", HOSTILE)
def test_nobody_is_led_out_of_the_portal(client, target):
    make_employee(email="ane@solvik.example", password="fire ord som passer")
    cache.clear()

    signed_in = client.post(
        "/konto/logg-inn/", {"login": "ane@solvik.example", "password": "fire ord som passer", "next": target}
    )
    language = client.post("/sprak/", {"language": "nn", "next": target}, headers={"Referer": target})
    page = client.get("/konto/logg-inn/", {"next": target})

    assert signed_in.status_code == 302
    assert _is_inside(signed_in.url)
    assert language.status_code in (204, 302, 404, 405)
    assert _is_inside(language.headers.get("Location", "/"))
    assert _is_inside(page.headers.get("Location", "/"))


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example.org"}, {"X-Forwarded-Host": "evil.example.org"}, {"Forwarded": "host=evil.example.org"}],
)
def test_links_in_emails_use_the_portals_own_address(headers, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_citizen("Mari Lie", email="mari@solvik.example", password="fire ord som passer")
    cache.clear()

    response = Client().post("/konto/passord/nytt/", {"email": "mari@solvik.example"}, headers=headers)

    assert response.status_code == 302
    (message,) = mailoutbox
    links = re.findall(r"https?://[^\s]+", message.body)
    assert links != []
    assert [link for link in links if not link.startswith(settings.BASE_URL)] == []


def test_a_host_that_is_not_ours_is_refused():
    assert Client().get("/", headers={"Host": "evil.example.org"}).status_code == 400
