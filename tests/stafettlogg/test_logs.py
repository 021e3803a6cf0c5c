"""The list, and what the log's front page reads."""

import datetime

import pytest

from apps.core.dates import end_of_day
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, EventKind, LogStatus, MeasureStatus
from apps.stafettlogg.models import LogEvent
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.history import timeline
from apps.stafettlogg.selectors.log_list import CLOSED, FEW, MINE, OTHERS, Wanted, logs_for_list
from apps.stafettlogg.services.evaluations import EvaluationInput, evaluate
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.logs import fill_in_reason
from apps.stafettlogg.services.plan import set_goal_status, set_measure_status
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
    open_window,
)
from tests.stafettlogg.log_sections import page_for, sections_on, tasks_in_log

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 10, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 10, 8)


def day(number):
    return TODAY + datetime.timedelta(days=number)


def row_of(log, user):
    return access.row_for(user, log, NOW)


def names(user, **which):
    return [card.name for card in logs_for_list(user, Wanted(**which), now=NOW).cards]


def close(log):
    log.status, log.closed_at, log.close_reason = LogStatus.CLOSED, NOW, "goal"
    log.save()


def test_list_is_split_in_mine_others_and_closed():
    holder = make_employee()
    make_log(holder=holder, child=make_child("Emma"), now=NOW)
    close(make_log(holder=holder, child=make_child("Noah"), now=NOW))
    make_participant(make_log(child=make_child("Liv"), now=NOW), user=holder, now=NOW)
    make_log(child=make_child("Fremmed"), now=NOW)

    assert names(holder, which=MINE) == ["Emma, 5 år"]
    assert names(holder, which=OTHERS) == ["Liv, 5 år"]
    assert names(holder, which=CLOSED) == ["Noah, 5 år"]


def test_search_finds_names_among_own_logs_only():
    holder = make_employee()
    make_log(holder=holder, child=make_child("Emma", "Østby"), now=NOW)
    make_log(child=make_child("Emma", "Østby"), now=NOW)

    assert names(holder, query="østBY") == ["Emma, 5 år"]
    assert names(holder, query="vik") == []


@pytest.mark.parametrize("query", ["noah fjell", "fjell noah", "Fjell, Noah", "noah", "FJELL"])
def test_search_finds_the_words_in_any_order(query):
    holder = make_employee()
    make_log(holder=holder, child=make_child("Noah", "Fjell"), now=NOW)

    assert names(holder, query=query) == ["Noah, 5 år"]


@pytest.mark.parametrize(("name", "query"), [("Čáhppe", "cahppe"), ("O\u2019Łukasz", "O'Łuk"), ("Haakon", "håkon")])
def test_search_finds_letters_that_are_not_on_the_keyboard(name, query):
    holder = make_employee()
    make_log(holder=holder, child=make_child("Emma", name), now=NOW)

    assert names(holder, query=query) == ["Emma, 5 år"]


def test_two_children_who_look_alike_are_told_apart():
    """The initial where that is enough, the whole family name where it is not, and first names for the others."""
    holder = make_employee()
    for given, family in (("Emma", "Vik"), ("Emma", "Berg"), ("Li", "Holm"), ("Li", "Haug"), ("Noah", "Vik")):
        make_log(holder=holder, child=make_child(given, family), now=NOW)

    shown = {"Emma V., 5 år", "Emma B., 5 år", "Li Holm, 5 år", "Li Haug, 5 år", "Noah, 5 år"}
    assert set(names(holder)) == shown


def test_list_shows_the_most_urgent_first():
    holder = make_employee()
    for name, weeks in (("Anna", 8), ("Bo", 2), ("Cato", None)):
        log = make_log(holder=holder, child=make_child(name), now=NOW)
        log.evaluation_due_day = None if weeks is None else day(7 * weeks)
        log.save()

    assert names(holder) == ["Bo, 5 år", "Anna, 5 år", "Cato, 5 år"]


def test_card_says_what_is_next_and_whose_turn_it_is():
    log = make_log(now=NOW)
    make_measure(make_goal(log, now=NOW), due_day=day(0), now=NOW)
    participant = make_participant(log, now=NOW)

    (mine,) = logs_for_list(log.holder.user, now=NOW).cards
    (theirs,) = logs_for_list(participant, Wanted(OTHERS), now=NOW).cards

    assert (mine.status, mine.role, dict(mine.facts)["Neste"]) == (
        "handling",
        "Du er stafettholder",
        "Tiltak 8.\u00a0oktober",
    )
    assert (theirs.status, theirs.role) == ("pagar", "Du er deltaker")
    assert dict(theirs.facts)["Stafettholder"] == f"{log.holder.user.name}, {log.unit.name}"


