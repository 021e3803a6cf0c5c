"""The level of a log, when a service has come or gone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.errors import RuleBroken
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import Action
from apps.stafettlogg.services.levels import decide_level as decide
from apps.stafettlogg.views.pages import log_page, open_content


@require_POST
@log_page
def decide_level(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take the level that is proposed on the overview, or stay."""
    open_content(request, pk, what="level", action=Action.EVALUATE)
    level = request.POST.get("level", "")
    if level not in ("0", "1", "2", "3"):
        raise Http404
    try:
        log = decide(pk, level=int(level), actor=request.user, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("Stafettloggen er på nivå %(level)s.") % {"level": log.level})
    return redirect("stafettlogg:detail", pk=pk)
