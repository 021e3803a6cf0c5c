"""The stafettholder's page about guardians: who is checked, how to reach them, exceptions, and a birth."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import Conflict, RuleBroken
from apps.core.forms import PortalForm
from apps.core.http import conflict_response, form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import GUARDIAN_RELATIONS, OPEN_STATUSES, AddressProtection
from apps.stafettlogg.forms.guardians import (
    HAS,
    BirthForm,
    CheckForm,
    ContactForm,
    GuardianForm,
    ProtectionForm,
)
from apps.stafettlogg.models import Guardian
from apps.stafettlogg.selectors import exceptions as exception_selectors
from apps.stafettlogg.selectors import foster
from apps.stafettlogg.selectors import guardians as selectors
from apps.stafettlogg.selectors.care import decisions_of
from apps.stafettlogg.selectors.hidden_places import shown_in
from apps.stafettlogg.services import address_protection as protection_services
from apps.stafettlogg.services import guardians as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.opening import Opened
from apps.stafettlogg.views.pages import create_once, log_page


def guardian_or_404(opened: Opened, guardian_id: UUID, *, or_foster: bool = False) -> Guardian:
    """A guardian of this child; with `or_foster` a foster parent too, who is none (S36)."""
    rows = Guardian.objects.select_related("user", "checked_by").filter(child=opened.log.child_id)
    guardian = rows.filter(pk=guardian_id).first()
    if guardian is None or (guardian.is_foster and not or_foster):
        raise Http404
    return guardian


@require_safe
@log_page
def guardians(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    now = timezone.now()
    today = timezone.localdate(now)
    rows = Guardian.objects.filter(child=opened.log.child_id, relation__in=GUARDIAN_RELATIONS)
    rows = rows.select_related("user", "checked_by")
    grants = exception_selectors.newest_exceptions(opened.log, now)
    codes = selectors.codes_to_confirm(opened.log.child_id, now)
    hidden = shown_in(opened.log)
    people = [
        {
            "guardian": guardian,
            "is_blocked": guardian.is_blocked(today),
            "exception": grants.get(guardian.pk),
            "has_letter": guardian.pk in grants and grants[guardian.pk].has_letter(now),
            "code": codes.get(guardian.pk),
            "hiding": hidden.get(guardian.pk),
            "may_get_code": guardian.responsibility == "confirmed" and guardian.user is None,
            "may_ask_exception": guardian.responsibility == "confirmed" and guardian.pk not in grants,
        }
        for guardian in rows.order_by("name", "pk")
    ]
    context: dict[str, Any] = {
        "people": people,
        "may_change": not opened.log.is_closed,
        "is_protected": opened.log.child.address_protection != AddressProtection.NONE,
        "decisions": decisions_of(opened.log),
        "fosters": foster.fosters_for_holder(opened.log, codes, today),
        "protection_ends": selectors.protection_ends(opened.log.child),
    }
    return render(request, "stafettlogg/guardians.html", frame.frame_context(opened, frame.CONSENTS, **context))


@require_POST
@log_page
def no_others(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The register has been looked up today, and shows nobody else (S29)."""
    open_consents(request, pk, what="guardians")
    services.note_no_others(pk, actor=request.user, now=timezone.now())
    return done(request, pk, _("Lagret med dagens dato."))


def guardian_form_page(request: SignedInRequest, opened: Opened, form: PortalForm, **context: Any) -> HttpResponse:
    """One short form about a guardian."""
    context.setdefault("back_url", reverse("stafettlogg:guardians", args=[opened.log.pk]))
    page = frame.frame_context(opened, frame.CONSENTS, form=form, **context)
    return form_page(request, "stafettlogg/consents_form.html", page)


