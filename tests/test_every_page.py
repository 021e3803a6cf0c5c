"""What holds for every address, whoever wrote it: headers, no write by GET, no POST without its token, clean links."""

import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from apps.core.national_id import contains_national_id
from tests import crawl, matrix
from tests.world import MARK, make_world

# Who is asked, the first one that the page is for.
ASKED = ("anonymous", "holder", "guardian", "leader", "participant", "coordinator", "stranger_employee", "colleague")
DIRECTIVES = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}
HEADERS = {
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
}
# A read leaves a row in the read audit; a session notes that it is used; the place of rate limits forgets old rows.
MAY_BE_WRITTEN = {"audit_readevent", "core_browsersession", "core_cache"}
WRITE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
OPENS = re.compile(r'popovertarget="(\w+)"')
LINK = re.compile(r'(?:href|action|src|hx-\w+)="([^"]*)"')
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GATE_LINK = re.compile(r'<a\b[^>]*href="/veileder/vold/[^"]*"[^>]*>')
EDITOR = "guides:edit_row"  # alone it has a nonce and one hash (docs/adr)


def _asked(name) -> str:
    verdict = matrix.VERDICTS[name]
    return next((who for who in ASKED if verdict.expected(who, "GET") == "ok"), "holder")


def _csp_problems(name, response) -> list[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    parts = {first: " ".join(rest) for first, *rest in (part.split() for part in policy.split(";") if part.strip())}
    wrong = [directive for directive, value in DIRECTIVES.items() if parts.get(directive) != value]
    if name == EDITOR:
        wrong = [directive for directive in wrong if directive not in ("script-src", "style-src")]
    return wrong + [word for word in ("unsafe-inline", "unsafe-eval", "*", "http:") if word in policy]


def header_problems(name, response, *, signed_in) -> list[str]:
    wrong = [header for header, allowed in HEADERS.items() if response.headers.get(header) not in allowed]
    wrong += _csp_problems(name, response)
    if signed_in and not {"no-store", "private"} <= set(re.split(r",\s*", response.headers.get("Cache-Control", ""))):
        wrong.append("Cache-Control")
    if signed_in and "Cookie" not in response.headers.get("Vary", ""):
        wrong.append("Vary")
    return wrong


def _addresses_that_tell(response) -> list[str]:
    """Links of the page, or where it leads, that hold a name, a number or an e-mail address of a person."""
    links = LINK.findall(response.content.decode("utf-8", "replace")) + [response.headers.get("Location", "")]
    plain = [unquote(link) for link in links if not link.startswith(("mailto:", "tel:", "data:"))]
    # Eleven digits in a row inside an id are chance.
    return [link for link in plain if MARK in link or "@" in link or contains_national_id(ID.sub("", link))]


def _gate_links_that_tell(response) -> list[str]:
    """Links to the page about suspected violence that would say where they were pressed (safety.md S13)."""
    if response.headers.get("Referrer-Policy") == "no-referrer":
        return []
    links = GATE_LINK.findall(response.content.decode("utf-8", "replace"))
    return [link for link in links if 'rel="noreferrer"' not in link]


def _panels_missing(response) -> set[str]:
    """Panels that a button of the page opens, and that are not on the page: the button does nothing."""
    if "text/html" not in response.headers.get("Content-Type", ""):
        return set()
    html = response.content.decode()
    return {panel for panel in OPENS.findall(html) if f'id="{panel}"' not in html}


@pytest.mark.django_db
def test_every_page_is_guarded_writes_nothing_and_links_to_nobody(capsys):
    world = make_world()
    clients = {who: _client(world.people[who]) for who in ASKED}
    headers, writes, telling, dead, told, opened = [], [], [], [], [], 0

    for name in sorted(matrix.VERDICTS):
        who = _asked(name)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = clients[who].get(matrix.url(name, world))
        opened += response.status_code == 200
        headers += [f"{name}: {wrong}" for wrong in header_problems(name, response, signed_in=who != "anonymous")]
        tables = {found[1] for query in queries if (found := WRITE.match(query["sql"]))}
        writes += [f"{name}: {table}" for table in tables - MAY_BE_WRITTEN]
        telling += [f"{name}: {link}" for link in _addresses_that_tell(response)]
        dead += [f"{name}: {panel}" for panel in _panels_missing(response)]
        told += [f"{name}: {link}" for link in _gate_links_that_tell(response)]

    with capsys.disabled():
        counted = f"{len(headers)} headers wrong, {len(writes)} writes, {len(telling)} telling links, {len(dead)} dead"
        print(f"\nevery page: {len(matrix.VERDICTS)} addresses, {opened} opened, {counted}")
    assert (headers, writes, telling, dead, told) == ([], [], [], [], [])
    assert opened > 100


# A provider that signs somebody out has no token of ours; what it sends is signed with its key.
SIGNED_BY_A_PROVIDER = ("accounts:family_signed_out", "accounts:staff_signed_out")


@pytest.mark.django_db
def test_every_post_without_its_token_is_refused():
    world = make_world()
    clients = {who: _client(world.people[who], enforce_csrf_checks=True) for who in ASKED}

    answers = {name: clients[_asked(name)].post(matrix.url(name, world)).status_code for name in matrix.VERDICTS}

    signed = {answers.pop(name) for name in SIGNED_BY_A_PROVIDER}
    assert {name: status for name, status in answers.items() if status != 403} == {}
    assert signed <= {400, 404}


def test_an_ending_that_looks_like_a_file_is_not_the_page():
    """What is in front of the portal must not be led to keep a person's page as if it were a style sheet."""
    taken = []
    for name, entry in crawl.routes():
        if "stafettlogg" in name and list(entry.pattern.converters) == ["pk"]:
            url = reverse(name, args=[matrix.NOWHERE])
            taken += [
                url + ending for ending in ("x.css", "/x.css", "%2Fx.css", ";x.css", ".css") if _is_known(url + ending)
            ]

    assert taken == []


def _is_known(path) -> bool:
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True


def _client(user, **options):
    client = Client(**options)
    if user is not None:
        client.force_login(user, backend=crawl.BACKEND)
    return client
