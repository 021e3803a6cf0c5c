"""What stands around every page of a log: whose it is, the tabs, the gate. Template: stafettlogg/base_log.html."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.dates import age_on, format_long
from apps.core.templatetags.portal import localized
from apps.guides import selectors as guides
from apps.stafettlogg import access, rules
from apps.stafettlogg.enums import EVERY_SCOPE, WHOLE_LOG, Action
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.consents import with_unread_limits
from apps.stafettlogg.selectors.own_logs import parents_read_this
from apps.stafettlogg.views.opening import Opened

OVERVIEW, PLAN, MESSAGES, PARTICIPANTS, CONSENTS, HISTORY, SEEN = (
    "detail",
    "plan",
    "messages",
    "participants",
    "consents",
    "history",
    "seen",
)
# Page, label, what the row must allow, how much of the log one must read, and whether it is there without consent (the
# request and the shell).
_TABS = (
    (OVERVIEW, gettext_lazy("Oversikt"), Action.READ, EVERY_SCOPE, True),
    (PLAN, gettext_lazy("Mål og tiltak"), Action.READ, EVERY_SCOPE, False),
    (MESSAGES, gettext_lazy("Beskjeder"), Action.READ, EVERY_SCOPE, False),
    (PARTICIPANTS, gettext_lazy("Deltakere"), Action.READ, EVERY_SCOPE, False),
    (CONSENTS, gettext_lazy("Samtykke"), Action.SEE_ANSWERS, WHOLE_LOG, True),
    (HISTORY, gettext_lazy("Historikk"), Action.READ, WHOLE_LOG, False),
    (SEEN, gettext_lazy("Hvem har sett"), Action.SEE_READS, WHOLE_LOG, False),
)


@dataclass(frozen=True)
class Tab:
    count = 0

    label: str
    url: str
    is_here: bool


def may(opened: Opened) -> frozenset[str]:
    """What the opened row allows right now."""
    return rules.may_by(opened.row)


def frame_context(
    opened: Opened, here: str, *, late: bool | None = None, guide_names: guides.Names | None = None, **context
) -> dict:
    """The context of a log page: `log`, `row`, `band` (id_band.html), `today`, `parents_read` (for pages with a field
    to write in), and what the page itself gives.

    `here` is the tab that is open; '' for a page under none of them. `late`: a page that has read what is due says
    whether some of it is, and saves the query; so do `guide_names`.
    """
    log, child = opened.log, opened.log.child
    name = child.full_name or _("Ventet barn")
    today = timezone.localdate()
    names = None if log.is_request else guide_names or guides.names()
    return {
        "log": log,
        "row": opened.row,
        "child_name": child.given_name or _("barnet"),
        "today": today,
        "parents_read": parents_read_this(log, opened.row, today),
        "detail_url": reverse("stafettlogg:detail", args=[log.pk]),
        "guide_names": names,
        "band": {
            "name": name,
            "facts": [*_age(child, today), log.holder.membership.unit.name],
            "level": log.level if opened.reach.is_whole else None,
            "level_label": level_label(log.level, names) if names and opened.reach.is_whole else "",
            "status": _status(opened, late),
            "tabs_label": _("Sider i stafettloggen"),
            "tabs": _tabs(opened, here),
            "url": "",
            "label": "",
            "mark": "",
            "glance": [],
        },
        **context,
    }


def level_label(level: int, names: guides.Names) -> str:
    """«Nivå 1 · Hjelp i egen tjeneste»: the number, and the municipality's own name from the guide."""
    number = _("Nivå %(level)s") % {"level": level}
    name = names.levels.get(level)
    return format_html("{} · {}", number, localized(name)) if name else number


def _tabs(opened: Opened, here: str) -> list[Tab]:
    allowed, content = may(opened), access.sees_content(opened.row)
    return [
        Tab(str(label), reverse(f"stafettlogg:{page}", args=[opened.log.pk]), page == here)
        for page, label, action, scopes, without_consent in _TABS
        if action in allowed and opened.reach.scope in scopes and (content or without_consent)
    ]


def _age(child, today) -> list[str]:
    if child.is_expected:
        return [_("Termin %(day)s") % {"day": format_long(child.expected_day)}]
    years = age_on(child.birth_date, today)
    words = ngettext("%(years)s år, født %(year)s", "%(years)s år, født %(year)s", years)
    return [words % {"years": years, "year": child.birth_date.year}]


def _status(opened: Opened, late: bool | None) -> str:
    if opened.log.is_closed:
        return "avsluttet"
    if opened.log.is_request:
        waits_for_me = opened.is_holding and with_unread_limits([opened.log.pk])
        return "handling" if waits_for_me else "venter"
    if late is None:
        late = opened.is_holding and due.is_late(opened.log, today=timezone.localdate())
    return "handling" if late or not access.sees_content(opened.row) else "pagar"
