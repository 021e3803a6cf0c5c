"""What is due, as plain querysets: the same conditions for the page, the counter and the reminder. Days are local."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from apps.stafettlogg.enums import Decision, GoalStatus, LogStatus
from apps.stafettlogg.models import ChildVoice, Evaluation, Log, Measure
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


def is_late(log: Log, *, today: date) -> bool:
    """An evaluation or a measure of this log is due by today. At most one query."""
    if log.evaluation_due_day is not None and log.evaluation_due_day <= today:
        return log.is_active
    return measures_to_follow(until=today).filter(log=log).exists()


def evaluations_to_hold(*, until: date):
    """Active logs whose evaluation is due through `until` (included), late ones too."""
    return Log.objects.filter(status=LogStatus.ACTIVE, evaluation_due_day__lte=until).order_by(
        "evaluation_due_day", "pk"
    )


def logs_to_close():
    """Active logs whose newest evaluation decided to close, and nobody has closed them yet."""
    decided = Evaluation.objects.filter(is_final=True, decision=Decision.CLOSE)
    return Log.objects.filter(
        status=LogStatus.ACTIVE, evaluation_due_day__isnull=True, pk__in=decided.values("log")
    ).order_by("pk")


def active_logs_with_what_they_have():
    """Active logs with `has_measures`, and `last_voice_at` and `last_evaluated_at` or None."""
    voices = ChildVoice.objects.filter(log=OuterRef("pk")).order_by("-written_at")
    evaluations = Evaluation.objects.filter(log=OuterRef("pk")).order_by("-recorded_at")
    return (
        Log.objects.filter(status=LogStatus.ACTIVE)
        .annotate(
            has_measures=Exists(Measure.objects.filter(log=OuterRef("pk"))),
            last_voice_at=Subquery(voices.values("written_at")[:1]),
            last_evaluated_at=Subquery(evaluations.values("recorded_at")[:1]),
        )
        .order_by("pk")
    )
