"""A3 and M4 with a clock: how long an answer takes says nothing. 200 of each, one after the other by turns."""

import statistics
import time
from collections import deque
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import crawl
from tests.accounts.hashers import PATH
from tests.factories import make_citizen, make_employee
from tests.world import make_world

pytestmark = pytest.mark.django_db
TURNS = 200
WITHIN = 0.05


def _times(ways: dict) -> dict:
    """Name → CPU milliseconds, the lower quartile of 200: what it takes when nothing else disturbs.

    By turns, and each turn begins with another, so that what else the machine does hits all alike.
    """
    times: dict = {name: [] for name in ways}
    order = deque(ways.items())
    for turn in range(TURNS + 10):
        order.rotate(1)
        for name, ask in order:
            started = time.process_time()
            ask()
            if turn >= 10:  # the first ones fill caches
                times[name].append((time.process_time() - started) * 1000)
    return {name: statistics.quantiles(values, n=4)[0] for name, values in times.items()}


def _print(capsys, what, times) -> None:
    with capsys.disabled():
        print(f"\n| {what} | " + " | ".join(times) + " |\n|" + "---|" * (len(times) + 1))
        print("| CPU ms, lower quartile of 200 | " + " | ".join(f"{value:.2f}" for value in times.values()) + " |")


@pytest.mark.drill
@pytest.mark.parametrize("who", ["stranger_employee", "stranger_citizen"])
def test_a_log_that_is_not_hers_takes_as_long_as_one_that_does_not_exist(who, capsys):
    world = make_world()
    client = Client()
    client.force_login(world.people[who], backend=crawl.BACKEND)
    name = "stafettlogg:parent_log" if who == "stranger_citizen" else "stafettlogg:plan"

    times = _times(
        {
            "hidden": lambda: client.get(reverse(name, args=[world.log.pk])),
            "nowhere": lambda: client.get(reverse(name, args=[uuid4()])),
        }
    )

    _print(capsys, f"404 for {who}", times)
    assert abs(times["hidden"] / times["nowhere"] - 1) < WITHIN


@pytest.mark.drill
def test_signing_in_takes_as_long_whoever_is_known(settings, capsys):
    settings.PASSWORD_HASHERS = [PATH]
    make_employee(email="ane@solvik.example", password="fire ord som passer")
    make_citizen(email="mari@solvik.example", password="fire ord som passer")
    make_employee(email="borte@solvik.example", password="fire ord som passer", is_active=False)

    def ask(email):
        cache.clear()
        Client().post("/konto/logg-inn/", {"login": email, "password": "feil"})

    known = {"employee": "ane", "parent": "mari", "left": "borte", "unknown": "ukjent"}
    times = _times({name: (lambda e=f"{word}@solvik.example": ask(e)) for name, word in known.items()})

    _print(capsys, "wrong password", times)
    assert max(times.values()) / min(times.values()) - 1 < 2 * WITHIN
