"""Requests that are about to be removed, and others who ask about a child who has a log."""

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules import reminders as rules
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import has


def requests_ending(scope: Scope) -> list[Due]:
    """Requests that are removed within a week unless the family answers."""
    until = scope.until(rules.REQUEST_DAYS_BEFORE_REMOVAL)
    if scope.user is not None:
        logs = [row.content_object for row in rows.held(scope).values() if row.content_object.is_request]
    else:
        logs = list(
            Log.objects.filter(
                status=LogStatus.REQUESTED, request_last_day__gte=scope.today, request_last_day__lte=until
            ).select_related("child")
        )
    ending = [log for log in logs if scope.today <= log.request_last_day <= until]
    found = rows.holding(scope, [log.pk for log in ending])
    return [
        rows.due_in_log(
            log,
            row,
            "stafettlogg:consents",
            key=f"log {log.pk} {log.request_last_day}",
            due_day=log.request_last_day,
        )
        for log in ending
        for row in found.get(log.pk, [])
    ]


def repeats(scope: Scope) -> list[Due]:
    """Someone else asked for a log on the same child (S6). Told at once; here for pages."""
    open_logs = [row.content_object for row in rows.held(scope).values() if not row.content_object.is_closed]
    return rows.to_holders(
        scope, [log for log in open_logs if has(scope, log).been_asked_about], "stafettlogg:consents"
    )
