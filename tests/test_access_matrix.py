"""Who gets what: every address × every persona × every method. A route or a persona without a verdict fails.

Verdicts: `ok` (the page, a redirect inside, or a form error), `login` (sent to sign in), `no` (404 with the one static
page, or 403 with a reason), `reason` (a leader who has not opened the log: 200, and nothing about the child).
"""

from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from apps.accounts.access import places_of
from apps.core.http import not_found_response
from tests import crawl, matrix, personas
from tests.world import MARK, make_world

METHODS = ("GET", "POST")
# The methods that no page declares are asked by one of each sort: refused whoever asks.
MORE_METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
ONE_OF_EACH = ("anonymous", "holder", "stranger_employee", "stranger_citizen")


def routes(patterns=None, prefix="", namespace=""):
    """Every (name, pattern) the resolver knows, with namespaces."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry


NAMES = sorted({name for name, _entry in routes()})


def test_every_route_has_a_verdict():
    assert (sorted(set(NAMES) - set(matrix.VERDICTS)), sorted(set(matrix.VERDICTS) - set(NAMES))) == ([], [])


@pytest.mark.django_db
def test_every_persona_has_a_verdict():
    assert set(make_world().people) == set(personas.PERSONAS)


@pytest.mark.django_db
def test_one_of_each_role_has_every_role_there_is():
    people = make_world().people
    roles = {persona: _role(user) for persona, user in people.items()}

    assert {roles[persona] for persona in personas.ONE_OF_EACH_ROLE} == set(roles.values())


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(4))
def test_every_cell_is_right(part, capsys):
    world = make_world()
    clients = {persona: _client(user) for persona, user in world.people.items()}
    wrong, cells = [], 0
    for name in NAMES[part::4]:
        verdict = matrix.VERDICTS[name]
        url = matrix.url(name, world)
        for persona, client in clients.items():
            if name.startswith(crawl.APART) and persona not in personas.ONE_OF_EACH_ROLE:
                continue
            answers = {}
            for method in METHODS + (MORE_METHODS if persona in ONE_OF_EACH else ()):
                answers[method] = _send(client, method, url)
                cells += 1
                expected = verdict.expected(persona, method)
                if not _fits(expected, name, answers[method], content=world.things["goal"].title):
                    wrong.append(f"{persona} {method} {name}: {answers[method].status_code}, expected {expected}")
            if verdict.expected(persona, "GET") == "ok" and {answers[m].status_code for m in ("GET", "POST")} == {405}:
                wrong.append(f"{persona} {name}: neither GET nor POST is answered")
    with capsys.disabled():
        print(f"\naccess matrix, part {part + 1} of 4: {cells} cells, {len(wrong)} wrong")
    assert wrong == [], "\n".join(wrong)


def _role(user):
    """What the portal knows of someone apart from any child: kind of account, and the rights she has today."""
    if user is None:
        return "nobody"
    return user.kind, user.is_active, frozenset(place.role.key for place in places_of(user))


def _client(user):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="apps.accounts.adapters.PortalBackend")
    return client


def _send(client, method, url):
    """One request whose effects are undone. A bare savepoint: the read audit refuses to run inside `atomic()`."""
    before, cookies = transaction.savepoint(), deepcopy(client.cookies)
    response = client.generic(method, url)
    transaction.savepoint_rollback(before)
    client.cookies = cookies
    return response


def _fits(expected, name, response, *, content):
    status = response.status_code
    if status >= 500:
        return False
    if status == 405:
        return MARK.encode() not in response.content
    if expected == "ok":
        return status in (200, 302, 400, 409, 410, 413, 422) or (status == 404 and name in matrix.NEEDS_INPUT)
    if expected == "reason":  # a leader sees the first name, never the content
        return status in (200, 302, 403, 404) and content.encode() not in response.content
    if MARK.encode() in response.content:
        return False
    if expected == "login":
        return status == 302 and "/konto/logg-inn/" in response.headers["Location"]
    if expected == "no":
        same = response.content in (not_found_response().content, b"") if status == 404 else True
        led_home = status == 302 and response.headers["Location"] in matrix.OWN_PAGES
        return (status in (403, 404) and same) or led_home
    raise ValueError(expected)
