"""What is due for leaders: absent holders, consents that ran out, signatures, wishes."""

from apps.accounts.models import Absence
from apps.core.dates import format_long, local_day
from apps.stafettlogg.enums import DeputyState, LogStatus, WishState
from apps.stafettlogg.models import ConsentExceptionGrant, Deputy, Log, LogWish
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors.reminders.held import expired_key, expired_windows, last_day_of
from apps.stafettlogg.selectors.reminders.scope import Due, Scope


def absent_holders(scope: Scope) -> list[Due]:
    """Open logs whose holder is away today and where nobody is deputy or asked to be: to the controlling leader.

    Only that the holder is away and from when; there is no cause anywhere (S20).
    """
    absences = Absence.objects.filter(first_day__lte=scope.today, last_day__gte=scope.today)
    logs = Log.objects.filter(status=LogStatus.ACTIVE, holder__user__in=absences.values("user"))
    logs = scope.of_leader(logs, "holder__window__unit").exclude(pk__in=_stood_in_for(scope).values("log"))
    logs = list(logs.select_related("child", "holder__window__unit").order_by("pk"))
    away = absences_by_user({log.holder.user_id for log in logs}, scope)
    asks = [(log, log, log.holder.window.unit, {log.holder.user_id}) for log in logs]
    return [
        Due(
            code="holder_absent",
            recipient=leader,
            log=log,
            key=f"log {log.pk} absence {away[log.holder.user_id].pk}",
            url_name="stafettlogg:deputy_new",
            object_id=log.pk,
            due_day=away[log.holder.user_id].first_day,
            detail=format_long(away[log.holder.user_id].first_day),
            unit=log.holder.window.unit,
        )
        for log, leader in scope.leaders(asks)
    ]


def absences_by_user(user_ids, scope: Scope) -> dict:
    """Today's absence by person; the one that lasts longest when there are several."""
    if not user_ids:
        return {}
    rows = Absence.objects.filter(user__in=user_ids, first_day__lte=scope.today, last_day__gte=scope.today).order_by(
        "last_day", "pk"
    )
    return {row.user_id: row for row in rows}


def _stood_in_for(scope: Scope):
    return Deputy.objects.filter(
        state__in=[DeputyState.ACCEPTED, DeputyState.OFFERED],
        first_day__lte=scope.today,
        last_day__gte=scope.today,
    )


def expired_for_leaders(scope: Scope) -> list[Due]:
    """A consent in a log of the unit ran out: the leader is told on day 0 as the holder is (S11)."""
    windows = [row for row in expired_windows(scope, led=True) if row.pk != row.log.holder.window_id]
    asks = [(window, window.log, window.log.holder.window.unit, ()) for window in windows]
    return [
        Due(
            code="consent_expired_leader",
            recipient=leader,
            log=window.log,
            key=expired_key(window),
            url_name="stafettlogg:detail",
            object_id=window.log_id,
            due_day=last_day_of(window.valid_until),
            detail=window.unit.name,
            unit=window.log.holder.window.unit,
        )
        for window, leader in scope.leaders(asks)
    ]


def to_sign(scope: Scope) -> list[Due]:
    """Exceptions the leader is asked to sign (S7). Told at once; here for the page only."""
    grants = ConsentExceptionGrant.objects.filter(
        signed_at=None, log__status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]
    )
    grants = scope.of_leader(grants, "log__holder__window__unit")
    grants = list(grants.select_related("log__child", "log__holder__window__unit").order_by("pk"))
    asks = [
        (grant, grant.log, grant.log.holder.window.unit, {grant.log.holder.user_id, grant.asked_by_id})
        for grant in grants
    ]
    return [
        Due(
            code="to_sign",
            recipient=leader,
            log=grant.log,
            key=f"exception {grant.pk}",
            url_name="stafettlogg:leader_decisions",
            object_id=grant.log_id,
            unit=grant.log.holder.window.unit,
            remind=False,
        )
        for grant, leader in scope.leaders(asks)
    ]


def wishes(scope: Scope) -> list[Due]:
    """Families who ask the unit to consider a log: to the nearest leader. For the page only."""
    if scope.user is None:
        return []
    rows = scope.of_leader(LogWish.objects.filter(state=WishState.NEW), "unit")
    rows = list(rows.select_related("unit").defer("text").order_by("sent_at", "pk"))
    book = holder_selectors.leader_book([wish.unit for wish in rows], today=scope.today)
    return [
        Due(
            code="wish",
            recipient=scope.user,
            log=None,
            key=f"wish {wish.pk}",
            url_name="stafettlogg:wishes",
            due_day=local_day(wish.sent_at),
            detail=wish.unit.name,
            unit=wish.unit,
            remind=False,
        )
        for wish in rows
        if scope.user.pk in {leader.user_id for leader in book.of(wish.unit)}
    ]
