import datetime

import pytest
from django.urls import reverse

from apps.core.errors import AccessDenied, RuleBroken
from apps.stafettlogg.enums import Decision, Effect, EventKind, MeasureStatus
from apps.stafettlogg.forms.evaluations import EvaluationForm
from apps.stafettlogg.models import ChildVoice, Evaluation, LevelChange, Log, LogEvent, Measure
from apps.stafettlogg.selectors.evaluations import evaluations_of, measures_to_review, voices_to_evaluate
from apps.stafettlogg.services.evaluations import EvaluationInput, VoiceInput, evaluate
from apps.stafettlogg.services.plan import set_goal_status, set_measure_status
from apps.stafettlogg.services.voices import add_voice
from tests.factories import make_municipality
from tests.stafettlogg.factories import make_child, make_goal, make_log, make_measure, make_participant
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 10, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 10, 8)
NEXT = datetime.date(2026, 12, 3)
SAID = VoiceInput("Jeg vil være med", "Ane", TODAY, True)


def held(measures=(), **fields):
    """An evaluation that works, with every measure working."""
    fields.setdefault("decision", Decision.CONTINUE)
    fields.setdefault("next_day", NEXT)
    fields.setdefault("effects", {measure.pk: Effect.WORKS for measure in measures})
    if "voice_id" not in fields and "no_voice_reason" not in fields:
        fields.setdefault("voice", SAID)
    return EvaluationInput(held_day=TODAY, **fields)


def record(log, evaluation):
    return evaluate(log.pk, evaluation=evaluation, actor=log.holder.user, now=NOW)


def voice(log, *, now=NOW, actor=None):
    return add_voice(
        log.pk,
        text="Jeg vil være med",
        told_to="Ane",
        told_day=TODAY,
        child_knows_readers=True,
        actor=actor or log.holder.user,
        now=now,
    )


def refusal(call, *args):
    with pytest.raises(RuleBroken) as broken:
        call(*args)
    return broken.value.code


def test_evaluation_records_effects_voice_and_what_was_agreed():
    log = make_log(now=NOW)
    measure = make_measure(make_goal(log, now=NOW), now=NOW)

    record(log, held([measure], family_view="Bedre hjemme", summary="Vi fortsetter"))

    (evaluation,) = evaluations_of(log)
    assert (evaluation.family_view, evaluation.summary, evaluation.voice.text, evaluation.decision) == (
        "Bedre hjemme",
        "Vi fortsetter",
        "Jeg vil være med",
        Decision.CONTINUE,
    )
    assert [(review.measure, review.effect) for review in evaluation.reviews.all()] == [(measure, Effect.WORKS)]
    assert Measure.objects.get().reviewed_day == TODAY
    assert Log.objects.get().evaluation_due_day == NEXT


def at_level(level, *, lowest=1):
    log = make_log(now=NOW)
    make_municipality(log_from_level=lowest)
    log.level = level
    log.save()
    return log


@pytest.mark.parametrize(("decision", "level"), [(Decision.LEVEL_UP, 3), (Decision.LEVEL_DOWN, 1)])
def test_decision_changes_the_level_and_leaves_a_trace(decision, level):
    log = at_level(2)

    record(log, held(decision=decision))

    change = LevelChange.objects.get()
    assert (Log.objects.get().level, change.level_before, change.level_after) == (level, 2, level)
    assert LogEvent.objects.filter(kind=EventKind.LEVEL).values_list("number", flat=True).get() == level


@pytest.mark.parametrize("lowest", [1, 2, 3])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_log_stays_at_the_level_a_log_is_offered_from(level, lowest):
    log = at_level(level, lowest=lowest)
    form = EvaluationForm(log=log, measures=[], voices=[])
    is_offered = Decision.LEVEL_DOWN in dict(form.fields["decision"].choices)

    if level > lowest:
        record(log, held(decision=Decision.LEVEL_DOWN))
    else:
        assert refusal(record, log, held(decision=Decision.LEVEL_DOWN)) == "level_bottom"

    assert (is_offered, Log.objects.get().level) == (level > lowest, max(level - 1, lowest) if is_offered else level)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_log_begins_at_the_level_a_log_is_offered_from(level):
    make_municipality(log_from_level=level)

    assert make_log(now=NOW).level == level


def test_decision_to_close_is_final_and_closes_nothing_by_itself():
    log = make_log(now=NOW)

    evaluation = record(log, held(decision=Decision.CLOSE, next_day=None))

    log.refresh_from_db()
    assert (evaluation.is_final, log.status, log.evaluation_due_day) == (True, "active", None)


def test_evaluation_without_the_childs_voice_says_why():
    log = make_log(now=NOW)

    evaluation = record(log, held(no_voice_reason="Emma var syk. Ane snakker med henne fredag."))

    assert (evaluation.voice, evaluation.no_voice_reason) == (None, "Emma var syk. Ane snakker med henne fredag.")


def test_nothing_is_saved_when_something_is_missing():
    log = make_log(now=NOW)
    measure = make_measure(make_goal(log, now=NOW), now=NOW)

    assert (
        refusal(record, log, held([measure], voice=VoiceInput("Hei", "Ane", TODAY, False))) == "voice_readers_unknown"
    )
    assert refusal(record, log, held([measure], voice=None)) == "voice_missing"
    assert refusal(record, log, held()) == "effects_missing"
    assert refusal(record, log, held([measure], next_day=None)) == "next_day_missing"
    assert (Evaluation.objects.count(), ChildVoice.objects.count()) == (0, 0)


def test_evaluation_may_rest_on_words_already_written():
    log = make_log(now=NOW)
    said = voice(log)

    assert voices_to_evaluate(log) == [said]
    assert record(log, held(voice_id=said.pk)).voice == said


