"""«Hvor er vi nå»: what the page of a log says is done, and what comes."""

import pytest
from django.utils import timezone

from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.stafettlogg.factories import make_child, make_goal, make_guardian, make_log, make_measure
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    load_start_texts(now=timezone.now())
    child = make_child()
    return make_log(child=child, guardians=[make_guardian(child, name="Ola Berg")])


def where(log):
    return main_of(signed_in(log.guardians[0].user).get(page_of("parent_log", log.pk)))


def test_measures_are_agreed_on_when_there_is_one(log):
    without = where(log)
    goal = make_goal(log, "Emma leker med noen hver dag")
    with_goal = where(log)
    make_measure(goal, "Ane starter en lek")
    with_measure = where(log)

    agreed = "Vi ble enige om mål og tiltak"
    assert [agreed in page for page in (without, with_goal, with_measure)] == [False, False, True]
    assert "Vi er enige om mål. Nå blir vi enige om tiltak sammen." in with_goal
    assert "Vi gjør det vi har avtalt" in with_measure


def test_nothing_is_said_to_come_while_nothing_is_shared(log):
    before = where(log)

    signed_in(log.guardians[0].user).post(page_of("withdraw_all", log.pk))

    assert ["Vi ser på tiltakene sammen" in page for page in (before, where(log))] == [True, False]
