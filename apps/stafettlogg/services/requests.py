"""Asking for a stafettlogg. Until consent there is only a request, and it goes away (safety.md S5, S6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.access import current_memberships, leaders_of
from apps.accounts.models import Membership, User
from apps.core.dates import local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.core.national_id import NationalId
from apps.municipality.models import Unit
from apps.municipality.selectors import consent_age, is_switched_on, readiness, settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    AccessKind,
    Action,
    AddressProtection,
    EventKind,
    LogStatus,
    RemovedReason,
    WindowBasis,
)
from apps.stafettlogg.models import Child, ConsentWindow, Log, LogAccess
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules import requests as rules
from apps.stafettlogg.selectors import holders, same_child
from apps.stafettlogg.services.access import staff_row
from apps.stafettlogg.services.consent_questions import ask
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.guardians import GuardianInput, name_child, save_guardian
from apps.stafettlogg.services.notices import tell
from apps.stafettlogg.services.removal import remove

__all__ = ["ChildInput", "GuardianInput", "Receipt", "cancel_request", "remove_expired_requests", "request_log"]


@dataclass(frozen=True)
class ChildInput:
    """A born child has `birth_date`, an expected one `expected_day`; the names of an expected child are empty.

    `alone`: health personnel have decided that a youth of 12 to 16 answers alone (S26).
    """

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    expected_day: date | None = None
    national_id: NationalId | None = None
    address_protection: str = AddressProtection.NONE
    alone: own_logs.Decision | None = None


@dataclass(frozen=True)
class Receipt:
    """What the asker gets: always the same shape, so it never tells whether the child has a log already (S6)."""

    id: UUID
    sent_at: datetime


@transaction.atomic
def request_log(
    *,
    actor: User,
    membership: Membership,
    child: ChildInput,
    guardians: list[GuardianInput],
    proposed_holder_membership: Membership,
    unit_ids: Iterable[UUID],
    now: datetime,
    own_guardian_numbers: dict[UUID, list[int]] | None = None,
    no_others: bool = False,
) -> Receipt:
    """Ask for a log and ask the family for consent, for the unit that asks and the services in `unit_ids`.

    A child who has a log already is asked about in just the same way (S6, docs/adr/0008): the family answers, and the
    holder of the older log gets a task from `services.repeats`. `own_guardian_numbers`: per unit the places in
    `guardians` of those whose own information it is about (S3). `no_others`: whoever asks has looked, and the register
    shows nobody else with parental responsibility (S29). Asked for by a youth's own health service it becomes a
    log of her own (S26). Raises `AccessDenied`, `RuleBroken` (`paper_route`; `has_one` when the asker sees a log of the
    child already; `no_leader` when nobody leads the unit; `own_log_health_only`; those of `own_logs.check_decision`).
    """
    today = timezone.localdate(now)
    _check_may_request(actor, membership, proposed_holder_membership, today=today)
    rules.check_names_and_days(
        given_name=child.given_name, birth_date=child.birth_date, expected_day=child.expected_day
    )
    log_rules.check_child_age(child.birth_date, today=today)
    log = _make(
        actor=actor,
        membership=membership,
        given=child,
        guardians=guardians,
        holder=proposed_holder_membership,
        unit_ids=unit_ids,
        own=own_guardian_numbers or {},
        now=now,
    )
    if no_others:
        log.no_others_day, log.no_others_by = today, actor
        log._history_user = actor
        bump(log).save(update_fields=["no_others_day", "no_others_by"])
    return Receipt(log.pk, now)


def _check_may_request(actor, membership, proposed, *, today) -> None:
    if membership.user_id != actor.pk or not current_memberships(actor, today).filter(pk=membership.pk).exists():
        raise AccessDenied(_("Du kan bare be om en stafettlogg for en enhet du arbeider i."))
    if not readiness.is_open():
        raise RuleBroken("not_opened", readiness.not_open_reason())
    if not membership.unit.is_service or not is_switched_on(membership.unit, today):
        raise RuleBroken("unit_not_in_use", _("Enheten din bruker ikke stafettlogg ennå."))
    rules.check_holder_place(membership, proposed)
    rules.check_has_leader(leaders_of(membership.unit, today))
    if not current_memberships(proposed.user, today).filter(pk=proposed.pk).exists():
        raise RuleBroken("holder_not_there", _("Velg en stafettholder som arbeider i enheten nå."))


def _make(*, actor, membership, given, guardians, holder, unit_ids, own, now) -> Log:
    child = _child(given, membership.unit, actor=actor, now=now)
    rules.check_digital_allowed(
        child.address_protection, strict_is_digital=settings_row().strictly_confidential_digital
    )
    saved = [save_guardian(child, guardian, actor=actor, now=now) for guardian in guardians]
    # After the guardians are written, since they are looked for in the table; a refusal takes everything back.
    access.check_not_disqualified(actor, child)
    access.check_not_disqualified(holder.user, child)
    rules.check_no_own_log(same_child.has_log_in_sight(actor, child, now))
    log = _log(child, membership.unit, holder, actor=actor, now=now)
    record_event(log, EventKind.REQUESTED, actor=actor, now=now, unit_name=membership.unit.name)
    ask(
        log,
        unit_ids={membership.unit_id, *unit_ids},
        actor=actor,
        now=now,
        own_guardian_ids={unit: [saved[place].pk for place in places] for unit, places in own.items()},
    )
    _tell_made(log, membership.unit, holder.user, actor=actor, now=now)
    return log


def _tell_made(log: Log, unit: Unit, holder: User, *, actor: User, now: datetime) -> None:
    key, page = f"log {log.pk}", "stafettlogg:consents"
    tell([holder], "proposed_holder", key=key, page=page, object_id=log.pk, but=actor, now=now)
    leading = holders.leaders_to_tell(log, unit, passing_over={actor.pk}, today=timezone.localdate(now))
    leaders = [row.user for row in leading]
    tell(leaders, "request_made", key=key, page="stafettlogg:list", object_id=log.pk, now=now)


def _child(given: ChildInput, unit: Unit, *, actor, now) -> Child:
    """A record of its own: what another log knows about the child is nobody's to see here (S6)."""
    child = Child(
        birth_date=given.birth_date, expected_day=given.expected_day, address_protection=given.address_protection
    )
    decision, today = given.alone, timezone.localdate(now)
    if decision is not None:
        own_logs.check_decision(decision, kind=unit.kind, birth_date=given.birth_date, today=today)
        child.alone_decided_by, child.alone_decided_day = decision.decided_by, decision.decided_day
        child.alone_last_day, child.alone_paragraph = decision.last_day, decision.paragraph
    child.answers_alone = own_logs.is_own(
        unit.kind, consent_age(unit.kind), given.birth_date, has_decision=decision is not None, today=today
    )
    name_child(child, given.given_name, given.family_name, given.national_id)
    child._history_user = actor
    child.save()
    return child


