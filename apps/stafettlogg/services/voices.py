"""The child's own words. Append only, and the child knows who reads them (safety.md S15)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, EventKind
from apps.stafettlogg.models import ChildVoice, Log
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import voices as rules
from apps.stafettlogg.services.events import record_event


@transaction.atomic
def add_voice(
    log_id: UUID, *, text: str, told_to: str, told_day: date, child_knows_readers: bool, actor: User, now: datetime
) -> ChildVoice:
    """Write down what the child said, to whom (`told_to`, a name) and on which local day.

    Any service in the log may have talked with the child. Raises `AccessDenied`, `RuleBroken` (log_not_active,
    voice_unborn, voice_empty, voice_future, voice_readers_unknown).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.VOICE, now)
    log_rules.check_is_active(log)
    rules.check_voice(
        log.child, text, told_day=told_day, child_knows_readers=child_knows_readers, today=timezone.localdate(now)
    )
    voice = ChildVoice.objects.create(
        log=log,
        text=text.strip(),
        told_to=told_to,
        told_day=told_day,
        child_knows_readers=True,
        written_by=actor,
        written_at=now,
    )
    record_event(log, EventKind.VOICE, actor=actor, now=now, object_id=voice.pk)
    return voice
