"""The log's own first page."""

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import logs_held


def reason_missing(scope: Scope) -> list[Due]:
    """Nobody has written with the family why the log is open. For pages; nobody is reminded."""
    found = logs_held(scope)
    return [rows.due_in_log(log, row, "stafettlogg:reason") for log, row in found if due_rules.lacks_reason(log)]
