"""Who of the family has chosen letters, and has something new that no letter has told of (safety.md S22)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.notifications.selectors import waiting_for_letter
from apps.stafettlogg import access
from apps.stafettlogg.enums import FAMILY_KINDS
from apps.stafettlogg.models import FamilyLetter, Log
from apps.stafettlogg.selectors.hidden_places import hidden_in


@dataclass(frozen=True)
class LetterDue:
    """One letter to post: to whom, in which log it is known, and since when. It tells of everything since the last."""

    log_id: UUID
    recipient: User
    since: date


def letters_due(log_ids: Collection[UUID], now: datetime) -> list[LetterDue]:
    """Four queries however many, and one where nobody has chosen letters. Only to those who read the log now (S4)."""
    waiting = list(waiting_for_letter().filter(object_id__in=log_ids).select_related("recipient"))
    if not waiting:
        return []
    ids = {notice.object_id for notice in waiting if notice.object_id is not None}
    rows = access.current_rows_in(ids, now).filter(kind__in=FAMILY_KINDS)
    reads = set(rows.values_list("content_object_id", "user_id"))
    reads -= set(hidden_in(ids))  # nothing is posted to one from whom the place is hidden (S34)
    sent = FamilyLetter.objects.filter(log__in=ids).values_list("log", "recipient").annotate(Max("sent_at"))
    last = {(log_id, user_id): at for log_id, user_id, at in sent}
    found: dict[tuple[UUID, UUID], LetterDue] = {}
    for notice in waiting:
        log_id, to = notice.object_id, (notice.object_id, notice.recipient_id)
        told = last.get(to)
        if log_id is not None and to in reads and (told is None or notice.created_at > told):
            found.setdefault(
                (log_id, notice.recipient_id), LetterDue(log_id, notice.recipient, local_day(notice.created_at))
            )
    return list(found.values())


def letter_to(log: Log, user_id: UUID, now: datetime) -> LetterDue | None:
    """The letter that is to be posted to this person, if any."""
    return next((due for due in letters_due([log.pk], now) if due.recipient.pk == user_id), None)
