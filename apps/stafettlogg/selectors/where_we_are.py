"""«Hvor er vi nå»: the way so far, where the family is, what comes, and what is agreed. From real events and dates."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import format_long, local_day
from apps.stafettlogg.enums import AccessKind, EventKind, GoalStatus
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors.consent_questions import questions_in
from apps.stafettlogg.selectors.evaluations import evaluations_of, recent_voices
from apps.stafettlogg.selectors.history import places_in, visible_events
from apps.stafettlogg.selectors.plan import agreed_line, goals_with_measures, status_mark

SHOWN_EVALUATIONS = 3


@dataclass(frozen=True)
class Step:
    """One step of templates/components/process.html. `day` orders the done ones."""

    state: str
    title: str
    when: str = ""
    text: str = ""
    icon: str = ""
    url: str = ""
    label: str = ""
    day: date = date.min


@dataclass(frozen=True)
class Agreed:
    """A measure as templates/components/agreed.html shows it; `status` is a `status_mark`."""

    title: str
    status: str
    line: str
    text: str


@dataclass(frozen=True)
class Voice:
    quote: str
    source: str


@dataclass(frozen=True)
class WhereWeAre:
    """Everything on the family's page of an opened log. `is_shared`: some service may read it now."""

    lead: str
    steps: list[Step]
    agreed: list[Agreed]
    voice: Voice | None
    is_shared: bool
    questions: list


def where_we_are(user: User, log: Log, row: LogAccess, reading: Reading, now: datetime) -> WhereWeAre:
    """The page of a log that has been opened. The number of queries does not grow with its content."""
    today = timezone.localdate(now)
    goals = goals_with_measures(log)
    questions = questions_in(user, log, now)
    shared = consent_selectors.units_sharing(log, now)
    is_shared = log.is_active and any(unit.pk == log.holder.window.unit_id for unit in shared)
    steps = [*_done(log, row, goals, reading), *_now(log, goals, questions, is_shared), *_next(log, today, is_shared)]
    return WhereWeAre(
        lead=_lead(log, goals, questions, is_shared),
        steps=steps,
        agreed=_agreed(goals, reading),
        voice=_voice(log, row, reading),
        is_shared=is_shared,
        questions=questions,
    )


def _lead(log, goals, questions, is_shared) -> str:
    if log.is_closed:
        return _("Stafettloggen er avsluttet. Du kan fortsatt lese den.")
    if not is_shared:
        return _("Vi har ikke fått alle svarene vi trenger. Vi deler ingenting ennå.")
    if questions:
        return _("Vi venter på svar fra deg om hvem vi kan samarbeide med. Vi gjør det vi har avtalt imens.")
    if not goals:
        return _("Stafettloggen er åpen. Nå blir dere enige om mål og tiltak.")
    if not _has_measures(goals):
        return _("Dere er enige om mål. Nå blir dere enige om tiltak.")
    return _("Vi gjør det vi har avtalt, og ser sammen på hva som virker.")


def _done(log, row, goals, reading) -> list[Step]:
    if row.kind == AccessKind.YOUTH:
        asked = _("Vi spurte om vi kunne samarbeide om hjelpen til deg")
    else:
        asked = _("Vi spurte om vi kunne samarbeide om %(child)s") % {"child": log.child.given_name or _("barnet")}
    steps = [
        _step(asked, local_day(log.requested_at)),
        _step(_("Stafettloggen ble åpnet"), local_day(log.opened_at), text=log.reason),
    ]
    if goals:
        first = min(local_day(goal.created_at) for goal in goals)
        agreed = _("Dere ble enige om mål og tiltak") if _has_measures(goals) else _("Dere ble enige om mål")
        steps.append(_step(agreed, first))
    for evaluation in evaluations_of(log)[:SHOWN_EVALUATIONS]:
        text = evaluation.summary or evaluation.get_decision_display()
        steps.append(_step(_("Dere så på hva som har virket"), evaluation.held_day, text=text))
    handed_over = visible_events(log, row).filter(kind=EventKind.HANDED_OVER).first()
    if handed_over is not None:
        steps.append(_step(_("Stafettpinnen fikk en ny holder"), local_day(handed_over.at)))
    if log.is_closed:
        steps.append(_step(_("Stafettloggen ble avsluttet"), local_day(log.closed_at)))
    return sorted(steps, key=lambda step: step.day)


def _has_measures(goals) -> bool:
    return any(goal.measures.all() for goal in goals)


def _step(title, day, *, text="") -> Step:
    return Step("done", title, _("Gjort %(day)s") % {"day": format_long(day)}, text, day=day)


def _now(log, goals, questions, is_shared) -> list[Step]:
    if log.is_closed:
        return []
    steps = [
        Step(
            "now",
            _("Du svarer på samtykke"),
            _("Nå. Frist %(day)s") % {"day": format_long(question.request.last_day)},
            _("Du har ikke svart."),
            "hourglass",
            reverse("stafettlogg:answer", args=[log.pk, question.request.pk]),
            _("Les og svar"),
        )
        for question in questions[:1]
    ]
    if steps:
        return steps
    if not is_shared:
        return [Step("now", _("Vi venter"), _("Nå"), _("Vi deler ingenting ennå."), "hourglass")]
    if not goals:
        return [Step("now", _("Dere blir enige om mål og tiltak"), _("Nå"), icon="tasks-start")]
    if not _has_measures(goals):
        return [Step("now", _("Dere blir enige om tiltak"), _("Nå"), icon="tasks-start")]
    return [Step("now", _("Vi gjør det vi har avtalt"), _("Nå"), icon="tasks")]


def _next(log, today, is_shared) -> list[Step]:
    if log.is_closed or not is_shared or log.evaluation_due_day is None:
        return []
    day = log.evaluation_due_day
    when = format_long(day) if day >= today else _("Skulle vært gjort %(day)s") % {"day": format_long(day)}
    return [Step("next", _("Vi ser på tiltakene sammen"), when, icon="arrows-circle")]


def _agreed(goals, reading) -> list[Agreed]:
    return [
        Agreed(
            title=measure.title,
            status=status_mark(measure),
            line=agreed_line(measure, reading),
            text=_("Mål: %(goal)s") % {"goal": goal.title},
        )
        for goal in goals
        if goal.status != GoalStatus.DROPPED
        for measure in goal.measures.all()
    ]


def _voice(log, row, reading) -> Voice | None:
    newest = recent_voices(log, limit=1)
    if not newest:
        return None
    voice = newest[0]
    user = voice.written_by
    who = reading.person(user, places_in(log).get(user.pk, ""))
    who = user.given_name if who == user.name else who
    if row.kind == AccessKind.YOUTH:
        words = _("Fortalt %(day)s, skrevet ned av %(name)s. Du vet hvem som leser det.")
    else:
        words = _("Fortalt %(day)s, skrevet ned av %(name)s. %(child)s vet hvem som leser det.")
    child = log.child.given_name or _("Barnet")
    return Voice(voice.text, words % {"name": who, "day": format_long(voice.told_day), "child": child})
