"""«Dette gjenstår»: what the holder must do in one log. `rules.due` says what calls for her, as on the start page;
what has a day further ahead only goes on («Pågår»)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess, Measure
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.evaluations import latest_evaluation

AHEAD = timedelta(days=14)
SHOWN_MEASURES = 6


@dataclass(frozen=True)
class Task:
    """One line of templates/components/tasks.html. `code` is for tests, `status` one of the five, `url_name` a page of
    the log."""

    is_done, done_day = False, None

    log_id: UUID
    code: str
    title: str
    text: str
    url_name: str
    due_day: date | None = None
    status: str = "handling"
    icon: str = "tasks"

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=[self.log_id])

    @property
    def is_turn(self) -> bool:
        return self.status == "handling"


@dataclass(frozen=True)
class InHand:
    """What a page has read already. `status` is `selectors.consents.status_for_holder`, None leaves consents out."""

    status: object | None
    measures: list[Measure]
    last_voice_at: datetime | None


def tasks_in_log(log: Log, row: LogAccess, today: date, *, in_hand: InHand | None = None) -> list[Task]:
    """What the holder must do now or within two weeks, the most urgent first. Empty for everyone else."""
    if not access.is_holding(row) or not log.is_active or not access.sees_content(row):
        return []
    known = in_hand or _read(log)
    tasks = [*_consent_tasks(log, known.status), *_first_page(log), *_measure_tasks(log, known.measures, today)]
    if not known.measures:
        tasks.append(_plan_task(log))
    tasks += _evaluation_tasks(log, known, today)
    return sorted(tasks, key=lambda task: (task.status != "handling", task.due_day or date.max, task.code))


def _read(log: Log) -> InHand:
    last = log.voices.order_by("-written_at").values_list("written_at", flat=True).first()
    return InHand(status=None, measures=list(log.measures.select_related("goal", "responsible")), last_voice_at=last)


def _consent_tasks(log: Log, status) -> list[Task]:
    if status is None:
        return []
    tasks = []
    if status.unread_limits:
        tasks.append(
            Task(
                log.pk,
                "limits",
                _("Les hva familien ikke vil dele"),
                _("Delingen åpner når du har krysset av for at det er lest og fulgt."),
                "stafettlogg:consents",
                icon="padlock",
            )
        )
    for unit in status.units:
        if unit.sharing.is_waiting and not unit.sharing.was_refused:
            last_day = min(consent.request.last_day for consent in unit.sharing.asked)
            tasks.append(
                Task(
                    log.pk,
                    "consent",
                    _("Samtykke til %(unit)s") % {"unit": unit.unit.name},
                    _("Ikke alle har svart. Vi deler ingenting ennå."),
                    "stafettlogg:consents",
                    due_day=last_day,
                    status="venter",
                    icon="hourglass",
                )
            )
    return tasks


def _first_page(log: Log) -> list[Task]:
    if not due_rules.lacks_reason(log):
        return []
    return [
        Task(
            log.pk,
            "reason",
            _("Skriv hvorfor stafettloggen er åpnet"),
            _("Skriv det sammen med familien. De leser det du skriver."),
            "stafettlogg:reason",
            icon="pencil",
        )
    ]


def _plan_task(log: Log) -> Task:
    return Task(
        log.pk,
        "plan",
        _("Bli enige om mål og tiltak"),
        _("Gjør det i det første møtet, sammen med familien."),
        "stafettlogg:plan",
        due_day=due_rules.plan_day(log, meeting_days=settings_row().first_meeting_days),
        icon="tasks-start",
    )


def _measure_tasks(log: Log, measures: list[Measure], today: date) -> list[Task]:
    measures = due.to_follow(log, measures, until=today + AHEAD)
    return [
        Task(
            log.pk,
            "measure",
            measure.title,
            _measure_words(measure, today),
            "stafettlogg:plan",
            due_day=measure.due_day,
            status="handling" if measure.due_day <= due_rules.measures_until(today) else "pagar",
            icon="clock",
        )
        for measure in measures[:SHOWN_MEASURES]
    ]


def _measure_words(measure, today: date) -> str:
    if measure.due_day < today:
        return _("Fristen er ute. Avtal hva dere gjør videre.")
    name = measure.responsible_name
    if measure.responsible is not None and not measure.responsible.protected_identity:
        name = measure.responsible.name
    return _("%(name)s har ansvaret.") % {"name": name} if name else _("Velg hvem som har ansvaret.")


def _evaluation_tasks(log: Log, known: InHand, today: date) -> list[Task]:
    if log.evaluation_due_day is not None and log.evaluation_due_day > today + AHEAD:
        return []
    if log.evaluation_due_day is None:
        latest = latest_evaluation(log)
        if latest is None or not latest.is_final:
            return []
        return [
            Task(
                log.pk,
                "close",
                _("Avslutt stafettloggen"),
                _("Dere har evaluert og blitt enige om å avslutte."),
                "stafettlogg:close",
                icon="checkmark",
            )
        ]
    status = "handling" if log.evaluation_due_day <= due_rules.evaluations_until(today) else "pagar"
    tasks = [
        Task(
            log.pk,
            "evaluate",
            _("Evaluer tiltakene på nivå %(level)s") % {"level": log.level},
            _("Det tar omtrent ti minutter i møtet med familien."),
            "stafettlogg:evaluate",
            due_day=log.evaluation_due_day,
            status=status,
            icon="arrows-circle",
        )
    ]
    evaluated_at = _evaluated_at(log) if known.last_voice_at is not None else None
    if due_rules.lacks_voice(log.child, voice_at=known.last_voice_at, evaluated_at=evaluated_at):
        tasks.append(
            Task(
                log.pk,
                "voice",
                _("Avtal hvem som snakker med %(name)s") % {"name": log.child.given_name},
                _("Barnets syn skal være med når dere evaluerer."),
                "stafettlogg:voice",
                due_day=log.evaluation_due_day,
                status=status,
                icon="child",
            )
        )
    return tasks


def _evaluated_at(log: Log) -> datetime | None:
    latest = latest_evaluation(log)
    return latest.recorded_at if latest is not None else None
