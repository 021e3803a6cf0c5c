"""Saving and deleting drafts: the buttons stand in any form with `keeps_drafts`, and work without JavaScript."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import dates, drafts
from apps.core.errors import RuleBroken
from apps.core.http import error_page, not_found_response
from apps.core.requests import PortalRequest, SignedInRequest


@require_POST
def save_draft(request: PortalRequest) -> HttpResponse:
    """`<button formaction="{% url 'core:save_draft' %}" formnovalidate>Lagre utkast</button>`.

    static/js/autosave.js is answered in one line: 200 with when it was saved, 202 when something waits for a tick. Its
    `X-Autosave: 0` says that all is as it was before anything was written.
    """
    now = timezone.now()
    try:
        if "X-Autosave" in request.headers:
            return _saved_by_itself(request, now)
        page = drafts.save(request, now=now)
    except RuleBroken as broken:
        return error_page(request, status=413, title=_("Vi fikk ikke lagret utkastet"), text=str(broken))
    if page is None:
        return not_found_response()
    messages.success(request, _("Utkastet er lagret. Bare du kan se det."))
    return redirect(page)


def _saved_by_itself(request: PortalRequest, now: datetime.datetime) -> HttpResponse:
    nothing = request.headers["X-Autosave"] == "0"
    has_all = None if nothing else drafts.save_by_itself(request, now=now)
    if has_all is None and not (nothing and drafts.forget(request)):
        return not_found_response()
    words = "" if nothing else _("Lagret klokka %(time)s") % {"time": dates.format_clock(now)}
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=202 if has_all is False else 200)


@require_POST
def discard_draft(request: PortalRequest) -> HttpResponse:
    """`<button formaction="{% url 'core:discard_draft' %}" formnovalidate>Slett utkastet</button>`."""
    page = drafts.forget(request)
    if page is None:
        return not_found_response()
    messages.success(request, _("Utkastet er slettet."))
    return redirect(page)


@require_POST
def delete_draft(request: SignedInRequest) -> HttpResponse:
    """Beside the line that tells of a draft: delete it unopened. `page` holds it, and one stands on `back`."""
    page, back = request.POST.get("page", ""), request.POST.get("back", "")
    if not page.startswith("/"):
        return not_found_response()
    drafts.delete_saved(request.user.pk, page)
    messages.success(request, _("Utkastet er slettet."))
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else settings.LOGIN_REDIRECT_URL)
