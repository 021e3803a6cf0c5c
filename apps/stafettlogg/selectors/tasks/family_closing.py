"""What follows when someone in the family has asked to end the log: the holder rings, the leader may sign (S30)."""

from django.utils.translation import gettext as _

from apps.core.dates import last_day_of, local_day
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import OPENED_STATUSES, CallWish, EndScope, LogStatus
from apps.stafettlogg.models import ClosingWish
from apps.stafettlogg.selectors.tasks import rows


def calls(scope: Scope) -> list[Due]:
    """One who has asked to end the log wants to be rung about it: on another day, and before it closes."""
    found = ClosingWish.objects.filter(
        scope=EndScope.ALL, undone_at=None, called_at=None, call=CallWish.YES, log__status__in=OPENED_STATUSES
    )
    found = rows.of_holder(found, scope).select_related("log__child", "guardian").order_by("asked_at", "pk")
    wishes = list(found)
    holders = rows.holding(scope, {wish.log_id for wish in wishes})
    return [
        rows.due_in_log(
            wish.log,
            row,
            "stafettlogg:close",
            key=f"wish {wish.pk}",
            due_day=last_day_of(wish.closes_at) if wish.closes_at is not None else None,
            detail=wish.guardian.name if wish.guardian is not None else wish.log.child.given_name or _("ungdommen"),
            status=TaskStatus.MINE if local_day(wish.asked_at) < scope.today else TaskStatus.AHEAD,
            remind=local_day(wish.asked_at) < scope.today,
        )
        for wish in wishes
        for row in holders.get(wish.log_id, [])
    ]


def to_sign(scope: Scope) -> list[Due]:
    """Logs the holder asks the leader to close at once. Told at once; here for pages. Never whose wish it is."""
    found = ClosingWish.objects.filter(
        scope=EndScope.ALL, undone_at=None, hurry_asked_at__isnull=False, log__status=LogStatus.CLOSING
    )
    found = rows.of_leader(found, scope, "log__holder__window__unit")
    logs = {wish.log_id: wish.log for wish in found.select_related("log__child", "log__holder__window__unit")}
    asks = [(log, log, log.holder.window.unit, {log.holder.user_id}) for log in logs.values()]
    return [
        rows.LogDue(
            recipient=leader,
            log=log,
            key=f"closing {log.pk}",
            url_name="stafettlogg:leader_close",
            object_id=log.pk,
            unit=log.holder.window.unit,
        )
        for log, leader in rows.leaders(scope, asks)
    ]
