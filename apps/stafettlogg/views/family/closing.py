"""Ending: the reader's own consents, the log for all or the reader's own part of it, and undoing it (safety.md S30)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.dates import end_of_day, format_long, last_day_of
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import Action, EndScope
from apps.stafettlogg.forms.family import ConfirmForm, EndForm
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.selectors import closing_wishes, family_closing
from apps.stafettlogg.services import closing
from apps.stafettlogg.services import family_closing as services
from apps.stafettlogg.views.family.pages import FamilyLog, family_page, open_family, posted


def _open(request: SignedInRequest, pk: UUID) -> FamilyLog:
    """In a log of the youth's own nobody else ends anything (S26)."""
    opened = open_family(request, pk, what="closing", action=Action.CLOSE)
    if not rules.may_close_as_family(opened.log, opened.row.kind):
        raise AccessDenied(_("Bare ungdommen selv kan avslutte denne stafettloggen."))
    return opened


def ending_of(opened: FamilyLog) -> family_closing.EndingPage:
    """Who notices what. The number to ring before pressing is the municipality's own."""
    phone = settings_row().phone or opened.contact.phone
    return family_closing.ending_page(
        opened.log, opened.row, opened.reading, opened.contact, phone=phone, now=opened.now
    )


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def family_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What can be ended, the mildest first. Before the child is born it is one quiet step (safety.md S9)."""
    opened = _open(request, pk)
    log = opened.log
    if log.child.is_expected and not log.is_closed:
        return _quietly(request, opened)
    if not log.is_opened:
        return redirect("stafettlogg:parent_log", pk=pk)
    context = opened.context(ending=ending_of(opened), days=settings_row().closing_days)
    return form_page(request, "stafettlogg/family/ending.html", context)


def _quietly(request, opened) -> HttpResponse:
    pk, form = opened.log.pk, ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_quietly(pk, actor=request.user, now=opened.now)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Stafettloggen er avsluttet."))
            return redirect("stafettlogg:children")
    context = opened.context(
        title=_("Avslutt stille"),
        form=form,
        lead=_("Du kan avslutte når du vil. Du trenger ikke å si hvorfor."),
        stops=[
            _("Tjenestene kan ikke lese stafettloggen lenger."),
            _("Alle påminnelser og spørsmål stopper med en gang. Vi gir ikke beskjed til noen."),
        ],
        stays=[
            _("Du kan fortsatt lese det som er skrevet."),
            _("Hjelpen fra hver tjeneste fortsetter, men tjenestene kan ikke snakke sammen i stafettloggen."),
            _("Det som er skrevet, blir arkivert etter reglene i kommunen."),
        ],
        submit=_("Avslutt stille"),
        back_url=reverse("stafettlogg:parent_log", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def family_close_all(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The log is closed for all after some days; where the other side answers alone, the reader leaves it now."""
    opened = _open(request, pk)
    if not opened.log.is_opened or closing_wishes.own_wish(opened.log, request.user) is not None:
        return redirect("stafettlogg:parent_log", pk=pk)
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            wish = services.ask_to_close(
                pk,
                actor=request.user,
                call=form.cleaned_data["call"],
                call_how=form.cleaned_data["call_how"],
                now=opened.now,
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return _asked(request, wish)
    ending, days = ending_of(opened), settings_row().closing_days
    closes = rules.closes_at(opened.today, days=days)
    context = opened.context(form=form, ending=ending, last_day=last_day_of(closes))
    return form_page(request, "stafettlogg/family/ending_all.html", context)


def _asked(request, wish) -> HttpResponse:
    if wish.scope == EndScope.OWN:
        messages.success(request, _("Du er ute av stafettloggen fra nå."))
        return redirect("stafettlogg:children")
    return redirect("stafettlogg:parent_log", pk=wish.log_id)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def family_undo_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The one who asked to close, takes it back. Everyone else meets the log's own page."""
    opened = _open(request, pk)
    wish = closing_wishes.own_wish(opened.log, request.user)
    if wish is None or not opened.log.is_opened:
        return redirect("stafettlogg:parent_log", pk=pk)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.undo_closing(pk, actor=request.user, now=opened.now)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Du har angret. Stafettloggen blir ikke lukket."))
            return redirect("stafettlogg:parent_log", pk=pk)
    until = wish.closes_at or end_of_day(opened.today)
    context = opened.context(
        title=_("Angre avslutningen"),
        form=form,
        lead=_("Du kan angre til og med %(day)s.") % {"day": format_long(last_day_of(until))} if wish.closes_at else "",
        stops=[_("Stafettloggen blir ikke lukket."), _("Vi spør deg på nytt om det du trakk samtykket for.")],
        stays=[_("Vi deler ingenting før du har svart ja.")],
        submit=_("Angre avslutningen"),
        back_url=reverse("stafettlogg:parent_log", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)
