"""What is due, as plain querysets: the same conditions for the page, the counter and the reminder. Days are local."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.core.statements import statement
from apps.notifications.selectors import waiting_for_letter
from apps.stafettlogg.enums import OPENED_STATUSES, About, ConsentState, Decision, GoalStatus, LogStatus
from apps.stafettlogg.models import (
    CareDecision,
    ChildVoice,
    Consent,
    ConsentExceptionGrant,
    Correction,
    Evaluation,
    HiddenPlace,
    Log,
    Measure,
    RepeatRequest,
)
from apps.stafettlogg.rules.plan import OPEN_MEASURES
from apps.stafettlogg.selectors.exceptions import unsent_letter
from apps.stafettlogg.selectors.guardians import used_codes


def open_measures() -> QuerySet[Measure]:
    """Measures someone is working on: the log is opened, the goal open, the measure neither done nor stopped.

    Also while a closing may be undone: what a guardian has to do must not tell that another has asked for it (S30).
    """
    return Measure.objects.filter(
        log__status__in=OPENED_STATUSES, goal__status=GoalStatus.OPEN, status__in=OPEN_MEASURES
    ).order_by("due_day", "pk")


def measures_to_follow(*, until: date) -> QuerySet[Measure]:
    """Open measures due through `until` (included), late ones too."""
    return open_measures().filter(due_day__lte=until)


def to_follow(log: Log, measures: Iterable[Measure], *, until: date) -> list[Measure]:
    """`measures_to_follow` among measures of one log that are in hand, each with its goal."""
    open_ones = [
        measure
        for measure in measures
        if log.is_opened and measure.goal.status == GoalStatus.OPEN and measure.status in OPEN_MEASURES
    ]
    found = [measure for measure in open_ones if measure.due_day is not None and measure.due_day <= until]
    return sorted(found, key=lambda measure: (measure.due_day, str(measure.pk)))


def is_late(log: Log, *, today: date) -> bool:
    """An evaluation or a measure of this log is due by today. At most one query."""
    if log.evaluation_due_day is not None and log.evaluation_due_day <= today:
        return log.is_active
    return _due_in.exists(log.pk, today)


@statement
def _due_in(log_id: UUID, today: date) -> QuerySet[Measure]:
    return measures_to_follow(until=today).filter(log=log_id)


def evaluations_to_hold(*, until: date) -> QuerySet[Log]:
    """Active logs whose evaluation is due through `until` (included), late ones too."""
    return Log.objects.filter(status=LogStatus.ACTIVE, evaluation_due_day__lte=until).order_by(
        "evaluation_due_day", "pk"
    )


@statement
def what_logs_have(log_ids: Collection[UUID], now: datetime) -> QuerySet[Log, tuple[Any, ...]]:
    """Per log: its id, whether it has any measure, when the child was last heard and when it was last evaluated,
    whether an evaluation decided to close, the first deadline of an open measure, whether written limits wait for the
    holder's tick (S12), whether others have asked about the child (S6), whether a letter about an exception is to be
    sent (S27), whether somebody has used a code (S29), whether the place is hidden from someone (S34), whether one has
    asked to have something corrected, whether one who has chosen letters has something new, whether child welfare
    has the care for a time (S36), and when the first yes of a guardian about herself runs out (S3). None for what is
    not there."""
    here = {"log": OuterRef("pk")}
    voices = ChildVoice.objects.filter(**here).order_by("-written_at")
    evaluations = Evaluation.objects.filter(**here).order_by("-recorded_at")
    limits = Consent.objects.filter(state=ConsentState.GIVEN, answer__limits_followed_at=None, **here)
    own = Consent.objects.filter(about=About.OWN, state=ConsentState.GIVEN, expires_at__gt=now, **here)
    return Log.objects.filter(pk__in=log_ids).values_list(
        "pk",
        Exists(Measure.objects.filter(**here)),
        Subquery(voices.values("written_at")[:1]),
        Subquery(evaluations.values("recorded_at")[:1]),
        Exists(evaluations.filter(is_final=True, decision=Decision.CLOSE)),
        Subquery(open_measures().filter(due_day__isnull=False, **here).values("due_day")[:1]),
        Exists(limits.exclude(answer__limits="")),
        Exists(RepeatRequest.objects.filter(handled_at=None, **here)),
        Exists(ConsentExceptionGrant.objects.filter(unsent_letter(now), **here)),
        Exists(used_codes(now).filter(guardian__child=OuterRef("child"))),
        Exists(HiddenPlace.objects.filter(origin=None, ended_at=None, **here)),
        Exists(Correction.objects.filter(settled_at=None, **here)),
        Exists(waiting_for_letter().filter(object_id=OuterRef("pk"))),
        Exists(CareDecision.objects.filter(ended_at=None, last_day__isnull=False, **here)),
        Subquery(own.order_by("expires_at").values("expires_at")[:1]),
    )
