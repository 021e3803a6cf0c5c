"""Address protection that is switched on after the log was asked for (safety.md S17, docs/adr/0009)."""

from datetime import datetime

from django.db import transaction

from apps.core.models import bump, lock
from apps.municipality.selectors import settings_row
from apps.notifications.services import retract
from apps.stafettlogg import access
from apps.stafettlogg.enums import FAMILY_KINDS, Action, AddressProtection, LogStatus, RemovedReason
from apps.stafettlogg.models import Child, Log, LogAccess
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import requests as rules
from apps.stafettlogg.selectors import same_child
from apps.stafettlogg.services import closing
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.removal import remove


@transaction.atomic
def protect_address(log_id, *, protection: str, actor, now: datetime) -> Log:
    """The child has got a protected address. What the family sees is hidden from the next request on.

    «Strengt fortrolig» has no digital log unless the municipality has opened for it: the family's access ends, what
    they were told is taken back before it is sent, and the log goes on on paper (closed here; a request is removed).
    Raises `AccessDenied`, `RuleBroken` (`protection_lower`, `log_state`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    child = lock(Child, log.child_id)
    rules.check_stricter(child.address_protection, protection)
    child.address_protection = protection
    child._history_user = actor
    bump(child).save(update_fields=["address_protection"])
    log.child = child
    if protection == AddressProtection.STRICT and not settings_row().strictly_confidential_digital:
        for other in same_child.other_open_logs_of(child).filter(status=LogStatus.REQUESTED):
            _let_nobody_in(other, now=now)
        _let_nobody_in(log, now=now)
        if log.is_request:
            remove(log, reason=RemovedReason.CANCELLED, actor=actor, now=now)
        else:
            closing.go_to_paper(log, actor=actor, now=now)
    return log


def _let_nobody_in(log: Log, *, now: datetime) -> None:
    rows = LogAccess.objects.filter(content_object=log, kind__in=FAMILY_KINDS, ends_at__gt=now).select_related("user")
    for row in rows:
        end_row(row, actor=None, now=now)
        retract(recipient=row.user, object_ids=[log.pk], now=now)
