"""What follows when what is new is hidden from a guardian: it is confirmed, and something else comes in time (S34)."""

from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg.models import HiddenPlace
from apps.stafettlogg.rules.hidden_places import DAYS_BEFORE
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def _standing(scope: Scope) -> list[HiddenPlace]:
    """Of those in force what nothing has taken the place of: whoever is blocked sees nothing at all (S4)."""
    found = HiddenPlace.objects.filter(origin=None, ended_at=None).select_related(
        "guardian", "log__child", "log__holder__window__unit"
    )
    if scope.user is not None:
        found = found.filter(log__in=[log_id for log_id, has in what_logs_have(scope).items() if has.place_hidden])
    return [row for row in found.order_by("ends_at", "pk") if not row.guardian.is_blocked(scope.today)]


def ending(scope: Scope) -> list[Due]:
    """For those who hold the log: before the days are over somebody must decide what comes instead."""
    if scope.user is not None and not any(has.place_hidden for has in what_logs_have(scope).values()):
        return []
    standing = _standing(scope)
    held = rows.holding(scope, {row.log_id for row in standing})
    near = scope.until(max(DAYS_BEFORE))
    return [
        rows.due_in_log(
            hiding.log,
            row,
            "stafettlogg:guardians",
            key=f"hidden {hiding.pk} {hiding.last_day}",
            due_day=hiding.last_day,
            status=TaskStatus.MINE if hiding.last_day <= near else TaskStatus.AHEAD,
        )
        for hiding in standing
        for row in held.get(hiding.log_id, [])
    ]


@read_once
def _of_leaders(scope: Scope) -> list[HiddenPlace]:
    found = HiddenPlace.objects.filter(origin=None, ended_at=None)
    found = rows.of_leader(found, scope, "log__holder__window__unit")
    found = found.select_related("guardian", "log__child", "log__holder__window__unit").order_by("hidden_at", "pk")
    return [row for row in found if not row.guardian.is_blocked(scope.today)]


def to_confirm(scope: Scope) -> list[Due]:
    """The leader confirms what the holder has hidden. Told at once; here for pages."""
    return _to_leaders(scope, [row for row in _of_leaders(scope) if row.confirmed_at is None], "confirm")


def late(scope: Scope) -> list[Due]:
    """The days are over, and the leader has not decided what comes instead. Nothing is shown until then."""
    return _to_leaders(scope, [row for row in _of_leaders(scope) if row.is_late(scope.now)], "late")


def _to_leaders(scope: Scope, hidings: list[HiddenPlace], what: str) -> list[Due]:
    asks = [(row, row.log, row.log.holder.window.unit, {row.log.holder.user_id}) for row in hidings]
    return [
        rows.LogDue(
            recipient=leader,
            log=hiding.log,
            key=f"{what} {hiding.pk} {hiding.last_day}",
            url_name="stafettlogg:leader_decisions",
            object_id=hiding.log_id,
            unit=hiding.log.holder.window.unit,
        )
        for hiding, leader in rows.leaders(scope, asks)
    ]
