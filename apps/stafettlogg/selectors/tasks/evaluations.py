"""Evaluations to hold, the next one ahead, and the closing that an evaluation decided."""

from collections.abc import Iterable
from datetime import date

from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import has, logs_held


@read_once
def _to_hold(scope: Scope) -> list[tuple[Log, LogAccess, date]]:
    """Logs to evaluate within a week or earlier, with who holds them and the day."""
    until = due_rules.evaluations_until(scope.today)
    if scope.user is not None:
        return [(log, row, day) for log, row, day in _dated(logs_held(scope)) if day <= until]
    logs = list(due.evaluations_to_hold(until=until).select_related("child"))
    holders = rows.holding(scope, [log.pk for log in logs])
    return _dated((log, row) for log in logs for row in holders.get(log.pk, []) if access.sees_content(row))


def _dated(held: Iterable[tuple[Log, LogAccess]]) -> list[tuple[Log, LogAccess, date]]:
    return [(log, row, log.evaluation_due_day) for log, row in held if log.evaluation_due_day is not None]


def evaluations_due(scope: Scope) -> list[Due]:
    """Within a week, for the holder and the deputy."""
    return [_due(log, row) for log, row, day in _to_hold(scope) if day >= scope.today]


def evaluations_overdue(scope: Scope) -> list[Due]:
    """As `evaluations_due`, when the day has passed."""
    return [_due(log, row) for log, row, day in _to_hold(scope) if day < scope.today]


def evaluation_ahead(scope: Scope) -> list[Due]:
    """The next one that does not call for the holder yet: the log's own, on the start page the nearest."""
    until = due_rules.evaluations_until(scope.today)
    later = [(log, row, day) for log, row, day in _dated(logs_held(scope)) if day > until]
    # In the order of the cards: the same log is first among them when several have the day.
    nearest = sorted(later, key=lambda found: (found[2], found[0].child.search_name, str(found[0].pk)))[:1]
    return [_due(log, row, status=TaskStatus.AHEAD) for log, row, _day in nearest]


def to_close(scope: Scope) -> list[Due]:
    """Logs where the last evaluation decided to close. For pages."""
    found = [(log, row) for log, row in logs_held(scope) if log.evaluation_due_day is None]
    return [rows.due_in_log(log, row, "stafettlogg:close") for log, row in found if has(scope, log).decided_to_close]


def _due(log: Log, row: LogAccess, **fields: str) -> Due:
    return rows.due_in_log(
        log,
        row,
        "stafettlogg:evaluate",
        key=f"log {log.pk} evaluation {log.evaluation_due_day}",
        due_day=log.evaluation_due_day,
        **fields,
    )
