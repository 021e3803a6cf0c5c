"""Consent on paper: the form to sign, the copy of a receipt, and the scanned answer. File names say nothing (S22)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.enums import ReadAction
from apps.core import pdf
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import ConsentDocument
from apps.stafettlogg.rules.tongues import tongues
from apps.stafettlogg.selectors import consent_questions, receipts
from apps.stafettlogg.selectors.contact import contact_of
from apps.stafettlogg.selectors.names import child_name, family_reading, unit_name
from apps.stafettlogg.selectors.papers import paper_of
from apps.stafettlogg.services import scans
from apps.stafettlogg.views.consents import answer_or_404, open_consents, waiting_or_404
from apps.stafettlogg.views.opening import hand_out
from apps.stafettlogg.views.pages import log_page


@require_safe
@log_page
def consent_paper(request: SignedInRequest, pk: UUID, request_id: UUID, who: str) -> HttpResponse:
    """The same text as on screen, with boxes to tick and a line to sign. `?del=informasjon`: how the municipality
    processes what it knows, which is no consent, on a sheet of its own."""
    opened = open_consents(request, pk, what=ConsentDocument.PAPER, is_document=True)
    respondent, waiting = waiting_or_404(opened, request_id, who)
    reading = family_reading(opened.log)
    context = {
        "paper": paper_of(opened.log, respondent, waiting, reading, timezone.now()),
        "unit_name": unit_name(opened.log, reading),
        "contact": contact_of(opened.log, reading),
        "request": waiting.request,
        "tongues": tongues(),
        "municipality": settings_row(),
    }
    if request.GET.get("del") == "informasjon":
        context["text"] = consent_questions.information(timezone.now())
        content = _pdf("pdf/consent_information.html", context, title=_("Slik behandler vi opplysninger"))
        return hand_out(
            request, opened, content, what=ConsentDocument.PAPER, action=ReadAction.PRINTED, file_name="informasjon.pdf"
        )
    content = _pdf("pdf/consent_paper.html", context, title=_("Svar på spørsmålet om samtykke"))
    return hand_out(
        request, opened, content, what=ConsentDocument.PAPER, action=ReadAction.PRINTED, file_name="samtykke.pdf"
    )


@require_safe
@log_page
def receipt_copy(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    """The receipt as a letter, for those who do not use the portal (S12)."""
    opened = open_consents(request, pk, what=ConsentDocument.RECEIPT, is_document=True)
    answer = answer_or_404(opened, answer_id)
    reading = family_reading(opened.log)
    place = answer.guardian.name if answer.guardian else opened.log.child.full_name
    name = receipts.given_by(answer, place=place)
    context = {
        "receipt": receipts.receipt(opened.log, answer, reading, name=name),
        "answer": answer,
        "is_youth": answer.is_youth,
        "child": child_name(opened.log),
        "unit_name": unit_name(opened.log, reading),
        "contact": contact_of(opened.log, reading),
        "municipality": settings_row(),
    }
    content = _pdf("pdf/consent_receipt.html", context, title=_("Kvittering"))
    name = f"kvittering-{answer.reference}.pdf"
    return hand_out(request, opened, content, what=ConsentDocument.RECEIPT, action=ReadAction.PRINTED, file_name=name)


@require_safe
@log_page
def consent_scan(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    """The signed paper as it was photographed."""
    opened = open_consents(request, pk, what=ConsentDocument.SCAN, is_document=True)
    answer = answer_or_404(opened, answer_id)
    if not answer.scan:
        raise Http404
    content, content_type = scans.content_of(answer)
    return hand_out(
        request,
        opened,
        content,
        what=ConsentDocument.SCAN,
        action=ReadAction.DOWNLOADED,
        file_name=answer.scan_name,
        content_type=content_type,
    )


def _pdf(template, context, *, title) -> bytes:
    return pdf.render(template, context, title=title, language=get_language())
