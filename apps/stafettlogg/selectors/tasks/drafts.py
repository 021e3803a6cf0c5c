"""What a person has begun to write and not sent."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.drafts import saved_pages
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.models import Goal, Log, LogAccess, Measure
from apps.stafettlogg.selectors.tasks import rows

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def drafts(scope: Scope) -> list[Due]:
    """One for each page that holds a saved draft: of logs the person still reads, and of none. For the start page."""
    if scope.log is not None:
        return []
    pages = [(page, _id_in(page)) for page in saved_pages(scope.user.pk, now=scope.now)]
    by_log = {log_id: found[0] for log_id, found in rows.own_rows(scope).items()}
    log_of = _logs_behind({found for _page, found in pages if found is not None} - by_log.keys(), by_log)
    found: list[Due] = []
    for page, page_id in pages:
        row = by_log.get(log_of.get(page_id, page_id)) if page_id is not None else None
        if row is not None:
            found.append(_in_log(page, row.content_object, row))
        elif page_id is None:
            text = _("En forespørsel som ikke er sendt.")
            found.append(Due(recipient=scope.user, key=f"draft {page}", url_name="", url=page, detail=text))
    return found


def _id_in(page: str) -> UUID | None:
    match = _ID.search(page)
    return UUID(match[0]) if match else None


def _logs_behind(ids: set[UUID], logs: dict[UUID, LogAccess]) -> dict[UUID | None, UUID]:
    """The log of each goal and measure among these ids. Two queries when there are any."""
    if not ids:
        return {}
    found: dict[UUID | None, UUID] = {}
    for model in (Goal, Measure):
        found |= dict(model.objects.filter(pk__in=ids, log__in=list(logs)).values_list("pk", "log"))
    return found


def _in_log(page: str, log: Log, row: LogAccess) -> Due:
    name = log.child.given_name or _("barnet som er i vente")
    text = _("I stafettloggen til %(name)s.") % {"name": name}
    return rows.due_in_log(log, row, "", key=f"draft {page}", url=page, detail=text)
