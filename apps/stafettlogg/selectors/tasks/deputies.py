"""Deputies: who is asked to be one, and holders who are away without one."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from apps.accounts.models import Absence
from apps.audit.enums import Ground
from apps.core.dates import format_long, format_period
from apps.core.statements import statement
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg.enums import DeputyState, LogStatus
from apps.stafettlogg.models import Deputy, Log
from apps.stafettlogg.rules import deputies as rules_of_deputies
from apps.stafettlogg.rules.reminders import ABSENCE_DAYS_BEFORE
from apps.stafettlogg.selectors.tasks import rows


def deputies_asked(scope: Scope) -> list[Due]:
    """Appointments nobody has answered; reminded on the first day. Who is asked does not read the log yet."""
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
        for deputy in _to_come(scope)
        if deputy.state == DeputyState.OFFERED
    ]


def deputies_ahead(scope: Scope) -> list[Due]:
    """Who has said yes to days that have not begun: she reads the log from the first of them on."""
    return [
        rows.LogDue(
            recipient=deputy.membership.user,
            log=deputy.log,
            key=f"deputy {deputy.pk}",
            url_name="stafettlogg:deputy_answer",
            object_id=deputy.pk,
            due_day=deputy.first_day,
            detail=format_period(deputy.first_day, deputy.last_day),
            unit=deputy.membership.unit,
            ground=Ground.OFFERED,
            status=TaskStatus.AHEAD,
        )
        for deputy in _to_come(scope)
        if deputy.state == DeputyState.ACCEPTED
    ]


@read_once
def _to_come(scope: Scope) -> list[Deputy]:
    """What waits for an answer, and what is answered with yes and has not begun; nothing on the page of a log."""
    if scope.log is not None:
        return []
    return list(_asked(scope.today)) if scope.user is None else _asked_of.rows(scope.user.pk, scope.today)


def _asked(today: date) -> QuerySet[Deputy]:
    found = Deputy.objects.filter(
        Q(state=DeputyState.OFFERED) | Q(state=DeputyState.ACCEPTED, first_day__gt=today),
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
    """Open logs whose holder is away, or will be within two weeks, and where nobody is deputy on the first day that is
    left, or asked to be: to the controlling leader.

    Only that the holder is away and from when; there is no cause anywhere (S20).
    """
    away = Absence.objects.filter(
        first_day__lte=scope.today + timedelta(days=ABSENCE_DAYS_BEFORE), last_day__gte=scope.today
    )
    first = away.filter(user=OuterRef("holder__user")).order_by("first_day", "pk")
    logs = Log.objects.filter(status=LogStatus.ACTIVE, holder__user__in=away.values("user"))
    logs = rows.of_leader(logs, scope, "holder__window__unit")
    logs = logs.annotate(absence=Subquery(first.values("pk")[:1]), since=Subquery(first.values("first_day")[:1]))
    logs = logs.exclude(Exists(_stood_in_for(scope)))
    logs = list(logs.select_related("child", "holder__window__unit").order_by("pk"))
    asks = [(log, log, log.holder.window.unit, {log.holder.user_id}) for log in logs]
    return [
        rows.LogDue(
            recipient=leader,
            log=log,
            key=f"log {log.pk} absence {log.absence}",
            url_name="stafettlogg:deputy_new",
            object_id=log.pk,
            since_day=log.since if log.since <= scope.today else None,
            due_day=log.since if log.since > scope.today else None,
            detail=format_long(log.since),
            unit=log.holder.window.unit,
        )
        for log, leader in rows.leaders(scope, asks)
    ]


def _stood_in_for(scope: Scope):
    """On the first day of the absence, or today when it has begun."""
    today = Value(scope.today, output_field=DateField())
    needed = Greatest(OuterRef("since"), today, output_field=DateField())
    return Deputy.objects.filter(
        log=OuterRef("pk"), state__in=rules_of_deputies.LIVE, first_day__lte=needed, last_day__gte=needed
    )
