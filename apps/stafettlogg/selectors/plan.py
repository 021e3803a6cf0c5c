"""The plan: goals with their measures, and what it says of where the log stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.dates import format_long, format_near, local_day
from apps.core.statements import give_related, statement
from apps.core.templatetags.portal import localized
from apps.core.text import joined
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import Action, Effect, GoalStatus, MeasureStatus, Place
from apps.stafettlogg.models import Goal, Log, Measure, MeasureReview
from apps.stafettlogg.rules import guide
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.plan import OPEN_MEASURES, goal_words
from apps.stafettlogg.rules.responsible import responsible_ids
from apps.stafettlogg.rules.scopes import Reach
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.levels import proposal_on
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.logs import what_is_next
from apps.stafettlogg.selectors.responsible import give_others
from apps.stafettlogg.selectors.where_we_are import Now, Step, done_on


def goals_with_measures(log: Log, reach: Reach) -> list[Goal]:
    """The plan in its order, two queries whatever its size: the whole of it, or the measures within reach and the goals
    they belong to."""
    goals = _goals.rows(log.pk)
    found = _measures.rows(log.pk) if goals else []
    shown = [m for m in found if reach.holds(m.unit_id, responsible_ids(m))]
    give_related(goals, "measures", give_others(shown))
    return goals if reach.is_whole else [goal for goal in goals if goal.measures.all()]


@statement
def _goals(log_id: UUID) -> QuerySet[Goal]:
    return Goal.objects.filter(log=log_id).order_by("order", "created_at", "pk")


@statement
def _measures(log_id: UUID) -> QuerySet[Measure]:
    rows = Measure.objects.filter(goal__log=log_id).select_related("responsible", "unit")
    return rows.order_by("order", "created_at", "pk")


def goals_as_of(log: Log, instant: datetime) -> list[Goal]:
    """The plan in its order as it stood then, from the history that every save leaves; two queries."""
    goals = _as_of(Goal.history.filter(log_id=log.pk, history_date__lte=instant))
    saved = Measure.history.filter(log_id=log.pk, history_date__lte=instant)
    measures = _as_of(saved.select_related("responsible", "unit"))
    known = {goal.pk for goal in goals}
    give_related(goals, "measures", give_others(measure for measure in measures if measure.goal_id in known))
    return goals


def _as_of(records: QuerySet) -> list:
    """The newest of these records of each thing, as the thing itself, in the plan's order."""
    newest = {record.id: record for record in records.order_by("history_date", "history_id")}
    found = []
    for record in newest.values():
        if record.history_type == "-":
            continue
        thing = record.instance
        if hasattr(record, "responsible_id"):
            thing.responsible, thing.unit = record.responsible, record.unit
        found.append(thing)
    return sorted(found, key=lambda thing: (thing.order, thing.created_at, thing.pk))


@dataclass(frozen=True)
class MeasureOnPage:
    """A measure as templates/components/measure.html shows it; `status` is a `status_mark`."""

    id: UUID
    title: str
    status: str
    text: str
    facts: list[tuple[str, str]]
    url: str = ""
    label: str = ""
    detail_url: str = ""


@dataclass(frozen=True)
class GoalOnPage:
    """A goal as templates/components/goal.html shows it."""

    id: UUID
    title: str
    eyebrow: str
    text: str
    is_open: bool
    measures: list[MeasureOnPage]
    url: str = ""
    label: str = ""


_MARKS = {MeasureStatus.ONGOING: "pagar", MeasureStatus.DONE: "fullfort", MeasureStatus.STOPPED: "avsluttet"}


def status_mark(measure: Measure) -> str:
    """The code of the status a page shows (`STATUS` in core/templatetags/portal.py); '' for not started."""
    return _MARKS.get(measure.status, "")


def agreed_line(measure: Measure, reading: Reading) -> str:
    """What is agreed about a measure, for the family: «Hjemme. Mari, til 14. oktober 2026»."""
    until = _("til %(day)s") % {"day": format_long(measure.due_day)} if measure.due_day is not None else ""
    who_and_when = ", ".join(part for part in (responsible_name(measure, reading), until) if part)
    return ". ".join(part for part in (where(measure, reading), who_and_when) if part)


def who_and_where(measure: Measure, reading: Reading) -> str:
    """What is agreed about a measure, on paper: «Mari, Hjemme»."""
    return ", ".join(part for part in (responsible_name(measure, reading), where(measure, reading)) if part)


# Said where the measure is one service's: «I tjenesten» is the word of those who work there.
_IN_SERVICE = {
    UnitKind.KINDERGARTEN: gettext_lazy("I barnehagen"),
    UnitKind.SCHOOL: gettext_lazy("På skolen"),
    UnitKind.UPPER_SECONDARY: gettext_lazy("På skolen"),
    UnitKind.AFTER_SCHOOL: gettext_lazy("På SFO"),
    UnitKind.CULTURE_SCHOOL: gettext_lazy("På kulturskolen"),
    UnitKind.LIBRARY: gettext_lazy("På biblioteket"),
}


