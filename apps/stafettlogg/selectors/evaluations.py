"""Evaluations: what is up for review, and what was decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import format_long
from apps.core.statements import give_related, statement
from apps.stafettlogg.enums import Decision, GoalStatus, MeasureStatus
from apps.stafettlogg.models import Evaluation, Log, Measure, MeasureReview
from apps.stafettlogg.rules.plan import OPEN_MEASURES
from apps.stafettlogg.selectors.consents import is_read
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.plan import goals_as_of
from apps.stafettlogg.selectors.responsible import give_others
from apps.stafettlogg.selectors.where_we_are import Step, done_on

# On the family's page.
SHOWN_EVALUATIONS = 3


def measures_to_review(log: Log) -> list[Measure]:
    """Measures being worked on, and those done that nobody has reviewed; in the plan's order, with their goal."""
    return give_others(
        Measure.objects.filter(log=log)
        .filter(
            Q(status__in=OPEN_MEASURES, goal__status=GoalStatus.OPEN)
            | Q(status=MeasureStatus.DONE, reviewed_day__isnull=True)
        )
        .select_related("goal", "responsible")
        .order_by("goal__order", "goal__created_at", "goal_id", "order", "created_at", "pk")
    )


def evaluations_of(log: Log) -> list[Evaluation]:
    """All evaluations, newest first, each with its reviews and the child's words."""
    reviews = MeasureReview.objects.select_related("measure").order_by("measure__order", "pk")
    return list(
        Evaluation.objects.filter(log=log)
        .select_related("voice", "recorded_by")
        .prefetch_related(Prefetch("reviews", queryset=reviews))
        .order_by("-held_day", "-recorded_at", "pk")
    )


def latest_evaluation(log: Log) -> Evaluation | None:
    return _newest_evaluation.first(log.pk)


@statement
def _newest_evaluation(log_id: UUID) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(log=log_id).order_by("-recorded_at", "pk")[:1]


def voices_to_evaluate(log: Log) -> list:
    """The child's words since the last evaluation, newest first: the evaluation may rest on them."""
    latest = latest_evaluation(log)
    voices = log.voices.order_by("-written_at", "pk")
    return list(voices if latest is None else voices.filter(written_at__gt=latest.recorded_at))


def evaluations_on(page: LogPage) -> list[Evaluation]:
    """The evaluations this reader may read, each without what it says of something older than that (S26)."""
    found = evaluations_of(page.log)
    if page.reading.since is None and page.reading.until is None:
        return found
    if page.reading.until is not None:
        _name_as_of(found, page.log, page.reading.until)
    found = [one for one in found if not page.reading.holds_back(one.recorded_at)]
    reviews = [
        review
        for one in found
        for review in one.reviews.all()
        if not page.reading.holds_back(review.measure.created_at)
    ]
    give_related(found, "reviews", reviews)
    for one in found:
        if one.voice is not None and page.reading.holds_back(one.voice.written_at):
            one.voice = None
    return found


def _name_as_of(evaluations: list[Evaluation], log: Log, instant: datetime) -> None:
    """Name the measures as they were named then (S34)."""
    then = {measure.pk: measure for goal in goals_as_of(log, instant) for measure in goal.measures.all()}
    for review in (review for evaluation in evaluations for review in evaluation.reviews.all()):
        review.measure = then.get(review.measure_id, review.measure)


def family_section(page: LogPage) -> dict[str, Any] | None:
    evaluations = page.once(evaluations_on)
    return {"said": [(one, family_words(one.decision)) for one in evaluations]} if evaluations else None


_FAMILY_WORDS = {
    Decision.CONTINUE: gettext_lazy("Dere fortsetter som nå"),
    Decision.CHANGE: gettext_lazy("Dere fortsetter med andre tiltak"),
    Decision.LEVEL_UP: gettext_lazy("Vi ble enige om å spørre flere om hjelp"),
    Decision.LEVEL_DOWN: gettext_lazy("Vi ble enige om at færre skal hjelpe"),
    Decision.CLOSE: gettext_lazy("Vi ble enige om å avslutte"),
}


def family_words(decision: str) -> str:
    """What was decided, as the family reads it: never in levels."""
    return str(_FAMILY_WORDS[Decision(decision)])


def done_steps(page: LogPage) -> list[Step]:
    return [
        done_on(
            _("Vi så på hva som har virket"),
            evaluation.held_day,
            text=evaluation.summary or family_words(evaluation.decision),
        )
        for evaluation in page.once(evaluations_on)[:SHOWN_EVALUATIONS]
    ]


def next_steps(page: LogPage) -> list[Step]:
    day = page.log.evaluation_due_day
    if page.log.is_closed or not page.once(is_read):
        return []
    if day is None:
        return [Step("next", _("Neste møte"), _("Vi gir deg beskjed"), icon="arrows-circle")]
    when = format_long(day) if day >= page.today else _("Skulle vært gjort %(day)s") % {"day": format_long(day)}
    return [Step("next", _("Vi ser på tiltakene sammen"), when, icon="arrows-circle")]
