"""The child's voice, before an evaluation."""

from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import has, logs_held

_AHEAD_IN_LOG = 14


def voice_missing(scope: Scope) -> list[Due]:
    """Not heard since the last evaluation, and the next is within a week; in a log within two. For pages."""
    near = due_rules.evaluations_until(scope.today)
    until = near if scope.log is None else scope.until(_AHEAD_IN_LOG)
    found: list[Due] = []
    for log, row in logs_held(scope):
        day = log.evaluation_due_day
        if day is None or day > until or not _lacks_voice(log, scope):
            continue
        status = TaskStatus.MINE if day <= near else TaskStatus.AHEAD
        found.append(rows.due_in_log(log, row, "stafettlogg:voice", due_day=day, status=status))
    return found


def _lacks_voice(log: Log, scope: Scope) -> bool:
    known = has(scope, log)
    return due_rules.lacks_voice(log.child, voice_at=known.voice_at, evaluated_at=known.evaluated_at)
