"""The leader signs blocks and the end of protection, and finds what waits: neither content nor anyone's answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.services import Read, record_reads, record_refusal
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import GUARDIAN_RELATIONS, AddressProtection
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.guardians import BlockForm, ProtectionEndForm
from apps.stafettlogg.models import Guardian, LinkCut, Log
from apps.stafettlogg.selectors import signing as selectors
from apps.stafettlogg.selectors.breaches import breaches_of
from apps.stafettlogg.selectors.care import to_be_kept_out
from apps.stafettlogg.selectors.hidden_places import shown_in
from apps.stafettlogg.services import address_protection as protection_services
from apps.stafettlogg.services import exceptions as services
from apps.stafettlogg.services import links
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.pages import create_once


def open_signing(request: SignedInRequest, pk: UUID) -> Log:
    """The log, for its impartial leader; written in the read audit. Everyone else meets the same 404."""
    log = selectors.log_to_sign(request.user, pk, timezone.now())
    if log is None:
        record_refusal(actor=request.user, log_id=pk, what="signing")
        raise Http404
    unit = log.holder.window.unit
    read = Read(
        log_id=log.pk,
        child_id=log.child_id,
        ground=Ground.LED,
        role_name=_("Leder"),
        unit_id=unit.pk,
        unit_name=unit.name,
    )
    record_reads(actor=request.user, reads=[read], action=ReadAction.LISTED, what="signing", side=Side.STAFF)
    return log


@require_safe
def leader_decisions(request: SignedInRequest, pk: UUID) -> HttpResponse:
    log = open_signing(request, pk)
    today = timezone.localdate()
    guardians = [(guardian, guardian.is_blocked(today)) for guardian in selectors.guardians_to_block(log)]
    hidden = shown_in(log)
    context = {
        "log": log,
        "child_name": log.child.given_name or _("barnet"),
        "exceptions": selectors.exceptions_to_sign(log),
        "letters": selectors.letters_to_send(log, timezone.now()),
        "breaches": breaches_of(log),
        "municipality": settings_row(),
        "guardians": guardians,
        "kept_out": to_be_kept_out(log, today),
        "hiding": [(guardian, hidden.get(guardian.pk)) for guardian, _is_blocked in guardians],
        "form": PlainForm(),
        "is_protected": log.child.address_protection != AddressProtection.NONE,
    }
    return render(request, "stafettlogg/guardian_signing.html", context)


@require_POST
def breach_reported(request: SignedInRequest, pk: UUID, cut_id: UUID) -> HttpResponse:
    """The leader has told the data protection officer of what a wrong account has read (S29)."""
    log = open_signing(request, pk)
    try:
        links.note_dpo_told(log.pk, cut_id, actor=request.user, now=timezone.now())
    except LinkCut.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Det står nå at personvernombudet har fått beskjed."))
    return redirect("stafettlogg:leader_decisions", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def block_guardian(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    log = open_signing(request, pk)
    guardian = _guardian_or_404(log, guardian_id)
    form = BlockForm(posted(request), today=timezone.localdate(), about=guardian.pk)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("ground", "decision_number", "last_day")}

        def create():
            services.block_guardian(pk, guardian.pk, actor=request.user, now=timezone.now(), **answers)
            return reverse("stafettlogg:leader_decisions", args=[pk])

        if response := create_once(request, form, "block-guardian", create):
            messages.success(request, _("Sperren gjelder fra nå."))
            return response
    context = {
        "title": _("Sperr %(name)s") % {"name": guardian.name},
        "lead": _("Sperr bare når det finnes et vedtak eller en dom. Du signerer med navnet ditt."),
        "form": form,
        "stops": [
            _("Den foresatte ser ikke stafettloggen, og får ikke vite at den finnes."),
            _("Den foresatte trenger ikke å si ja så lenge sperren varer."),
        ],
        "stays": [
            _(
                "Når sperren er over, kommer ingenting tilbake av seg selv. Stafettholderen kontrollerer "
                "foreldreansvaret på nytt."
            )
        ],
        "submit": _("Signer sperren"),
        "back_url": reverse("stafettlogg:leader_decisions", args=[pk]),
        "back_label": _("Signer"),
    }
    return form_page(request, "core/confirm.html", context)


@require_POST
def unblock_guardian(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    log = open_signing(request, pk)
    guardian = _guardian_or_404(log, guardian_id)
    services.unblock_guardian(pk, guardian.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Sperren er opphevet. Stafettholderen kontrollerer foreldreansvaret på nytt."))
    return redirect("stafettlogg:leader_decisions", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def end_protection(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The leader signs that the address is less protected from now on (S17). Also in a log the protection closed."""
    log = open_signing(request, pk)
    form = ProtectionEndForm(posted(request), was=log.child.address_protection)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("became", "ground")}
        try:
            protection_services.end_protection(pk, actor=request.user, now=timezone.now(), **answers)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Du har signert. Stafettholderen har fått beskjed."))
            return redirect("stafettlogg:leader")
    context = {
        "title": _("Vernet av adressen er opphevet"),
        "lead": _("Barnet er registrert med %(protection)s. Du signerer med navnet ditt.")
        % {"protection": log.child.get_address_protection_display().lower()},
        "form": form,
        "stops": [_("Fra nå av ser familien igjen hvem som er med, og fra hvilke tjenester.")],
        "stays": [
            _("Det som er skrevet og har skjedd til nå, er fortsatt skjult. Ingen varsler blir sendt på nytt."),
            _("En foresatt som er sperret, er fortsatt sperret."),
        ],
        "submit": _("Signer at vernet er opphevet"),
        "back_url": reverse("stafettlogg:leader"),
        "back_label": _("Enheten din"),
    }
    return form_page(request, "core/confirm.html", context)


def _guardian_or_404(log: Log, guardian_id) -> Guardian:
    guardian = Guardian.objects.filter(pk=guardian_id, child=log.child_id, relation__in=GUARDIAN_RELATIONS).first()
    if guardian is None:
        raise Http404
    return guardian
