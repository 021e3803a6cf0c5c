"""Codes that link a guardian's place, when somebody has used one (safety.md S29)."""

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def codes_to_confirm(scope: Scope) -> list[Due]:
    """The holder confirms who has used a code. Told at once; here for pages."""
    have = what_logs_have(scope)
    logs = [row.content_object for log_id, row in rows.held(scope).items() if log_id in have]
    return rows.to_holders(scope, [log for log in logs if have[log.pk].code_to_confirm], "stafettlogg:guardians")
