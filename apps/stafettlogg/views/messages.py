"""Messages between those in a log, as staff read and write them. The family's page is their own."""

from uuid import UUID

from django.contrib import messages as flash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.http import form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import EVERY_SCOPE, Action
from apps.stafettlogg.forms.messages import MessageForm
from apps.stafettlogg.models import Correction
from apps.stafettlogg.selectors import messages as selectors
from apps.stafettlogg.selectors.consents import units_with_own_measures
from apps.stafettlogg.services.messages import settle_correction, write_message
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.opening import open_log
from apps.stafettlogg.views.pages import create_once, log_page, open_content


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def log_messages(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """All messages this person may know exist, and the box to write one; the readers are named above it (S2)."""
    opened = open_content(request, pk, what="messages", scopes=EVERY_SCOPE)
    log, now = opened.log, timezone.now()
    may_write = log.is_active and Action.WRITE in frame.may(opened)
    threads = selectors.threads(log, now) if opened.is_holding else []
    units = units_with_own_measures(log, now) if opened.is_holding else []
    form = MessageForm(request.POST or None, threads=threads, units=units) if may_write else None
    if form is not None and request.method == "POST" and form.is_valid():

        def create():
            write_message(pk, text=form.cleaned_data["text"], actor=request.user, now=now, **form.readers())
            return reverse("stafettlogg:messages", args=[pk])

        if response := create_once(request, form, "message", create):
            flash.success(request, _("Beskjeden er sendt."))
            return response
    page = page_number(request)
    found = selectors.messages_for(log, opened.row, reach=opened.reach, page=page)
    context = {
        "form": form,
        "written": found.written,
        "corrections": selectors.corrections_to_answer(log) if opened.is_holding else [],
        "readers": selectors.readers(log, opened.row, now) if form is not None else None,
        **page_urls(request, page, found.has_more),
    }
    page_context = frame.frame_context(opened, frame.MESSAGES, **context)
    return form_page(request, "stafettlogg/messages.html", page_context)


@require_POST
@log_page
def correction_answered(request: SignedInRequest, pk: UUID, correction_id: UUID) -> HttpResponse:
    """The holder ticks that the one who asked for a correction has got an answer."""
    opened = open_log(request, pk, what="messages", action=Action.SEE_ANSWERS, family=False)
    if not Correction.objects.filter(pk=correction_id, log=opened.log).exists():
        raise Http404
    settle_correction(correction_id, actor=request.user, now=timezone.now())
    flash.success(request, _("Notert. Den som ba om det, har fått svar."))
    return redirect("stafettlogg:messages", pk=pk)
