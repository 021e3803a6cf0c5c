"""The stafettholder's pages about a decision on the care of the child (safety.md S36)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core import drafts
from apps.core.errors import RuleBroken
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import CareKind
from apps.stafettlogg.forms.care import CareEndForm, CareForm, CareKindForm
from apps.stafettlogg.models import CareDecision
from apps.stafettlogg.rules.care import answers
from apps.stafettlogg.selectors import care as selectors
from apps.stafettlogg.services import care as services
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.guardians import done, guardian_form_page
from apps.stafettlogg.views.pages import create_once, log_page


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def record_care(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """First which decision it is, then what it says. The address holds neither (S22)."""
    opened = open_consents(request, pk, what="guardians")
    if opened.log.is_closed or opened.log.child.answers_alone:
        return redirect("stafettlogg:guardians", pk=pk)
    title, kind = _("Barnevernet har omsorgen"), _kind(request)
    if not kind:
        form = CareKindForm(posted(request), about=opened.log.pk)
        lead = _("Skriv bare inn et vedtak du har sett. Står barnevernet bare som tjeneste, skal du ikke bruke dette.")
        return guardian_form_page(request, opened, form, title=title, lead=lead, submit=_("Neste"))
    people = selectors.who_can_answer if answers(kind) else selectors.parents_of
    form = CareForm(
        request.POST if "step" in request.POST else None,
        kind=kind,
        people=people(opened.log.child_id),
        today=timezone.localdate(),
        about=opened.log.pk,
    )
    if form.is_bound and form.is_valid():

        def create():
            services.record_care(pk, form.care(), actor=request.user, now=timezone.now())
            return reverse("stafettlogg:guardians", args=[pk])

        if response := create_once(request, form, "record-care", create):
            return response
    return guardian_form_page(
        request, opened, form, title=CareKind(kind).label, lead=_lead(kind), submit=_("Skriv inn vedtaket")
    )


def _kind(request) -> str:
    """The kind chosen in the first step; '' while it is not one of the list."""
    chosen = request.POST.get("kind", "") if request.method == "POST" else ""
    chosen = chosen or drafts.chosen_before("kind", now=timezone.now())
    return chosen if chosen in CareKind.values else ""


def _lead(kind: str) -> str:
    if answers(kind):
        return _(
            "En navngitt person svarer for barnevernstjenesten så lenge vedtaket gjelder. Legg til personen som "
            "foresatt først. Lederen signerer at foreldrene ikke trenger å svare."
        )
    if kind == CareKind.VOLUNTARY:
        return _("Foreldrene svarer som før. Når barnet flytter, spør vi alle på nytt.")
    return _("Forelderen kan ikke lese eller svare fra nå av. Lederen får beskjed.")


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def end_care(request: SignedInRequest, pk: UUID, decision_id: UUID) -> HttpResponse:
    """The care is given back, or the child moves: everyone is asked anew."""
    opened = open_consents(request, pk, what="guardians")
    decision = CareDecision.objects.filter(pk=decision_id, log=opened.log.pk, ended_at=None).first()
    if decision is None or not decision.lasts:
        raise Http404
    form = CareEndForm(posted(request), about=decision.pk)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_care(decision.pk, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return done(request, pk, _("Vedtaket er avsluttet. Alle er spurt på nytt."))
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Vedtaket gjelder ikke lenger"),
        lead=_(
            "Alle som har foreldreansvar, blir spurt på nytt, og delingen stopper til de har svart. Den som svarte for "
            "barnevernstjenesten, kan ikke lese lenger."
        ),
        submit=_("Avslutt vedtaket"),
    )
