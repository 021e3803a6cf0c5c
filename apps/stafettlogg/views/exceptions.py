"""The stafettholder's pages about exceptions: what is asked for, attempts to reach a guardian, the letter (S27)."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import drafts, pdf
from apps.core.errors import RuleBroken
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import ExceptionGround
from apps.stafettlogg.forms.exceptions import REACHED, ContactForm, ExceptionForm, LetterForm, ProofForm
from apps.stafettlogg.models import ConsentExceptionGrant
from apps.stafettlogg.selectors import exceptions as selectors
from apps.stafettlogg.services import exception_letters, signs_of_life
from apps.stafettlogg.services import exceptions as services
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.guardians import done, guardian_form_page, guardian_or_404
from apps.stafettlogg.views.pages import create_once, log_page


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def guardian_exception(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    """Ask the leader to sign that this guardian's yes is not needed (S7): first the ground, then what it rests on.

    The address holds neither (S22).
    """
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id)
    title = _("Be om unntak fra at %(name)s må svare") % {"name": guardian.name}
    ground = _ground(request)
    if not ground:
        return guardian_form_page(
            request,
            opened,
            ExceptionForm(posted(request), about=guardian.pk),
            title=title,
            lead=_("Alle med foreldreansvar skal si ja. Lederen kan signere et unntak når det er helt nødvendig."),
            submit=_("Neste"),
        )
    today = timezone.localdate()
    form = ProofForm(request.POST if "step" in request.POST else None, ground=ground, today=today, about=guardian.pk)
    if form.is_bound and form.is_valid():
        try:
            services.ask_exception(pk, guardian.pk, proof=form.proof(), actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return done(request, pk, _("Lederen er bedt om å signere. Unntaket gjelder først da."))
    return guardian_form_page(
        request,
        opened,
        form,
        title=title,
        lead=_("Grunn: %(ground)s.") % {"ground": ExceptionGround(ground).label},
        submit=_("Be lederen signere"),
    )


def _ground(request) -> str:
    """The ground chosen in the first step; '' while it is not one of the list."""
    chosen = request.POST.get("ground", "") if request.method == "POST" else ""
    chosen = chosen or drafts.chosen_before("ground", now=timezone.now())
    return chosen if chosen in ExceptionGround.values else ""


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def guardian_reached(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    """Write down an attempt to reach a guardian, or that they spoke."""
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id)
    form = ContactForm(posted(request), today=timezone.localdate(), about=guardian.pk)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data

        def create():
            signs_of_life.write_contact(
                pk,
                guardian.pk,
                day=answers["day"],
                channel=answers["channel"],
                was_reached=answers["result"] == REACHED,
                actor=request.user,
                now=timezone.now(),
            )
            return reverse("stafettlogg:guardians", args=[pk])

        if response := create_once(request, form, "write-contact", create):
            return response
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Skriv ned at du har prøvd å nå %(name)s") % {"name": guardian.name},
        lead=_("Skriv bare når og hvordan. Ikke skriv hva dere snakket om."),
        submit=_("Lagre"),
    )


@require_safe
@log_page
def exception_letter(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    """The letter to the guardian, to print. It names nobody but the leader to ring."""
    opened = open_consents(request, pk, what="guardians")
    return letter_pdf(_letter_or_404(opened.log, guardian_or_404(opened, guardian_id).pk))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def exception_letter_sent(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id)
    grant = _letter_or_404(opened.log, guardian.pk)
    if grant.letter_sent_at is not None:
        return redirect("stafettlogg:guardians", pk=pk)
    form = LetterForm(posted(request), about=guardian.pk)
    if request.method == "POST" and form.is_valid():
        exception_letters.letter_sent(
            grant.pk, route=form.cleaned_data["route"], actor=request.user, now=timezone.now()
        )
        return done(request, pk, _("Det står nå at brevet er sendt."))
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Brevet til %(name)s er sendt") % {"name": guardian.name},
        lead=_("Ingen annen foresatt skal kunne åpne brevet."),
        submit=_("Lagre"),
    )


def _letter_or_404(log, guardian_id) -> ConsentExceptionGrant:
    grant = selectors.letter_to_send(log, guardian_id, timezone.now())
    if grant is None:
        raise Http404
    return grant


def letter_pdf(grant: ConsentExceptionGrant) -> HttpResponse:
    """The letter about this exception, in the guardian's language. Neither it nor its name says whom it is about."""
    spoken = grant.guardian.language
    language = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {"grant": grant, "leader": selectors.leader_to_ring(grant), "municipality": settings_row()}
        title = _("Brev fra %(name)s") % {"name": settings_row().name}
        content = pdf.render("pdf/exception_letter.html", context, title=title, language=language)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="brev.pdf"'
    return response
