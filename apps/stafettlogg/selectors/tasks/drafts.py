"""What a person has begun to write and not sent: hers alone, until she sends or deletes it."""

import re
from typing import Any
from uuid import UUID

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.drafts import saved_pages
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg import access
from apps.stafettlogg.models import Goal, LogAccess, Measure
from apps.stafettlogg.selectors.child_names import first_names
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.tasks import rows

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GOAL, _MEASURE = gettext_lazy("et mål for %(name)s"), gettext_lazy("et tiltak for %(name)s")
_MESSAGE = gettext_lazy("en beskjed i stafettloggen til %(name)s")
# What is written on a page, by the name of its address.
_WHAT = {
    "add_goal": _GOAL,
    "edit_goal": _GOAL,
    "add_measure": _MEASURE,
    "edit_measure": _MEASURE,
    "messages": _MESSAGE,
    "family_messages": _MESSAGE,
    "foster_messages": _MESSAGE,
    "evaluate": gettext_lazy("en evaluering for %(name)s"),
    "hand_over": gettext_lazy("et tilbud om stafettpinnen for %(name)s"),
    "invite": gettext_lazy("en invitasjon til stafettloggen for %(name)s"),
    "reason": gettext_lazy("hvorfor stafettloggen til %(name)s er åpnet"),
    "request": gettext_lazy("en forespørsel som ikke er sendt"),
    "voice": gettext_lazy("det %(name)s har fortalt"),
    "wish": gettext_lazy("et ønske om stafettlogg som ikke er sendt"),
}
_SOMETHING = gettext_lazy("noe du har begynt å skrive")


def drafts(scope: Scope) -> list[Due]:
    """One for each page that holds a saved draft: of logs the person still reads, and of none. For the start page."""
    if scope.log is not None:
        return []
    pages = [(page, _id_in(page)) for page in saved_pages(scope.user.pk, now=scope.now)]
    by_log = {log_id: found[0] for log_id, found in rows.own_rows(scope).items()}
    log_of = _logs_behind({found for _page, found in pages if found is not None} - by_log.keys(), by_log)
    names = first_names([row.content_object.child for row in by_log.values()], today=scope.today)
    found: list[Due] = []
    for page, page_id in pages:
        row = by_log.get(log_of.get(page_id, page_id)) if page_id is not None else None
        key = f"draft {page}"
        if row is not None:
            log = row.content_object
            what = _what(page, names[log.child_id])
            found.append(rows.due_in_log(log, row, "", key=key, url=page, draft=page, detail=what))
        elif page_id is None:
            found.append(Due(recipient=scope.user, key=key, url_name="", url=page, draft=page, detail=_what(page)))
    return found


def log_section(page: LogPage) -> dict[str, Any] | None:
    """The reader's own drafts in this log."""
    log = page.log
    mine = [one for one in saved_pages(page.user.pk, now=page.now) if _id_in(one) == log.pk]
    home = "parent_log" if access.is_family(page.row) else "detail"
    name = log.child.given_name or _("barnet som er i vente")
    return (
        {"drafts": [(one, _what(one, name)) for one in mine], "back": reverse(f"stafettlogg:{home}", args=[log.pk])}
        if mine
        else None
    )


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


def _what(page: str, name: str = "") -> str:
    """What is being written there, after «Du har et utkast:»; `name` is the child's."""
    try:
        words = _WHAT.get(resolve(page).url_name or "", _SOMETHING)
    except Resolver404:
        words = _SOMETHING
    return str(words) % {"name": name}
