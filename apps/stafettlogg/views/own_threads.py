"""Threads about a guardian herself, for the stafettholder and for those who work in the service (safety.md S3)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.enums import ReadAction
from apps.audit.services import record_refusal
from apps.core.http import form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import ThreadSide
from apps.stafettlogg.forms.own_threads import OwnMessageForm
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.own_threads import READING
from apps.stafettlogg.selectors import own_threads as selectors
from apps.stafettlogg.selectors.holders import holder_for
from apps.stafettlogg.services import own_threads as services
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.pages import create_once

STAFF_SIDES = (ThreadSide.HOLDER, ThreadSide.SERVICE)


@require_safe
def own_threads(request: SignedInRequest) -> HttpResponse:
    """The open threads of the services one works in."""
    if request.user.is_citizen:
        raise Http404
    now = timezone.now()
    lines = selectors.threads_of_service(request.user, now)
    seats = [selectors.Seat(line.thread, ThreadSide.SERVICE, is_open=True, place=line.place) for line in lines]
    services.record_reading(request.user, seats, action=ReadAction.LISTED, now=now)
    return render(request, "stafettlogg/own_threads.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def own_thread(request: SignedInRequest, thread_id: UUID) -> HttpResponse:
    """One thread. A service that has no consent about the child sees whose it is: the guardian's, and nothing more."""
    now = timezone.now()
    seat = selectors.seat_at(request.user, thread_id, now)
    if seat is None or seat.side not in STAFF_SIDES:
        record_refusal(actor=request.user, log_id=None, what=READING)
        raise Http404
    services.record_reading(request.user, [seat], now=now)
    form = OwnMessageForm(posted(request)) if seat.is_open else None
    if form is not None and request.method == "POST" and form.is_valid():

        def create():
            services.write_own_message(thread_id, text=form.cleaned_data["text"], actor=request.user, now=now)
            return reverse("stafettlogg:own_thread", args=[thread_id])

        if response := create_once(request, form, "own-message", create):
            messages.success(request, _("Beskjeden er sendt."))
            return response
    if form is None and request.method == "POST":
        messages.error(request, _("Samtalen er lukket. Ingen kan skrive i den nå."))
        return redirect("stafettlogg:own_thread", thread_id=thread_id)
    return form_page(request, "stafettlogg/own_thread.html", _context(request, seat, form, now))


def _context(request, seat: selectors.Seat, form, now) -> dict:
    thread, log, number = seat.thread, seat.log, page_number(request)
    holds = seat.side == ThreadSide.HOLDER
    names_child = selectors.names_child(log, thread.unit_id, now)
    reading = Reading(family=False)
    written = selectors.written_in(seat, request.user, reading, names_holder=holds or names_child, page=number)
    holder = holder_for(log, [seat.row] if seat.row is not None else [], now)
    return {
        "form": form,
        "holds": holds,
        "guardian": thread.guardian.name,
        "has_user": thread.guardian.user_id is not None,
        "service": thread.unit.name,
        "child": (log.child.given_name or _("barnet")) if holds or names_child else "",
        "names_child": names_child,
        "holder": reading.staff(
            name=holder.user.name, line=_("Stafettholder"), protected=holder.user.protected_identity
        ),
        "said": written.said,
        "is_open": seat.is_open,
        "back_url": reverse("stafettlogg:consents", args=[log.pk]) if holds else reverse("stafettlogg:own_threads"),
        **page_urls(request, number, written.has_more),
    }
