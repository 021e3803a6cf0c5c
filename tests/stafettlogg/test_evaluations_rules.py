import datetime
import itertools
import uuid
from types import SimpleNamespace

import pytest

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import AccessKind, Audience, Decision
from apps.stafettlogg.rules import evaluations, messages, voices

TODAY = datetime.date(2026, 10, 8)
TOMORROW = TODAY + datetime.timedelta(days=1)
YESTERDAY = TODAY - datetime.timedelta(days=1)


def refusal(check, *args, **kwargs):
    """The code of the refusal, or None."""
    try:
        check(*args, **kwargs)
    except RuleBroken as broken:
        return broken.code
    return None


@pytest.mark.parametrize(
    ("decision", "level", "lowest"), list(itertools.product(Decision.values, range(4), range(1, 4)))
)
def test_decision_never_moves_the_level_above_3_or_below_the_level_a_log_is_offered_from(decision, level, lowest):
    step = {"level_up": 1, "level_down": -1}.get(decision, 0)
    code = {1: "level_top" if level == 3 else None, -1: "level_bottom" if level <= lowest else None}.get(step)

    assert refusal(evaluations.level_after, decision, level, lowest=lowest) == code
    assert (decision in evaluations.decisions_at(level, lowest=lowest)) == (code is None)
    if code is None:
        assert evaluations.level_after(decision, level, lowest=lowest) == level + step


@pytest.mark.parametrize(
    ("level", "lowest", "possible"),
    [
        (0, 1, ["continue", "change", "level_up", "close"]),
        (1, 1, ["continue", "change", "level_up", "close"]),
        (2, 1, ["continue", "change", "level_up", "level_down", "close"]),
        (2, 2, ["continue", "change", "level_up", "close"]),
        (3, 2, ["continue", "change", "level_down", "close"]),
        (3, 3, ["continue", "change", "close"]),
    ],
)
def test_decisions_offered_are_those_that_are_possible(level, lowest, possible):
    assert evaluations.decisions_at(level, lowest=lowest) == possible


@pytest.mark.parametrize(
    ("decision", "held", "following", "code"),
    [
        ("continue", TODAY, TOMORROW, None),
        ("continue", TODAY, None, "next_day_missing"),
        ("continue", TODAY, TODAY, "next_day_past"),
        ("continue", datetime.date(2026, 9, 1), YESTERDAY, "next_day_past"),
        ("continue", TOMORROW, TOMORROW, "held_future"),
        ("close", TODAY, None, None),
        ("close", TODAY, TOMORROW, "next_day_needless"),
    ],
)
def test_every_evaluation_but_the_last_has_a_next_day(decision, held, following, code):
    assert refusal(evaluations.check_days, decision, held_day=held, next_day=following, today=TODAY) == code


@pytest.mark.parametrize(
    ("has_voice", "reason", "code"),
    [(True, "", None), (False, "Vi snakker på fredag", None), (False, " ", "voice_missing")],
)
def test_childs_voice_or_the_reason_it_is_missing(has_voice, reason, code):
    assert refusal(evaluations.check_voice_or_reason, has_voice, reason) == code


def test_every_measure_under_review_gets_an_effect():
    one, two = uuid.uuid4(), uuid.uuid4()

    assert refusal(evaluations.check_effects, [one, two], [two, one], {}) is None
    assert refusal(evaluations.check_effects, [one, two], [one], {}) == "effects_missing"
    assert refusal(evaluations.check_effects, [one], [one, two], {}) == "effects_missing"
    assert refusal(evaluations.check_effects, [one, two], [one], {two: "not_started"}) is None
    assert refusal(evaluations.check_effects, [one], [one], {one: "not_started"}) == "effects_missing"
    assert refusal(evaluations.check_effects, [one], [one], {two: "ongoing"}) == "effects_missing"


@pytest.mark.parametrize(
    ("kind", "audience", "holding", "has_thread", "allowed"),
    [
        (AccessKind.GUARDIAN, Audience.HOLDER, False, True, True),
        (AccessKind.GUARDIAN, Audience.ALL, False, False, True),
        (AccessKind.YOUTH, Audience.HOLDER, False, True, True),
        (AccessKind.HOLDER, Audience.HOLDER, True, True, True),
        (AccessKind.HOLDER, Audience.HOLDER, True, False, False),
        (AccessKind.DEPUTY, Audience.HOLDER, True, True, True),
        (AccessKind.PARTICIPANT, Audience.ALL, False, False, True),
        (AccessKind.PARTICIPANT, Audience.HOLDER, False, True, False),
        (AccessKind.PARTICIPANT, Audience.STAFF, False, False, False),
        (AccessKind.HOLDER, Audience.STAFF, True, False, False),
    ],
)
def test_nobody_writes_behind_the_parents_back(kind, audience, holding, has_thread, allowed):
    code = refusal(messages.check_audience, kind, audience, holding=holding, has_thread=has_thread)

    assert code == (None if allowed else "audience")


@pytest.mark.parametrize(
    ("expected", "text", "told", "knows", "code"),
    [
        (False, "Jeg vil være med", TODAY, True, None),
        (True, "Jeg vil være med", TODAY, True, "voice_unborn"),
        (False, "  ", TODAY, True, "voice_empty"),
        (False, "Jeg vil være med", TOMORROW, True, "voice_future"),
        (False, "Jeg vil være med", TODAY, False, "voice_readers_unknown"),
    ],
)
def test_childs_words_are_kept_only_when_the_child_knows_the_readers(expected, text, told, knows, code):
    child = SimpleNamespace(is_expected=expected)

    assert refusal(voices.check_voice, child, text, told_day=told, child_knows_readers=knows, today=TODAY) == code
