"""«Skjul sted nå»: pressed by whoever holds the log or leads where it is held (safety.md S34)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.services import record_refusal
from apps.core.dates import format_long
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import GUARDIAN_RELATIONS
from apps.stafettlogg.forms.hidden_places import HidePlaceForm, ShowPlaceForm
from apps.stafettlogg.models import Guardian, HiddenPlace, Log
from apps.stafettlogg.rules.hidden_places import DAYS
from apps.stafettlogg.selectors import signing
from apps.stafettlogg.services import hidden_places as services
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.opening import ReasonNeeded
from apps.stafettlogg.views.pages import attempt, create_once
from apps.stafettlogg.views.signing import open_signing

HOLDERS_PAGE, LEADERS_PAGE = "stafettlogg:guardians", "stafettlogg:leader_decisions"


def _open(request: SignedInRequest, pk: UUID) -> tuple[Log, str, str]:
    """The log, and the page to go back to with its name. The leader opens it as one who signs: no content is read."""
    if signing.log_to_sign(request.user, pk, timezone.now()) is not None:
        return open_signing(request, pk), LEADERS_PAGE, _("Signer")
    try:
        return open_consents(request, pk, what="guardians").log, HOLDERS_PAGE, _("Foresatte")
    except ReasonNeeded as needed:  # one who leads only somebody who takes part decides nothing here
        record_refusal(actor=request.user, log_id=pk, what="guardians")
        raise Http404 from needed


@require_http_methods(["GET", "HEAD", "POST"])
def hide_place(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    log, back, label = _open(request, pk)
    guardian = Guardian.objects.filter(pk=guardian_id, child=log.child_id, relation__in=GUARDIAN_RELATIONS).first()
    if guardian is None:
        raise Http404
    form = HidePlaceForm(posted(request), about=guardian.pk)
    if request.method == "POST" and form.is_valid():

        def create():
            word_from = form.cleaned_data["word_from"]
            services.hide_place(pk, guardian.pk, word_from=word_from, actor=request.user, now=timezone.now())
            return reverse(back, args=[pk])

        if response := create_once(request, form, "hide-place", create):
            words = _("Skjult fra nå. %(name)s ser bare det som sto der sist loggen ble åpnet.")
            messages.success(request, words % {"name": guardian.given_name})
            return response
    name = {"name": guardian.given_name}
    context = {
        "title": _("Skjul sted for %(name)s") % {"name": guardian.name},
        "lead": _(
            "Bruk dette når noen er i fare eller har flyktet. Det gjelder med en gang, i alle stafettlogger om barnet."
        ),
        "form": form,
        "stops": [
            _("%(name)s ser ingen ny tjeneste, ansatt, møtetid, tekst eller åpning.") % name,
            _("Det vi ikke har rukket å sende til %(name)s, blir stoppet.") % name,
            _("Beskjeder du skriver til %(name)s, blir ikke vist før dette er avsluttet.") % name,
            _("Ingenting sier til %(name)s at noe er skjult. Det står «Neste møte: vi gir deg beskjed».") % name,
        ],
        "stays": [
            _("%(name)s kan fortsatt lese det som sto der sist hun eller han åpnet stafettloggen.") % name,
            _("Det varer i %(days)s dager. Ingenting blir vist av seg selv etterpå.") % {"days": DAYS},
            _("Gjelder det flere barn, gjør du det samme i stafettloggen til hvert barn."),
        ],
        "submit": _("Skjul sted nå"),
        "back_url": reverse(back, args=[pk]),
        "back_label": label,
    }
    return form_page(request, "core/confirm.html", context)


def _hiding(log: Log, hiding_id: UUID) -> HiddenPlace:
    found = HiddenPlace.objects.filter(pk=hiding_id, log=log.pk, origin=None, ended_at=None).select_related("guardian")
    hiding = found.first()
    if hiding is None:
        raise Http404
    return hiding


@require_POST
def confirm_hiding(request: SignedInRequest, pk: UUID, hiding_id: UUID) -> HttpResponse:
    """The leader stands for what the holder did."""
    hiding = _hiding(open_signing(request, pk), hiding_id)
    services.confirm_hiding(hiding.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Du har bekreftet det stafettholderen gjorde."))
    return redirect(LEADERS_PAGE, pk=pk)


@require_POST
def prolong_hiding(request: SignedInRequest, pk: UUID, hiding_id: UUID) -> HttpResponse:
    log, back, _label = _open(request, pk)
    hiding = _hiding(log, hiding_id)

    def prolong() -> None:
        services.prolong_hiding(hiding.pk, actor=request.user, now=timezone.now())

    attempt(request, prolong, _("Forlenget. Det kan ikke forlenges flere ganger."))
    return redirect(back, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def end_hiding(request: SignedInRequest, pk: UUID, hiding_id: UUID) -> HttpResponse:
    """Everything is shown again, and the one who is protected knows of it."""
    log, back, label = _open(request, pk)
    hiding = _hiding(log, hiding_id)
    form = ShowPlaceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.end_hiding(hiding.pk, is_told=form.cleaned_data["is_told"], actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Avsluttet. Den foresatte kan lese alt igjen."))
            return redirect(back, pk=pk)
    name = {"name": hiding.guardian.given_name}
    context = {
        "title": _("Vis alt for %(name)s igjen") % {"name": hiding.guardian.name},
        "lead": _("Det er skjult siden %(day)s.") % {"day": format_long(timezone.localdate(hiding.hidden_at))},
        "form": form,
        "stops": [_("%(name)s kan lese alt som er skrevet og har skjedd, også mens det var skjult.") % name],
        "stays": [
            _("Er det fortsatt farlig, skal du ikke avslutte. Lederen kan sperre %(name)s.") % name,
            _("Har barnet fått fortrolig adresse, er steder og navn skjult som før."),
        ],
        "submit": _("Vis alt igjen"),
        "back_url": reverse(back, args=[pk]),
        "back_label": label,
    }
    return form_page(request, "core/confirm.html", context)
