"""J1, J3, J5 and J6: whatever a form is sent, nothing breaks, and nobody is led away from the portal."""

import html
import random
import re
from urllib.parse import quote_plus, urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests import crawl
from tests.aviary import Aviary
from tests.factories import make_citizen, make_employee

pytestmark = pytest.mark.django_db
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")
FORM_TYPE = "application/x-www-form-urlencoded"
WALKERS = ("anonymous", "holder", "guardian", "leader", "coordinator", "stranger_employee", "colleague")
NASTY = [
    "",
    " ",
    "\0",
    "\ud800",
    "\u202eRTL\u202c",
    "👩‍👩‍👧‍👦" * 40,
    "a" * 1_000_000,
    "-1",
    "999999999999999999999999",
    "1e309",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "31.02.2026",
    "2026-13-45",
    "00000000-0000-4000-8000-000000000000",
    "' OR 1=1 --",
    "{{ settings.SECRET_KEY }}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "%00%ff",
    "[]",
    '{"a": 1}',
    "on",
    "ja",
    "١٢٣",
    "\u00a0\u200b\ufeff",
]


def _forms_of(answer):
    """(address, names of fields) of each form with method post on the page."""
    for form in FORM.findall(answer.response.content.decode()):
        if 'method="post"' not in form:
            continue
        found = re.search(r'<form\b[^>]*\baction="([^"]*)"', form)
        names = {m[1]: None for tag in FIELD.findall(form) if (m := re.search(r'\bname="([^"]+)"', tag))}
        values = {name: re.search(rf'name="{re.escape(name)}"[^>]*\bvalue="([^"]*)"', form) for name in names}
        kept = {name: html.unescape(value[1]) if value else "" for name, value in values.items()}
        yield (html.unescape(found[1]) if found and found[1] else answer.url), kept


def _all_forms(aviary) -> list:
    """(persona, address, hidden and chosen values) of every kind of form in the portal, one of each."""
    known = {}
    for persona in WALKERS:
        visitor = crawl.Visitor(persona, aviary.people[persona])
        for url in aviary.addresses(persona):
            answer = visitor.ask(url)
            if answer.status == 200 and not answer.is_document:
                for address, values in _forms_of(answer):
                    known.setdefault((crawl.route_of(address), frozenset(values)), (persona, address, values))
    return list(known.values())


def _encode(values) -> bytes:
    pairs = [(name, value) for name, value in values.items()]
    return "&".join(f"{quote_plus(n)}={quote_plus(v, errors='surrogatepass')}" for n, v in pairs).encode()


def _send(client, address, body, content_type=FORM_TYPE):
    """One POST whose effects are undone. A bare savepoint: the read audit refuses to run inside `atomic()`."""
    before = transaction.savepoint()
    try:
        return client.generic("POST", address, body, content_type=content_type)
    finally:
        transaction.savepoint_rollback(before)


def _attack(posts: int, capsys) -> None:
    aviary = Aviary()
    forms, chance = _all_forms(aviary), random.Random(1)  # noqa: S311 -- the same posts each time
    clients = {persona: crawl.Visitor(persona, aviary.people[persona]).client for persona in WALKERS}
    wrong, sent = [], 0
    while sent < posts:
        for persona, address, values in forms:
            worst = {name: chance.choice(NASTY) for name in values if name != "csrfmiddlewaretoken"}
            # Sometimes only one field is wrong: then what comes after the first check is reached too.
            if chance.random() < 0.5 and worst:
                name = chance.choice(sorted(worst))
                worst = values | {name: worst[name]}
            if not crawl.route_of(address).startswith("account_logout"):
                cache.clear()
                response = _send(clients[persona], address, _encode(worst))
                sent += 1
                if response.status_code >= 500:
                    fields = {name: value[:30] for name, value in worst.items()}
                    wrong.append(f"{persona} {crawl.route_of(address)}: {response.status_code} {fields!r}")
    with capsys.disabled():
        print(f"\nbad input: {len(forms)} forms, {sent} posts, {len(wrong)} answers of 500 and above")
    assert wrong == []
    assert len(forms) > 50


def test_no_form_breaks_on_bad_input(capsys):
    _attack(250, capsys)


@pytest.mark.drill
def test_no_form_breaks_on_10_000_posts(capsys):
    _attack(10_000, capsys)


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
    aviary = Aviary()
    log, holder = aviary.world.log, aviary.people["holder"]
    before = log.messages.count()

    response = _send(crawl.Visitor("holder", holder).client, f"/logger/{log.pk}/beskjeder/", body, content_type)

    assert response.status_code in statuses
    assert log.messages.count() == before


def test_same_field_twice_counts_once_and_never_twice():
    """Parameter pollution: the last one counts, as for the page itself, and makes one row."""
    aviary = Aviary()
    log, holder = aviary.world.log, aviary.people["holder"]
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
