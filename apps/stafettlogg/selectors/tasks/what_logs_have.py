"""What the logs a person holds have, and so what they lack: one statement for all of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.tasks.rows import held


@dataclass(frozen=True)
class Has:
    """What a log has, in the order of `selectors.due.what_logs_have`: any measure, when the child was last heard and
    when it was last evaluated, an evaluation that decided to close, the first deadline of an open measure, limits that
    nobody has ticked (S12), others who have asked about the child (S6), a letter about an exception to send (S27), a
    code that somebody has used (S29), a place that is hidden from a guardian (S34), something to be corrected,
    something new to one who has chosen letters, a decision about the care that ends (S36), and when the first yes of a
    guardian about herself runs out (S3)."""

    measures: bool
    voice_at: datetime | None
    evaluated_at: datetime | None
    decided_to_close: bool
    first_due: date | None
    unread_limits: bool
    been_asked_about: bool
    letter_to_send: bool = False
    code_to_confirm: bool = False
    place_hidden: bool = False
    to_correct: bool = False
    to_post: bool = False
    care_ends: bool = False
    own_ends_at: datetime | None = None


def logs_held(scope: Scope) -> list[tuple[Log, LogAccess]]:
    """The active logs that the user holds where something is shared, and the row it is by."""
    found = ((row.content_object, row) for row in held(scope).values())
    return [(log, row) for log, row in found if log.is_active and access.sees_content(row)]


@read_once
def what_logs_have(scope: Scope) -> dict[UUID, Has]:
    logs = [row.content_object_id for row in held(scope).values() if not row.content_object.is_closed]
    return {log_id: Has(*values) for log_id, *values in due.what_logs_have.rows(logs, scope.now)} if logs else {}


def has(scope: Scope, log: Log) -> Has:
    """What one open log that the user holds has."""
    return what_logs_have(scope)[log.pk]
