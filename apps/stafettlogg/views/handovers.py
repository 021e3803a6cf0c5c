"""Giving the stafettpinne on, and the page of the one who is asked to take over."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.enums import Ground, ReadAction
from apps.audit.services import record_refusal
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.guides import selectors as guides
from apps.stafettlogg import access
from apps.stafettlogg.enums import EVERY_SCOPE, AccessKind, Action
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.participants import DeclineForm, OfferForm, PersonForm, ServiceForm
from apps.stafettlogg.models import Handover
from apps.stafettlogg.selectors import handovers as selectors
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors.consents import units_with_own_measures
from apps.stafettlogg.selectors.participants import ServicesToAsk, services_to_ask
from apps.stafettlogg.services import handovers as services
from apps.stafettlogg.services import holders_leaving
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.opening import open_log, record_asked
from apps.stafettlogg.views.pages import attempt, create_once, log_page, posted_unit


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def hand_over(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The offer that waits; else first the service, then who takes over."""
    opened = open_log(request, pk, what="handover", action=Action.HAND_OVER, family=False)
    page = selectors.offers_in(opened.log)
    context: dict[str, Any] = {"page": page, "must_appoint": opened.log.holder.ground == Ground.HANDOVER}
    if page.waiting is not None or not opened.log.is_active:
        return render(request, "stafettlogg/handover_waiting.html", frame.frame_context(opened, "", **context))
    asked = _services(opened.log)
    unit = posted_unit(request, asked.units)
    if unit is not None:
        return _offer_person(request, opened, unit)
    own = opened.log.holder.window.unit_id
    form = ServiceForm(request.POST or None, units=asked.units, unreached=asked.unreached, initial={"unit": own})
    context |= {"form": form}
    return form_page(request, "stafettlogg/handover_service.html", frame.frame_context(opened, "", **context))


def _services(log) -> ServicesToAsk:
    """The holder's own service first, then the others by name; none that takes part in its own measures."""
    own = log.holder.window.unit_id
    asked = services_to_ask(timezone.localdate(), known={own})
    narrow = {unit.pk for unit in units_with_own_measures(log, timezone.now())}
    units = [unit for unit in asked.units if unit.pk not in narrow]
    return replace(asked, units=sorted(units, key=lambda unit: (unit.pk != own, unit.name)))


def _offer_person(request, opened, unit):
    log, now = opened.log, timezone.now()
    places = holders.colleagues(unit, passing_over={log.holder.user_id}, today=timezone.localdate())
    form = OfferForm(request.POST if "person" in request.POST else None, unit=unit, places=places, about=unit.pk)
    if form.is_bound and form.is_valid():

        def create():
            place = form.membership()
            services.offer_handover(
                log.pk,
                to_membership=place,
                to_unit=None if place else unit,
                letter=form.cleaned_data["letter"],
                holder_stays=form.cleaned_data["holder_stays"],
                actor=request.user,
                now=now,
            )
            return reverse("stafettlogg:hand_over", args=[log.pk])

        if response := create_once(request, form, "offer_handover", create):
            messages.success(request, _("Du har tilbudt stafettpinnen til en annen. Du har den til noen tar imot."))
            return response
    shares = log.windows.filter(access.stands_at(now), unit=unit).exists()
    context = frame.frame_context(opened, "", form=form, unit=unit, shares=shares)
    return form_page(request, "stafettlogg/handover_person.html", context)


@require_POST
@log_page
def withdraw_handover(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_log(request, pk, what="handover", action=Action.HAND_OVER, family=False)
    waiting = selectors.offers_in(opened.log).waiting
    if waiting is not None:
        attempt(
            request,
            lambda: services.withdraw_handover(waiting.handover.pk, actor=request.user, now=timezone.now()),
            _("Tilbudet er trukket."),
        )
    return redirect("stafettlogg:hand_over", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """«Dette tar du over»: accept, or (for a leader) name who is asked. Anyone else meets 404."""
    now = timezone.now()
    asked = _asked(request, pk, now)
    is_mine = asked.to_membership is not None and asked.to_membership.user_id == request.user.pk
    places = [] if is_mine else holders.colleagues(asked.to_unit, today=timezone.localdate(now))
    form = PersonForm(request.POST if "person" in request.POST else None, places=places, about=pk)
    if request.method == "POST":
        if is_mine and attempt(
            request,
            lambda: services.accept_handover(asked.pk, actor=request.user, now=now),
            _("Du har tatt imot stafettpinnen."),
        ):
            return redirect("stafettlogg:detail", pk=asked.log_id)
        if not is_mine and form.is_valid():
            place = form.membership()
            attempt(
                request,
                lambda: services.appoint(asked.pk, membership=place, actor=request.user, now=now),
                _("%(name)s er spurt.") % {"name": selectors.place_name(place)},
            )
            return redirect("portal:start")
        if is_mine:
            return redirect("portal:start")
    context = {
        "over": selectors.take_over(asked, now),
        "level_label": frame.level_label(asked.log.level, guides.names()),
        "form": None if is_mine else form,
        "today": timezone.localdate(now),
    }
    return form_page(request, "stafettlogg/handover.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decline_handover(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say no with a reason that the holder alone reads."""
    now = timezone.now()
    asked = _asked(request, pk, now)
    form = DeclineForm(request.POST or None, about=pk)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: services.decline_handover(asked.pk, reason=reason, actor=request.user, now=now),
            _("Du har takket nei. Stafettholderen får beskjed."),
        )
        return redirect("portal:start")
    return form_page(request, "stafettlogg/handover_decline.html", {"form": form, "handover": asked})


def _asked(request, pk, now) -> Handover:
    asked = selectors.asked_handover(request.user, pk, now)
    if asked is None:
        record_refusal(actor=request.user, log_id=None, what="handover")
        raise Http404
    record_asked(
        request, [asked.log], ground=Ground.OFFERED, what="handover", action=ReadAction.OPENED, unit=asked.to_unit
    )
    return asked


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def disqualified(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """«Jeg er inhabil» (S18): the holder's task goes to the leader above at once."""
    opened = open_log(request, pk, what="disqualified", family=False, scopes=EVERY_SCOPE, check=_check_has_a_task)
    form = PlainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holders_leaving.declare_disqualified(pk, actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Du er ute av stafettloggen. Lederen har fått beskjed."))
            return redirect("stafettlogg:list")
    holds = opened.row.kind == AccessKind.HOLDER
    context = {
        "title": _("Jeg kan ikke ha denne saken (inhabil)"),
        "lead": _(
            "Du er inhabil når du er i slekt med barnet eller kjenner familien privat, slik at det kan påvirke deg."
        ),
        "stops": [
            _("Du kan ikke lenger lese eller skrive i stafettloggen."),
            _("Lederen over deg blir stafettholder med en gang, og velger en ny.")
            if holds
            else _("Lederen din får beskjed og finner en annen."),
            _("Familien ser at du ikke er med lenger, men ikke hvorfor."),
        ],
        "form": form,
        "submit": _("Si fra at jeg er inhabil"),
        "back_url": reverse("stafettlogg:participants", args=[pk]),
        "back_label": _("Deltakere"),
    }
    return form_page(request, "core/confirm.html", context)


def _check_has_a_task(opened) -> None:
    if opened.row.kind not in (AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT):
        raise AccessDenied(_("Du har ingen oppgave i denne stafettloggen."))
