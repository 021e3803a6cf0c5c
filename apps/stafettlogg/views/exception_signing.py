"""Leaders read and sign one exception (safety.md S27): the leader of the unit, and over a no one of another line."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.enums import Ground, ReadAction, Side
from apps.audit.services import Read, record_reads, record_refusal
from apps.core import proof
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.forms.exceptions import LetterForm, TwoSignForm
from apps.stafettlogg.models import ConsentExceptionGrant, Log
from apps.stafettlogg.selectors import signing as selectors
from apps.stafettlogg.selectors.signing import ToSign
from apps.stafettlogg.services import exception_letters
from apps.stafettlogg.services import exceptions as services
from apps.stafettlogg.views.exceptions import letter_pdf
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.signing import open_signing


@require_http_methods(["GET", "HEAD", "POST"])
def sign_exception(request: SignedInRequest, pk: UUID, grant_id: UUID) -> HttpResponse:
    """The leader of the holder's unit reads what it rests on, and signs (`svar`: ja) or declines (nei)."""
    log = open_signing(request, pk)
    grant = ConsentExceptionGrant.objects.select_related("guardian", "asked_by").filter(pk=grant_id, log=log).first()
    if grant is None:
        raise Http404
    if grant.signed_at is not None:
        return _take_back(request, grant)
    one = _read(request, log, grant, first=request.user)
    form = _two_sign_form(request, one) if one.needs_two else None
    if request.method == "POST":
        response = _sign_or_decline(request, pk, one, form)
        if response is not None:
            return response
    back_url = reverse("stafettlogg:leader_decisions", args=[pk])
    return _page(request, log, one, form=form, back_url=back_url)


def _take_back(request, grant) -> HttpResponse:
    """The one who signed first may take it back (`svar`: nei) while the second has not signed."""
    if request.method == "POST" and request.POST.get("svar") == "nei" and request.user.pk == grant.signed_by_id:
        try:
            services.decline_exception(grant.pk, actor=request.user, now=timezone.now())
            messages.success(request, _("Du har trukket signaturen. Stafettholderen har fått beskjed."))
        except RuleBroken as broken:
            messages.error(request, str(broken))
    return redirect("stafettlogg:leader_decisions", pk=grant.log_id)


def _sign_or_decline(request, pk, one, form) -> HttpResponse | None:
    """None when the form or a rule says no, and the page is shown again with why."""
    now = timezone.now()
    if request.POST.get("svar") == "ja" and (to_proof := proof.asked_for(request)):
        return to_proof
    try:
        if request.POST.get("svar") != "ja":
            services.decline_exception(one.grant.pk, actor=request.user, now=now)
            messages.success(request, _("Du har sagt nei. Stafettholderen har fått beskjed."))
        elif form is None:
            services.sign_exception(one.grant.pk, actor=request.user, now=now)
            messages.success(request, _("Du har signert. Stafettholderen har fått beskjed."))
        elif form.is_valid():
            services.sign_exception(
                one.grant.pk,
                actor=request.user,
                now=now,
                second_leader_id=UUID(form.cleaned_data["second"]),
                dpo_heard_day=form.cleaned_data.get("dpo_heard_day"),
            )
            messages.success(request, _("Du har signert. Unntaket gjelder når den andre lederen også har signert."))
        else:
            return None
    except RuleBroken as broken:
        if form is not None:
            form.add_error(None, str(broken))
            return None
        messages.error(request, str(broken))
    return redirect("stafettlogg:leader_decisions", pk=pk)


def _two_sign_form(request, one) -> TwoSignForm:
    is_signing = request.method == "POST" and request.POST.get("svar") == "ja"
    return TwoSignForm(
        request.POST if is_signing else None,
        others=one.others,
        has_said_no=bool(one.noes),
        today=timezone.localdate(),
        about=one.grant.pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def second_signature(request: SignedInRequest, grant_id: UUID) -> HttpResponse:
    """The leader of another line who was named reads the same and signs too. Everyone else meets the same 404."""
    now = timezone.now()
    grant = selectors.second_to_sign(request.user, grant_id, now)
    if grant is None or grant.signed_by is None:
        record_refusal(actor=request.user, log_id=None, what="signing")
        raise Http404
    one = _read(request, grant.log, grant, first=grant.signed_by)
    if request.method == "POST":
        if request.POST.get("svar") == "ja" and (to_proof := proof.asked_for(request)):
            return to_proof
        try:
            if request.POST.get("svar") == "ja":
                services.sign_as_second(grant.pk, actor=request.user, now=now)
                messages.success(request, _("Du har signert. Stafettholderen har fått beskjed."))
            else:
                services.decline_exception(grant.pk, actor=request.user, now=now)
                messages.success(request, _("Du har sagt nei. Stafettholderen har fått beskjed."))
        except RuleBroken as broken:
            messages.error(request, str(broken))
        return redirect("portal:start")
    return _page(request, grant.log, one, form=None, back_url=reverse("portal:start"))


def _read(request, log: Log, grant: ConsentExceptionGrant, *, first) -> ToSign:
    """What the one who signs reads, written in the audit; a no in it is shown to the guardian who said it alone."""
    one, unit = selectors.to_sign(log, grant, first=first, now=timezone.now()), log.holder.window.unit
    listed = Read(
        log_id=log.pk,
        child_id=log.child_id,
        ground=Ground.LED,
        role_name="Leder",
        unit_id=unit.pk,
        unit_name=unit.name,
    )
    record_reads(actor=request.user, reads=[listed], action=ReadAction.LISTED, what="signing", side=Side.STAFF)
    if one.noes:
        about = grant.guardian.user_id or grant.guardian_id
        answer = replace(listed, about_id=about)
        record_reads(actor=request.user, reads=[answer], action=ReadAction.OPENED, what="own-answer", side=Side.STAFF)
    return one


def _page(request, log, one, *, form, back_url) -> HttpResponse:
    context = {
        "log": log,
        "one": one,
        "form": form,
        "child_name": log.child.given_name or _("barnet"),
        "back_url": back_url,
        "is_second": one.grant.signed_at is not None,
    }
    return form_page(request, "stafettlogg/exception_signing.html", context)


@require_safe
def leader_letter(request: SignedInRequest, pk: UUID, grant_id: UUID) -> HttpResponse:
    """The letter to the guardian, for the leader to print."""
    return letter_pdf(_letter_or_404(open_signing(request, pk), grant_id))


@require_http_methods(["GET", "HEAD", "POST"])
def leader_letter_sent(request: SignedInRequest, pk: UUID, grant_id: UUID) -> HttpResponse:
    grant = _letter_or_404(open_signing(request, pk), grant_id)
    form = LetterForm(posted(request), about=grant.pk)
    back_url = reverse("stafettlogg:leader_decisions", args=[pk])
    if request.method == "POST" and form.is_valid():
        exception_letters.letter_sent(
            grant.pk, route=form.cleaned_data["route"], actor=request.user, now=timezone.now()
        )
        messages.success(request, _("Det står nå at brevet er sendt."))
        return redirect(back_url)
    context = {
        "title": _("Brevet til %(name)s er sendt") % {"name": grant.guardian.name},
        "lead": _("Ingen annen foresatt skal kunne åpne brevet."),
        "form": form,
        "submit": _("Lagre"),
        "back_url": back_url,
        "back_label": _("Signer"),
    }
    return form_page(request, "core/confirm.html", context)


def _letter_or_404(log, grant_id) -> ConsentExceptionGrant:
    found = [grant for grant in selectors.letters_to_send(log, timezone.now()) if grant.pk == grant_id]
    if not found:
        raise Http404
    return found[0]
