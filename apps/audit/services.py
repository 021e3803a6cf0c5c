"""Writing the read audit. Committed before a byte of content leaves; if the insert fails, the page is a 503."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.audit import loaded
from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.errors import AuditFailed
from apps.audit.models import ReadEvent
from apps.core.people import Person


@dataclass(frozen=True)
class Read:
    """One log shown to one person: bare ids, and on what ground. A refusal may know neither.

    `about_id` is the person whose own word was shown: of the family, that one alone reads of it.
    """

    log_id: UUID | None
    child_id: UUID | None
    ground: str = Ground.NONE
    role_name: str = ""
    unit_id: UUID | None = None
    unit_name: str = ""
    about_id: UUID | None = None


def record_reads(
    *, actor: Person | None, reads: Iterable[Read], action: str, what: str, side: str, now: datetime | None = None
) -> int:
    """Write one row per log, in its own committed transaction, and tell the net. Returns the number of rows.

    Must not run inside another transaction (`durable`): a rollback would take the audit with it. Raises `AuditFailed`
    when the rows cannot be written; `ReadAuditMiddleware` turns that into a 503 without content.
    """
    rows = [_row(actor, read, action=action, what=what, side=side, now=now or timezone.now()) for read in reads]
    if rows:
        try:
            with transaction.atomic(durable=True):
                ReadEvent.objects.bulk_create(rows)
        except DatabaseError as error:
            raise AuditFailed from error
    loaded.mark_recorded(row.child_id for row in rows)
    return len(rows)


def record_refusal(
    *,
    actor: Person | AnonymousUser | None,
    log_id: UUID | None,
    what: str,
    child_id: UUID | None = None,
    now: datetime | None = None,
) -> None:
    """Note that someone asked for what is not theirs (or a unit asked for a log that exists, S6).

    `child_id` when the log is theirs to see and the page is not. Raises `AuditFailed` when it cannot be written.
    """
    side = Side.NONE if actor is None or not actor.is_authenticated else _side_of(actor)
    read = Read(log_id=log_id, child_id=child_id)
    row = _row(actor, read, action=ReadAction.REFUSED, what=what, side=side, now=now or timezone.now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError as error:
        raise AuditFailed from error
    loaded.mark_recorded([child_id])


def _side_of(actor) -> str:
    return Side.STAFF if actor.kind == "employee" else Side.GUARDIAN


def _row(actor, read: Read, *, action, what, side, now) -> ReadEvent:
    known = actor is not None and actor.is_authenticated
    return ReadEvent(
        at=now,
        action=action,
        side=side,
        actor_id=actor.pk if known else None,
        actor_name=actor.name if known else "",
        actor_protected=actor.protected_identity if known else False,
        role_name=read.role_name,
        unit_id=read.unit_id,
        unit_name=read.unit_name,
        log_id=read.log_id,
        child_id=read.child_id,
        about_id=read.about_id,
        what=what,
        ground=read.ground,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


def grant_app_role(role: str, *, password: str | None = None) -> None:
    """Let the portal's own database role read and write rows, and only add to and read the read audit.

    Makes the role when it is missing; with `password` it gets that one. Run as the owner of the tables, another role,
    after every migration. Safe to repeat. PostgreSQL only (docs/adr/0007-insert-only-audit.md).
    """
    name, audit = connection.ops.quote_name(role), connection.ops.quote_name(ReadEvent._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {name} LOGIN")
        if password:
            cursor.execute(f"ALTER ROLE {name} LOGIN PASSWORD %s", [password])
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {audit} FROM {name}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}")
