"""The thread about herself, as the guardian reads it (safety.md S3)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.audit.services import record_refusal
from apps.core.http import form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import ThreadSide
from apps.stafettlogg.forms.own_threads import OwnMessageForm
from apps.stafettlogg.rules.own_threads import READING
from apps.stafettlogg.selectors import own_threads as selectors
from apps.stafettlogg.selectors.contact import contact_of
from apps.stafettlogg.selectors.hidden_places import as_known
from apps.stafettlogg.selectors.holders import holder_for
from apps.stafettlogg.selectors.names import child_name, reading_for
from apps.stafettlogg.services import own_threads as services
from apps.stafettlogg.views.family.pages import family_page, posted
from apps.stafettlogg.views.pages import create_once


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def family_thread(request: SignedInRequest, thread_id: UUID) -> HttpResponse:
    """What she, the service and the stafettholder write about herself. Nobody else finds it."""
    now = timezone.now()
    seat = selectors.seat_at(request.user, thread_id, now)
    if seat is None or seat.row is None or seat.side != ThreadSide.GUARDIAN:
        record_refusal(actor=request.user, log_id=None, what=READING)
        raise Http404
    services.record_reading(request.user, [seat], now=now)
    if not seat.is_open and request.method == "POST":
        messages.error(request, _("Samtalen er lukket. Ingen kan skrive i den nå."))
        return redirect("stafettlogg:family_thread", thread_id=thread_id)
    form = OwnMessageForm(posted(request)) if seat.is_open else None
    if form is not None and request.method == "POST" and form.is_valid():

        def create():
            services.write_own_message(thread_id, text=form.cleaned_data["text"], actor=request.user, now=now)
            return reverse("stafettlogg:family_thread", args=[thread_id])

        if response := create_once(request, form, "own-message", create):
            messages.success(request, _("Beskjeden er sendt."))
            return response
    return form_page(request, "stafettlogg/family/own_thread.html", _context(request, seat, seat.row, form, now))


def _context(request, seat: selectors.Seat, row, form, now) -> dict:
    log, number = seat.log, page_number(request)
    reading = reading_for(log, row)
    log.holder = holder_for(log, [row], now)
    log = as_known(log, reading.until)
    written = selectors.written_in(seat, request.user, reading, names_holder=True, page=number)
    service = reading.service(seat.thread.unit)
    return {
        "form": form,
        "log": log,
        "child": child_name(log),
        "contact": contact_of(log, reading),
        "service": service,
        "unit_id": seat.thread.unit_id,
        "said": written.said,
        "is_open": seat.is_open,
        **page_urls(request, number, written.has_more),
    }
