"""Which child a notice is about, said on the page of notices: never in its title, an e-mail or an address (S22)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.selectors.birth_date import readable_logs
from apps.stafettlogg.services.reads import record_list


def name_logs(user: User, log_ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """The child's first name per log that this guardian may open now; the reading is written before it is given.

    Not to the youth, whose log is about herself, and not of an expected child, whose log may have been closed (S9).
    """
    if not user.is_citizen or not log_ids:
        return {}
    rows = access.rows_for(user, log_ids, now)
    known = [pk for pk, row in rows.items() if row.kind == AccessKind.GUARDIAN]
    logs = readable_logs(user, now).filter(pk__in=known, child__birth_date__isnull=False).select_related("child")
    found = list(logs)
    record_list(user, [(log, rows[log.pk]) for log in found], what="notices")
    return {log.pk: log.child.given_name for log in found}
