"""Asking for a stafettlogg: the form, the paper route, the receipt that is the same for everyone (safety.md S6)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors import places as places_of
from apps.core import drafts
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import services_switched_on, settings_row
from apps.stafettlogg.forms import request_pages as pages
from apps.stafettlogg.forms.requests import RequestForm
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors import requests as selectors
from apps.stafettlogg.selectors.participants import unreached_services
from apps.stafettlogg.services import requests as services
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.pages import create_once

SHOWN_SENT = 5
SENT_ON_A_PAGE = 25


class _PaperRoute(Exception):
    """The child has a strictly confidential address: this log is kept on paper (S17)."""


@require_http_methods(["GET", "HEAD", "POST"])
def log_request(request: SignedInRequest) -> HttpResponse:
    """Four pages of one form. Between them it is kept as a draft, so «Tilbake» in the browser leads to a page."""
    now = timezone.now()
    today = timezone.localdate(now)
    places = selectors.places_to_ask_from(places_of(request), today=today)
    if not places:
        raise AccessDenied(_("Enheten din bruker ikke stafettlogg i portalen ennå. Snakk med lederen din."))
    holders = _holders(places, today)
    form = RequestForm(
        posted(request),
        holders=holders,
        services=[unit for unit in services_switched_on(today) if [unit.pk] != [place.unit_id for place in places]],
        unreached=unreached_services(today),
        today=today,
        strict_is_digital=settings_row().strictly_confidential_digital,
        initial={"holder": str(holders[0].pk)},
    )
    page = pages.page_number(request.GET.get(pages.HERE)) or pages.CHILD
    form.tells_restored = pages.HERE not in request.GET
    if request.method == "POST":
        try:
            response = _turn(request, form, now) or (_send(request, form, places, now) if form.is_valid() else None)
        except _PaperRoute:
            drafts.delete_saved(request.user.pk, request.path)
            return render(request, "stafettlogg/request_paper.html", {"municipality": settings_row()})
        if response is not None:
            return response
        page = pages.first_wrong(form)
        pages.keep_errors_of(form, page)
    return form_page(request, "stafettlogg/request.html", _context(request, form, page, now))


def _context(request, form, page, now):
    titles = pages.titles()
    states = ["done" if number < page else "here" if number == page else "next" for number in pages.PAGES]
    steps = [
        {"title": title, "state": state, "url": f"?{pages.HERE}={number}" if state == "done" else ""}
        for number, title, state in zip(pages.PAGES, titles, states, strict=True)
    ]
    sent = selectors.requests_for(request.user, now) if page == pages.CHILD else []
    return {
        "form": form,
        "page": page,
        "steps": steps,
        "step_title": titles[page - 1],
        "carried": pages.carried(form, page),
        "parts": pages.look_over(form) if page == pages.LOOK_OVER else [],
        "days": settings_row().request_days,
        "sent": sent[:SHOWN_SENT],
        "all_sent": len(sent) if len(sent) > SHOWN_SENT else 0,
    }


def _turn(request, form, now):
    """To another page of the form; None when it is sent, or when something on this page is wrong."""
    here, to = (pages.page_number(request.POST.get(name)) for name in (pages.HERE, pages.TO))
    if here is None or to is None:
        return None
    if to > here:
        form.is_valid()
        if any(form.data.get(name) == answer for name, answer in form.kept_unless.items()):
            raise _PaperRoute
        if pages.keep_errors_of(form, here):
            return None
    try:
        drafts.save(request, now=now)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    return redirect(f"{request.path}?{pages.HERE}={to}")


def _send(request, form, places, now):
    holder = form.holders[form.cleaned_data["holder"]]
    membership = next(place for place in places if place.unit_id == holder.unit_id)

    def create():
        try:
            receipt = services.request_log(
                actor=request.user,
                membership=membership,
                child=form.child_input(),
                guardians=form.guardian_inputs(),
                proposed_holder_membership=holder,
                unit_ids=form.cleaned_data["services"],
                no_others=form.cleaned_data["no_others"],
                now=now,
            )
        except RuleBroken as broken:
            if broken.code == "paper_route":
                raise _PaperRoute from broken
            raise
        return reverse("stafettlogg:request_receipt", args=[receipt.id])

    try:
        return create_once(request, form, "request-log", create)
    except AccessDenied as denied:
        form.add_error(None, str(denied))
        return None


def _holders(places, today):
    """The user in each of their units first, then colleagues by name."""
    others = [
        row
        for place in places
        for row in holder_selectors.colleagues(place.unit, passing_over={place.user_id}, today=today)
    ]
    return [*places, *others]


@require_safe
def requests_sent(request: SignedInRequest) -> HttpResponse:
    """All the person has asked for while a request lives, without names, page by page (S6)."""
    if not request.user.is_employee:
        raise PermissionDenied
    sent, number = selectors.requests_for(request.user, timezone.now()), page_number(request)
    start = (number - 1) * SENT_ON_A_PAGE
    context = {
        "sent": sent[start : start + SENT_ON_A_PAGE],
        **page_urls(request, number, has_more=len(sent) > start + SENT_ON_A_PAGE),
    }
    return render(request, "stafettlogg/requests_sent.html", context)


@require_safe
def request_receipt(request: SignedInRequest, receipt_id: UUID) -> HttpResponse:
    """What the asker gets, whether a request was made or the child had a log already: the same bytes but for the id."""
    if not request.user.is_employee:
        raise PermissionDenied
    receipt = selectors.receipt_for(request.user, receipt_id, timezone.now())
    if receipt is None:
        raise Http404
    return render(
        request, "stafettlogg/request_receipt.html", {"receipt": receipt, "days": settings_row().request_days}
    )
