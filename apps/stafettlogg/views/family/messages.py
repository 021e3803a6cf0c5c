"""The family's messages: to the holder alone unless they choose all, with the readers named first (safety.md S2)."""

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core import form_keys
from apps.core.dates import format_long, local_day
from apps.core.errors import RuleBroken
from apps.core.http import form_page, page_number, page_urls
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import Audience
from apps.stafettlogg.forms.family import CorrectionForm, FamilyMessageForm
from apps.stafettlogg.forms.foster import FosterMessageForm
from apps.stafettlogg.rules.foster import WRITES_TO, reads_messages_to_all
from apps.stafettlogg.rules.messages import CORRECTION_DAYS
from apps.stafettlogg.rules.scopes import WHOLE
from apps.stafettlogg.selectors import family_reads
from apps.stafettlogg.selectors.consents import units_sharing
from apps.stafettlogg.selectors.contact import who_answers
from apps.stafettlogg.selectors.messages import may_write_to_all, messages_for, readers
from apps.stafettlogg.services.messages import ask_correction, write_message
from apps.stafettlogg.views.family.foster import open_foster
from apps.stafettlogg.views.family.pages import family_page, open_family, posted

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def family_messages(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_family(request, pk, what="messages", needs_opened=True)
    to_all = may_write_to_all(opened.log, opened.row)
    form = FamilyMessageForm(
        posted(request),
        holder_name=opened.contact.name,
        to_all=to_all,
        initial={"text": _beginning(request, opened)},
    )
    if request.method == "POST" and form.is_valid():
        response = _send(request, opened, form)
        if response is not None:
            return response
    number, can_write = page_number(request), opened.log.is_active and _holder_reads(opened)
    found = messages_for(opened.log, opened.row, limit=PAGE_SIZE, page=number)
    context = opened.context(
        form=form,
        can_write=can_write,
        answering=[] if can_write else who_answers(opened.log, opened.reading, opened.today),
        readers=readers(opened.log, opened.row, opened.now) if to_all else None,
        written=found.written,
        about=_beginning(request, opened).strip(),
        **page_urls(request, number, found.has_more),
    )
    return form_page(request, "stafettlogg/family/messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def family_correct(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask to have something corrected: to the holder alone, who gets a task with a deadline."""
    opened = open_family(request, pk, what="correction", needs_opened=True)
    can_write = opened.log.is_active and _holder_reads(opened)
    form = CorrectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        response = _ask_correction(request, opened, form)
        if response is not None:
            return response
    context = opened.context(
        form=form,
        can_write=can_write,
        answering=[] if can_write else who_answers(opened.log, opened.reading, opened.today),
        days=CORRECTION_DAYS,
    )
    return form_page(request, "stafettlogg/family/correct.html", context)


def _ask_correction(request, opened, form):
    def create():
        ask_correction(opened.log.pk, text=form.cleaned_data["text"], actor=request.user, now=opened.now)
        return reverse("stafettlogg:family_messages", args=[opened.log.pk])

    try:
        url, created = form_keys.once(form.cleaned_data["form_key"], "family-correction", request.user.pk, create)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    if created:
        flash.success(request, _("Ønsket er sendt til %(name)s.") % {"name": opened.contact.name})
    return redirect(url)


def _holder_reads(opened) -> bool:
    unit_id = opened.log.holder.window.unit_id
    return any(unit.pk == unit_id for unit in units_sharing(opened.log, opened.now))


def _send(request, opened, form):
    """Write it once; None when a rule said no, which the form then says."""

    def create():
        write_message(
            opened.log.pk,
            text=form.cleaned_data["text"],
            audience=form.cleaned_data["to"],
            actor=request.user,
            now=opened.now,
        )
        return reverse("stafettlogg:family_messages", args=[opened.log.pk])

    try:
        url, created = form_keys.once(form.cleaned_data["form_key"], "family-message", request.user.pk, create)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    if created:
        private = form.cleaned_data["to"] == Audience.HOLDER
        words = _("Beskjeden er sendt til %(name)s.") if private else _("Beskjeden er sendt til alle i stafettloggen.")
        flash.success(request, words % {"name": opened.contact.name} if private else words)
    return redirect(url)


def _beginning(request, opened) -> str:
    """The first words after «Spør om dette»; the address names nobody."""
    event = family_reads.read_for_question(opened.log, opened.row, opened.reading, request.GET.get("oppslag", ""))
    if event is None:
        return ""
    line = ", ".join(part for part in (event.role_name, event.unit_name) if part)
    reading, protected = opened.reading.at(event.at), family_reads.is_protected(event)
    who = family_reads.looker(event, reading, line, is_protected=protected)
    words = _("Jeg lurer på hvorfor %(name)s åpnet stafettloggen %(day)s. ")
    return words % {"name": who, "day": format_long(local_day(event.at))}


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def foster_messages(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """To the stafettholder and back; what is written to all where she reads it, and the others know."""
    opened = open_foster(request, pk, what="messages")
    can_write = opened.log.is_active and _holder_reads(opened)
    form = FosterMessageForm(posted(request))
    if request.method == "POST" and form.is_valid():
        response = _send_foster(request, opened, form)
        if response is not None:
            return response
    number, to_all = page_number(request), reads_messages_to_all(opened.place)
    reach = WHOLE if to_all else None
    found = messages_for(opened.log, opened.row, reach=reach, limit=PAGE_SIZE, page=number)
    context = opened.context(
        form=form,
        can_write=can_write,
        reads_to_all=to_all,
        written=found.written,
        **page_urls(request, number, found.has_more),
    )
    return form_page(request, "stafettlogg/family/foster_messages.html", context)


def _send_foster(request, opened, form):
    """Write it once; None when a rule said no, which the form then says."""

    def create():
        text = form.cleaned_data["text"]
        write_message(opened.log.pk, text=text, audience=WRITES_TO, actor=request.user, now=opened.now)
        return reverse("stafettlogg:foster_messages", args=[opened.log.pk])

    try:
        url, created = form_keys.once(form.cleaned_data["form_key"], "foster-message", request.user.pk, create)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return None
    if created:
        flash.success(request, _("Beskjeden er sendt til %(name)s.") % {"name": opened.contact.name})
    return redirect(url)
