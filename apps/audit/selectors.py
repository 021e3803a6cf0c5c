from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet

from apps.audit.enums import ReadAction, Side
from apps.audit.models import ReadEvent

SHOWN_TO_FAMILY = (ReadAction.OPENED, ReadAction.PRINTED, ReadAction.DOWNLOADED, ReadAction.EXPORTED)


def reads_for_family(log_id: UUID, *, own_id: UUID) -> QuerySet[ReadEvent]:
    """Staff's openings, prints and exports of a log, and the reader's own; newest first (safety.md S16).

    Never another guardian's or the youth's, nor what staff read of another one's own word (S27); never appearances in
    lists, which are kept and given on request.
    """
    staff = ReadEvent.objects.filter(log_id=log_id, side=Side.STAFF, action__in=SHOWN_TO_FAMILY)
    own = ReadEvent.objects.filter(log_id=log_id, actor_id=own_id, action__in=SHOWN_TO_FAMILY)
    shown = (staff | own).filter(Q(about_id=None) | Q(about_id=own_id))
    return shown.order_by("-at", "-pk")


def last_opened(actor_id: UUID, log_ids: Collection[UUID]) -> datetime | None:
    """When this person last opened, printed or downloaded something of these logs; None for never."""
    rows = ReadEvent.objects.filter(actor_id=actor_id, log_id__in=log_ids, action__in=SHOWN_TO_FAMILY)
    return rows.aggregate(at=Max("at"))["at"]


_ON_THE_AUDIT = """
SELECT privilege FROM unnest(%(privileges)s) AS privilege WHERE has_table_privilege(current_user, %(audit)s, privilege)
UNION ALL SELECT 'UPDATE of a column' WHERE has_any_column_privilege(current_user, %(audit)s, 'UPDATE')
    AND NOT has_table_privilege(current_user, %(audit)s, 'UPDATE')
UNION ALL SELECT 'change django_migrations' WHERE has_table_privilege(current_user, 'django_migrations', 'INSERT')
    OR has_table_privilege(current_user, 'django_migrations', 'UPDATE, DELETE')
UNION ALL SELECT 'become ' || owner.rolname FROM pg_class JOIN pg_roles owner ON owner.oid = relowner
    WHERE pg_class.oid = %(audit)s::regclass AND owner.rolname <> current_user
    AND pg_has_role(current_user, owner.oid, 'MEMBER')
UNION ALL SELECT 'make roles, or pass by every rule' FROM pg_roles
    WHERE rolname = current_user AND (rolsuper OR rolcreaterole OR rolbypassrls)
"""


def what_the_role_may_change() -> list[str]:
    """What the role of this connection may do to the read audit beyond adding and reading, or may give itself; [] when
    all is well.

    PostgreSQL only. Raises `DatabaseError` when there is no table yet.
    """
    known: dict[str, Any] = {
        "privileges": ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER"],
        "audit": ReadEvent._meta.db_table,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ON_THE_AUDIT, known)
        return [found for (found,) in cursor.fetchall()]
