"""«Skjul sted nå»: what is new is hidden from one guardian at once, when another flees (safety.md S34)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import OPEN_STATUSES, Action
from apps.stafettlogg.models import Guardian, HiddenPlace, Log
from apps.stafettlogg.rules import hidden_places as rules
from apps.stafettlogg.selectors import hidden_places as selectors
from apps.stafettlogg.selectors import same_child, signing
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.guardians import tell_waiting
from apps.stafettlogg.services.notices import take_back_newer, tell_holders, tell_leaders


@transaction.atomic
def hide_place(log_id: UUID, guardian_id: UUID, *, word_from: str, actor: User, now: datetime) -> HiddenPlace:
    """From the next request on the guardian meets nothing newer than he has read, in every log of the child.

    Pressed by the holder, then the leader is asked to confirm; or by the leader, which confirms it. What he has been
    told since he last read is taken back before it is sent. Also in a closed log, which the family reads. Raises
    `AccessDenied`, `RuleBroken` (`word_missing`, `place_hidden`).
    """
    log = lock(Log, log_id)
    leads = check_may_decide(actor, log, now=now)
    guardian = lock(Guardian.objects.filter(child=log.child_id), guardian_id)
    standing = _standing(guardian)
    rules.check_may_hide(
        guardian, standing if standing is None or standing.origin_id is None else None, word_from=word_from
    )
    read_until = max(selectors.last_read(record, now=now) for record in [guardian, *_records_elsewhere(log, guardian)])
    if standing is not None:  # it came from another log of the child: now it stands by itself here too
        read_until = min(standing.read_until, read_until)
        _end(standing, actor=actor, now=now)
    hiding = HiddenPlace(
        log=log,
        guardian=guardian,
        word_from=word_from,
        read_until=read_until,
        hidden_by=actor,
        hidden_at=now,
        ends_at=rules.ends_at(local_day(now)),
    )
    if leads:
        hiding.confirmed_by, hiding.confirmed_at = actor, now
    hiding.save(force_insert=True)
    _take_back(hiding, now=now)
    for record in _records_elsewhere(log, guardian):
        _copy(hiding, record, now=now)
    key = f"hidden {hiding.pk}"
    if leads:
        tell_holders(log, "place_hidden_holder", key=key, page="stafettlogg:guardians", now=now)
    else:
        tell_leaders(log, "place_hidden_leader", key=key, page="stafettlogg:leader_decisions", now=now)
    return hiding


@transaction.atomic
def confirm_hiding(hiding_id: UUID, *, actor: User, now: datetime) -> HiddenPlace:
    """The leader has seen what the holder did, and stands for it. Safe to repeat. Raises `AccessDenied`."""
    log, hiding = _locked(hiding_id)
    if not check_may_decide(actor, log, now=now):
        raise AccessDenied(_("Bare lederen for enheten kan bekrefte dette."))
    rules.check_in_force(hiding)
    if hiding.confirmed_at is None:
        hiding.confirmed_by, hiding.confirmed_at = actor, now
        hiding.save(update_fields=["confirmed_by", "confirmed_at"])
    return hiding


@transaction.atomic
def prolong_hiding(hiding_id: UUID, *, actor: User, now: datetime) -> HiddenPlace:
    """As many days more, once. Raises `AccessDenied`, `RuleBroken` (`prolonged_once`, `place_shown`)."""
    log, hiding = _locked(hiding_id)
    check_may_decide(actor, log, now=now)
    rules.check_may_prolong(hiding)
    hiding.prolonged_by, hiding.prolonged_at = actor, now
    hiding.ends_at = rules.ends_at(max(hiding.last_day, local_day(now)))
    hiding.save(update_fields=["prolonged_by", "prolonged_at", "ends_at"])
    return hiding


@transaction.atomic
def end_hiding(hiding_id: UUID, *, is_told: bool, actor: User, now: datetime) -> HiddenPlace:
    """The one who is protected knows of it: the guardian reads all again, and is asked what he was not.

    Raises `AccessDenied`, `RuleBroken` (`not_told`, `place_shown`).
    """
    log, hiding = _locked(hiding_id)
    check_may_decide(actor, log, now=now)
    rules.check_in_force(hiding)
    rules.check_is_told(is_told)
    for row in [hiding, *hiding.copies.filter(ended_at=None)]:
        _end(row, actor=actor, now=now)
    for other in Log.objects.filter(child__in=same_child.records_of(log.child), status__in=OPEN_STATUSES):
        give_family_rows(other, actor=None, now=now)
        tell_waiting(other, now=now)
    key = f"hidden {hiding.pk}"
    tell_holders(log, "place_shown", key=key, page="stafettlogg:guardians", but=actor, now=now)
    if hiding.confirmed_by_id != actor.pk:
        tell_leaders(log, "place_shown", key=key, page="stafettlogg:leader_decisions", now=now)
    return hiding


def check_may_decide(actor: User, log: Log, *, now: datetime) -> bool:
    """Whoever holds the log, or leads where it is held and is not family in it (S18). Gives whether it is the leader.

    Raises `AccessDenied` for all others.
    """
    if signing.log_to_sign(actor, log.pk, now) is not None:
        return True
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    return False


def _locked(hiding_id: UUID) -> tuple[Log, HiddenPlace]:
    found = HiddenPlace.objects.get(pk=hiding_id, origin=None)
    log = lock(Log, found.log_id)
    return log, HiddenPlace.objects.select_for_update(of=("self",)).get(pk=hiding_id)


def _standing(guardian: Guardian) -> HiddenPlace | None:
    return HiddenPlace.objects.filter(guardian=guardian, ended_at=None).first()


def _end(row: HiddenPlace, *, actor: User, now: datetime) -> None:
    row.ended_by, row.ended_at = actor, now
    row.save(update_fields=["ended_by", "ended_at"])


def _records_elsewhere(log: Log, guardian: Guardian) -> list[Guardian]:
    """The same human in the child's other records."""
    others = same_child.records_of(log.child) - {log.child_id}
    rows = Guardian.objects.filter(child__in=others).select_related("user").order_by("pk")
    return [row for row in rows if same_child.is_same_human(guardian, row)]


def _copy(hiding: HiddenPlace, record: Guardian, *, now: datetime) -> None:
    """The same in another record of the child. Its holder is told where it is a log; not of one of the youth's own."""
    other = Log.objects.filter(child=record.child_id).order_by("-requested_at").first()
    if other is None or _standing(record) is not None:
        return
    copy = HiddenPlace.objects.create(
        log=other,
        guardian=record,
        origin=hiding,
        word_from=hiding.word_from,
        read_until=hiding.read_until,
        hidden_by=hiding.hidden_by,
        hidden_at=now,
        ends_at=hiding.ends_at,
    )
    _take_back(copy, now=now)
    if other.is_opened and not hiding.log.child.answers_alone:
        key = f"hidden {copy.pk}"
        tell_holders(other, "place_hidden_holder", key=key, page="stafettlogg:guardians", now=now)


def _take_back(hiding: HiddenPlace, *, now: datetime) -> None:
    """What the guardian has been told of since he last read, and what waits to be sent."""
    if hiding.guardian.user is not None:
        logs = list(Log.objects.filter(child=hiding.guardian.child_id).values_list("pk", flat=True))
        take_back_newer(hiding.guardian.user, logs, since=hiding.read_until, now=now)
