"""Measures to follow up, and the plan that is not made yet."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.statements import statement
from apps.core.text import joined
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.enums import GoalStatus
from apps.stafettlogg.models import Log, LogAccess, Measure
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.rules.plan import OPEN_MEASURES
from apps.stafettlogg.rules.responsible import responsible_ids
from apps.stafettlogg.selectors import due, foster, hidden_places
from apps.stafettlogg.selectors.plan import everyone_responsible, goals_as_of
from apps.stafettlogg.selectors.responsible import give_others
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import has, logs_held

SHOWN_IN_LOG = 6
_AHEAD_IN_LOG = 14


@dataclass(kw_only=True)
class MeasureDue(rows.LogDue):
    """A measure to follow up. Its title is opened where it is shown, which most are not."""

    measure: Measure

    def values(self) -> dict[str, Any]:
        return super().values() | {"detail": self.measure.title}


@read_once
def measures(scope: Scope) -> list[Measure]:
    """Open measures that are due: for the sweeper everyone's, for a person those of the logs that person holds,
    and whatever the deadline those that person is responsible for. In a log the first ones within two weeks."""
    until = due_rules.measures_until(scope.today)
    if scope.user is None:
        return list(_with_log().filter(due_day__lte=until))
    if scope.log is not None:
        near = _with_log().filter(log=scope.log, due_day__lte=scope.until(_AHEAD_IN_LOG))[:SHOWN_IN_LOG]
        return give_others(near)
    own_logs = list(rows.own_rows(scope))
    if scope.user.is_citizen:
        found = _own.rows(scope.user.pk, own_logs)
        return _as_read(scope, [measure for measure in found if _is_own(measure, scope.user)])
    held = list(rows.held(scope))
    me = scope.user.pk
    found = _near_or_own.rows(me, own_logs, held, until) if held else _own_bare.rows(me, own_logs)
    own = rows.own_rows(scope)
    known = [row for row in found if row.log_id in own and (_is_own(row, scope.user) or _is_near(row, held, until))]
    for measure in known:
        measure.log = own[measure.log_id][0].content_object
    return known


def _is_own(measure: Measure, user: User) -> bool:
    return user.pk in responsible_ids(measure)


def _is_near(measure: Measure, held: Collection[UUID], until: date) -> bool:
    return measure.log_id in held and measure.due_day is not None and measure.due_day <= until


def _with_log() -> QuerySet[Measure]:
    return due.open_measures().select_related("log__child", "responsible")


def _bare() -> QuerySet[Measure]:
    """What the start page tells of a measure; the logs are in hand."""
    return due.open_measures().only("log", "responsible", "responsible_name", "others", "title", "due_day")


@statement
def _near_or_own(user_id: UUID, own_logs: list[UUID], held: list[UUID], until: date) -> QuerySet[Measure]:
    return _bare().filter(Q(due_day__lte=until, log__in=held) | _maybe_own(user_id, own_logs))


@statement
def _own_bare(user_id: UUID, own_logs: list[UUID]) -> QuerySet[Measure]:
    return _bare().filter(_maybe_own(user_id, own_logs))


@statement
def _own(user_id: UUID, own_logs: list[UUID]) -> QuerySet[Measure]:
    return _with_log().filter(_maybe_own(user_id, own_logs))


def _maybe_own(user_id: UUID, own_logs: list[UUID]) -> Q:
    """The first one responsible, or one of several: among the others those are told apart after they are read."""
    return Q(responsible=user_id) | Q(log__in=own_logs) & ~Q(others="")


def _as_read(scope: Scope, found: list[Measure]) -> list[Measure]:
    """A guardian's own measures; as they were when the guardian last read them, where what is newer is hidden (S34)."""
    hidden = hidden_places.read_until_by_log(scope.user.pk)
    if not hidden:
        return found
    logs = {row.content_object_id: row.content_object for own in rows.own_rows(scope).values() for row in own}
    known = [measure for measure in found if measure.log_id not in hidden]
    for log_id in [log_id for log_id in hidden if log_id in logs]:
        then = [measure for goal in goals_as_of(logs[log_id], hidden[log_id]) for measure in goal.measures.all()]
        for measure in then:
            is_open = measure.goal.status == GoalStatus.OPEN and measure.status in OPEN_MEASURES
            if is_open and _is_own(measure, scope.user):
                measure.log = logs[log_id]
                known.append(measure)
    return sorted(known, key=lambda measure: (measure.due_day is None, measure.due_day or date.max, str(measure.pk)))


