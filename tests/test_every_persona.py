"""Every persona × every address × every method, also with ids that are odd, someone else's or nobody's.

Nothing breaks, a 404 tells nothing (the same bytes and headers as for nothing at all, with the same work behind it),
every answer has its headers, a visitor gets no cookie she does not need, and nobody waits.
"""

import time
from collections import Counter, defaultdict
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from apps.core.http import not_found_response
from apps.guides.views.reading import VARIANT_COOKIE
from tests import addresses, crawl, personas
from tests.addresses import Address
from tests.posts.checks import TELLING
from tests.test_every_page import header_problems
from tests.two_logs import make_twin, make_units
from tests.world import MARK, make_world

pytestmark = pytest.mark.django_db
UNSAFE_TOO = ("GET", "POST")
THE_REST = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
ONE_OF_EACH = ("anonymous", "holder", "stranger_employee", "stranger_citizen")
# Made in a process of their own, the same for everyone; or leave the walk.
NOT_ASKED = {"guides:tool", "guides:preview_tool"}
# Whatever begins as the page about suspected violence sends no referrer anywhere (safety.md S13).
GATE = {("Referrer-Policy", "no-referrer"), ("Referrer-Policy", "same-origin")}
SLOWEST = 2.0
# Taking a consent back ends windows, accesses and tasks, and tells everyone: some hundred for a family of three.
MOST_QUERIES = {"GET": 80, "POST": 120}
# Nobody but these may learn that the world's log is there; the others have or had a place in it.
STRANGERS = {
    "anonymous",
    "switched_off",
    "stranger_employee",
    "stranger_citizen",
    "guardian_elsewhere",
    "guardian_unchecked",
    "guardian_without_responsibility",
    "coordinator",
}


@dataclass
class Walk:
    """What was asked and what was wrong."""

    asked: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)
    slowest: tuple = (0.0, "")
    most: tuple = (0, "")
    # (persona, method, route) -> number of queries behind each 404, by whose address it was.
    work: dict = field(default_factory=lambda: defaultdict(dict))


