"""Saving and discarding drafts: the buttons stand in any form with `keeps_drafts`, and work without JavaScript."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import drafts
from apps.core.http import not_found_response
from apps.core.requests import PortalRequest


@require_POST
def save_draft(request: PortalRequest) -> HttpResponse:
    """`<button formaction="{% url 'core:save_draft' %}" formnovalidate>Lagre utkast</button>`; a script gets 204."""
    page = drafts.save(request, now=timezone.now())
    if page is None:
        return not_found_response()
    if request.headers.get("X-Autosave") == "1":
        return HttpResponse(status=204)
    messages.success(request, _("Utkastet er lagret. Bare du kan se det."))
    return redirect(page)


@require_POST
def discard_draft(request: PortalRequest) -> HttpResponse:
    """`<button formaction="{% url 'core:discard_draft' %}" formnovalidate>Forkast utkastet</button>`."""
    page = drafts.forget(request)
    if page is None:
        return not_found_response()
    messages.success(request, _("Utkastet er slettet."))
    return redirect(page)
