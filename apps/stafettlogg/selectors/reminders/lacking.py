"""What a log still lacks: the reason, the plan, the child's voice. For the holder's start page; nobody is reminded."""

from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules import due as due_rules
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.reminders.scope import Due, Scope


def lacking(scope: Scope) -> list[Due]:
    """One line for each thing missing in the logs the holder has, while something is shared there."""
    if scope.user is None:
        return []
    logs = list(scope.of_holder(due.active_logs_with_what_they_have(), "pk").select_related("child"))
    holders = scope.holders([log.pk for log in logs])
    return [
        found
        for log in logs
        for row in holders.get(log.pk, [])
        if access.sees_content(row)
        for found in _in_log(log, row, scope)
    ]


def _in_log(log, row: LogAccess, scope: Scope) -> list[Due]:
    found = []
    if due_rules.lacks_reason(log):
        found.append(_due("reason_missing", log, row, "stafettlogg:reason"))
    if not log.has_measures:
        day = due_rules.plan_day(log, meeting_days=scope.settings.first_meeting_days)
        found.append(_due("plan_missing", log, row, "stafettlogg:plan", day))
    day = log.evaluation_due_day
    is_near = day is not None and day <= due_rules.evaluations_until(scope.today)
    if is_near and due_rules.lacks_voice(log.child, voice_at=log.last_voice_at, evaluated_at=log.last_evaluated_at):
        found.append(_due("voice_missing", log, row, "stafettlogg:voice", day))
    return found


def _due(code: str, log: Log, row: LogAccess, url_name: str, due_day=None) -> Due:
    return Due(
        code=code,
        recipient=row.user,
        log=log,
        key=f"log {log.pk}",
        url_name=url_name,
        object_id=log.pk,
        due_day=due_day,
        remind=False,
        row=row,
    )
