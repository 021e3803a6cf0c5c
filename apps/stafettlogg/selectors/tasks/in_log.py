"""«Dette gjenstår»: what must be done in one log, from what its page has read already."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.notifications.scope import Scope
from apps.notifications.selectors import Task, tasks_in
from apps.stafettlogg import access
from apps.stafettlogg.models import ChildVoice, Goal, Log, LogAccess, RepeatRequest
from apps.stafettlogg.selectors.consents import HolderStatus, status_on
from apps.stafettlogg.selectors.evaluations import latest_evaluation
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.plan import goals_on
from apps.stafettlogg.selectors.tasks import consents, handovers, participants, plan, rows, windows
from apps.stafettlogg.selectors.tasks.what_logs_have import Has, what_logs_have
from apps.stafettlogg.selectors.voices import newest_voice

_WITH_DEADLINE = frozenset({"measure_due", "measure_overdue", "evaluation_due", "evaluation_overdue"})
# Readings that find nothing in most logs, and what they look among: one statement asks about them all.
_SELDOM: dict[Callable[[Scope], Any], Callable[[Scope], QuerySet]] = {
    windows.windows: windows.windows_that_call,
    participants.invitations_waiting: participants.invitations_unanswered,
    handovers.offers_waiting: handovers.offers_unanswered_yet,
}


def tasks_in_log(
    log: Log,
    row: LogAccess,
    *,
    now: datetime,
    status: HolderStatus | None,
    goals: Iterable[Goal],
    voice: ChildVoice | None,
) -> list[Task]:
    """What the holder or deputy must do in an active log now, then what waits and comes. Empty for everyone else.

    `status`, `goals` with their measures, and the newest `voice` are what the page has read.
    """
    if status is None or not access.is_holding(row) or not log.is_active or not access.sees_content(row):
        return []
    row.content_object = log
    measures = [measure for goal in goals for measure in goal.measures.all()]
    scope = Scope(now, row.user, log=log, places=[row.membership])
    scope.give(
        {
            rows.own_rows: {log.pk: [row]},
            plan.measures: plan.in_hand(log, measures, today=scope.today),
            consents.waiting: consents.in_hand(status, log, today=scope.today),
        }
    )
    found, been_asked_about = _found_seldom(scope)
    scope.give(found)
    scope.give({what_logs_have: {log.pk: _has(log, measures, voice, status, been_asked_about)}})
    return tasks_in(scope).all


def _has(log: Log, measures: list, voice: ChildVoice | None, status: HolderStatus, been_asked_about: bool) -> Has:
    asked = log.evaluation_due_day is None or voice is not None
    latest = latest_evaluation(log) if asked else None
    return Has(
        measures=bool(measures),
        voice_at=voice.written_at if voice else None,
        evaluated_at=latest.recorded_at if latest else None,
        decided_to_close=latest is not None and latest.is_final,
        first_due=None,
        unread_limits=bool(status.unread_limits),
        been_asked_about=been_asked_about,
    )


def _found_seldom(scope: Scope) -> tuple[dict[Callable[[Scope], Any], Any], bool]:
    """An empty answer for each of the readings that would find nothing in this log, and whether others have asked
    about the child. One query."""
    looked = [Exists(rows_of(scope).filter(log=OuterRef("pk"))) for rows_of in _SELDOM.values()]
    asked = Exists(RepeatRequest.objects.filter(log=OuterRef("pk"), handled_at=None))
    *flags, been_asked_about = Log.objects.filter(pk=scope.log.pk).values_list(*looked, asked).get()
    return {reading: [] for reading, is_there in zip(_SELDOM, flags, strict=True) if not is_there}, been_asked_about


def tasks_on(page: LogPage) -> list[Task]:
    return tasks_in_log(
        page.log,
        page.row,
        now=page.now,
        status=page.once(status_on),
        goals=page.once(goals_on),
        voice=page.once(newest_voice),
    )


def log_section(page: LogPage) -> dict[str, Any] | None:
    tasks = page.once(tasks_on)
    return {"tasks": tasks} if tasks else None


def is_late(page: LogPage) -> bool:
    """As `due.is_late`, from what is read already; nobody but the holder has tasks here."""
    late = [task for task in page.once(tasks_on) if task.due_day is not None and task.due_day <= page.today]
    return any(task.code in _WITH_DEADLINE for task in late)