def test_only_words_since_the_last_evaluation_are_offered():
    log = make_log(now=NOW)
    record(log, held(voice_id=voice(log).pk))
    later = voice(log, now=NOW + datetime.timedelta(days=1))

    assert voices_to_evaluate(log) == [later]


def test_measures_up_for_review_are_open_or_newly_done():
    log = make_log(now=NOW)
    goal, reached = make_goal(log, now=NOW), make_goal(log, now=NOW)
    started, done, stopped = (make_measure(goal, title, now=NOW) for title in ("A", "B", "C"))
    make_measure(reached, "D", now=NOW)
    for measure, status in ((done, MeasureStatus.DONE), (stopped, MeasureStatus.STOPPED)):
        set_measure_status(measure.pk, status=status, actor=log.holder.user, now=NOW)
    set_goal_status(reached.pk, status="reached", actor=log.holder.user, now=NOW)

    assert measures_to_review(log) == [started, done]
    record(log, held([started, done]))
    assert measures_to_review(log) == [started]


def test_participant_does_not_evaluate_but_may_write_the_childs_words():
    log = make_log(now=NOW)
    participant = make_participant(log, now=NOW)

    with pytest.raises(AccessDenied):
        evaluate(log.pk, evaluation=held(), actor=participant, now=NOW)

    assert voice(log, actor=participant).written_by == participant


def test_guardian_does_not_write_down_the_childs_words():
    log = make_log(now=NOW)

    with pytest.raises(AccessDenied):
        voice(log, actor=log.guardians[0].user)


def test_expected_child_has_no_voice():
    child = make_child(birth_date=None, expected_day=datetime.date(2027, 1, 1))
    log = make_log(child=child, guardians=[make_pregnant(child)], now=NOW)

    assert refusal(voice, log) == "voice_unborn"


def make_pregnant(child):
    from tests.stafettlogg.factories import make_guardian

    return make_guardian(child, relation="pregnant")


def test_voice_is_told_to_everyone_in_the_log():
    log = make_log(now=NOW)

    said = voice(log)

    event = LogEvent.objects.get(kind=EventKind.VOICE)
    assert (event.object_id, event.audience) == (said.pk, "all")


def test_what_an_evaluation_said_is_read_by_everyone_in_the_log():
    """The page promises that all in the log can read it."""
    log = make_log(now=NOW)
    measure = make_measure(make_goal(log, now=NOW), now=NOW)
    participant = make_participant(log, now=NOW)
    said = held([measure], summary="Vi prøver bilder", family_view="Det går lettere hjemme")
    record(log, said)
    pages = [
        (log.holder.user, reverse("stafettlogg:plan", args=[log.pk])),
        (participant, reverse("stafettlogg:plan", args=[log.pk])),
        (log.guardians[0].user, reverse("stafettlogg:parent_log", args=[log.pk])),
    ]

    def shown(user, page):
        return signed_in(user).get(page).content.decode()

    for user, page in pages:
        assert "Vi prøver bilder" in shown(user, page)
        assert "Det går lettere hjemme" in shown(user, page)
    history = shown(participant, reverse("stafettlogg:history", args=[log.pk]))
    assert reverse("stafettlogg:plan", args=[log.pk]) + "#evalueringer" in history


# How far each measure has come --------------------------------------------------------------------------------------


def test_measure_that_is_judged_has_been_started():
    log = make_log(now=NOW)
    measure = make_measure(make_goal(log, now=NOW), now=NOW)

    record(log, held([measure]))

    assert Measure.objects.get().status == MeasureStatus.ONGOING


def test_evaluation_says_how_far_each_measure_has_come():
    log = make_log(now=NOW)
    goal = make_goal(log, now=NOW)
    done, waits = make_measure(goal, now=NOW), make_measure(goal, now=NOW)

    record(
        log,
        held(
            effects={done.pk: Effect.WORKS},
            statuses={done.pk: MeasureStatus.DONE, waits.pk: MeasureStatus.NOT_STARTED},
        ),
    )

    for measure in (done, waits):
        measure.refresh_from_db()
    assert (done.status, waits.status, waits.reviewed_day) == (MeasureStatus.DONE, MeasureStatus.NOT_STARTED, None)
    told = LogEvent.objects.filter(kind=EventKind.MEASURE_CHANGED).values_list("object_id", flat=True)
    assert list(told) == [done.pk]


def test_measure_that_is_not_started_cannot_be_judged():
    log = make_log(now=NOW)
    measure = make_measure(make_goal(log, now=NOW), now=NOW)

    judged = held([measure], statuses={measure.pk: MeasureStatus.NOT_STARTED})

    assert refusal(record, log, judged) == "effects_missing"
    assert not Evaluation.objects.exists()


def test_form_asks_for_no_effect_of_what_is_not_started():
    log = make_log(now=NOW)
    measure = make_measure(make_goal(log, now=NOW), now=NOW)
    sent = {
        "held_day": TODAY.isoformat(),
        "decision": "continue",
        "next_day": NEXT.isoformat(),
        "voice_choice": "mangler",
        "no_voice_reason": "Emma var syk",
    }

    form = EvaluationForm(
        sent | {f"status_{measure.pk}": "not_started", f"effect_{measure.pk}": "works"},
        log=log,
        measures=[measure],
        voices=[],
    )
    begun = EvaluationForm(sent | {f"status_{measure.pk}": "ongoing"}, log=log, measures=[measure], voices=[])

    assert form.is_valid()
    assert (form.evaluation().effects, form.evaluation().statuses) == ({}, {measure.pk: "not_started"})
    assert list(begun.errors) == [f"effect_{measure.pk}"]
