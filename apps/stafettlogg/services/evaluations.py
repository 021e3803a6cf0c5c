"""The evaluation: what works, what the child and the family say, and what they decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import bump, lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, Decision, EventKind, MeasureStatus
from apps.stafettlogg.models import ChildVoice, Evaluation, Log, Measure, MeasureReview
from apps.stafettlogg.rules import evaluations as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import plan as plan_rules
from apps.stafettlogg.selectors.evaluations import measures_to_review
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.levels import set_level
from apps.stafettlogg.services.notices import tell_readers
from apps.stafettlogg.services.voices import add_voice


@dataclass(frozen=True)
class VoiceInput:
    """The child's words for this evaluation, as `services.voices.add_voice` takes them."""

    text: str
    told_to: str
    told_day: date
    child_knows_readers: bool


@dataclass(frozen=True)
class EvaluationInput:
    """One evaluation. `effects` is `Effect` per measure id, for all but those that `statuses` says are not started;
    `statuses` is how far each has come, where that is said. The voice is new (`voice`), one already in the log
    (`voice_id`), or missing for a reason."""

    held_day: date
    decision: str
    effects: Mapping[UUID, str] = field(default_factory=dict)
    statuses: Mapping[UUID, str] = field(default_factory=dict)
    next_day: date | None = None
    voice: VoiceInput | None = None
    voice_id: UUID | None = None
    no_voice_reason: str = ""
    family_view: str = ""
    summary: str = ""


@transaction.atomic
def evaluate(
    log_id: UUID, *, evaluation: EvaluationInput, version: int | None = None, actor: User, now: datetime
) -> Evaluation:
    """Record the evaluation, how far each measure has come and its effect, and what follows from the decision. The
    readers are told. A measure whose effect is judged has been started.

    Sets the day of the next evaluation and the level; a decision to close makes it the final one (`is_final`) and
    leaves the closing itself to `services.closing`. Raises `AccessDenied`, `Conflict` when the log changed since
    `version`, and `RuleBroken` (log_not_active, effects_missing, measure_state, voice_missing and the voice's own,
    held_future, next_day_missing, next_day_past, next_day_needless, level_top, level_bottom).
    """
    log = lock(Log, log_id, version)
    access.check_can(actor, log, Action.EVALUATE, now)
    log_rules.check_is_active(log)
    today = timezone.localdate(now)
    measures = {measure.pk: measure for measure in measures_to_review(log)}
    rules.check_effects(measures, evaluation.effects, evaluation.statuses)
    rules.check_days(evaluation.decision, held_day=evaluation.held_day, next_day=evaluation.next_day, today=today)
    level = rules.level_after(evaluation.decision, log.level, lowest=settings_row().log_from_level)
    recorded = Evaluation.objects.create(
        log=log,
        held_day=evaluation.held_day,
        summary=evaluation.summary,
        family_view=evaluation.family_view,
        voice=_voice(log, evaluation, actor=actor, now=now),
        no_voice_reason=evaluation.no_voice_reason.strip() if not _has_voice(evaluation) else "",
        decision=evaluation.decision,
        level_before=log.level,
        level_after=level,
        next_day=evaluation.next_day,
        is_final=evaluation.decision == Decision.CLOSE,
        recorded_by=actor,
        recorded_at=now,
    )
    record_event(log, EventKind.EVALUATED, actor=actor, now=now, object_id=recorded.pk, number=log.level)
    for measure in measures.values():
        _review(recorded, measure, evaluation, actor=actor, now=now)
    set_level(log, level, actor=actor, now=now)
    log.evaluation_due_day = evaluation.next_day
    log._history_user = actor
    bump(log).save()
    tell_readers(
        log,
        "evaluated",
        key=f"evaluation {recorded.pk}",
        staff_page="stafettlogg:detail",
        family_page="stafettlogg:parent_log",
        actor=actor,
        now=now,
    )
    return recorded


def _has_voice(evaluation: EvaluationInput) -> bool:
    return evaluation.voice is not None or evaluation.voice_id is not None


def _voice(log: Log, evaluation: EvaluationInput, *, actor, now) -> ChildVoice | None:
    rules.check_voice_or_reason(_has_voice(evaluation), evaluation.no_voice_reason)
    if evaluation.voice is not None:
        said = evaluation.voice
        return add_voice(
            log.pk,
            text=said.text,
            told_to=said.told_to,
            told_day=said.told_day,
            child_knows_readers=said.child_knows_readers,
            actor=actor,
            now=now,
        )
    if evaluation.voice_id is not None:
        return log.voices.get(pk=evaluation.voice_id)
    return None


def _review(recorded: Evaluation, measure: Measure, evaluation: EvaluationInput, *, actor, now) -> None:
    effect, before = evaluation.effects.get(measure.pk), measure.status
    begun = effect is not None and before == MeasureStatus.NOT_STARTED
    status = evaluation.statuses.get(measure.pk, MeasureStatus.ONGOING if begun else before)
    if effect is not None:
        MeasureReview.objects.create(evaluation=recorded, measure=measure, effect=effect)
        measure.reviewed_day = recorded.held_day
    if status != before:
        plan_rules.check_measure_can_become(measure, status)
        measure.status = status
        number = MeasureStatus.values.index(status)
        kind = EventKind.MEASURE_CHANGED
        record_event(recorded.log, kind, actor=actor, now=now, object_id=measure.pk, number=number)
    if effect is not None or status != before:
        measure._history_user = actor
        bump(measure).save()
