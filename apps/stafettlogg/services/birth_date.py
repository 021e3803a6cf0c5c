"""The door before a child's pages: the guardian gives the birth date the first time (safety.md S8)."""

from datetime import date, datetime

from django.db import transaction

from apps.stafettlogg.models import Guardian
from apps.stafettlogg.rules import birth_date as rules
from apps.stafettlogg.selectors import birth_date as selectors


@transaction.atomic
def confirm_birth_date(*, actor, birth_date: date, now: datetime) -> bool:
    """Open the door to every child of hers who was born that day. Returns whether any was.

    A wrong date counts as a try on each of the children she has not opened; after five the door is locked.
    """
    waiting = selectors.behind_door(actor, now)
    if not waiting:
        return True
    ids = [door.guardian_id for door in waiting if not door.is_locked]
    guardians = list(Guardian.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    born = {door.guardian_id: door.birth_date for door in waiting}
    right = [guardian for guardian in guardians if born[guardian.pk] == birth_date]
    for guardian in right or guardians:
        if guardian in right:
            guardian.birth_date_confirmed_at = now
        elif not rules.is_locked(guardian.birth_date_attempts):
            guardian.birth_date_attempts += 1
        guardian._history_user = actor
        guardian.save(update_fields=["birth_date_confirmed_at", "birth_date_attempts"])
    return bool(right)
