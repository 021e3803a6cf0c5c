"""Deputies: who is asked to be one, and holders who are away without one."""

from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import Absence
from apps.audit.enums import Ground
from apps.core.dates import format_long
from apps.core.statements import statement
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import DeputyState, LogStatus
from apps.stafettlogg.models import Deputy, Log
from apps.stafettlogg.selectors.tasks import rows


def deputies_asked(scope: Scope) -> list[Due]:
    """Appointments nobody has answered; reminded on the first day. Who is asked does not read the log yet."""
    if scope.log is not None:
        return []
    found = list(_asked(scope.today)) if scope.user is None else _asked_of.rows(scope.user.pk, scope.today)
    return [
        rows.LogDue(
            recipient=deputy.membership.user,
            log=deputy.log,
            key=f"deputy {deputy.pk}",
            url_name="stafettlogg:deputy_answer",
            object_id=deputy.pk,
            due_day=deputy.first_day,
            unit=deputy.membership.unit,
            ground=Ground.OFFERED,
            remind=deputy.first_day <= scope.today,
        )
        for deputy in found
    ]


def _asked(today: date) -> QuerySet[Deputy]:
    found = Deputy.objects.filter(
        state=DeputyState.OFFERED,
        last_day__gte=today,
        log__status=LogStatus.ACTIVE,
        membership__user__is_active=True,
        membership__first_day__lte=today,
        membership__last_day__gte=today,
    )
    return found.select_related("log__child", "membership__user", "membership__unit").order_by("first_day", "pk")


@statement
def _asked_of(user_id: UUID, today: date) -> QuerySet[Deputy]:
    return _asked(today).filter(membership__user=user_id)


def absent_holders(scope: Scope) -> list[Due]:
    """Open logs whose holder is away today and where nobody is deputy or asked to be: to the controlling leader.

    Only that the holder is away and from when; there is no cause anywhere (S20).
    """
    away = Absence.objects.filter(first_day__lte=scope.today, last_day__gte=scope.today)
    longest = away.filter(user=OuterRef("holder__user")).order_by("-last_day", "-pk")
    logs = Log.objects.filter(status=LogStatus.ACTIVE, holder__user__in=away.values("user"))
    logs = rows.of_leader(logs, scope, "holder__window__unit").exclude(pk__in=_stood_in_for(scope).values("log"))
    logs = logs.annotate(absence=Subquery(longest.values("pk")[:1]), since=Subquery(longest.values("first_day")[:1]))
    logs = list(logs.select_related("child", "holder__window__unit").order_by("pk"))
    asks = [(log, log, log.holder.window.unit, {log.holder.user_id}) for log in logs]
    return [
        rows.LogDue(
            recipient=leader,
            log=log,
            key=f"log {log.pk} absence {log.absence}",
            url_name="stafettlogg:deputy_new",
            object_id=log.pk,
            since_day=log.since,
            detail=format_long(log.since),
            unit=log.holder.window.unit,
        )
        for log, leader in rows.leaders(scope, asks)
    ]


def _stood_in_for(scope: Scope):
    return Deputy.objects.filter(
        state__in=[DeputyState.ACCEPTED, DeputyState.OFFERED],
        first_day__lte=scope.today,
        last_day__gte=scope.today,
    )
