"""Taking back a consent: who notices what first, one press, and a receipt as full as that of a yes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.core.text import joined
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import About, AccessKind, Action, ConsentDocument
from apps.stafettlogg.forms.family import ConfirmForm
from apps.stafettlogg.models import ConsentWithdrawal
from apps.stafettlogg.selectors import family_own
from apps.stafettlogg.selectors import withdrawals as selectors
from apps.stafettlogg.selectors.exceptions import others_answer
from apps.stafettlogg.selectors.family_state import state_of
from apps.stafettlogg.selectors.windows import word_is_needed
from apps.stafettlogg.services import consents
from apps.stafettlogg.views.family.closing import ending_of
from apps.stafettlogg.views.family.pages import FamilyLog, family_page, open_family, posted, receipt_pdf, spoken


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def withdraw(request: SignedInRequest, pk: UUID, unit_id: UUID | None = None) -> HttpResponse:
    """One page says who notices what and what is kept; one press withdraws. `unit_id` empty: everything."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    own = _own(opened)
    rows = [row for row in own if row.can_withdraw and not row.about_her and unit_id in (None, row.unit.pk)]
    if not rows:
        return redirect("stafettlogg:own_consents", pk=pk)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        guardian = family_own.own_guardian(opened.log, opened.row)
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
        lead=_withdrawing(rows),
        noticed=ending_of(opened).withdrawing,
        stops=_stops(opened, rows),
        stays=[
            _("Du mister ingen rettigheter. Hjelpen du har fra før, fortsetter.")
            if opened.row.kind == AccessKind.YOUTH
            else _("Barnet mister ingen rettigheter. Hjelpen barnet har fra før, fortsetter."),
            _("Det som allerede er skrevet, blir arkivert. Du kan fortsatt lese det."),
            _others_answer_now()
            if others_answer(request.user.pk, opened.log, opened.now)
            else _("Du kan si ja igjen. Si fra til %(name)s, så spør vi på nytt.") % {"name": opened.contact.name},
            *_about_herself(own),
        ],
        submit=_("Trekk samtykket"),
        back_url=reverse("stafettlogg:own_consents", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw_consent.html", context)


def _others_answer_now() -> str:
    return _("Andre svarer for barnet nå. Får du svare igjen, spør vi deg på nytt.")


def _about_herself(own: list[family_own.OwnConsent]) -> list[str]:
    if not any(row.about_her and row.can_withdraw for row in own):
        return []
    return [_("Det du har sagt ja til om deg selv, gjelder fortsatt. Du trekker det for seg.")]


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def withdraw_own(request: SignedInRequest, pk: UUID, unit_id: UUID) -> HttpResponse:
    """Take back what she has said yes to about herself: nothing changes in the log, and nobody else notices (S3)."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    row = next((row for row in _own(opened) if row.about_her and row.can_withdraw and row.unit.pk == unit_id), None)
    guardian = family_own.own_guardian(opened.log, opened.row)
    if row is None or guardian is None:
        return redirect("stafettlogg:own_consents", pk=pk)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        consents.withdraw(
            pk, guardian_id=guardian.pk, unit_ids=[unit_id], about=About.OWN, actor=request.user, now=opened.now
        )
        return redirect("stafettlogg:withdrawn", pk=pk)
    name, service = opened.contact.name, opened.reading.service(row.unit)
    context = opened.context(
        title=_("Trekk samtykket for %(service)s") % {"service": row.name},
        form=form,
        lead=_("Det gjelder bare opplysninger om deg. Du trenger ikke å si hvorfor."),
        stops=[
            _("De som arbeider i %(service)s, kan ikke lese samtalen lenger. Det gjelder med en gang.")
            % {"service": service},
            _("Ingen kan skrive mer i den."),
        ],
        stays=[
            _("Du og %(name)s kan fortsatt lese det som står der. %(name)s får vite at du har trukket det.")
            % {"name": name},
            _("Det vi deler om barnet, er som før. Andre foresatte merker ingenting."),
            _("Hjelpen du og barnet har fra før, fortsetter."),
            _("Du kan si ja igjen. Si fra til %(name)s, så spør vi på nytt.") % {"name": name},
        ],
        submit=_("Trekk samtykket"),
        back_url=reverse("stafettlogg:own_consents", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)


def _own(opened: FamilyLog) -> list[family_own.OwnConsent]:
    return family_own.own_consents(opened.log, opened.row, opened.reading, opened.now)


def _withdrawing(rows) -> str:
    words = _("Du trekker samtykket for %(services)s. Du trenger ikke å si hvorfor.")
    return words % {"services": joined([row.name for row in rows])}


def _stops(opened, rows) -> list[str]:
    """What ends: every service when it is the unit that holds the log, else the chosen ones. Promised only of those
    where the reader's word is needed: the services are let in by the same rule (S27).
    """
    guardian = family_own.own_guardian(opened.log, opened.row)
    own_id = guardian.pk if guardian is not None else None
    holder_unit = opened.log.holder.window.unit_id
    stop = [row for row in rows if word_is_needed(opened.log, own_id, row.unit, opened.now)]
    if any(row.unit.pk == holder_unit for row in stop):
        lines = [_("Ingen tjenester kan lese stafettloggen lenger. Det gjelder med en gang.")]
    else:
        lines = [_("%(unit)s mister tilgangen med en gang.") % {"unit": row.name} for row in stop]
    if len(stop) < len(rows):
        lines.append(_("Andre svarer for barnet nå. Tjenester de har sagt ja til, kan fortsatt lese."))
    return lines


@require_safe
@family_page
def withdrawn(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The newest receipt for what the reader has taken back."""
    opened = open_family(request, pk, what="consent")
    newest = next(iter(selectors.own_withdrawals(opened.log, opened.row)), None)
    if newest is None:
        return redirect("stafettlogg:own_consents", pk=pk)
    return redirect("stafettlogg:withdrawal", pk=pk, withdrawal_id=newest.pk)


@require_safe
@family_page
def withdrawal(request: SignedInRequest, pk: UUID, withdrawal_id: UUID) -> HttpResponse:
    """The receipt; it may be opened again at any time."""
    opened = open_family(request, pk, what="consent")
    found = _own_withdrawal(opened, withdrawal_id)
    context = opened.context(
        receipt=selectors.withdrawal_receipt(found, opened.reading),
        state=state_of(opened.log, opened.row, opened.reading, opened.now),
        others_answer=others_answer(request.user.pk, opened.log, opened.now),
    )
    return render(request, "stafettlogg/family/withdrawn.html", context)


@require_safe
@family_page
def withdrawal_pdf(request: SignedInRequest, pk: UUID, withdrawal_id: UUID) -> HttpResponse:
    opened = open_family(request, pk, what=ConsentDocument.RECEIPT, is_document=True)
    found = _own_withdrawal(opened, withdrawal_id)
    with translation.override(spoken(found.language)):
        receipt = selectors.withdrawal_receipt(found, opened.reading)
        context = opened.context(
            receipt=receipt,
            municipality=settings_row(),
            others_answer=others_answer(request.user.pk, opened.log, opened.now),
        )
        return receipt_pdf(request, opened, "pdf/consent_withdrawn.html", context, reference=found.reference)


def _own_withdrawal(opened: FamilyLog, withdrawal_id: UUID) -> ConsentWithdrawal:
    found = selectors.own_withdrawal(opened.log, opened.row, withdrawal_id)
    if found is None:
        raise Http404
    return found
