"""Before a child's pages are shown the first time, the guardian gives the birth date (safety.md S8)."""

from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.stafettlogg.models import Guardian
from apps.stafettlogg.rules import birth_date as rules
from apps.stafettlogg.selectors import birth_date as selectors


@transaction.atomic
def confirm_birth_date(*, actor: User, birth_date: date, now: datetime) -> bool:
    """Open the pages of each of the guardian's children who was born that day. Returns whether any was, or none waits.

    A wrong date counts as a try on each of the children that wait; after five tries a child is locked until an employee
    has checked the responsibility again. Tries that come side by side take turns: whether a child is locked is read
    from the locked row, also for the right date.
    """
    waiting = selectors.waiting_checks(actor, now)
    if not waiting:
        return True
    born = {check.guardian_id: check.birth_date for check in waiting}
    locked = Guardian.objects.select_for_update(of=("self",)).filter(pk__in=born, birth_date_confirmed_at=None)
    guardians = [row for row in locked.order_by("pk") if not rules.is_locked(row.birth_date_attempts)]
    right = [guardian for guardian in guardians if born[guardian.pk] == birth_date]
    for guardian in right or guardians:
        if guardian in right:
            guardian.birth_date_confirmed_at = now
        else:
            guardian.birth_date_attempts += 1
        guardian._history_user = actor
        guardian.save(update_fields=["birth_date_confirmed_at", "birth_date_attempts"])
    return bool(right)
