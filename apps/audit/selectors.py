from collections.abc import Collection
from datetime import datetime
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


def what_the_role_may_change() -> list[str]:
    """What the role of this connection may do to the read audit beyond adding and reading; [] when all is well.

    PostgreSQL only. Raises `DatabaseError` when there is no table yet.
    """
    table = ReadEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege FROM unnest(%s) AS privilege WHERE has_table_privilege(current_user, %s, privilege)",
            [["UPDATE", "DELETE", "TRUNCATE"], table],
        )
        return [privilege for (privilege,) in cursor.fetchall()]
