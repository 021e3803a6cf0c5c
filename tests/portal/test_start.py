"""The employee's start page: what must be done, the logs, and from which of several roles she looks."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg.services.voices import add_voice
from tests.factories import (
    make_absence,
    make_citizen,
    make_employee,
    make_leader,
    make_leader_role,
    make_membership,
    make_municipality,
    make_unit,
    make_user,
)
from tests.stafettlogg import factories as logs

pytestmark = pytest.mark.django_db
START, ROLE = "/arbeidet-ditt/", "/konto/rolle/"
NOTHING = "Du har ingenting du må gjøre nå. Vi sier fra når noe skjer."


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(client):
    response = client.get(START)
    assert response.status_code == 200
    return response.content.decode()


def settled_log(holder, name):
    """With a reason, a plan and the child's voice, so nothing is asked of the holder."""
    log = logs.make_log(holder=holder, child=logs.make_child(name, "Vik"))
    log.reason = "Barnet er mye alene"
    log.save()
    logs.make_measure(logs.make_goal(log))
    add_voice(
        log.pk,
        text="Jeg vil være med",
        told_to="Ane",
        told_day=timezone.localdate(),
        child_knows_readers=True,
        actor=holder,
        now=timezone.now(),
    )
    log.refresh_from_db()
    return log


def log_with_overdue_evaluation(holder, name):
    log = settled_log(holder, name)
    log.evaluation_due_day = timezone.localdate() - datetime.timedelta(days=3)
    log.save()
    return log


@pytest.fixture
def two_places():
    """Someone who holds a log in the kindergarten and another one in the school."""
    make_municipality()
    kindergarten, school = make_unit("Solbakken"), make_unit("Solvik skole", kind=UnitKind.SCHOOL)
    user = make_employee(kindergarten, name="Ane Solheim")
    first = user.membership
    log_with_overdue_evaluation(user, "Emma")
    user.membership = second = make_membership(user, school, first_day=timezone.localdate())
    log_with_overdue_evaluation(user, "Noah")
    user.membership = first
    user.other = second
    return user


def test_start_page_greets_and_says_when_there_is_nothing():
    make_municipality()

    text = page(signed_in(make_employee(make_unit("Solbakken"), name="Ane Solheim")))

    assert "Hei, Ane" in text
    assert NOTHING in text
    assert "Du er ikke med i noen stafettlogger nå." in text
    assert ("Du ser:" in text, "Bytt" in text) == (False, False)


def test_new_log_leaves_its_holder_something_to_do():
    make_municipality()
    user = make_employee(make_unit("Solbakken"))
    logs.make_log(holder=user, child=logs.make_child("Emma", "Vik"))

    text = page(signed_in(user))

    assert [words in text for words in ("Skriv hvorfor stafettloggen for Emma er åpnet", NOTHING)] == [True, False]
    assert "Bli enige om mål og tiltak for Emma" in text
    assert "Dette må du gjøre nå (2)" in text


def test_citizen_is_led_to_her_children():
    assert signed_in(make_citizen()).get(START).headers["Location"] == "/barna-dine/"


def test_one_role_shows_everything_with_a_row_in_the_read_audit_for_each():
    make_municipality()
    user = make_employee(make_unit("Solbakken"))
    shown = {log_with_overdue_evaluation(user, name).pk for name in ("Emma", "Noah")}

    text = page(signed_in(user))

    assert [name in text for name in ("Emma", "Noah")] == [True, True]
    assert "Dette må du gjøre nå (2)" in text
    assert {row.log_id for row in ReadEvent.objects.filter(what="start")} == shown


def test_more_logs_than_the_page_shows_are_neither_read_nor_recorded():
    make_municipality()
    user = make_employee(make_unit("Solbakken"))
    for number in range(8):
        settled_log(user, f"Barn{number}")

    text = page(signed_in(user))

    assert sum(f"Barn{number}" in text for number in range(8)) == 6
    assert ReadEvent.objects.filter(what="start").count() == 6


@pytest.mark.parametrize(("place", "here", "there"), [("membership", "Emma", "Noah"), ("other", "Noah", "Emma")])
def test_chosen_role_narrows_the_page_and_says_what_waits_elsewhere(two_places, place, here, there):
    client = signed_in(two_places)
    chosen = getattr(two_places, place)
    client.post(ROLE, {"place": chosen.pk})

    text = page(client)

    assert f"Du ser: Ansatt, {chosen.unit}." in text
    assert (here in text, there in text) == (True, False)
    assert "Dette må du gjøre nå (1)" in text
    assert "1 oppgave venter i en annen rolle. Bytt rolle" in text


def test_role_narrows_the_page_and_never_rights(two_places):
    client = signed_in(two_places)
    client.post(ROLE, {"place": two_places.other.pk})

    everything = client.get("/logger/").content.decode()

    assert [name in everything for name in ("Emma", "Noah")] == [True, True]


def test_role_with_nothing_in_it_says_so_and_leads_to_the_others(two_places):
    place = make_membership(two_places, make_unit("Tangen"), first_day=timezone.localdate())
    client = signed_in(two_places)
    client.post(ROLE, {"place": place.pk})

    text = page(client)

    assert ("Du har ingenting du må gjøre her nå." in text, NOTHING in text) == (True, False)
    assert "2 oppgaver venter i andre roller. Bytt rolle" in text
    assert "Du er ikke med i noen stafettlogger i denne rollen." in text


def away_from_her_log():
    """The holder of Emma's log in Solbakken is away, so a leader has a task. Gives Solvik, Solbakken and Skolen."""
    make_municipality()
    root = make_unit("Solvik", kind=UnitKind.MUNICIPALITY)
    kindergarten, school = make_unit("Solbakken", parent=root), make_unit("Skolen", parent=root)
    holder = make_employee(kindergarten)
    logs.make_log(holder=holder, child=logs.make_child("Emma", "Vik"))
    make_absence(holder)
    return root, kindergarten, school


def units_that_show(user, words, *places) -> list[str]:
    """From which of her places the start page holds these words."""
    client, units = signed_in(user), []
    for place in places:
        client.post(ROLE, {"place": place.pk})
        units += [place.unit.name] if words in page(client) else []
    return units


def test_leaders_tasks_belong_to_the_place_she_leads_from():
    root, kindergarten, school = away_from_her_log()
    leader = make_user("Lars Moen")
    leads = make_membership(leader, kindergarten, role=make_leader_role())
    works = make_membership(leader, school, first_day=timezone.localdate())
    above = make_leader(root)

    assert units_that_show(leader, "Emma", leads, works) == ["Solbakken"]
    assert "Emma" not in page(signed_in(above))


def test_leader_sees_what_is_asked_of_units_below_from_the_place_above():
    root, _kindergarten, other = away_from_her_log()
    chief = make_user("Siri Dahl")
    leads = make_membership(chief, root, role=make_leader_role())
    works = make_membership(chief, other, first_day=timezone.localdate())

    assert units_that_show(chief, "Emma", leads, works) == ["Solvik"]


# When the logs one holds fill the page, those one takes part in are not asked for.
@pytest.mark.parametrize(("number", "queries"), [(1, 19), (30, 19)])
def test_start_page_asks_the_database_as_often_however_much_there_is(number, queries, django_assert_num_queries):
    make_municipality()
    user = make_employee(make_unit("Solbakken"))
    make_membership(user, make_unit("Tangen"), first_day=timezone.localdate())
    for each in range(number):
        log_with_overdue_evaluation(user, f"Barn{each}")
    client = signed_in(user)
    client.get(START)

    with django_assert_num_queries(queries):
        client.get(START)
