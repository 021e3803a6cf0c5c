"""The plan: goals with their measures, and who may be responsible for one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import format_long, format_near
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Effect, GoalStatus, MeasureStatus, Responsibility
from apps.stafettlogg.models import Goal, Guardian, Log, Measure, MeasureReview
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.plan import OPEN_MEASURES
from apps.stafettlogg.selectors.names import place_line

_RESPONSIBLE_KINDS = (
    AccessKind.HOLDER,
    AccessKind.DEPUTY,
    AccessKind.PARTICIPANT,
    AccessKind.GUARDIAN,
    AccessKind.YOUTH,
)


def goals_with_measures(log: Log) -> list[Goal]:
    """The whole plan in its order, two queries whatever its size."""
    measures = Measure.objects.select_related("responsible").order_by("order", "created_at", "pk")
    return list(
        Goal.objects.filter(log=log)
        .order_by("order", "created_at", "pk")
        .prefetch_related(Prefetch("measures", queryset=measures))
    )


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
    return ". ".join(part for part in (measure.get_place_display(), who_and_when) if part)


def who_and_where(measure: Measure, reading: Reading) -> str:
    """What is agreed about a measure, on paper: «Mari, Hjemme»."""
    return ", ".join(part for part in (responsible_name(measure, reading), measure.get_place_display()) if part)


def responsible_name(measure: Measure, reading: Reading) -> str:
    """Who is responsible, as the reader sees them; '' when nobody is chosen."""
    return reading.person(measure.responsible) if measure.responsible is not None else measure.responsible_name


def goals_on_page(
    log: Log,
    goals: list[Goal],
    *,
    reading: Reading,
    today: date,
    may_edit: bool = False,
    titles_lead: bool = False,
    present: set | None = None,
) -> list[GoalOnPage]:
    """The plan in finished words for one reader. One query once anything has been evaluated.

    `may_edit` gives the links that change things; `titles_lead` makes the measures' titles those links instead.
    `present`: who is in the log now, for those who find a new responsible for what someone who has left was to do.
    """
    reviewed = any(measure.reviewed_day for goal in goals for measure in goal.measures.all())
    effects = _latest_effects(log) if reviewed else {}
    links = "text" if may_edit else "title" if titles_lead else ""
    shown = []
    for number, goal in enumerate(goals, start=1):
        measures = [
            _measure_on_page(log, m, effects.get(m.pk), reading, links=links, today=today, present=present)
            for m in goal.measures.all()
        ]
        shown.append(
            GoalOnPage(
                id=goal.pk,
                title=goal.title,
                eyebrow=_("Mål %(number)s") % {"number": number},
                text="" if goal.status == GoalStatus.OPEN else goal.get_status_display(),
                is_open=goal.status == GoalStatus.OPEN,
                measures=measures,
                url=reverse("stafettlogg:edit_goal", args=[log.pk, goal.pk]) if may_edit else "",
                label=_("Endre målet") if may_edit else "",
            )
        )
    return shown


def _measure_on_page(
    log,
    measure: Measure,
    effect: str | None,
    reading: Reading,
    *,
    links: str,
    today: date,
    present: set | None,
) -> MeasureOnPage:
    edit_url = reverse("stafettlogg:edit_measure", args=[log.pk, measure.pk]) if links else ""
    is_open = log.is_active and measure.goal.status == GoalStatus.OPEN and measure.status in OPEN_MEASURES
    responsible = responsible_name(measure, reading) or _("Ikke valgt")
    if is_open and _has_left(measure, present):
        responsible = _("%(name)s, er ikke med lenger") % {"name": responsible}
    facts = [(_("Ansvarlig"), responsible), (_("Hvor"), measure.get_place_display())]
    if measure.due_day is not None:
        late = is_open and measure.due_day < today
        day = format_near(measure.due_day, today)
        facts.append((_("Frist"), _("%(day)s, over fristen") % {"day": day} if late else day))
    if measure.status == MeasureStatus.NOT_STARTED:
        facts.append((_("Status"), measure.get_status_display()))
    if measure.reviewed_day is not None:
        facts.append((_("Sist vurdert"), format_near(measure.reviewed_day, today)))
    if effect:
        facts.append((_("Effekt"), str(Effect(effect).label)))
    return MeasureOnPage(
        id=measure.pk,
        title=measure.title,
        status=status_mark(measure),
        text=measure.note,
        facts=[(name, value) for name, value in facts if value],
        url=edit_url if links == "text" else "",
        label=_("Oppdater tiltaket") if links == "text" else "",
        detail_url=edit_url if links == "title" else "",
    )


def _has_left(measure: Measure, present: set | None) -> bool:
    """An employee only: that a guardian cannot read is nobody else's business (S4)."""
    user = measure.responsible
    return present is not None and user is not None and not user.is_citizen and user.pk not in present


def _latest_effects(log: Log) -> dict:
    rows = MeasureReview.objects.filter(measure__log=log).order_by("evaluation__held_day", "evaluation__recorded_at")
    return dict(rows.values_list("measure_id", "effect"))


@dataclass(frozen=True)
class Person:
    """Someone in the log who can be responsible. `line` is role and service, or the relation."""

    user: User
    line: str

    @property
    def shown(self) -> str:
        """The name; with a protected identity only «En ansatt» (the line says role and service)."""
        return _("En ansatt") if self.user.protected_identity else self.user.name


@dataclass(frozen=True)
class ResponsibleChoices:
    """People in the log now, and guardians without a user of their own, by name."""

    people: list[Person]
    guardian_names: list[str]

    @property
    def people_ids(self) -> set:
        return {person.user.pk for person in self.people}


def responsible_choices(log: Log, now: datetime) -> ResponsibleChoices:
    """Staff with an open window first, then the family. Nobody who is blocked or whose responsibility is unchecked."""
    rows = (
        access.current_rows_in([log.pk], now)
        .filter(kind__in=_RESPONSIBLE_KINDS)
        .order_by("membership_id", "starts_at", "pk")
    )
    people: dict[UUID, Person] = {}
    for row in sorted(rows, key=access.is_family):
        people.setdefault(row.user_id, Person(row.user, place_line(row)))
    today = timezone.localdate(now)
    guardians = Guardian.objects.filter(
        child=log.child_id, responsibility=Responsibility.CONFIRMED, user__isnull=True
    ).order_by("name", "pk")
    return ResponsibleChoices(list(people.values()), [g.name for g in guardians if not g.is_blocked(today)])