def where(measure: Measure, reading: Reading) -> str:
    """«Hjemme», «I barnehagen»; «I tjenesten» where nobody has said whose it is, or the reader may not know."""
    unit = measure.unit
    is_named = measure.place == Place.SERVICE and unit is not None and unit.kind in _IN_SERVICE
    if unit is None or not is_named or reading.hides_places or unit.name in reading.hidden_units:
        return measure.get_place_display()
    return str(_IN_SERVICE[UnitKind(unit.kind)])


def responsible_name(measure: Measure, reading: Reading) -> str:
    """Who is responsible, as the reader sees them; '' when nobody is chosen, or only one the reader may not know of."""
    return joined([name for person in everyone_responsible(measure) if (name := _called(person, reading))])


def everyone_responsible(measure: Measure) -> list[User | str]:
    """The first one and the others: users, or the names of those without."""
    first = measure.responsible if measure.responsible is not None else measure.responsible_name
    return [person for person in [first, *measure.other_people] if person]


def _called(person: User | str, reading: Reading) -> str:
    return person if isinstance(person, str) else reading.person(person)


def goals_on_page(
    log: Log,
    goals: list[Goal],
    *,
    reading: Reading,
    reach: Reach,
    today: date,
    may_edit: bool = False,
    reporter: User | None = None,
    titles_lead: bool = False,
    present: set | None = None,
) -> list[GoalOnPage]:
    """The plan in finished words for one reader. One query once anything has been evaluated, which is told of to those
    who read the whole log.

    `may_edit` gives the links that change things; `titles_lead` makes the measures' titles those links instead.
    `reporter` may tell how the own measures go.
    `present`: who is in the log now, for those who find a new responsible for what someone who has left was to do.
    """
    reviewed = reach.is_whole and any(measure.reviewed_day for goal in goals for measure in goal.measures.all())
    effects = _latest_effects(log) if reviewed else None
    links = "text" if may_edit else "title" if titles_lead else ""
    shown = []
    for number, goal in enumerate(goals, start=1):
        measures = [
            _measure_on_page(
                log,
                m,
                effects,
                reading,
                links=links or ("report" if reporter is not None and reporter.pk in responsible_ids(m) else ""),
                today=today,
                present=present,
            )
            for m in goal.measures.all()
        ]
        shown.append(
            GoalOnPage(
                id=goal.pk,
                title=goal.title,
                eyebrow=_("Mål %(number)s") % {"number": number},
                text="" if goal.status == GoalStatus.OPEN and not log.is_closed else goal_words(goal, log),
                is_open=goal.status == GoalStatus.OPEN,
                measures=measures,
                url=reverse("stafettlogg:edit_goal", args=[log.pk, goal.pk]) if may_edit else "",
                label=_("Endre målet") if may_edit else "",
            )
        )
    return shown


# Where a measure leads: to who changes the plan, and to who tells how it goes.
_LINKS = {
    "text": ("stafettlogg:edit_measure", gettext_lazy("Oppdater tiltaket")),
    "title": ("stafettlogg:edit_measure", ""),
    "report": ("stafettlogg:measure_status", gettext_lazy("Si hvordan det går")),
}


def _measure_on_page(
    log,
    measure: Measure,
    effects: dict | None,
    reading: Reading,
    *,
    links: str,
    today: date,
    present: set | None,
) -> MeasureOnPage:
    page, label = _LINKS.get(links, ("", ""))
    edit_url = reverse(page, args=[log.pk, measure.pk]) if page else ""
    is_open = log.is_active and measure.goal.status == GoalStatus.OPEN and measure.status in OPEN_MEASURES
    responsible = _responsible_here(measure, reading, present if is_open else None)
    facts = [(_("Ansvarlig"), responsible), (_("Hvor"), where(measure, reading))]
    if links == "text" and measure.unit is not None:
        facts.append((_("Tjeneste"), measure.unit.name))
    if measure.due_day is not None:
        late = is_open and measure.due_day < today
        day = format_near(measure.due_day, today)
        facts.append((_("Frist"), _("%(day)s, over fristen") % {"day": day} if late else day))
    if measure.status == MeasureStatus.NOT_STARTED:
        facts.append((_("Status"), measure.get_status_display()))
    if effects is not None and measure.reviewed_day is not None:
        facts.append((_("Sist vurdert"), format_near(measure.reviewed_day, today)))
    if effects and measure.pk in effects:
        facts.append((_("Virker det?"), str(Effect(effects[measure.pk]).label)))
    return MeasureOnPage(
        id=measure.pk,
        title=measure.title,
        status=status_mark(measure),
        text=measure.note,
        facts=[(name, value) for name, value in facts if value],
        url="" if links == "title" else edit_url,
        label=str(label),
        detail_url=edit_url if links == "title" else "",
    )