def test_card_of_the_shell_tells_nothing_of_the_content():
    log = make_log(now=NOW)
    make_measure(make_goal(log, now=NOW), due_day=day(0), now=NOW)
    open_window(log, log.unit, now=NOW, days=30, basis="closing")

    (card,) = logs_for_list(log.holder.user, now=NOW).cards

    assert (card.status, card.facts, card.next_day) == (
        "handling",
        [("Samtykke", "Gjelder ikke lenger"), ("Avgjør før", "8.\u00a0november")],
        None,
    )


def test_list_names_a_protected_holder_by_place():
    holder = make_employee(title="Pedagogisk leder", protected_identity=True)
    log = make_log(holder=holder, now=NOW)
    participant = make_participant(log, now=NOW)

    (card,) = logs_for_list(participant, Wanted(OTHERS), now=NOW).cards

    assert dict(card.facts)["Stafettholder"] == f"Pedagogisk leder, {holder.membership.unit.name}"


def test_expected_child_is_listed_without_a_name():
    child = make_child("", "", birth_date=None, expected_day=day(90))
    log = make_log(child=child, guardians=[make_guardian(child, relation="pregnant")], now=NOW)

    assert names(log.holder.user) == ["Ventet barn"]


@pytest.mark.parametrize("number", [1, 30])
def test_list_costs_the_same_for_1_and_30_logs(number, django_assert_num_queries):
    holder = make_employee()
    for index in range(number):
        log = make_log(holder=holder, child=make_child(f"Barn{index}"), now=NOW)
        make_measure(make_goal(log, now=NOW), due_day=day(1), now=NOW)

    with django_assert_num_queries(4 if number <= FEW else 5):
        found = logs_for_list(holder, now=NOW)

    assert (len(found.cards), found.has_more, found.total) == (min(number, 25), number > 25, number)
    assert len(logs_for_list(holder, page=2, now=NOW).cards) == max(number - 25, 0)


@pytest.mark.parametrize("number", [1, 30])
def test_list_of_others_costs_the_same_for_1_and_30_logs(number, django_assert_num_queries):
    participant = make_employee()
    for index in range(number):
        make_participant(make_log(child=make_child(f"Barn{index}"), now=NOW), user=participant, now=NOW)

    with django_assert_num_queries(5 if number <= FEW else 6):
        found = logs_for_list(participant, Wanted(OTHERS), now=NOW)

    holders = {dict(card.facts)["Stafettholder"] for card in found.cards}
    assert len(holders) == min(number, 25)


@pytest.mark.parametrize("number", [1, 30])
def test_overview_costs_the_same_for_1_and_30_of_everything(number, django_assert_num_queries):
    log = make_log(now=NOW)
    for index in range(number):
        goal = make_goal(log, f"Mål {index}", now=NOW)
        make_measure(goal, responsible_id=log.holder.user_id, due_day=day(1), now=NOW)
    page = page_for(log.holder.user, log, NOW)
    assert page.guide_names.steps == {}  # read for what stands around every page

    with django_assert_num_queries(15):
        shown = sections_on(page)

    assert len(shown["plan"]["goals"]) == number


def test_overview_of_a_participant_has_no_answers_and_no_tasks():
    log = make_log(now=NOW)
    participant = make_participant(log, now=NOW)
    make_goal(log, now=NOW)

    shown = sections_on(page_for(participant, log, NOW))

    assert list(shown) == ["plan", "reason", "holder", "voice", "history", "guide", "sharing"]
    assert set(shown["sharing"]["units"]) == {log.unit.name, participant.membership.unit.name}
    assert {goal.url for goal in shown["plan"]["goals"]} == {""}


def codes(log):
    return [task.code for task in tasks_in_log(log.holder.user, log, NOW)]


def test_tasks_follow_the_log_from_opening_to_closing():
    log = make_log(now=NOW)
    holder = log.holder.user
    assert codes(log) == ["plan_missing", "reason_missing", "evaluation_ahead"]

    fill_in_reason(log.pk, reason="Emma er mye alene", version=log.version, actor=holder, now=NOW)
    measure = make_measure(make_goal(log, now=NOW), due_day=day(3), now=NOW)
    log.refresh_from_db()
    assert codes(log) == ["measure_due", "evaluation_ahead"]

    log.evaluation_due_day = day(10)
    assert codes(log) == ["measure_due", "evaluation_ahead", "voice_missing"]

    set_measure_status(measure.pk, status=MeasureStatus.DONE, actor=holder, now=NOW)
    final = EvaluationInput(
        held_day=TODAY, decision="close", effects={measure.pk: "works"}, no_voice_reason="Emma ville ikke"
    )
    evaluate(log.pk, evaluation=final, actor=holder, now=NOW)
    log.refresh_from_db()
    assert codes(log) == ["to_close"]


