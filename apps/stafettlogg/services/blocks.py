"""A block is about a person, not about one log (safety.md S4): it follows the guardian to every log of the same child.

Each request has a record of its own of the child (docs/adr/0008). In an open log the block is written on the guardian's
record there, with the ground, number, day and signature of the one who made it, and the holder is told. In a request it
is not: whoever asks does not know of another log (S6) and sees a guardian who has not answered. What comes from a log
of the youth's own comes without a word (S26).
"""

from datetime import datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.stafettlogg.enums import OPENED_STATUSES
from apps.stafettlogg.models import Guardian, Log
from apps.stafettlogg.selectors import same_child
from apps.stafettlogg.services.access import end_guardian
from apps.stafettlogg.services.guardians_leaving import leave_out
from apps.stafettlogg.services.notices import take_back, tell_holders

_FIELDS = ("blocked_ground", "blocked_decision_number", "blocked_last_day", "blocked_signed_by")


def block(log: Log, guardian: Guardian, *, actor: User, now: datetime) -> list[Log]:
    """The block that stands on the guardian's record takes effect here and in every other log of the child.

    Returns the logs whose windows the caller lets follow.
    """
    changed = _shut_out(log, guardian, actor=actor, now=now)
    for other in _records_elsewhere(log, guardian):
        open_log = _open_log(other)
        if open_log is None:
            end_guardian(other, actor=actor, now=now)
            _take_back_notices(other, now=now)
        else:
            changed += _copy(guardian, open_log, other, actor=actor, now=now)
    return changed


def copy_blocks(log: Log, *, now: datetime) -> list[Log]:
    """A request has become a log: the blocks known from the child's other records are written here too.

    Returns the logs whose windows the caller lets follow.
    """
    changed = []
    for blocked in same_child.blocked(log.child, today=timezone.localdate(now)):
        for guardian in Guardian.objects.filter(child=log.child_id).exclude(pk=blocked.pk):
            if same_child.is_same_human(guardian, blocked):
                changed += _copy(blocked, log, guardian, actor=None, now=now)
    return changed


def lift_block(log: Log, guardian: Guardian, *, actor: User, now: datetime) -> list[Log]:
    """Lift the block on this record, and the same decision wherever it was written. Gives nothing back (S8).

    Returns the logs whose windows the caller lets follow: whose yes is needed has changed there.
    """
    number = guardian.blocked_decision_number
    # Read before anything is emptied: the same decision is known by the number that is about to go.
    same_decision = [row for row in _records_elsewhere(log, guardian) if row.blocked_decision_number == number]
    changed = []
    for row, its_log in [(guardian, log), *((row, _open_log(row)) for row in same_decision)]:
        row.blocked_ground = row.blocked_decision_number = ""
        row.blocked_last_day = row.blocked_signed_by = None
        row._history_user = actor
        row.save()
        if its_log is not None:
            changed.append(its_log)
            if its_log.pk != log.pk and log.child.answers_alone:
                continue
            key = f"guardian {row.pk} {now.isoformat()}"
            tell_holders(its_log, "guardian_unblocked", key=key, page="stafettlogg:consents", now=now)
    return changed


def _shut_out(log: Log, guardian: Guardian, *, actor, now, silent: bool = False) -> list[Log]:
    changed = leave_out(guardian, actor=actor, now=now)
    if silent:
        return changed
    key = f"guardian {guardian.pk} {guardian.blocked_last_day}"
    tell_holders(log, "guardian_blocked", key=key, page="stafettlogg:consents", now=now)
    return changed


def _copy(source: Guardian, log: Log, guardian: Guardian, *, actor, now) -> list[Log]:
    """Write the block of `source` on this record of the same guardian, unless a longer one stands there."""
    stands, given = guardian.blocked_last_day, source.blocked_last_day
    if stands is not None and given is not None and stands >= given:
        return []
    for field in _FIELDS:
        setattr(guardian, field, getattr(source, field))
    guardian._history_user = actor
    guardian.save()
    return _shut_out(log, guardian, actor=actor, now=now, silent=source.child.answers_alone)


def _records_elsewhere(log: Log, guardian: Guardian) -> list[Guardian]:
    """The same human in the child's other records, locked in a fixed order, so that two never wait in a ring."""
    others = same_child.records_of(log.child) - {log.child_id}
    rows = Guardian.objects.select_for_update(of=("self",)).filter(child__in=others).order_by("pk")
    return [row for row in rows if same_child.is_same_human(guardian, row)]


def _open_log(guardian: Guardian) -> Log | None:
    """The log that is open on this record of the child; a request is not one."""
    logs = Log.objects.select_for_update(of=("self",)).filter(child=guardian.child_id, status__in=OPENED_STATUSES)
    return logs.first()


def _take_back_notices(guardian: Guardian, *, now) -> None:
    if guardian.user is not None:
        logs = Log.objects.filter(child=guardian.child_id).values_list("pk", flat=True)
        take_back(guardian.user, logs, now=now)