def _responsible_here(measure: Measure, reading: Reading, present: set | None) -> str:
    people = everyone_responsible(measure)
    alone = len(people) == 1
    words = _("%(name)s, er ikke med lenger") if alone else _("%(name)s (er ikke med lenger)")
    called = [(person, _called(person, reading) or _("Fosterforelder")) for person in people]  # one who is hidden (S36)
    names = [words % {"name": name} if _has_left(person, present) else name for person, name in called]
    return joined(names) or _("Ikke valgt")


def _has_left(person: User | str, present: set | None) -> bool:
    """An employee only: that a guardian cannot read is nobody else's business (S4)."""
    return present is not None and not isinstance(person, str) and not person.is_citizen and person.pk not in present


def _latest_effects(log: Log) -> dict:
    rows = MeasureReview.objects.filter(measure__log=log).order_by("evaluation__held_day", "evaluation__recorded_at")
    return dict(rows.values_list("measure_id", "effect"))


def goals_on(page: LogPage) -> list[Goal]:
    """The plan; as it stood when the reader last read it, where what is newer is hidden (S34)."""
    until = page.reading.until
    return goals_with_measures(page.log, page.reach) if until is None else goals_as_of(page.log, until)


def measures_on(page: LogPage) -> list[Measure]:
    return [measure for goal in page.once(goals_on) for measure in goal.measures.all()]


def log_section(page: LogPage) -> dict[str, Any]:
    """The plan on the log's front page; its measures lead the holder to where they are changed."""
    goals = goals_on_page(
        page.log,
        page.once(goals_on),
        reading=page.reading,
        reach=page.reach,
        today=page.today,
        titles_lead=page.is_holding and page.log.is_active,
    )
    return {"goals": goals, "may_plan": page.allows(Action.PLAN), "reads_all": page.reach.is_whole}


def next_in_log(page: LogPage) -> str:
    """The first of the evaluation and the open measures' deadlines, in words; '' when nothing has a day."""
    log = page.log
    evaluation = log.evaluation_due_day if log.is_active else None
    measures = due.to_follow(log, page.once(measures_on), until=date.max)
    days = [measure.due_day for measure in measures if measure.due_day]
    first = min(days + ([evaluation] if evaluation else []), default=None)
    return "" if first is None else what_is_next(first, evaluation, today=page.today)


def next_section(page: LogPage) -> dict[str, Any] | None:
    """The next day, for one who reads own measures alone: the others have it among what remains, and the plan."""
    following = "" if page.reach.is_whole else next_in_log(page)
    return {"text": following} if following else None


def guide_section(page: LogPage) -> dict[str, Any] | None:
    """«Nivå 1, steg 2: Bli enige om mål og tiltak»: where the log stands in the guide, judged by its plan."""
    if page.log.is_closed:
        return None
    measures = page.once(measures_on)
    started = any(measure.status != MeasureStatus.NOT_STARTED for measure in measures)
    key = guide.step_of(page.log, has_measures=bool(measures), started=started, today=page.today)
    number = _("Nivå %(level)s, steg %(step)s") % {"level": key[1], "step": key[3]}
    title = page.guide_names.steps.get(key)
    return {
        "url": reverse("guides:step", args=[key]),
        "label": format_html("{}: {}", number, localized(title)) if title else number,
        "proposal": proposal_on(page),
    }


@dataclass(frozen=True)
class Agreed:
    """A measure as templates/components/agreed.html shows it; `status` is a `status_mark`."""

    title: str
    status: str
    line: str
    text: str


def family_section(page: LogPage) -> dict[str, Any]:
    """What the family is told is agreed."""
    measures = [
        Agreed(
            title=measure.title,
            status=status_mark(measure),
            line=agreed_line(measure, page.reading),
            text="" if page.reading.holds_back(goal.created_at) else _("Mål: %(goal)s") % {"goal": goal.title},
        )
        for goal in page.once(goals_on)
        if goal.status != GoalStatus.DROPPED
        for measure in goal.measures.all()
        if not page.reading.holds_back(measure.created_at)
    ]
    return {"measures": measures}


def done_steps(page: LogPage) -> list[Step]:
    goals = [goal for goal in page.once(goals_on) if not page.reading.holds_back(goal.created_at)]
    if not goals:
        return []
    has_measures = bool(page.once(measures_on))
    title = _("Vi ble enige om mål og tiltak") if has_measures else _("Vi ble enige om mål")
    return [done_on(title, min(local_day(goal.created_at) for goal in goals))]


def where_now(page: LogPage) -> Now:
    if not page.once(goals_on):
        lead = _("Stafettloggen er åpen. Nå blir vi enige om mål og tiltak sammen.")
        return Now(lead, [Step("now", _("Dere blir enige om mål og tiltak"), _("Nå"), icon="tasks-start")])
    if not page.once(measures_on):
        lead = _("Vi er enige om mål. Nå blir vi enige om tiltak sammen.")
        return Now(lead, [Step("now", _("Dere blir enige om tiltak"), _("Nå"), icon="tasks-start")])
    lead = _("Vi gjør det vi har avtalt, og ser sammen på hva som virker.")
    return Now(lead, [Step("now", _("Vi gjør det vi har avtalt"), _("Nå"), icon="tasks")])
