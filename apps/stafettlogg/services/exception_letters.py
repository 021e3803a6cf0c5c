"""The letter that tells a guardian of an exception (safety.md S27): a task until somebody has sent it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.models import ConsentExceptionGrant, Log
from apps.stafettlogg.rules import exceptions as rules
from apps.stafettlogg.services.exceptions import check_may_sign


@transaction.atomic
def letter_sent(grant_id: UUID, *, route: str, actor: User, now: datetime) -> ConsentExceptionGrant:
    """The holder, or the leader, has sent the letter. Safe to repeat: the first time stands.

    Raises `AccessDenied`, `RuleBroken` (`no_letter`, `letter_route_missing`).
    """
    found = ConsentExceptionGrant.objects.get(pk=grant_id)
    log = lock(Log, found.log_id)
    grant = lock(ConsentExceptionGrant, grant_id)
    if not access.can(actor, log, Action.INVITE, now):
        check_may_sign(actor, log, asked_by=None, now=now)
    rules.check_letter(grant, route, now=now)
    if grant.letter_sent_at is None:
        grant.letter_route, grant.letter_sent_at, grant.letter_sent_by = route, now, actor
        grant.save(update_fields=["letter_route", "letter_sent_at", "letter_sent_by"])
    return grant