def done(request: SignedInRequest, pk: UUID, words: str) -> HttpResponse:
    """Back to the page of the guardians, saying what was done."""
    messages.success(request, words)
    return redirect("stafettlogg:guardians", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def guardian_add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    form = GuardianForm(posted(request))
    if request.method == "POST" and form.is_valid():

        def create():
            services.add_guardian(pk, form.guardian(), actor=request.user, now=timezone.now())
            return reverse("stafettlogg:guardians", args=[pk])

        response = create_once(request, form, "add-guardian", create)
        if response is not None:
            messages.success(request, _("Den foresatte er lagt til."))
            return response
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Legg til en foresatt"),
        lead=_("Har den foresatte foreldreansvar, stopper delingen til hun eller han også har sagt ja."),
        submit=_("Legg til"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def guardian_check(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    """Responsibility is recorded with how, by whom and when; it is checked again at each new consent (S8)."""
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id)
    form = CheckForm(posted(request), about=guardian.pk)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        change = services.confirm_responsibility if answers["responsibility"] == HAS else services.lose_responsibility

        def create():
            change(pk, guardian.pk, how=answers["how"], actor=request.user, now=timezone.now())
            return reverse("stafettlogg:guardians", args=[pk])

        if response := create_once(request, form, "check-guardian", create):
            messages.success(request, _("Kontrollen er lagret."))
            return response
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Kontroller foreldreansvaret til %(name)s") % {"name": guardian.name},
        lead=_(
            "Den som har foreldreansvar, får svare og kan lese stafettloggen. Den som ikke har det, får ikke vite noe."
        ),
        submit=_("Lagre kontrollen"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def guardian_contact(request: SignedInRequest, pk: UUID, guardian_id: UUID) -> HttpResponse:
    opened = open_consents(request, pk, what="guardians")
    guardian = guardian_or_404(opened, guardian_id, or_foster=True)
    names = ("email", "phone", "language", "needs_interpreter")
    form = ContactForm(
        posted(request),
        version=guardian.version,
        about=guardian.pk,
        initial={name: getattr(guardian, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        written = {name: form.cleaned_data[name] for name in (*names, "version")}
        try:
            services.change_contact(pk, guardian.pk, actor=request.user, now=timezone.now(), **written)
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            return done(request, pk, _("Kontaktopplysningene er lagret."))
    title = _("Endre kontaktopplysninger for %(name)s") % {"name": guardian.name}
    return guardian_form_page(request, opened, form, title=title, submit=_("Lagre"))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def child_birth(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The expected child is born; nobody but the mother is let in by it (S9)."""
    opened = open_consents(request, pk, what="guardians")
    if not opened.log.child.is_expected:
        return redirect("stafettlogg:guardians", pk=pk)
    form = BirthForm(posted(request), today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("given_name", "family_name", "birth_date", "national_id")}
        try:
            services.register_birth(pk, actor=request.user, now=timezone.now(), **answers)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            said = _("Fødselen er registrert. Kontroller foreldreansvaret til andre foresatte på nytt.")
            return done(request, pk, said)
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Barnet er født"),
        lead=_("Moren er fortsatt den eneste som ser stafettloggen. En annen forelder kan være med når hun sier ja."),
        submit=_("Registrer fødselen"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def child_protection(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The child has got a protected address: places and names are hidden from the family at once (S17)."""
    opened = open_consents(request, pk, what="guardians")
    form = ProtectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            log = protection_services.protect_address(
                pk, protection=form.cleaned_data["protection"], actor=request.user, now=timezone.now()
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            if opened.log.is_closed or log.status in OPEN_STATUSES:
                return done(request, pk, _("Lagret. Familien ser ikke lenger steder og navn."))
            messages.success(request, _("Stafettloggen er avsluttet her. Fortsett på papir."))
            return redirect("stafettlogg:list")
    return guardian_form_page(
        request,
        opened,
        form,
        title=_("Barnet har fått fortrolig adresse"),
        lead=_(
            "Fra nå av ser familien bare hva slags tjeneste det er, ikke hvilken. Ikke skriv steder i mål, tiltak og "
            "beskjeder. Med strengt fortrolig adresse avslutter portalen stafettloggen, og dere fortsetter på papir."
        ),
        submit=_("Lagre vernet"),
    )


@require_POST
@log_page
def ask_protection_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The holder has heard that the address is not protected any more: the leader is asked to sign it (S17)."""
    open_consents(request, pk, what="guardians")
    try:
        protection_services.ask_protection_end(pk, actor=request.user, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("stafettlogg:guardians", pk=pk)
    return done(request, pk, _("Lederen er bedt om å signere. Vernet gjelder til det er gjort."))
