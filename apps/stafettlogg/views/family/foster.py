"""How a foster parent opens a log, and the page where child welfare answers what she may read (safety.md S36)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.audit.services import record_refusal
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import EVERY_SCOPE, Action
from apps.stafettlogg.forms.foster import FosterAnswerForm
from apps.stafettlogg.models import FosterPlace
from apps.stafettlogg.selectors import birth_date
from apps.stafettlogg.selectors import foster as selectors
from apps.stafettlogg.selectors.names import reading_for
from apps.stafettlogg.services import foster as services
from apps.stafettlogg.views.family.pages import (
    BirthDateNeeded,
    FamilyLog,
    check_is_opened,
    family_page,
    open_family,
    posted,
)
from apps.stafettlogg.views.opening import open_log


@dataclass(frozen=True)
class FosterLog(FamilyLog):
    """A log opened by a foster parent, and the place she has in it."""

    place: FosterPlace

    def context(self, **context: Any) -> dict[str, Any]:
        return super().context(place=self.place, **context)


def open_foster(request: SignedInRequest, pk: UUID, *, what: str) -> FosterLog:
    """The log, for its foster parent alone; everyone else gets the same 404. Nothing of it before it is opened (S5).

    Raises `BirthDateNeeded`, `AccessDenied`.
    """
    now = timezone.now()
    if birth_date.is_needed(request.user, pk, now):
        raise BirthDateNeeded
    opened = open_log(request, pk, what=what, foster=True, scopes=EVERY_SCOPE, check=check_is_opened)
    place = selectors.place_of(opened.log, request.user.pk, timezone.localdate(now))
    if place is None:
        raise Http404
    return FosterLog(opened.log, opened.row, opened.reach, reading_for(opened.log, opened.row), now, place)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def answer_foster(request: SignedInRequest, place_id: UUID) -> HttpResponse:
    """The one who answers for child welfare says what the foster parent may read, and may say otherwise later."""
    place = selectors.place_to_answer(place_id, request.user, timezone.localdate())
    if place is None:
        record_refusal(actor=request.user, log_id=place_id, what="foster")
        raise Http404
    opened = open_family(request, place.care.log_id, what="foster", action=Action.CONSENT)
    standing = place.scope if place.yes_at is not None else None
    form = FosterAnswerForm(posted(request), initial={"answer": standing}, about=place.pk)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_foster(place.pk, **form.answered(), actor=request.user, now=opened.now)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            flash.success(request, _("Svaret er lagret. Stafettholderen får vite det."))
            return redirect("stafettlogg:parent_log", pk=opened.log.pk)
    page = opened.context(form=form, place=place)
    return form_page(request, "stafettlogg/family/answer_foster.html", page)
