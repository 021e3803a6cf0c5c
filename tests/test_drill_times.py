"""A3 and M4 with a clock: how long an answer takes says nothing. 200 of each, one after the other by turns."""

import statistics
import time
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


def _medians(ways: dict) -> dict:
    """Name → the median of CPU milliseconds; by turns, so that what else the machine does hits all alike."""
    times: dict = {name: [] for name in ways}
    for turn in range(TURNS + 10):
        for name, ask in ways.items():
            started = time.process_time()
            ask()
            if turn >= 10:  # the first ones fill caches
                times[name].append((time.process_time() - started) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def _print(capsys, what, medians) -> None:
    with capsys.disabled():
        print(f"\n| {what} | " + " | ".join(medians) + " |\n|" + "---|" * (len(medians) + 1))
        print("| CPU ms, median of 200 | " + " | ".join(f"{value:.2f}" for value in medians.values()) + " |")


@pytest.mark.drill
@pytest.mark.parametrize("who", ["stranger_employee", "stranger_citizen"])
def test_a_log_that_is_not_hers_takes_as_long_as_one_that_does_not_exist(who, capsys):
    world = make_world()
    client = Client()
    client.force_login(world.people[who], backend=crawl.BACKEND)
    name = "stafettlogg:parent_log" if who == "stranger_citizen" else "stafettlogg:plan"

    medians = _medians(
        {
            "hidden": lambda: client.get(reverse(name, args=[world.log.pk])),
            "nowhere": lambda: client.get(reverse(name, args=[uuid4()])),
        }
    )

    _print(capsys, f"404 for {who}", medians)
    assert abs(medians["hidden"] / medians["nowhere"] - 1) < WITHIN


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
    medians = _medians({name: (lambda e=f"{word}@solvik.example": ask(e)) for name, word in known.items()})

    _print(capsys, "wrong password", medians)
    assert max(medians.values()) / min(medians.values()) - 1 < 2 * WITHIN
