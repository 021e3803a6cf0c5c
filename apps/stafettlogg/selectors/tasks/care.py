"""A decision about the care is about to end, or has: the holder writes down what comes instead (safety.md S36)."""

from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import OPEN_STATUSES
from apps.stafettlogg.models import CareDecision
from apps.stafettlogg.rules.care import DAYS_BEFORE
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def ending(scope: Scope) -> list[Due]:
    """For those who hold the log: from a month before it ends."""
    logs = [log_id for log_id, has in what_logs_have(scope).items() if has.care_ends] if scope.user is not None else []
    if scope.user is not None and not logs:
        return []
    found = CareDecision.objects.filter(
        ended_at=None, last_day__lte=scope.until(max(DAYS_BEFORE)), log__status__in=OPEN_STATUSES
    ).select_related("log__child")
    if scope.user is not None:
        found = found.filter(log__in=logs)
    decisions = list(found.order_by("last_day", "pk"))
    held = rows.holding(scope, {decision.log_id for decision in decisions}) if decisions else {}
    return [
        rows.due_in_log(
            decision.log,
            row,
            "stafettlogg:guardians",
            key=f"care {decision.pk}",
            due_day=decision.last_day,
            status=TaskStatus.MINE,
        )
        for decision in decisions
        for row in held.get(decision.log_id, [])
    ]
