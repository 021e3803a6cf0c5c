"""The reader's own consents: receipts, withdrawing, and «Jeg har ikke gitt dette»."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.enums import ReadAction
from apps.core import pdf
from apps.core.dates import format_long, local_day
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.core.text import joined
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import AccessKind, Action, ConsentDocument
from apps.stafettlogg.forms.family import ConfirmForm
from apps.stafettlogg.selectors import consent_questions as questions
from apps.stafettlogg.selectors import family_own as selectors
from apps.stafettlogg.selectors.consents import units_sharing
from apps.stafettlogg.selectors.exceptions import own_exceptions
from apps.stafettlogg.selectors.names import child_name
from apps.stafettlogg.selectors.own_logs import guardians_to_choose
from apps.stafettlogg.selectors.windows import word_is_needed
from apps.stafettlogg.services import consents
from apps.stafettlogg.views.family.pages import family_page, open_family, posted
from apps.stafettlogg.views.opening import hand_out


def _receipt(request, opened, answer_id) -> questions.Receipt:
    answer = selectors.own_answer(opened.log, opened.row, answer_id)
    if answer is None:
        raise Http404
    guardian = selectors.own_guardian(opened.log, opened.row)
    place = guardian.name if guardian is not None else request.user.name
    name = questions.given_by(answer, place=place)
    return questions.receipt(opened.log, answer, opened.reading, name=name)


@require_safe
@family_page
def consent_receipt(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="consent")
    receipt = _receipt(request, opened, answer_id)
    answer = receipt.answer
    context = opened.context(
        receipt=receipt,
        answer=answer,
        is_shared=receipt.said_yes and selectors.is_all_shared(opened.log, answer, opened.now),
        may_dispute=selectors.may_dispute(answer),
        withdraw_url=_withdraw_url(opened, answer),
        months=settings_row().consent_months,
    )
    return render(request, "stafettlogg/family/receipt.html", context)


def _withdraw_url(opened, answer) -> str:
    """Where what this answer allowed is taken back: straight to its only service, else to all the reader's consents."""
    given = set(answer.consents.values_list("unit_id", flat=True))
    units = [row.unit.pk for row in _own(opened) if row.can_withdraw and row.unit.pk in given]
    if len(units) == 1:
        return reverse("stafettlogg:withdraw", args=[opened.log.pk, units[0]])
    return reverse("stafettlogg:own_consents", args=[opened.log.pk]) if units else ""


def _own(opened) -> list[selectors.OwnConsent]:
    return selectors.own_consents(opened.log, opened.row, opened.reading, opened.now)


