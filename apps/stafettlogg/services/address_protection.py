"""Address protection that is switched on, or ended, after the log was asked for (safety.md S17, docs/adr/0009)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied
from apps.core.models import bump, lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import FAMILY_KINDS, Action, AddressProtection, RemovedReason
from apps.stafettlogg.models import Child, Log, LogAccess, ProtectionEnd
from apps.stafettlogg.rules import requests as rules
from apps.stafettlogg.selectors import same_child, signing
from apps.stafettlogg.services import closing
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.notices import take_back, tell_holders, tell_leaders
from apps.stafettlogg.services.removal import remove


@transaction.atomic
def protect_address(log_id: UUID, *, protection: str, actor: User, now: datetime) -> Log:
    """The child has got a protected address. What the family sees is hidden from the next request on.

    «Strengt fortrolig» has no digital log unless the municipality has opened for it: the family's access ends, what
    they were told is taken back before it is sent, and the log goes on on paper (closed here; a request is removed).
    Also in a closed log, which the family reads. Raises `AccessDenied`, `RuleBroken` (`protection_lower`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    child = lock(Child, log.child_id)
    rules.check_stricter(child.address_protection, protection)
    child.address_protection = protection
    child._history_user = actor
    bump(child).save(update_fields=["address_protection"])
    log.child = child
    if protection == AddressProtection.STRICT and not settings_row().strictly_confidential_digital:
        for other in same_child.other_logs_of(child, only_requests=log.is_request):
            _let_nobody_in(other, now=now)
            if other.is_opened and not child.answers_alone:
                # That the family does not read it any more, not why (S6); nothing because of a log of her own (S26).
                occasion = f"log {other.pk} {local_day(now)}"
                tell_holders(other, "family_on_paper", key=occasion, page="stafettlogg:consents", now=now)
        _let_nobody_in(log, now=now)
        if log.is_request:
            remove(log, reason=RemovedReason.CANCELLED, actor=actor, now=now)
        elif log.is_opened:
            closing.go_to_paper(log, actor=actor, now=now)
    return log


@transaction.atomic
def ask_protection_end(log_id: UUID, *, actor: User, now: datetime) -> None:
    """The holder has heard that the protection has ended, and asks the leader to sign it. Nothing changes by it.

    Raises `AccessDenied`, `RuleBroken` (`protection_not_lower`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    rules.check_less_strict(log.child.address_protection, AddressProtection.NONE)
    occasion = f"log {log.pk} {local_day(now)}"
    tell_leaders(log, "protection_end_asked", key=occasion, page="stafettlogg:end_protection", now=now)


@transaction.atomic
def end_protection(log_id: UUID, *, became: str, ground: str, actor: User, now: datetime) -> ProtectionEnd:
    """The leader signs that the address is less protected from now on, on a ground from the list.

    The family reads units and staff again in what is from this instant on; what is older stays hidden, and nothing is
    sent again. Only this record of the child is changed: the strictest one still decides. Also in a log that was closed
    because of the protection, so that a new one can be asked for. Raises `AccessDenied`, `RuleBroken`.
    """
    log = lock(Log, log_id)
    if signing.log_to_sign(actor, log.pk, now) is None:
        raise AccessDenied(_("Bare lederen for enheten kan signere dette."))
    child = lock(Child, log.child_id)
    rules.check_less_strict(child.address_protection, became)
    rules.check_end_ground(ground)
    end = ProtectionEnd.objects.create(
        child=child,
        log=log,
        was=child.address_protection,
        became=became,
        ground=ground,
        signed_by=actor,
        signed_at=now,
    )
    child.address_protection = became
    child._history_user = actor
    bump(child).save(update_fields=["address_protection"])
    tell_holders(log, "protection_ended", key=f"protection {end.pk}", page="stafettlogg:guardians", now=now)
    return end


def _let_nobody_in(log: Log, *, now: datetime) -> None:
    rows = LogAccess.objects.filter(content_object=log, kind__in=FAMILY_KINDS, ends_at__gt=now).select_related("user")
    for row in rows:
        end_row(row, actor=None, now=now)
        take_back(row.user, [log.pk], now=now)
