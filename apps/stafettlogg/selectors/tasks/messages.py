"""What the family has written that the holder must answer by a day."""

from apps.core.dates import local_day
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import OPEN_STATUSES
from apps.stafettlogg.models import Correction
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def corrections_waiting(scope: Scope) -> list[Correction]:
    waiting = Correction.objects.filter(settled_at=None, log__status__in=OPEN_STATUSES)
    if scope.user is not None:
        log_ids = [log_id for log_id, has in what_logs_have(scope).items() if has.to_correct]
        if not log_ids:
            return []
        waiting = waiting.filter(log__in=log_ids)
    return list(waiting.select_related("log__child", "message").order_by("due_day", "pk"))


def corrections(scope: Scope) -> list[Due]:
    """Somebody has asked to have something corrected. Never on a page that may be projected (S33)."""
    found = corrections_waiting(scope)
    holders = rows.holding(scope, {one.log_id for one in found})
    return [
        rows.due_in_log(
            one.log,
            row,
            "stafettlogg:messages",
            key=f"correction {one.pk}",
            since_day=local_day(one.message.written_at),
            due_day=one.due_day,
        )
        for one in found
        for row in holders.get(one.log_id, [])
    ]