class Asker:
    def __init__(self, persona, user) -> None:
        self.persona, self.client = persona, crawl.Visitor(persona, user).client
        self.signed_in = user is not None and user.is_active
        stranger = self.client.get("/finnes-ikke/")
        self.headers_of_404 = _headers(stranger)

    def ask(self, walk: Walk, address: Address, method: str) -> None:
        cookies = deepcopy(self.client.cookies)
        response, queries, seconds = self._send(method, address.url)
        if seconds > SLOWEST:  # what is slow is slow each time; the collector of garbage is not
            seconds = min(seconds, self._send(method, address.url)[2])
        given = set(response.cookies)
        self.client.cookies = cookies
        where = f"{self.persona} {method} {address.route} ({address.kind})"
        walk.asked[address.kind] += 1
        walk.statuses[response.status_code] += 1
        walk.slowest = max(walk.slowest, (seconds, where))
        walk.most = max(walk.most, (queries, where))
        if response.status_code == 404:
            walk.work[self.persona, method, address.route][address.kind] = queries
        problems = self._problems(address, method, response, given)
        walk.wrong += [f"{where} {address.url[:100]!r}: {what}" for what in problems]
        if seconds > SLOWEST or queries > MOST_QUERIES.get(method, MOST_QUERIES["GET"]):
            walk.wrong.append(f"{where}: {seconds:.1f} s of CPU, {queries} queries")

    def _send(self, method: str, url: str):
        """The answer, its number of queries and its seconds of CPU. What it wrote is undone."""
        before, queries = transaction.savepoint(), []

        def note(execute, sql, *rest):
            queries.append(sql)
            return execute(sql, *rest)

        started = time.process_time()
        with connection.execute_wrapper(note):
            response = self.client.generic(method, url)
        seconds = time.process_time() - started
        transaction.savepoint_rollback(before)
        transaction.savepoint_commit(before)  # thousands inside each other are more than the database keeps
        return response, len(queries), seconds

    def _problems(self, address, method, response, given):
        if response.status_code >= 500:
            yield f"answered {response.status_code}"
        text = response.content.decode("utf-8", "replace")
        yield from (f"tells {word!r}" for word in TELLING if word in text)
        wrong = header_problems(crawl.route_of(address.url), response, signed_in=self.signed_in)
        yield from (f"header {header}" for header in wrong)
        if response.status_code == 404:
            if response.content not in (not_found_response().content, b"" if method == "HEAD" else None):
                yield "404 with other bytes"
            if other := (set(_headers(response)) ^ set(self.headers_of_404)) - GATE:
                yield f"404 with other headers: {other}"
        is_no = response.status_code >= 400 and response.status_code not in (409, 422)  # those are forms, given back
        if is_no and (MARK in text or "Blåmeis" in text):
            yield "names a child in a no"
        needed = self._needed(text, method) | ({VARIANT_COOKIE} if address.route == "guides:choose_variant" else set())
        yield from (f"gives a visitor the cookie {name}" for name in given - needed)

    def _needed(self, text, method) -> set[str]:
        """A visitor: the token of a form that is on the page, and the language or the sign-in she asked for."""
        if self.signed_in:
            return {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages"}
        # What HEAD answers for has no text to look in.
        needed = {settings.CSRF_COOKIE_NAME} if method == "HEAD" or "csrfmiddlewaretoken" in text else set()
        return (
            needed
            if method in ("GET", "HEAD")
            else needed | {settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_NAME}
        )


def _headers(response) -> list[tuple[str, str]]:
    return sorted(response.headers.items())


def _knows(persona) -> str:
    """Whose log she has or had a place in: that it takes other work to tell her no is no news to her."""
    if persona.startswith("twin_"):
        return "the twin's"
    return "" if persona in STRANGERS else "the world's"


def _unequal_work(walk: Walk) -> list[str]:
    """What is someone else's takes the same queries as what is nobody's: the time tells nothing either."""
    wrong = []
    for (persona, method, route), by_kind in walk.work.items():
        if route.startswith("guides:"):  # no secret
            continue
        nothing, knows = by_kind.get("nothing's"), _knows(persona)
        for kind, count in by_kind.items():
            if nothing is not None and kind.startswith("the") and kind != knows and count != nothing:
                wrong.append(f"{persona} {method} {route}: {count} queries for {kind}, {nothing} for nothing's")
    return wrong


def _print(walk: Walk, personas: int, unequal: list) -> None:
    print(f"\nevery persona: {personas} personas, {walk.asked.total()} asked, {len(walk.wrong)} wrong")
    print("  " + ", ".join(f"{kind}: {count}" for kind, count in sorted(walk.asked.items())))
    print("  " + ", ".join(f"{status}: {count}" for status, count in sorted(walk.statuses.items())))
    print(f"  slowest {walk.slowest[0]:.2f} s of CPU ({walk.slowest[1]}); most queries {walk.most[0]} ({walk.most[1]})")
    print(f"  404 that takes other work for what exists: {len(unequal)}")
    print("\n".join(f"  ! {what}" for what in [*walk.wrong[:40], *unequal[:40]]))


def _finish(walk: Walk, personas: int, capsys) -> None:
    unequal = _unequal_work(walk)
    with capsys.disabled():
        _print(walk, personas, unequal)
    assert walk.wrong == [], "\n".join(walk.wrong[:60])
    assert unequal == [], "\n".join(unequal[:60])


def _setting():
    world = make_world()
    units = make_units()
    twin = make_twin("Blåmeis", units)
    make_twin("Grankors", units, like=twin)  # two of each thing wait for each of them
    twin.log.unit.name = "Lia barnehage"  # the child's name stands nowhere but in her log
    twin.log.unit.save()
    people = world.people | {f"twin_{name}": user for name, user in twin.people.items()}
    known = [address for address in addresses.known(world, twin) if address.route not in NOT_ASKED]
    strange = [address for address in addresses.strange(world) if address.route not in NOT_ASKED]
    return people, known, strange


def test_what_is_not_yours_is_answered_as_what_is_nowhere(capsys):
    people, known, strange = _setting()
    walk = Walk()
    askers = {name: Asker(name, people[name]) for name in ("anonymous", "holder", "stranger_employee", "guardian")}

    for address in known:
        if address.kind != "the world's":
            askers["holder"].ask(walk, address, "GET")
    for number, address in enumerate(strange[::7]):
        askers[ONE_OF_EACH[number % 3]].ask(walk, address, "GET")
    _finish(walk, len(askers), capsys)


@pytest.mark.drill
def test_every_persona_at_every_address(capsys, caplog):
    people, known, strange = _setting()
    walk = Walk()
    # Nothing that is kept for a minute runs out on the way, or one address does the work of another.
    with time_machine.travel(timezone.now(), tick=False):
        for name, user in people.items():
            asker = Asker(name, user)
            cache.clear()
            caplog.clear()  # else every line that is logged is kept to the end
            for address in known:
                for method in UNSAFE_TOO + (THE_REST if name in ONE_OF_EACH else ()):
                    asker.ask(walk, address, method)
        for name in ONE_OF_EACH:
            asker = Asker(name, people[name])
            for number, address in enumerate(strange):
                for method in UNSAFE_TOO if number % 3 == 0 else UNSAFE_TOO[:1]:
                    cache.clear()
                    asker.ask(walk, address, method)
    _finish(walk, len(people), capsys)
    assert set(personas.PERSONAS) <= set(people)
