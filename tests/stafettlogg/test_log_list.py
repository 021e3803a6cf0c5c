"""The list of logs as a page: searched, sorted and narrowed, with nothing of it in the address."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.municipality.enums import UnitKind
from apps.notifications.services import notify
from apps.stafettlogg.enums import EventKind, LogStatus
from apps.stafettlogg.models import LogEvent
from apps.stafettlogg.selectors.log_list import CHANGED, NAME, REQUESTS, Wanted, logs_for_list
from apps.stafettlogg.services.events import record_event
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import make_child, make_goal, make_log, make_measure, make_participant
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = date(2026, 10, 8)
LIST = reverse("stafettlogg:list")


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def holder():
    return make_employee()


def names(user, **wanted):
    return [card.name for card in logs_for_list(user, Wanted(**wanted), now=NOW).cards]


def shown(page) -> str:
    return " ".join(page.text.split())


def test_search_is_kept_so_that_back_asks_nothing_and_the_address_holds_nothing(holder):
    for name in ("Emma", "Noah"):
        make_log(holder=holder, child=make_child(name), now=NOW)
    client = signed_in(holder)

    sent = client.post(LIST, {"q": "emma"})
    found, again, whole = client.get(sent.url), client.get(sent.url), client.get(LIST)

    assert (sent.status_code, sent.url) == (302, f"{LIST}?utvalg")
    for page in (found, again):
        assert "Emma, 5 år" in page.text
        assert "Noah, 5 år" not in page.text
        assert 'value="emma"' in page.text
    assert "Noah, 5 år" in whole.text


def test_list_says_how_many_there_are_and_which_page_this_is(holder):
    for number in range(27):
        make_log(holder=holder, child=make_child(f"Barn{number:02}"), now=NOW)
    client = signed_in(holder)

    assert "27 stafettlogger. Side 1 av 2." in shown(client.get(LIST))
    assert "27 stafettlogger. Side 2 av 2." in shown(client.get(f"{LIST}?side=2"))
    searched = client.post(LIST, {"q": "barn"}, follow=True)
    assert "27 stafettlogger. Side 1 av 2." in shown(searched)
    assert "utvalg=&amp;side=2" in searched.text


@pytest.mark.parametrize("number", [9, 30])
def test_narrowed_list_costs_the_same_for_9_and_30_logs(holder, number, django_assert_num_queries):
    for index in range(number):
        make_log(holder=holder, child=make_child(f"Barn{index}"), now=NOW)

    with django_assert_num_queries(5 if number == 9 else 6):
        logs_for_list(holder, Wanted(level=1, order=CHANGED), now=NOW)


def test_list_is_sorted_by_urgency_name_or_change(holder):
    urgent, changed, quiet = (
        make_log(holder=holder, child=make_child(name), now=NOW) for name in ("Cato", "Bo", "Anna")
    )
    urgent.evaluation_due_day = TODAY
    urgent.save()
    LogEvent.objects.all().delete()
    record_event(quiet, EventKind.LEVEL, actor=None, now=NOW, number=1)
    record_event(changed, EventKind.LEVEL, actor=None, now=NOW + timedelta(hours=1), number=1)

    assert names(holder)[0] == "Cato, 5 år"
    assert names(holder, order=NAME) == ["Anna, 5 år", "Bo, 5 år", "Cato, 5 år"]
    assert names(holder, order=CHANGED) == ["Bo, 5 år", "Anna, 5 år", "Cato, 5 år"]


def test_s33_order_tells_a_participant_nothing_of_what_is_about_one_person():
    participant = make_employee()
    told, private = (make_log(child=make_child(name), now=NOW) for name in ("Anna", "Bo"))
    for log in (told, private):
        make_participant(log, user=participant, now=NOW)
    LogEvent.objects.all().delete()
    record_event(told, EventKind.LEVEL, actor=None, now=NOW, number=1)
    later = NOW + timedelta(hours=1)
    record_event(private, EventKind.LEVEL, actor=None, now=later, number=1, guardian=private.guardians[0])
    record_event(private, EventKind.LEVEL, actor=None, now=later, number=1, audience="holder")

    assert names(participant, which="andre", order=CHANGED) == ["Anna, 5 år", "Bo, 5 år"]
    assert names(participant, query="o", order=CHANGED) == ["Bo, 5 år"]


def test_participant_cannot_ask_which_logs_are_late():
    """Who reads a part of a log must not learn that something else in it is late."""
    participant = make_employee()
    late, other = (make_log(child=make_child(name), now=NOW) for name in ("Anna", "Bo"))
    for log in (late, other):
        make_participant(log, user=participant, now=NOW)
    late.evaluation_due_day = TODAY
    late.save()

    assert sorted(names(participant, which="andre", is_late=True)) == ["Anna, 5 år", "Bo, 5 år"]


def test_list_is_narrowed_to_unit_level_and_what_is_late(holder):
    school = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL)
    make_log(holder=holder, child=make_child("Anna"), now=NOW)
    there = make_log(child=make_child("Bo"), now=NOW)
    make_participant(there, user=holder, now=NOW)
    high, late = (make_log(holder=holder, child=make_child(name), now=NOW) for name in ("Cato", "Dina"))
    high.level = 2
    high.unit = school
    high.save()
    make_measure(make_goal(late, now=NOW), due_day=TODAY, now=NOW)

    assert names(holder, unit_id=school.pk) == ["Cato, 5 år"]
    assert names(holder, level=2) == ["Cato, 5 år"]
    assert names(holder, is_late=True) == ["Dina, 5 år"]
    assert names(holder, is_late=True, level=2) == []
    assert names(holder, unit_id=there.unit_id, which="andre") == ["Bo, 5 år"]
    assert len(names(holder)) == 3


def test_requests_stand_apart(holder):
    make_log(holder=holder, child=make_child("Anna"), now=NOW)
    make_log(status=LogStatus.REQUESTED, holder=holder, child=make_child("Bo"), now=NOW)

    assert names(holder, which=REQUESTS) == ["Bo, 5 år"]
    assert "Forespørsler som venter på svar" in signed_in(holder).get(f"{LIST}?vis=foresporsler").text


def test_choice_that_is_not_understood_is_as_if_it_was_not_made(holder):
    make_log(holder=holder, now=NOW)
    client = signed_in(holder)

    answer = client.post(LIST, {"unit": "x", "level": "9", "order": "tilfeldig", "which": "alle"})

    assert answer.url == f"{LIST}?vis=mine"
    assert "Emma, 5 år" in client.get(answer.url).text


def test_page_of_notices_says_whom_each_is_about_while_one_reads_the_log(holder):
    logs = [make_log(holder=holder, child=make_child("Emma", family), now=NOW) for family in ("Vik", "Berg")]
    foreign = make_log(child=make_child("Noah"), now=NOW)
    for number, log in enumerate((*logs, foreign)):
        notify(
            recipient=holder, kind="consent_answered", key=str(number), url_name="stafettlogg:detail", object_id=log.pk
        )

    page = shown(signed_in(holder).get(reverse("notifications:list")))

    assert ("<b>Emma V.</b>" in page, "<b>Emma B.</b>" in page, "Noah" in page) == (True, True, False)


def test_task_says_which_of_two_children_with_one_name(holder):
    for family in ("Vik", "Berg"):
        log = make_log(holder=holder, child=make_child("Emma", family), now=NOW)
        make_measure(make_goal(log, now=NOW), due_day=TODAY, now=NOW)

    page = shown(signed_in(holder).get(reverse("portal:start")))

    assert "Følg opp tiltaket for Emma V." in page
    assert "Følg opp tiltaket for Emma B." in page
