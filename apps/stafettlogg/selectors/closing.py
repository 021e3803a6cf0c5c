"""The closing page, and the summary of a log as one reader may see it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from apps.core.dates import local_day
from apps.guides import selectors as guides
from apps.stafettlogg.enums import GUARDIAN_RELATIONS, AddressProtection, GoalStatus
from apps.stafettlogg.models import ConsentWindow, Evaluation, Goal, Guardian, LevelChange, Log, LogAccess
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.plan import goal_words
from apps.stafettlogg.rules.scopes import WHOLE
from apps.stafettlogg.selectors import consents
from apps.stafettlogg.selectors.evaluations import evaluations_of, latest_evaluation
from apps.stafettlogg.selectors.foster import hidden_people
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.names import family_reading, left_before, place_line
from apps.stafettlogg.selectors.plan import goals_with_measures, who_and_where
from apps.stafettlogg.selectors.where_we_are import Now, Step, done_on


def is_final_evaluation_missing(log: Log, now: datetime) -> bool:
    """Whether the holder must evaluate before closing."""
    shares = consents.is_sharing(log, log.holder.window.unit, now)
    latest = latest_evaluation(log)
    has_final = latest is not None and latest.is_final
    return rules.needs_final_evaluation(sharing_open=shares) and not has_final


@dataclass(frozen=True)
class MeasureLine:
    title: str
    who_and_where: str
    status: str
    effect: str


@dataclass(frozen=True)
class GoalLine:
    title: str
    status: str
    measures: list[MeasureLine]


@dataclass(frozen=True)
class EvaluationLine:
    held_day: date
    decision: str
    summary: str
    family_view: str
    voice: str
    voice_source: str
    no_voice_reason: str
    level: str


@dataclass(frozen=True)
class LevelLine:
    """A change of level, in the municipality's own words: «Nivå 1 · Hjelp i egen tjeneste»."""

    day: date
    before: str
    after: str


@dataclass(frozen=True)
class StaffLine:
    name: str
    line: str
    role: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Summary:
    """Everything in the summary for those who work in the log. The family has its own (`views.family`)."""

    log: Log
    name: str
    birth_date: date | None
    unit: str
    opened_day: date | None
    closed_day: date | None
    close_reason: str
    reason: str
    background: str
    goals: list[GoalLine]
    evaluations: list[EvaluationLine]
    levels: list[LevelLine]
    staff: list[StaffLine]
    guardians: list[str]
    units: list[str]


def summary_of(log: Log, *, now: datetime) -> Summary:
    """The log as a document for the archive: no messages, no answers about consent, no private words (S1, S2, S16)."""
    child, reading, names = log.child, reading_on_paper(log), guides.names()
    return Summary(
        log=log,
        name=child.full_name or _("Ventet barn"),
        birth_date=child.birth_date,
        unit=reading.service(log.unit),
        opened_day=local_day(log.opened_at) if log.opened_at else None,
        closed_day=local_day(log.closed_at) if log.closed_at else None,
        close_reason=log.get_close_reason_display() if log.close_reason else "",
        reason=log.reason,
        background=log.background,
        goals=_goals(log, reading),
        evaluations=[_evaluation(evaluation, names) for evaluation in evaluations_of(log)],
        levels=_levels(log, names),
        staff=_staff(log, reading, now=now),
        guardians=list(
            Guardian.objects.filter(child=child, relation__in=GUARDIAN_RELATIONS)
            .order_by("name", "pk")
            .values_list("name", flat=True)
        ),
        units=_units(log, reading, now=now),
    )


def reading_on_paper(log: Log) -> Reading:
    """On paper nobody knows who will read it: a protected address hides places and staff there too (S17).

    When it has ended, those who left before that stay hidden; a foster parent whom the decision hides always is (S36).
    """
    if log.child.address_protection != AddressProtection.NONE:
        return replace(family_reading(log), hidden_users=hidden_people(log))
    ends = log.child.protection_ends.order_by("-signed_at").values_list("signed_at", flat=True)
    ended_at = ends.first()
    if ended_at is None:
        return Reading(family=False, hidden_users=hidden_people(log))
    hidden = left_before(log, ended_at) | hidden_people(log)
    return Reading(family=True, shielded_until=ended_at, hidden_users=hidden)


