"""«Dere er her»: which step of the action guide a log stands at."""

from datetime import date

from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Log

DAYS_BEFORE_EVALUATION = 7


def step_of(log: Log, *, has_measures: bool, started: bool, today: date) -> str:
    """The key of the guide step (`n1s2`): before consent the first, then plan, do, evaluate, decide.

    Level 0 has four steps and no plan, so a log on its way out stands at the last. Never a percentage: the guide is not
    a straight line.
    """
    if log.status == LogStatus.REQUESTED:
        return f"n{max(log.level, 1)}s1"
    if log.level == 0:
        return "n0s4"
    due = log.evaluation_due_day
    if log.status == LogStatus.CLOSED or (due is not None and due < today):
        return f"n{log.level}s5"
    if due is not None and (due - today).days <= DAYS_BEFORE_EVALUATION:
        return f"n{log.level}s4"
    return f"n{log.level}s{3 if has_measures and started else 2}"
