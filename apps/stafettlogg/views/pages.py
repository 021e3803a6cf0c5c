"""What several pages of the log do alike: the leader's reason page, page numbers, and forms that create something."""

from functools import wraps

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.core import form_keys
from apps.core.errors import AccessDenied, RuleBroken
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.views.opening import Opened, ReasonNeeded, open_log


def log_page(view):
    """A view of one log: a leader without an open reason gets the reason page (200) instead of the content."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ReasonNeeded as needed:
            from apps.stafettlogg.views.leaders import reason_page  # noqa: PLC0415 -- which shows pages by this module

            return reason_page(request, needed.log_id)

    return wrapped


def open_content(request, pk, *, what: str, action: Action = Action.READ) -> Opened:
    """`open_log` for staff on a page of the log's content; `AccessDenied` before consent and in the shell (S5, S11)."""
    opened = open_log(request, pk, what=what, action=action, family=False)
    if not access.sees_content(opened.row):
        raise AccessDenied(_("Samtykket gjelder ikke nå, så innholdet i stafettloggen er lukket."))
    return opened


def page_number(request) -> int:
    """`?side=3`; 1 for anything that is not a page."""
    text = request.GET.get("side", "1")
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 10_000 else 1


def page_urls(request, page: int, has_more: bool) -> dict:
    """`previous_url` and `next_url` for components/pagination.html; '' where there is none."""
    return {
        "previous_url": _page_url(request, page - 1) if page > 1 else "",
        "next_url": _page_url(request, page + 1) if has_more else "",
    }


def _page_url(request, page: int) -> str:
    query = request.GET.copy()
    query["side"] = str(page)
    return f"{request.path}?{query.urlencode()}"


def create_once(request, form, purpose: str, create):
    """Run `create()`, which gives the address of the result, once for this form; a second press lands there too.

    Gives the redirect, or None when a rule said no: then the form says why.
    """
    try:
        url, _created = form_keys.once(form.cleaned_data["form_key"], purpose, request.user.pk, create)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    return redirect(url)
