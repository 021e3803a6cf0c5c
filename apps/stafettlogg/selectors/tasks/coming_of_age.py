"""A youth is soon 18: the holder sees to it in time that somebody can answer then (safety.md S10, S35)."""

from apps.core.dates import birthday, format_long
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules.consents import ADULT_AGE, DAYS_BEFORE_ADULT
from apps.stafettlogg.selectors.tasks import rows


def adult_soon(scope: Scope) -> list[Due]:
    """For those who hold the log, from half a year before the birthday; also in the shell."""
    until = scope.until(max(DAYS_BEFORE_ADULT))
    held = rows.holding(scope, [log.pk for log in _everyones(scope)] if scope.user is None else [])
    logs = _everyones(scope) if scope.user is None else [row.content_object for own in held.values() for row in own]
    found: list[Due] = []
    for log in logs:
        born = log.child.birth_date
        if log.status != LogStatus.ACTIVE or born is None:
            continue
        day = birthday(born, ADULT_AGE)
        if scope.today < day <= until:
            found += [
                rows.due_in_log(
                    log,
                    row,
                    "stafettlogg:consents",
                    key=f"log {log.pk} adult {day}",
                    due_day=day,
                    detail=format_long(day),
                    status=TaskStatus.AHEAD,
                )
                for row in held.get(log.pk, [])
            ]
    return found


def _everyones(scope: Scope) -> list[Log]:
    return scope.once(_soon_adults)


def _soon_adults(scope: Scope) -> list[Log]:
    """Active logs about someone who turns 18 within the half-year, give or take the days of a leap year."""
    years = (scope.today.year - ADULT_AGE, scope.today.year - ADULT_AGE + 1)
    logs = Log.objects.filter(status=LogStatus.ACTIVE, child__birth_date__year__in=years)
    return list(logs.select_related("child").order_by("pk"))