def test_due_measures_are_open_ones_in_active_logs():
    log, closed = make_log(now=NOW), make_log(child=make_child("Noah"), now=NOW)
    goal, reached = make_goal(log, now=NOW), make_goal(log, now=NOW)
    today, tomorrow = (make_measure(goal, due_day=day(n), now=NOW) for n in (0, 1))
    done = make_measure(goal, due_day=day(0), now=NOW)
    make_measure(goal, now=NOW)
    make_measure(reached, due_day=day(0), now=NOW)
    make_measure(make_goal(closed, now=NOW), due_day=day(0), now=NOW)
    set_measure_status(done.pk, status=MeasureStatus.DONE, actor=log.holder.user, now=NOW)
    set_goal_status(reached.pk, status="reached", actor=log.holder.user, now=NOW)
    close(closed)

    assert list(due.measures_to_follow(until=day(-1))) == []
    assert list(due.measures_to_follow(until=TODAY)) == [today]
    assert list(due.measures_to_follow(until=day(1))) == [today, tomorrow]


def test_due_evaluations_are_those_of_active_logs():
    log, closed = make_log(now=NOW), make_log(child=make_child("Noah"), now=NOW)
    for one in (log, closed):
        one.evaluation_due_day = TODAY
        one.save()
    close(closed)

    assert list(due.evaluations_to_hold(until=day(-1))) == []
    assert list(due.evaluations_to_hold(until=TODAY)) == [log]
    assert list(due.evaluations_to_hold(until=day(1))) == [log]


def test_timeline_gives_each_reader_her_own_lines():
    child = make_child()
    mari, ola = make_guardian(child), make_guardian(child)
    log = make_log(child=child, guardians=[mari, ola], now=NOW)
    LogEvent.objects.filter(log=log).delete()
    participant = make_participant(log, now=NOW)
    leader = make_participant(log, now=NOW, kind=AccessKind.LEADER)
    readers = [log.holder.user, participant, leader, mari.user, ola.user]
    seen = {}
    for number, fields in enumerate(
        [{}, {"audience": "staff"}, {"audience": "holder"}, {"guardian": mari}, {"about_youth": True}]
    ):
        record_event(log, EventKind.SHARING_OPENED, actor=None, now=NOW, unit_name=str(number), **fields)
    for name, user in zip(("holder", "participant", "leader", "mari", "ola"), readers, strict=True):
        lines = timeline(log, row_of(log, user)).lines
        seen[name] = sorted(int(line.title.split()[0]) for line in lines)

    assert seen == {
        "holder": [0, 1, 2, 3, 4],
        "participant": [0, 1],
        "leader": [0, 1],
        "mari": [0, 3],
        "ola": [0],
    }


@pytest.mark.parametrize("number", [1, 30])
def test_timeline_costs_the_same_for_1_and_30_lines(number, django_assert_num_queries):
    log = make_log(now=NOW)
    for index in range(number):
        make_goal(log, f"Mål {index}", now=NOW)
    row = row_of(log, log.holder.user)

    with django_assert_num_queries(2):
        timeline(log, row)


def test_timeline_comes_in_pages_without_counting():
    log = make_log(now=NOW)
    LogEvent.objects.filter(log=log).delete()
    for number in range(4):
        record_event(log, EventKind.LEVEL, actor=None, now=end_of_day(day(number)), number=number)
    row = row_of(log, log.holder.user)

    first, second = timeline(log, row, limit=3), timeline(log, row, limit=3, page=2)

    assert ([line.title[-1] for line in first.lines], first.has_more) == (["3", "2", "1"], True)
    assert ([line.title[-1] for line in second.lines], second.has_more) == (["0"], False)


@pytest.mark.parametrize("kind", EventKind.values)
def test_every_kind_of_event_has_a_sentence(kind):
    log = make_log(now=NOW)
    LogEvent.objects.filter(log=log).delete()
    record_event(log, kind, actor=log.holder.user, now=NOW, unit_name="PP-tjenesten", number=None)
    record_event(log, kind, actor=None, now=NOW, unit_name="PP-tjenesten", number=None)

    for line in timeline(log, row_of(log, log.holder.user)).lines:
        assert line.title
        assert "%" not in line.title
