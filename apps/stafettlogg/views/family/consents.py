"""The reader's own consents: what was said, the receipts, and «Jeg har ikke gitt dette»."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.dates import format_long, local_day
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import About, AccessKind, Action, ConsentDocument
from apps.stafettlogg.forms.family import ConfirmForm
from apps.stafettlogg.models import ConsentAnswer
from apps.stafettlogg.selectors import consent_questions as questions
from apps.stafettlogg.selectors import family_own as selectors
from apps.stafettlogg.selectors import receipts
from apps.stafettlogg.selectors.exceptions import own_exceptions
from apps.stafettlogg.selectors.family_state import state_of
from apps.stafettlogg.selectors.names import child_name
from apps.stafettlogg.selectors.own_logs import guardians_to_choose
from apps.stafettlogg.selectors.withdrawals import own_withdrawals
from apps.stafettlogg.services import consents
from apps.stafettlogg.views.family.pages import family_page, open_family, posted, receipt_pdf, spoken, what_to_do


def _own_answer(opened, answer_id) -> ConsentAnswer:
    answer = selectors.own_answer(opened.log, opened.row, answer_id)
    if answer is None:
        raise Http404
    return answer


def _receipt(request, opened, answer) -> receipts.Receipt:
    guardian = selectors.own_guardian(opened.log, opened.row)
    place = guardian.name if guardian is not None else request.user.name
    name = receipts.given_by(answer, place=place)
    return receipts.receipt(opened.log, answer, opened.reading, name=name)


@require_safe
@family_page
def consent_receipt(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    """In the language it was answered in."""
    opened = open_family(request, pk, what="consent")
    answer = _own_answer(opened, answer_id)
    with translation.override(spoken(answer.language)):
        state = state_of(opened.log, opened.row, opened.reading, opened.now)
        context = opened.context(
            receipt=_receipt(request, opened, answer),
            answer=answer,
            state=state,
            act=what_to_do(opened.log, state),
            may_dispute=selectors.may_dispute(answer),
            withdraw_url=_withdraw_url(opened, answer),
            threads=_threads(opened, answer),
            months=settings_row().consent_months,
        )
        response = render(request, "stafettlogg/family/receipt.html", context)
        response.headers["Content-Language"] = translation.get_language()
    return response


def _withdraw_url(opened, answer) -> str:
    """Where what this answer allowed is taken back: straight to its only service, else to all the reader's consents."""
    given, is_own = set(answer.consents.values_list("unit_id", flat=True)), answer.request.about == About.OWN
    rows = [row for row in _own(opened) if row.about_her == is_own and row.can_withdraw]
    units = [row.unit.pk for row in rows if row.unit.pk in given]
    if len(units) == 1:
        name = "stafettlogg:withdraw_own" if is_own else "stafettlogg:withdraw"
        return reverse(name, args=[opened.log.pk, units[0]])
    return reverse("stafettlogg:own_consents", args=[opened.log.pk]) if units else ""


def _threads(opened, answer) -> list[selectors.OwnConsent]:
    """What she and the service write, where this answer is about herself."""
    if answer.request.about != About.OWN:
        return []
    return [row for row in _own(opened) if row.thread is not None]


def _own(opened) -> list[selectors.OwnConsent]:
    return selectors.own_consents(opened.log, opened.row, opened.reading, opened.now)


@require_safe
@family_page
def consent_receipt_pdf(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    opened = open_family(request, pk, what=ConsentDocument.RECEIPT, is_document=True)
    answer = _own_answer(opened, answer_id)
    with translation.override(spoken(answer.language)):
        context = opened.context(receipt=_receipt(request, opened, answer), answer=answer, municipality=settings_row())
        return receipt_pdf(request, opened, "pdf/consent_receipt.html", context, reference=answer.reference)


@require_safe
@family_page
def own_consents(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="consent")
    rows = _own(opened)
    context = opened.context(
        state=state_of(opened.log, opened.row, opened.reading, opened.now),
        rows=[row for row in rows if not row.about_her],
        own_rows=[row for row in rows if row.about_her],
        answers=selectors.own_answers(opened.log, opened.row),
        withdrawals=own_withdrawals(opened.log, opened.row),
        questions=questions.questions_in(request.user, opened.log, opened.now),
        exceptions=[
            (child_name(opened.log), one)
            for one in own_exceptions(request.user.pk, opened.now, log_ids=[opened.log.pk])
        ],
        withdrawable=[row for row in rows if row.can_withdraw and not row.about_her],
        chooses_readers=opened.row.kind == AccessKind.YOUTH and bool(guardians_to_choose(opened.log, opened.today)),
    )
    return render(request, "stafettlogg/family/consents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def dispute(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    """«Jeg har ikke gitt dette»: for an answer somebody else wrote down (safety.md S12)."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    answer = _own_answer(opened, answer_id)
    if not selectors.may_dispute(answer):
        return redirect("stafettlogg:consent_receipt", pk=pk, answer_id=answer_id)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        consents.dispute(answer.pk, actor=request.user, now=opened.now)
        messages.success(request, _("Takk for at du sa fra. Vi har stoppet all deling som bygde på svaret."))
        return redirect("stafettlogg:own_consents", pk=pk)
    context = opened.context(
        title=_("Si fra at du ikke har gitt dette svaret"),
        form=form,
        lead=_("Svaret ble skrevet ned %(day)s, med referanse %(reference)s.")
        % {"day": format_long(local_day(answer.answered_at)), "reference": answer.reference},
        stops=[
            _("Vi slutter med en gang å dele det som bygger på svaret."),
            _("%(name)s og lederen får beskjed og finner ut hva som har skjedd.") % {"name": opened.contact.name},
        ],
        stays=[_("Du kan svare selv, her eller i et møte, når du vil.")],
        submit=_("Jeg har ikke gitt dette"),
        back_url=reverse("stafettlogg:consent_receipt", args=[pk, answer_id]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)
