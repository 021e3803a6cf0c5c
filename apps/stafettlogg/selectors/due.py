"""What is due, as plain querysets: the same conditions for the page, the counter and the reminder. Days are local."""

from collections.abc import Iterable
from datetime import date

from apps.stafettlogg.enums import Decision, GoalStatus, LogStatus
from apps.stafettlogg.models import Evaluation, Log, Measure
from apps.stafettlogg.rules.plan import OPEN_MEASURES


def open_measures():
    """Measures someone is working on: the log is active, the goal open, the measure neither done nor stopped."""
    return Measure.objects.filter(
        log__status=LogStatus.ACTIVE, goal__status=GoalStatus.OPEN, status__in=OPEN_MEASURES
    ).order_by("due_day", "pk")


def measures_to_follow(*, until: date):
    """Open measures due through `until` (included), late ones too."""
    return open_measures().filter(due_day__lte=until)


def to_follow(log: Log, measures: Iterable[Measure], *, until: date) -> list[Measure]:
    """`measures_to_follow` among measures of one log that are in hand, each with its goal."""
    open_ones = [
        measure
        for measure in measures
        if log.is_active and measure.goal.status == GoalStatus.OPEN and measure.status in OPEN_MEASURES
    ]
    found = [measure for measure in open_ones if measure.due_day is not None and measure.due_day <= until]
    return sorted(found, key=lambda measure: (measure.due_day, str(measure.pk)))


def measures_due(today: date, *, until: date | None = None):
    """Open measures due from today through `until` (included; today alone when it is not given)."""
    return measures_to_follow(until=until or today).filter(due_day__gte=today)


def measures_overdue(today: date):
    """Open measures whose last day has passed."""
    return open_measures().filter(due_day__lt=today)


def evaluations_due(today: date, *, until: date | None = None):
    """Active logs whose evaluation is due from today through `until` (included; today alone when it is not given)."""
    return _to_evaluate().filter(evaluation_due_day__gte=today, evaluation_due_day__lte=until or today)


def evaluations_overdue(today: date):
    """Active logs whose evaluation day has passed."""
    return _to_evaluate().filter(evaluation_due_day__lt=today)


def logs_to_close():
    """Active logs whose newest evaluation decided to close, and nobody has closed them yet."""
    decided = Evaluation.objects.filter(is_final=True, decision=Decision.CLOSE)
    return Log.objects.filter(
        status=LogStatus.ACTIVE, evaluation_due_day__isnull=True, pk__in=decided.values("log")
    ).order_by("pk")


def _to_evaluate():
    return Log.objects.filter(status=LogStatus.ACTIVE).order_by("evaluation_due_day", "pk")
