"""Codes that link a guardian's place, when somebody has used one; and links that were cut (safety.md S29)."""

from apps.core.dates import local_day
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.models import Log
from apps.stafettlogg.selectors.breaches import cuts_with_breach, report_by
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def codes_to_confirm(scope: Scope) -> list[Due]:
    """The holder confirms who has used a code. Told at once; here for pages."""
    have = what_logs_have(scope)
    logs = [row.content_object for log_id, row in rows.held(scope).items() if log_id in have]
    return rows.to_holders(scope, [log for log in logs if have[log.pk].code_to_confirm], "stafettlogg:guardians")


def breaches_to_report(scope: Scope) -> list[Due]:
    """Links that were cut, and of which nobody has said that the data protection officer knows."""
    cuts = {
        cut.guardian.child_id: cut for cut in cuts_with_breach().filter(dpo_told_at=None).select_related("guardian")
    }
    if not cuts:
        return []
    logs = Log.objects.filter(child__in=cuts).select_related("child", "holder__window__unit").order_by("pk")
    if scope.user is not None:
        logs = logs.filter(holder__window__unit__in=scope.led_unit_ids)
    asks = [(log, log, log.holder.window.unit, {log.holder.user_id}) for log in logs]
    return [
        rows.LogDue(
            recipient=leader,
            log=log,
            key=f"cut {cuts[log.child_id].pk}",
            url_name="stafettlogg:leader_decisions",
            object_id=log.pk,
            unit=log.holder.window.unit,
            due_day=local_day(report_by(cuts[log.child_id])),
        )
        for log, leader in rows.leaders(scope, asks)
    ]
