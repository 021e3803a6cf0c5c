"""Away from, to and deputy. Never why (safety.md S20)."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts import access, rules, selectors
from apps.accounts.models import Absence, User
from apps.core.models import lock


@transaction.atomic
def record_absence(
    user_id: UUID, *, first_day: date, last_day: date, actor: User, today: date, deputy_id: UUID | str | None = None
) -> Absence:
    """The person is away from first through last day. Raises `AccessDenied` or `RuleBroken`.

    The deputy takes over nothing by this: for each log the leader appoints a deputy, who accepts.
    """
    user = lock(User, user_id)
    access.check_can_record_absence(actor, user, today)
    rules.check_absence(first_day, last_day, today=today)
    rules.check_no_overlap(Absence.objects.filter(user=user, first_day__lte=last_day, last_day__gte=first_day))
    deputy = User.objects.get(pk=deputy_id) if deputy_id else None
    if deputy is not None:
        rules.check_deputy(
            deputy,
            user,
            can_step_in=selectors.deputies_for(user, first_day, last_day).filter(pk=deputy.pk).exists(),
            is_away=Absence.objects.filter(user=deputy, first_day__lte=last_day, last_day__gte=first_day).exists(),
        )
    absence = Absence(user=user, first_day=first_day, last_day=last_day, deputy=deputy, recorded_by=actor)
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