@require_safe
@family_page
def consent_receipt_pdf(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    opened = open_family(request, pk, what=ConsentDocument.RECEIPT, is_document=True)
    receipt = _receipt(request, opened, answer_id)
    context = opened.context(receipt=receipt, answer=receipt.answer, municipality=settings_row())
    content = pdf.render("pdf/consent_receipt.html", context, title=_("Kvittering"), language=get_language())
    name = f"kvittering-{receipt.answer.reference}.pdf"
    return hand_out(
        request, opened, content, what=ConsentDocument.RECEIPT, action=ReadAction.DOWNLOADED, file_name=name
    )


@require_safe
@family_page
def own_consents(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="consent")
    rows = _own(opened)
    context = opened.context(
        rows=rows,
        answers=selectors.own_answers(opened.log, opened.row),
        questions=questions.questions_in(request.user, opened.log, opened.now),
        exceptions=[
            (child_name(opened.log), one)
            for one in own_exceptions(request.user.pk, opened.now, log_ids=[opened.log.pk])
        ],
        withdrawable=[row for row in rows if row.can_withdraw],
        chooses_readers=opened.row.kind == AccessKind.YOUTH and bool(guardians_to_choose(opened.log, opened.today)),
    )
    return render(request, "stafettlogg/family/consents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def withdraw(request: SignedInRequest, pk: UUID, unit_id: UUID | None = None) -> HttpResponse:
    """One page says what stops and what is kept; one press withdraws. `unit_id` empty: everything."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    rows = [row for row in _own(opened) if row.can_withdraw and unit_id in (None, row.unit.pk)]
    if not rows:
        return redirect("stafettlogg:own_consents", pk=pk)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        guardian = selectors.own_guardian(opened.log, opened.row)
        consents.withdraw(
            opened.log.pk,
            guardian_id=guardian.pk if guardian is not None else None,
            unit_ids=[row.unit.pk for row in rows],
            actor=request.user,
            now=opened.now,
        )
        return redirect("stafettlogg:withdrawn", pk=pk)
    one = _("Trekk samtykket for %(service)s") % {"service": rows[0].name}
    context = opened.context(
        title=one if unit_id else _("Trekk samtykket"),
        form=form,
        lead=_withdrawing(opened, rows),
        stops=_stops(opened, rows),
        stays=[
            _("Du mister ingen rettigheter. Hjelpen du har fra før, fortsetter.")
            if opened.row.kind == AccessKind.YOUTH
            else _("Barnet mister ingen rettigheter. Hjelpen barnet har fra før, fortsetter."),
            _("Det som allerede er skrevet, blir arkivert. Du kan fortsatt lese det."),
            _("Du kan si ja igjen. Si fra til %(name)s, så spør vi på nytt.") % {"name": opened.contact.name},
        ],
        submit=_("Trekk samtykket"),
        back_url=reverse("stafettlogg:own_consents", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)


def _withdrawing(opened, rows) -> str:
    names = joined([row.name for row in rows])
    words = _("Du trekker samtykket for %(services)s. Du trenger ikke å si hvorfor.")
    return words % {"services": names}


def _stops(opened, rows) -> list[str]:
    """What ends: every service when it is the unit that holds the log, else the chosen ones. Promised only of those
    where the reader's word is needed: the services are let in by the same rule (S27).
    """
    guardian = selectors.own_guardian(opened.log, opened.row)
    own_id = guardian.pk if guardian is not None else None
    holder_unit = opened.log.holder.window.unit_id
    stop = [row for row in rows if row.about_her or word_is_needed(opened.log, own_id, row.unit, opened.now)]
    lines = []
    if any(row.unit.pk == holder_unit for row in stop):
        lines.append(_("Ingen tjenester kan lese stafettloggen lenger. Det gjelder med en gang."))
    else:
        lines += [_("%(unit)s mister tilgangen med en gang.") % {"unit": row.name} for row in stop]
    if len(stop) < len(rows):
        lines.append(_("Andre svarer for barnet nå. Tjenester de har sagt ja til, kan fortsatt lese."))
    lines.append(_("%(name)s får vite at du har trukket samtykket.") % {"name": opened.contact.name})
    return lines


@require_safe
@family_page
def withdrawn(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The receipt for what the reader has taken back, as it stands: what is not shared is read from the windows."""
    opened = open_family(request, pk, what="consent")
    rows = [row for row in _own(opened) if row.said_no]
    if not rows:
        return redirect("stafettlogg:own_consents", pk=pk)
    sharing = {unit.pk for unit in units_sharing(opened.log, opened.now)}
    lines = [_("Det gjelder fra nå, %(day)s.") % {"day": format_long(opened.today)}]
    if not sharing:
        lines.append(_("Ingen tjenester kan lese stafettloggen nå."))
    still = joined([row.name for row in rows if row.unit.pk in sharing])
    if still:
        lines.append(_("Kan fortsatt lese stafettloggen: %(services)s.") % {"services": still})
    context = opened.context(rows=[row for row in rows if row.unit.pk not in sharing], lines=lines)
    return render(request, "stafettlogg/family/withdrawn.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def dispute(request: SignedInRequest, pk: UUID, answer_id: UUID) -> HttpResponse:
    """«Jeg har ikke gitt dette»: for an answer somebody else wrote down (safety.md S12)."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    receipt = _receipt(request, opened, answer_id)
    if not selectors.may_dispute(receipt.answer):
        return redirect("stafettlogg:consent_receipt", pk=pk, answer_id=answer_id)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        consents.dispute(receipt.answer.pk, actor=request.user, now=opened.now)
        messages.success(request, _("Takk for at du sa fra. Vi har stoppet det svaret åpnet for."))
        return redirect("stafettlogg:own_consents", pk=pk)
    context = opened.context(
        title=_("Si fra at du ikke har gitt dette svaret"),
        form=form,
        lead=_("Svaret ble skrevet ned %(day)s, med referanse %(reference)s.")
        % {"day": format_long(local_day(receipt.answer.answered_at)), "reference": receipt.answer.reference},
        stops=[
            _("Det svaret åpnet for, stopper med en gang."),
            _("%(name)s og lederen får beskjed og finner ut hva som har skjedd.") % {"name": opened.contact.name},
        ],
        stays=[_("Du kan svare selv, her eller i et møte, når du vil.")],
        submit=_("Jeg har ikke gitt dette"),
        back_url=reverse("stafettlogg:consent_receipt", args=[pk, answer_id]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)