def _log(child, unit, holder, *, actor, now) -> Log:
    """The log, its preparing window and its holder in one: the circle is checked when the transaction ends."""
    settings = settings_row()
    last_day = timezone.localdate(now) + timedelta(days=settings.request_days)
    row_id = LogAccess._meta.pk.get_default()
    log = Log(
        child=child,
        unit=unit,
        status=LogStatus.REQUESTED,
        level=settings.log_from_level,
        holder_id=row_id,
        requested_by=actor,
        requested_at=now,
        request_last_day=last_day,
    )
    log._history_user = actor
    log.save(force_insert=True)
    window = ConsentWindow(
        log=log,
        unit=unit,
        basis=WindowBasis.PREPARING,
        valid_from=now,
        valid_until=local_midnight(last_day + timedelta(days=1)),
    )
    window._history_user = actor
    window.save(force_insert=True)
    row = staff_row(
        log=log, membership=holder, window=window, kind=AccessKind.HOLDER, actor=actor, now=now, row_id=row_id
    )
    log.holder = row
    return log


@transaction.atomic
def cancel_request(log_id: UUID, *, actor: User, now: datetime, reason: str = RemovedReason.CANCELLED) -> Log:
    """The holder takes the request back (or the family said no). What was known of the child is removed at once.

    Raises `AccessDenied`, `RuleBroken` (`log_state`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    remove(log, reason=reason, actor=actor, now=now)
    return log


def remove_expired_requests(*, now: datetime) -> int:
    """Remove every request whose last day has passed; tell its holder. Returns how many. Safe to repeat."""
    today = timezone.localdate(now)
    ids = list(Log.objects.filter(status=LogStatus.REQUESTED, request_last_day__lt=today).values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            log = lock(Log, pk)
            if log.status == LogStatus.REQUESTED:
                holder = log.holder.user
                remove(log, reason=RemovedReason.EXPIRED, actor=None, now=now)
                page = "stafettlogg:list"
                tell([holder], "request_removed", key=f"log {log.pk}", page=page, object_id=log.pk, now=now)
    return len(ids)
