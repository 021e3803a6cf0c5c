"""Closing a log, «Avslutt stille» before the child is born, and the summary as PDF."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.enums import ReadAction
from apps.core import pdf, proof
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.forms.closing import CloseForm
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.selectors import closing as selectors
from apps.stafettlogg.selectors.closing_wishes import standing_wishes
from apps.stafettlogg.services import closing as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.closing_wishes import wishes_page
from apps.stafettlogg.views.opening import hand_out, open_log
from apps.stafettlogg.views.pages import log_page


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Why it is closed, and what then happens; on a closed log the receipt."""
    opened = open_log(request, pk, what="closing", action=Action.CLOSE, family=False, check=_check_is_opened)
    log, now = opened.log, timezone.now()
    if log.is_closed:
        context: dict[str, Any] = {"can_print": Action.PRINT in frame.may(opened)}
        return render(request, "stafettlogg/closing_receipt.html", frame.frame_context(opened, "", **context))
    if log.is_closing:
        return wishes_page(request, opened)
    is_shared = access.sees_content(opened.row)
    form = CloseForm(request.POST or None, goals=selectors.goals_under_way(log) if is_shared else [])
    if request.method == "POST" and form.is_valid():
        try:
            chosen = {"reason": form.cleaned_data["reason"], "goals": form.goal_statuses()}
            services.close_log(pk, **chosen, actor=request.user, now=now)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return redirect("stafettlogg:close", pk=pk)
    context = {
        "form": form,
        "must_evaluate": selectors.is_final_evaluation_missing(log, now),
        "is_shared": is_shared,
        "is_expected": log.child.is_expected,
        "wishes": standing_wishes(log),
    }
    return form_page(request, "stafettlogg/closing.html", frame.frame_context(opened, "", **context))


def _check_is_opened(opened) -> None:
    if opened.log.is_request:
        raise AccessDenied(_("Dette er bare en forespørsel. Trekk den på siden om samtykke."))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def close_quietly(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Before the child is born the log can end without a word to anyone (safety.md S9)."""
    opened = open_log(request, pk, what="closing", action=Action.CLOSE, family=False)
    if not opened.log.child.is_expected or opened.log.is_closed:
        return redirect("stafettlogg:close", pk=pk)
    form = PlainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_quietly(pk, actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Alle påminnelser er stoppet."))
            return redirect("stafettlogg:list")
    context = {
        "title": _("Avslutt stille"),
        "lead": _("Bruk dette når svangerskapet er over og ingen skal bli minnet på det."),
        "stops": [
            _("Alle påminnelser og spørsmål stopper med en gang."),
            _("Ingen får beskjed, heller ikke familien."),
        ],
        "stays": [_("Den gravide kan fortsatt lese det som er skrevet.")],
        "form": form,
        "submit": _("Avslutt stille"),
        "back_url": reverse("stafettlogg:detail", args=[pk]),
        "back_label": _("Stafettloggen"),
    }
    return form_page(request, "core/confirm.html", context)


@require_safe
@log_page
def summary_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The summary for those who work in the log; the family has its own. Written in the read audit as a download."""
    what = "summary-pdf"
    to_proof = proof.asked_for(request)
    if to_proof is not None and access.visible_log(request.user, pk) is not None:
        return to_proof
    opened = open_log(request, pk, what=what, action=Action.PRINT, family=False, is_document=True)
    now = timezone.now()
    context = {
        "summary": selectors.summary_of(opened.log, now=now),
        "municipality": settings_row(),
        "made_by": selectors.reading_on_paper(opened.log).person(request.user),
        "made_at": now,
    }
    title = _("Sammendrag av stafettlogg")
    content = pdf.render("pdf/log_summary.html", context, title=title, language=get_language())
    return hand_out(request, opened, content, what=what, action=ReadAction.DOWNLOADED, file_name="sammendrag.pdf")
