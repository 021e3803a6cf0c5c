"""What follows when someone in the family has asked to end the log: the holder rings, the leader may sign (S30)."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.dates import last_day_of, local_day
from apps.core.statements import statement
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import OPENED_STATUSES, CallWish, EndScope, LogStatus
from apps.stafettlogg.models import ClosingWish
from apps.stafettlogg.selectors.tasks import rows


def calls(scope: Scope) -> list[Due]:
    """One who has asked to end the log wants to be rung about it: on another day, and before it closes."""
    wishes = list(_to_call()) if scope.user is None else _to_call_in.rows(list(rows.held(scope)))
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


def _to_call() -> QuerySet[ClosingWish]:
    found = ClosingWish.objects.filter(
        scope=EndScope.ALL, undone_at=None, called_at=None, call=CallWish.YES, log__status__in=OPENED_STATUSES
    )
    return found.select_related("log__child", "guardian").order_by("asked_at", "pk")


@statement
def _to_call_in(log_ids: list[UUID]) -> QuerySet[ClosingWish]:
    return _to_call().filter(log__in=log_ids)


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
