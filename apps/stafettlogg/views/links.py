"""The stafettholder gives a guardian a code to her place, confirms who used it, and cuts a link (safety.md S29)."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core import pdf
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.links import CutForm
from apps.stafettlogg.models import PlaceCode
from apps.stafettlogg.rules.links import CODE_DAYS
from apps.stafettlogg.services import links as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.guardians import done, guardian_form_page, guardian_or_404
from apps.stafettlogg.views.pages import attempt, log_page


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def place_code(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    """One page says what the code is; a press makes it and gives the sheet to print. It is never shown again."""
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id, or_foster=True)
    form = PlainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            code = services.make_code(pk, guardian.pk, actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return _sheet(code, guardian.language)
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Gi %(name)s en kode") % {"name": guardian.name},
        lead=_(
            "Koden kobler plassen til den som skriver den inn. Gi arket til den foresatte selv, i et møte eller i et "
            "brev. Den kommer ikke inn før du har bekreftet hvem som brukte koden."
        ),
        submit=_("Lag koden og skriv ut arket"),
    )


def _sheet(code: str, spoken: str) -> HttpResponse:
    """The sheet with the code. It names nobody, and no log (S22)."""
    language = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        last_day = timezone.localdate() + timedelta(days=CODE_DAYS - 1)
        context = {"code": code, "last_day": last_day, "municipality": settings_row()}
        content = pdf.render("pdf/place_code.html", context, title=_("Kode"), language=language)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="kode.pdf"'
    return response


@require_POST
@log_page
def answer_place_code(request: SignedInRequest, pk: UUID, code_id: UUID) -> HttpResponse:
    """`svar`: ja confirms that the one who used the code is the guardian, nei ends the code."""
    opened = open_consents(request, pk, what="guardians")
    if not PlaceCode.objects.filter(pk=code_id, guardian__child=opened.log.child_id).exists():
        raise Http404
    now = timezone.now()
    if request.POST.get("svar") == "ja":
        attempt(
            request,
            lambda: services.confirm_code(pk, code_id, actor=request.user, now=now),
            _("Plassen er koblet. Den foresatte kan logge inn og svare."),
        )
    else:
        attempt(
            request,
            lambda: services.refuse_code(pk, code_id, actor=request.user, now=now),
            _("Koden gjelder ikke lenger. Ingen er koblet til."),
        )
    return redirect("stafettlogg:guardians", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def cut_link(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id, or_foster=True)
    form = CutForm(posted(request), about=guardian.pk)
    if request.method == "POST" and form.is_valid():
        try:
            services.cut_link(
                pk, guardian.pk, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return done(request, pk, _("Koblingen er brutt. Spørsmålene står åpne til riktig person svarer."))
    page = frame.frame_context(
        opened,
        frame.CONSENTS,
        form=form,
        guardian=guardian,
    )
    return form_page(request, "stafettlogg/cut_link.html", page)
