"""Evaluations to hold, the next one ahead, and the closing that an evaluation decided."""

from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import has, logs_held

_AHEAD_IN_LOG = 14


@read_once
def _to_hold(scope: Scope) -> list[tuple[Log, LogAccess]]:
    """Logs to evaluate within a week or earlier, with who holds them."""
    until = due_rules.evaluations_until(scope.today)
    if scope.user is not None:
        found = [(log, row) for log, row in logs_held(scope) if log.evaluation_due_day is not None]
        return [(log, row) for log, row in found if log.evaluation_due_day <= until]
    logs = list(due.evaluations_to_hold(until=until).select_related("child"))
    holders = rows.holding(scope, [log.pk for log in logs])
    return [(log, row) for log in logs for row in holders.get(log.pk, []) if access.sees_content(row)]


def evaluations_due(scope: Scope) -> list[Due]:
    """Within a week, for the holder and the deputy."""
    return [_due(log, row) for log, row in _to_hold(scope) if log.evaluation_due_day >= scope.today]


def evaluations_overdue(scope: Scope) -> list[Due]:
    """As `evaluations_due`, when the day has passed."""
    return [_due(log, row) for log, row in _to_hold(scope) if log.evaluation_due_day < scope.today]


def evaluation_ahead(scope: Scope) -> list[Due]:
    """The next one that does not call for the holder yet: in a log within two weeks, on the start page the nearest."""
    until = due_rules.evaluations_until(scope.today)
    dated = [(log, row) for log, row in logs_held(scope) if log.evaluation_due_day is not None]
    later = [(log, row) for log, row in dated if log.evaluation_due_day > until]
    if scope.log is not None:
        later = [(log, row) for log, row in later if log.evaluation_due_day <= scope.until(_AHEAD_IN_LOG)]
    nearest = sorted(later, key=lambda pair: (pair[0].evaluation_due_day, str(pair[0].pk)))[:1]
    return [_due(log, row, status=TaskStatus.AHEAD) for log, row in nearest]


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
