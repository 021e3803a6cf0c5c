"""What a leader is asked to sign."""

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import ConsentExceptionGrant
from apps.stafettlogg.selectors.tasks import rows


def to_sign(scope: Scope) -> list[Due]:
    """Exceptions the leader is asked to sign (S7). Told at once; here for pages."""
    found = ConsentExceptionGrant.objects.filter(
        signed_at=None, log__status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]
    )
    found = rows.of_leader(found, scope, "log__holder__window__unit")
    found = list(found.select_related("log__child", "log__holder__window__unit").order_by("pk"))
    asks = [
        (grant, grant.log, grant.log.holder.window.unit, {grant.log.holder.user_id, grant.asked_by_id})
        for grant in found
    ]
    return [
        rows.LogDue(
            recipient=leader,
            log=grant.log,
            key=f"exception {grant.pk}",
            url_name="stafettlogg:leader_decisions",
            object_id=grant.log_id,
            unit=grant.log.holder.window.unit,
        )
        for grant, leader in rows.leaders(scope, asks)
    ]