def in_hand(log: Log, read: Iterable[Measure], *, today: date) -> list[Measure]:
    """`measures` among all of one log that its page has read, each with its goal."""
    until = today.fromordinal(today.toordinal() + _AHEAD_IN_LOG)
    found = due.to_follow(log, read, until=until)[:SHOWN_IN_LOG]
    for measure in found:
        measure.log = log
    return found


def measures_due(scope: Scope) -> list[Due]:
    """Within three days: to each who is responsible and in the log, else to the holder.

    The holder's start page has them all, since the holder follows the plan, whoever does the work.
    """
    until = due_rules.measures_until(scope.today)
    return _dues(scope, [row for row, day in _dated(scope) if scope.today <= day <= until])


def measures_overdue(scope: Scope) -> list[Due]:
    """Past the deadline: to the same people as `measures_due`."""
    return _dues(scope, [row for row, day in _dated(scope) if day < scope.today])


def measures_ahead(scope: Scope) -> list[Due]:
    """Later, or without a deadline: on the page of who is responsible, and in the log for its holder."""
    until = due_rules.measures_until(scope.today)
    later = [row for row in measures(scope) if row.due_day is None or row.due_day > until]
    if scope.log is None:
        later = [row for row in later if scope.user is not None and _is_own(row, scope.user)]
    return _dues(scope, later, status=TaskStatus.AHEAD)


def plan_missing(scope: Scope) -> list[Due]:
    """No measure is agreed on. For pages; nobody is reminded."""
    bare = [(log, row) for log, row in logs_held(scope) if not has(scope, log).measures]
    days = scope.settings.first_meeting_days if bare else 0
    return [
        rows.due_in_log(log, row, "stafettlogg:plan", due_day=due_rules.plan_day(log, meeting_days=days))
        for log, row in bare
    ]


def _dated(scope: Scope) -> list[tuple[Measure, date]]:
    return [(row, row.due_day) for row in measures(scope) if row.due_day is not None]


def _dues(scope: Scope, found: list[Measure], **fields: Any) -> list[Due]:
    told = _told(scope, {measure.log_id for measure in found})
    return [
        MeasureDue(
            recipient=row.user,
            log=measure.log,
            row=row,
            url_name="stafettlogg:parent_log" if access.is_family(row) else "stafettlogg:plan",
            object_id=measure.log_id,
            key=f"measure {measure.pk} due {measure.due_day}",
            due_day=measure.due_day,
            note=_who(measure, scope),
            measure=measure,
            **fields,
        )
        for measure in found
        for row in told(measure)
    ]


def _told(scope: Scope, log_ids: set):
    """Gives the rows of those a measure calls for: none of a log where nothing is shared."""
    if scope.user is not None and not scope.user.is_citizen:
        own = rows.own_rows(scope)
        return lambda measure: [row for row in own.get(measure.log_id, []) if access.sees_content(row)][:1]
    readers, holders = rows.readers(scope, log_ids), rows.holding(scope, log_ids)
    hidden = hidden_places.hidden_in(log_ids) if scope.user is None and log_ids else {}
    shared = {row.content_object_id for row in readers.values() if access.is_holding(row) and access.sees_content(row)}

    def told(measure: Measure) -> list[LogAccess]:
        if measure.log_id not in shared:
            return []
        ids = responsible_ids(measure)
        responsible = [readers[measure.log_id, pk] for pk in ids if (measure.log_id, pk) in readers]
        responsible = [row for row in responsible if not _is_news(measure, hidden.get((measure.log_id, row.user_id)))]
        return [row for row in responsible if scope.is_me(row.user)] or holders.get(measure.log_id, [])

    return told


def _is_news(measure: Measure, until: datetime | None) -> bool:
    """Newer than what this guardian has read (S34)."""
    return until is not None and measure.history.filter(history_date__gt=until).exists()


def _who(measure: Measure, scope: Scope) -> str:
    """What the log's own page says of a measure; protected staff are not named."""
    if scope.log is None:
        return ""
    if measure.due_day is not None and measure.due_day < scope.today:
        return _("Fristen er ute. Avtal hva dere gjør videre.")
    people = everyone_responsible(measure)
    hidden = foster.hidden_people(measure.log)
    name = joined([one if isinstance(one, str) else _shown(one, hidden) for one in people])
    return _("%(name)s har ansvaret.") % {"name": name} if name else _("Velg hvem som har ansvaret.")


def _shown(user: User, hidden: Collection[UUID]) -> str:
    """On a page that a parent may see: a foster parent whom the decision hides is only what she is (S33, S36)."""
    return _("Fosterforelder") if user.pk in hidden else user.shown_name
