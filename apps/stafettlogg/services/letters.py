"""The holder posts a letter that says only that there is something new (safety.md S22)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.models import FamilyLetter, Log
from apps.stafettlogg.selectors.letters import letter_to


@transaction.atomic
def letter_posted(log_id: UUID, user_id: UUID, *, actor: User, now: datetime) -> None:
    """Note that the letter is posted. Safe to repeat: nothing new, nothing noted. Raises `AccessDenied`."""
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    due = letter_to(log, user_id, now)
    if due is not None:
        FamilyLetter.objects.create(log=log, recipient=due.recipient, sent_at=now, sent_by=actor)
