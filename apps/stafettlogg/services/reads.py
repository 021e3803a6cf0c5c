"""What the read audit writes when someone sees logs: by which row, from which unit, on what ground."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from apps.accounts.models import User
from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.services import Read, record_reads
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Log, LogAccess

_GROUND = {
    AccessKind.HOLDER: Ground.HOLDER,
    AccessKind.DEPUTY: Ground.DEPUTY,
    AccessKind.PARTICIPANT: Ground.PARTICIPANT,
    AccessKind.ADVISER: Ground.ADVISER,
    AccessKind.GUARDIAN: Ground.OWN,
    AccessKind.YOUTH: Ground.OWN,
    AccessKind.FOSTER: Ground.OWN,
}
_SIDE = {AccessKind.GUARDIAN: Side.GUARDIAN, AccessKind.YOUTH: Side.YOUTH, AccessKind.FOSTER: Side.FOSTER}


def read_of(log: Log, row: LogAccess) -> Read:
    with translation.override(settings.LANGUAGE_CODE):
        return _read_of(log, row)


def _read_of(log: Log, row: LogAccess) -> Read:
    membership = row.membership
    return Read(
        log_id=log.pk,
        child_id=log.child_id,
        ground=row.ground if row.kind == AccessKind.LEADER else _GROUND[row.kind],
        role_name=(membership.title or str(membership.role)) if membership else row.get_kind_display(),
        unit_id=membership.unit_id if membership else None,
        unit_name=membership.unit.name if membership else "",
    )


def side_of(row: LogAccess) -> str:
    return _SIDE.get(row.kind, Side.STAFF)


def record_list(actor: User, logs_and_rows: Iterable[tuple[Log, LogAccess]], *, what: str) -> None:
    """Write LISTED for a page that shows several logs: pairs of log and the actor's row in it.

    Committed before it returns, so call it before rendering and outside transactions.
    """
    pairs = list(logs_and_rows)
    if pairs:
        reads = [read_of(log, row) for log, row in pairs]
        record_reads(actor=actor, reads=reads, action=ReadAction.LISTED, what=what, side=side_of(pairs[0][1]))


def record_led_list(actor: User, logs: Iterable[Log], *, what: str) -> None:
    """Write LISTED for metadata that a leader, or a requester, sees of logs without an access row."""
    reads = [Read(log_id=log.pk, child_id=log.child_id, ground=Ground.LED, unit_id=log.unit_id) for log in logs]
    record_reads(actor=actor, reads=reads, action=ReadAction.LISTED, what=what, side=Side.STAFF)
