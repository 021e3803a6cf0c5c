"""The evaluation on one page, made to be filled in together in ten minutes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import Action, Decision
from apps.stafettlogg.forms.evaluations import EvaluationForm
from apps.stafettlogg.selectors import evaluations as selectors
from apps.stafettlogg.services.evaluations import evaluate
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.pages import create_once, log_page, open_content


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def log_evaluate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="evaluation", action=Action.EVALUATE)
    log, now = opened.log, timezone.now()
    today = timezone.localdate(now)
    voices = selectors.voices_to_evaluate(log)
    form = EvaluationForm(
        request.POST or None,
        log=log,
        measures=selectors.measures_to_review(log),
        voices=voices,
        initial={
            "held_day": today,
            "told_to": request.user.shown_name,
            "voice_choice": str(voices[0].pk) if voices else "",
            "next_day": today + timedelta(weeks=settings_row().evaluation_weeks),
        },
    )
    if request.method == "POST" and form.is_valid():

        def create():
            recorded = evaluate(pk, evaluation=form.evaluation(), actor=request.user, now=now)
            page = "stafettlogg:close" if recorded.decision == Decision.CLOSE else "stafettlogg:detail"
            return reverse(page, args=[pk])

        if response := create_once(request, form, "evaluation", create):
            messages.success(request, _("Evalueringen er lagret. Familien kan lese den."))
            return response
    context: dict[str, Any] = {"form": form, "earlier": selectors.evaluations_of(log)}
    return form_page(request, "stafettlogg/evaluation.html", frame.frame_context(opened, "", **context))
