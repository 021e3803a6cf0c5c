"""«Hvem har sett», as the stafettholder sees it: openings by staff, never by the family (safety.md S1, S16)."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.http import page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import Action
from apps.stafettlogg.selectors.family_reads import Month, reads_of_log
from apps.stafettlogg.selectors.names import reading_for
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.pages import log_page, open_content


@require_safe
@log_page
def log_seen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="reads", action=Action.SEE_READS)
    page = page_number(request)
    found = reads_of_log(
        opened.log, opened.row, reading_for(opened.log, opened.row), page=page, today=timezone.localdate()
    )
    # Asking about an opening is for the family.
    months = [Month(month.title, [replace(row, ask_url="") for row in month.rows]) for month in found.months]
    context = {"months": months, **page_urls(request, page, found.has_more)}
    return render(request, "stafettlogg/seen.html", frame.frame_context(opened, frame.SEEN, **context))
