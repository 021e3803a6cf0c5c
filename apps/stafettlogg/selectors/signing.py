"""What a leader signs without opening the log: exceptions from consent, and blocks (safety.md S4, S7)."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from apps.accounts.access import units_led_by
from apps.accounts.models import User
from apps.stafettlogg import access
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import ConsentExceptionGrant, Guardian, Log


def log_to_sign(user: User, log_id: UUID, now: datetime) -> Log | None:
    """The log, when the user leads its holder's unit, is not its holder and is not family in it (S18); else None.

    Also a closed log: the family still reads it (S4), and protection closes it (S17).
    """
    if not user.is_employee:
        return None
    led = units_led_by(user, timezone.localdate(now)).values("pk")
    log = (
        Log.objects.filter(pk=log_id, holder__window__unit__in=led)
        .exclude(status=LogStatus.REMOVED)
        .exclude(holder__user=user)
        .select_related("child", "unit", "holder__user", "holder__membership__unit", "holder__window__unit")
        .first()
    )
    return None if log is None or access.is_disqualified(user, log.child) else log


def exceptions_to_sign(log: Log) -> list[ConsentExceptionGrant]:
    """Exceptions that wait for the leader, by name; none in a closed log, where nobody is asked."""
    if log.is_closed:
        return []
    waiting = ConsentExceptionGrant.objects.filter(log=log, signed_at=None)
    return list(waiting.select_related("guardian", "asked_by").order_by("guardian__name", "pk"))


def guardians_to_block(log: Log) -> list[Guardian]:
    """Every guardian of the child, by name: names and responsibility only."""
    return list(Guardian.objects.filter(child_id=log.child_id).order_by("name", "pk"))
