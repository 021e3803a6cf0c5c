"""Away from and to. Never why (safety.md S20). Who stands in is asked for each log: `stafettlogg.services.absences`."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts import access, rules
from apps.accounts.models import Absence, User
from apps.core.models import lock


def check_absence(user: User, first_day: date, last_day: date, *, today: date) -> None:
    """Raise `RuleBroken` unless the person may be away on just these days: not over, not too long, not twice."""
    rules.check_absence(first_day, last_day, today=today)
    rules.check_no_overlap(Absence.objects.filter(user=user, first_day__lte=last_day, last_day__gte=first_day))


@transaction.atomic
def record_absence(user_id: UUID, *, first_day: date, last_day: date, actor: User, today: date) -> Absence:
    """The person is away from first through last day. Raises `AccessDenied` or `RuleBroken`."""
    user = lock(User, user_id)
    access.check_can_record_absence(actor, user, today)
    check_absence(user, first_day, last_day, today=today)
    absence = Absence(user=user, first_day=first_day, last_day=last_day, recorded_by=actor)
    absence._history_user = actor
    absence.save()
    return absence


@transaction.atomic
def cancel_absence(absence_id: UUID, *, actor: User, today: date) -> Absence | None:
    """End an absence: one that has not begun is removed (gives None), one under way ends yesterday.

    Raises `AccessDenied`, `RuleBroken`.
    """
    absence = lock(Absence.objects.select_related("user"), absence_id)
    access.check_can_record_absence(actor, absence.user, today)
    rules.check_can_cancel(absence, today=today)
    absence._history_user = actor
    if absence.first_day >= today:
        absence.delete()
        return None
    absence.last_day = today - timedelta(days=1)
    absence.save(update_fields=["last_day"])
    return absence
