"""The list of logs. What is searched for and chosen is kept in the session: no address holds a name (safety.md S22)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.selectors import places
from apps.core.http import page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg.forms.logs import LEVELS, ORDERS, ListForm
from apps.stafettlogg.selectors import log_list as selectors
from apps.stafettlogg.selectors.log_list import CLOSED, FILTERS, MINE, OTHERS, REQUESTS, URGENT, Wanted
from apps.stafettlogg.selectors.requests import places_to_ask_from
from apps.stafettlogg.views.opening import record_list

_KEPT = "log_list"
# In the address: the list as it was chosen last. Without it the list is whole: the menu never leads to a search.
_CHOSEN = "utvalg"


@require_http_methods(["GET", "HEAD", "POST"])
def log_list(request: SignedInRequest) -> HttpResponse:
    """The logs the person may open."""
    if request.user.is_citizen:
        return redirect("stafettlogg:children")
    now = timezone.now()
    if request.method == "POST":
        return _choose(request)
    own, page, chosen = places(request), page_number(request), _chosen(request)
    wanted = _wanted(chosen, request.GET.get("vis", ""))
    found = selectors.logs_for_list(request.user, wanted, page=page, now=now, places=own)
    record_list(request, [(card.log, card.row) for card in found.cards], what="search" if wanted.query else "list")
    context = {
        "form": ListForm(initial={"q": wanted.query}),
        "wanted": wanted,
        "choices": _choices(wanted, found) if found.units else [],
        "is_chosen": replace(wanted, query="") != Wanted(wanted.which),
        "filters": [
            {"label": label, "url": f"{request.path}?vis={key}", "is_here": key == wanted.which and wanted.is_plain}
            for key, label in _filters()
        ],
        "found": found,
        "page": page,
        "may_ask": bool(places_to_ask_from(own, today=timezone.localdate(now))),
        **page_urls(request, page, found.has_more),
    }
    return render(request, "stafettlogg/list.html", context)


def _filters():
    return (
        (MINE, _("Dine")),
        (OTHERS, _("Der du deltar")),
        (REQUESTS, _("Forespørsler")),
        (CLOSED, _("Avsluttet")),
    )


def _choices(wanted: Wanted, found: selectors.LogList) -> list[dict[str, Any]]:
    """The boxes under «Sorter og velg ut», plain for the template: a form field costs ten times as much to draw."""
    boxes: list[tuple[str, Any, list, Any]] = [
        ("order", _("Sorter"), ORDERS if wanted.is_of_holder else ORDERS[:2], wanted.order),
        ("unit", _("Enhet"), [("", _("Alle enheter")), *found.units], wanted.unit_id or ""),
        ("level", _("Nivå"), [("", _("Alle nivåer")), *LEVELS], wanted.level or ""),
    ]
    return [
        {"name": name, "label": label, "options": [(value, words, value == now) for value, words in options]}
        for name, label, options, now in boxes
        if name != "unit" or len(found.units) > 1
    ]


def _choose(request: SignedInRequest) -> HttpResponse:
    """Keep what was chosen and show it: then «Tilbake» from a log leads here, and asks nothing."""
    chosen = ListForm(request.POST).chosen()
    request.session[_KEPT] = chosen
    which = chosen.get("which", MINE)
    shows = _CHOSEN if chosen.keys() - {"which"} else f"vis={which}"
    return redirect(f"{reverse('stafettlogg:list')}?{shows}")


def _chosen(request: SignedInRequest) -> dict:
    return request.session.get(_KEPT, {}) if _CHOSEN in request.GET else {}


def _wanted(chosen: dict, which: str) -> Wanted:
    unit = chosen.get("unit")
    asked = chosen.get("which") or which
    return Wanted(
        which=asked if asked in FILTERS else MINE,
        query=chosen.get("q", ""),
        unit_id=UUID(unit) if unit else None,
        level=chosen.get("level"),
        is_late=chosen.get("late", False),
        order=chosen.get("order", URGENT),
    )
