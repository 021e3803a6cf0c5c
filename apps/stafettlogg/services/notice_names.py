"""Which child a notice is about, said on the page of notices: never in its title, an e-mail or an address (S22)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.audit import loaded
from apps.notifications.scope import Scope
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.selectors.birth_date import readable_logs
from apps.stafettlogg.selectors.child_names import first_names
from apps.stafettlogg.selectors.tasks.rows import own_rows
from apps.stafettlogg.services.reads import record_list


def name_logs(user: User, log_ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """The child's first name per log that this person may open now; the reading is written before it is given."""
    if not log_ids:
        return {}
    return _for_guardian(user, log_ids, now) if user.is_citizen else _for_employee(user, log_ids, now)


def _for_employee(user: User, log_ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """Told apart from the children of all the logs she is in. Two queries."""
    scope = Scope(now, user)
    with loaded.apart():
        own = {log_id: rows[0] for log_id, rows in own_rows(scope).items()}
    names = first_names([row.content_object.child for row in own.values()], today=scope.today)
    shown = [(row.content_object, row) for log_id, row in own.items() if log_id in set(log_ids)]
    for log, _row in shown:
        loaded.note(log.child_id)
    record_list(user, shown, what="notices")
    return {log.pk: names[log.child_id] for log, _row in shown}


def _for_guardian(user: User, log_ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """Not to the youth, whose log is about herself; not of an expected child, whose log may have been closed (S9)."""
    rows = access.rows_for(user, log_ids, now)
    known = [pk for pk, row in rows.items() if row.kind == AccessKind.GUARDIAN]
    logs = readable_logs(user, now).filter(pk__in=known, child__birth_date__isnull=False).select_related("child")
    found = list(logs)
    record_list(user, [(log, rows[log.pk]) for log in found], what="notices")
    return {log.pk: log.child.given_name for log in found}