def _goals(log: Log, reading: Reading) -> list[GoalLine]:
    effects = _latest_effects(log)
    return [
        GoalLine(
            title=goal.title,
            status=goal_words(goal, log),
            measures=[
                MeasureLine(
                    title=measure.title,
                    who_and_where=who_and_where(measure, reading),
                    status=measure.get_status_display(),
                    effect=effects.get(measure.pk, ""),
                )
                for measure in goal.measures.all()
            ],
        )
        for goal in goals_with_measures(log, WHOLE)
    ]


def goals_under_way(log: Log) -> list[Goal]:
    """The goals that closing must say something of, in the plan's order."""
    return list(log.goals.filter(status=GoalStatus.OPEN))


def _latest_effects(log: Log) -> dict:
    effects: dict = {}
    for evaluation in evaluations_of(log):
        for review in evaluation.reviews.all():
            effects.setdefault(review.measure_id, review.get_effect_display())
    return effects


def _evaluation(evaluation: Evaluation, names: guides.Names) -> EvaluationLine:
    voice = evaluation.voice
    return EvaluationLine(
        held_day=evaluation.held_day,
        decision=evaluation.get_decision_display(),
        summary=evaluation.summary,
        family_view=evaluation.family_view,
        voice=voice.text if voice else "",
        voice_source=voice.told_to if voice else "",
        no_voice_reason=evaluation.no_voice_reason,
        level=_level(evaluation.level_before, names),
    )


def _levels(log: Log, names: guides.Names) -> list[LevelLine]:
    return [
        LevelLine(
            day=local_day(change.changed_at),
            before=_level(change.level_before, names),
            after=_level(change.level_after, names),
        )
        for change in LevelChange.objects.filter(log=log).order_by("changed_at", "pk")
    ]


def _level(level: int, names: guides.Names) -> str:
    """The level in the words of the log's page: «Nivå 1 · Hjelp i egen tjeneste»."""
    number, name = _("Nivå %(level)s") % {"level": level}, names.levels.get(level)
    return f"{number} · {name}" if name else number


def _staff(log: Log, reading: Reading, *, now: datetime) -> list[StaffLine]:
    """Everyone who has held, stood in or taken part, once per stretch."""
    rows = (
        LogAccess.objects.filter(content_object=log, kind__in=rules.SUMMARY_KINDS, starts_at__lte=now)
        .exclude(starts_at__gte=F("ends_at"))
        .select_related("user", "membership__unit", "membership__role")
        .order_by("starts_at", "pk")
    )
    return [
        StaffLine(
            name=reading.at(min(row.ends_at, now)).person(row.user, place_line(row)),
            line=reading.at(min(row.ends_at, now)).line(place_line(row)),
            role=row.get_kind_display(),
            first_day=local_day(row.starts_at),
            last_day=local_day(row.ends_at) if row.ends_at <= now else None,
        )
        for row in rows
    ]


def _units(log: Log, reading: Reading, *, now: datetime) -> list[str]:
    windows = ConsentWindow.objects.filter(log=log).select_related("unit").order_by("unit__name")
    return [reading.at(min(window.valid_until, now)).service(window.unit) for window in windows]


def done_steps(page: LogPage) -> list[Step]:
    at = page.log.closed_at
    return (
        [] if at is None or page.reading.holds_back(at) else [done_on(_("Stafettloggen ble avsluttet"), local_day(at))]
    )


def where_now(page: LogPage) -> Now | None:
    if not page.log.is_closed:
        return None
    return Now(_("Stafettloggen er avsluttet. Du kan fortsatt lese den."), [])
