"""The stafettholder's pages about a foster parent (safety.md S36). No address says who or what it is (S22)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import RuleBroken
from apps.core.requests import SignedInRequest
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.foster import HIDDEN, FosterForm, FosterWrittenForm
from apps.stafettlogg.models import FosterPlace
from apps.stafettlogg.selectors import foster as selectors
from apps.stafettlogg.services import foster as services
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.guardians import done, guardian_form_page
from apps.stafettlogg.views.opening import Opened
from apps.stafettlogg.views.pages import attempt, create_once, log_page


def _place_or_404(opened: Opened, place_id: UUID) -> FosterPlace:
    places = selectors.places_in(opened.log, timezone.localdate())
    place = next((place for place in places if place.pk == place_id), None)
    if place is None:
        raise Http404
    return place


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def foster_add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    if opened.log.is_closed or opened.log.child.answers_alone:
        return redirect("stafettlogg:guardians", pk=pk)
    form = FosterForm(posted(request), about=opened.log.pk)
    if request.method == "POST" and form.is_valid():

        def create():
            services.record_foster(pk, form.foster(), actor=request.user, now=timezone.now())
            return reverse("stafettlogg:guardians", args=[pk])

        if response := create_once(request, form, "add-foster", create):
            return response
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Legg til en fosterforelder"),
        lead=_("Fosterforelderen svarer ikke for barnet, og leser ingenting før barnevernstjenesten har sagt ja."),
        submit=_("Legg til"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def foster_answered(request: SignedInRequest, pk: UUID, place_id: UUID) -> HttpResponse:
    """Child welfare has answered on paper or aloud."""
    opened = open_consents(request, pk, what="guardians")
    place = _place_or_404(opened, place_id)
    form = FosterWrittenForm(posted(request), about=place.pk)
    if request.method == "POST" and form.is_valid():
        try:
            route = form.cleaned_data["route"]
            services.answer_foster(place.pk, **form.answered(), route=route, actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return done(request, pk, _("Svaret er lagret. Den som svarer for barnevernstjenesten, får vite det."))
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Skriv ned hva barnevernstjenesten svarte"),
        lead=_("Bare den som svarer for barnet, kan si ja. Er du usikker, vent til hun eller han svarer selv."),
        submit=_("Lagre svaret"),
    )


@require_POST
@log_page
def foster_hidden(request: SignedInRequest, pk: UUID, place_id: UUID) -> HttpResponse:
    """`skjult`: ja hides the foster parent from the parents, nei shows her to them."""
    opened = open_consents(request, pk, what="guardians")
    place, hides = _place_or_404(opened, place_id), request.POST.get("skjult") == HIDDEN
    said = _("Foreldrene ser ikke fosterforelderen.") if hides else _("Foreldrene ser navnet til fosterforelderen.")
    attempt(
        request,
        lambda: services.hide_foster(place.pk, is_hidden=hides, actor=request.user, now=timezone.now()),
        said,
    )
    return redirect("stafettlogg:guardians", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def foster_end(request: SignedInRequest, pk: UUID, place_id: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    place = _place_or_404(opened, place_id)
    form = PlainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.end_foster(place.pk, actor=request.user, now=timezone.now())
        return done(request, pk, _("Plassen er avsluttet. Fosterforelderen kan ikke lese lenger."))
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Avslutt plassen til %(name)s") % {"name": place.guardian.name},
        lead=_("Fosterforelderen kan ikke lese eller skrive fra nå av. Vedtaket om omsorgen gjelder som før."),
        submit=_("Avslutt plassen"),
    )
