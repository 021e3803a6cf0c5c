import datetime
import itertools
import uuid
from types import SimpleNamespace

import pytest

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import GoalStatus, LogStatus, MeasureStatus
from apps.stafettlogg.rules import guide, plan

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


@pytest.mark.parametrize(("before", "after"), list(itertools.product(GoalStatus.values, GoalStatus.values)))
def test_goal_status_goes_from_open_and_back(before, after):
    may = {("open", "reached"), ("open", "dropped"), ("reached", "open"), ("dropped", "open")}
    code = refusal(plan.check_goal_can_become, SimpleNamespace(status=before), after)

    assert code == (None if (before, after) in may else "goal_state")


@pytest.mark.parametrize(("before", "after"), list(itertools.product(MeasureStatus.values, MeasureStatus.values)))
def test_measure_status_may_be_resumed_but_not_skip_back(before, after):
    may = {
        ("not_started", "ongoing"),
        ("not_started", "done"),
        ("not_started", "stopped"),
        ("ongoing", "not_started"),
        ("ongoing", "done"),
        ("ongoing", "stopped"),
        ("done", "ongoing"),
        ("stopped", "ongoing"),
    }
    code = refusal(plan.check_measure_can_become, SimpleNamespace(status=before), after)

    assert code == (None if (before, after) in may else "measure_state")


@pytest.mark.parametrize(
    ("status", "code"), [("open", None), ("reached", "goal_not_open"), ("dropped", "goal_not_open")]
)
def test_measures_are_added_to_open_goals_only(status, code):
    assert refusal(plan.check_goal_is_open, SimpleNamespace(status=status)) == code


ANE = uuid.uuid4()


@pytest.mark.parametrize(
    ("user_id", "name", "code"),
    [
        (None, "", None),
        (ANE, "", None),
        (None, "Mari Vik", None),
        (ANE, "Mari Vik", "two_responsible"),
        (uuid.uuid4(), "", "responsible_outside"),
        (None, "Naboen", "responsible_outside"),
    ],
)
def test_responsible_is_one_in_the_log(user_id, name, code):
    check = plan.check_responsible

    assert refusal(check, user_id, name, people_ids={ANE}, guardian_names=["Mari Vik"]) == code


@pytest.mark.parametrize(
    ("day", "before", "code"),
    [
        (None, None, None),
        (TODAY, None, None),
        (TOMORROW, YESTERDAY, None),
        (YESTERDAY, YESTERDAY, None),
        (YESTERDAY, None, "due_day_past"),
        (YESTERDAY, TODAY, "due_day_past"),
    ],
)
def test_new_deadline_is_today_or_later(day, before, code):
    assert refusal(plan.check_due_day, day, before=before, today=TODAY) == code


@pytest.mark.parametrize(
    ("status", "level", "due", "has_measures", "started", "step"),
    [
        (LogStatus.REQUESTED, 1, None, False, False, "n1s1"),
        (LogStatus.REQUESTED, 0, None, False, False, "n1s1"),
        (LogStatus.ACTIVE, 1, None, False, False, "n1s2"),
        (LogStatus.ACTIVE, 2, datetime.date(2026, 12, 1), True, False, "n2s2"),
        (LogStatus.ACTIVE, 2, datetime.date(2026, 12, 1), True, True, "n2s3"),
        (LogStatus.ACTIVE, 3, TODAY + datetime.timedelta(days=7), True, True, "n3s4"),
        (LogStatus.ACTIVE, 3, TODAY, True, True, "n3s4"),
        (LogStatus.ACTIVE, 1, YESTERDAY, True, True, "n1s5"),
        (LogStatus.ACTIVE, 0, None, True, True, "n0s4"),
        (LogStatus.CLOSED, 2, None, True, True, "n2s5"),
    ],
)
def test_log_stands_at_a_step_of_the_guide(status, level, due, has_measures, started, step):
    log = SimpleNamespace(status=status, level=level, evaluation_due_day=due)

    assert guide.step_of(log, has_measures=has_measures, started=started, today=TODAY) == step
