"""The letter to one of the family who has chosen letters: to print, and to tick off. It names nobody (S22)."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import pdf
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.selectors.letters import letter_to
from apps.stafettlogg.services.letters import letter_posted
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.pages import log_page


@require_safe
@log_page
def family_letter(request: SignedInRequest, pk: UUID, user_id: UUID) -> HttpResponse:
    """In the language of the one it is to, whose name stands on the envelope alone."""
    due = letter_to(open_consents(request, pk).log, user_id, timezone.now())
    if due is None:
        raise Http404
    spoken = due.recipient.language
    language = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {"municipality": settings_row(), "address": settings.BASE_URL}
        title = _("Brev fra %(name)s") % {"name": settings_row().name}
        content = pdf.render("pdf/family_letter.html", context, title=title, language=language)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="brev.pdf"'
    return response


@require_POST
@log_page
def family_letter_posted(request: SignedInRequest, pk: UUID, user_id: UUID) -> HttpResponse:
    opened = open_consents(request, pk)
    if letter_to(opened.log, user_id, timezone.now()) is None:
        raise Http404
    letter_posted(opened.log.pk, user_id, actor=request.user, now=timezone.now())
    messages.success(request, _("Notert. Brevet er sendt."))
    return redirect("stafettlogg:consents", pk=pk)
