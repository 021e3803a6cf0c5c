"""Asking for a stafettlogg: the form, the paper route, the receipt that is the same for everyone (safety.md S6)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.selectors import places as places_of
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import services_switched_on, settings_row
from apps.stafettlogg.forms.requests import RequestForm
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors import requests as selectors
from apps.stafettlogg.selectors.participants import unreached_services
from apps.stafettlogg.services import requests as services
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.pages import create_once


class _PaperRoute(Exception):
    """The child has a strictly confidential address: this log is kept on paper (S17)."""


@require_http_methods(["GET", "HEAD", "POST"])
def log_request(request: SignedInRequest) -> HttpResponse:
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
        initial={"holder": str(holders[0].pk)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            response = _send(request, form, places, now)
        except _PaperRoute:
            return render(request, "stafettlogg/request_paper.html", {"municipality": settings_row()})
        if response is not None:
            return response
    context = {
        "form": form,
        "days": settings_row().request_days,
        "sent": selectors.requests_for(request.user, now),
    }
    return form_page(request, "stafettlogg/request.html", context)


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
