"""Who is in the log, inviting a service, leaving, removing; and the page of the one who is invited."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.enums import Ground, ReadAction
from apps.audit.services import record_refusal
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg import access
from apps.stafettlogg.enums import EVERY_SCOPE, AccessKind, Action
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.forms.participants import InviteForm, PersonForm, ServiceForm
from apps.stafettlogg.models import Invitation
from apps.stafettlogg.rules import participants as rules
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import foster, holders
from apps.stafettlogg.selectors import participants as selectors
from apps.stafettlogg.selectors.scopes import scopes_to_ask
from apps.stafettlogg.services import participants as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.opening import record_asked
from apps.stafettlogg.views.pages import attempt, create_once, log_page, open_content, posted_unit


@require_safe
@log_page
def participants(request: SignedInRequest, pk: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="participants", scopes=EVERY_SCOPE)
    may_invite = opened.log.is_active and Action.INVITE in frame.may(opened)
    context: dict[str, Any] = {
        "people": selectors.people_in_log(opened.log, opened.row, reach=opened.reach, now=timezone.now()),
        "fosters": foster.names_for_family(opened.log, timezone.localdate()) if opened.reach.is_whole else [],
        "reads_all": opened.reach.is_whole,
        "may_invite": may_invite,
        "invitations": selectors.waiting_invitations(opened.log) if may_invite else [],
        "deputies": selectors.deputies_in(opened.log) if opened.row.kind == AccessKind.HOLDER else [],
        "may_leave": opened.row.kind == AccessKind.PARTICIPANT,
        "may_step_back": opened.row.kind in (AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT),
    }
    return render(request, "stafettlogg/participants.html", frame.frame_context(opened, frame.PARTICIPANTS, **context))


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def invite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """First the service, then who in it and for what. The address holds neither (S22)."""
    opened = open_content(request, pk, what="invite", action=Action.INVITE)
    asked = selectors.services_to_ask(timezone.localdate())
    unit = posted_unit(request, asked.units)
    if unit is None:
        form = ServiceForm(request.POST or None, units=asked.units, unreached=asked.unreached)
        context = frame.frame_context(opened, frame.PARTICIPANTS, form=form)
        return form_page(request, "stafettlogg/invite_service.html", context)
    return _invite_person(request, opened, unit)


def _invite_person(request, opened, unit):
    log = opened.log
    places = holders.colleagues(unit, passing_over=_already_in(log), today=timezone.localdate())
    now = timezone.now()
    shares = consent_selectors.is_sharing(log, unit, now)
    scope = None if shares else scopes_to_ask(log, [unit], now, chosen={})[unit.pk]
    form = InviteForm(
        request.POST if "person" in request.POST else None,
        unit=unit,
        places=places,
        scope=scope,
        asked_for=consent_selectors.purpose_of(log, unit) if shares else "",
        about=unit.pk,
    )
    if form.is_bound and form.is_valid():

        def create():
            services.invite_unit(
                log.pk,
                unit=unit,
                to_membership=form.membership(),
                purpose=form.chosen_purpose(),
                task=form.cleaned_data["task"],
                scope=form.cleaned_data.get("scope") or None,
                actor=request.user,
                now=now,
            )
            return reverse("stafettlogg:participants", args=[log.pk])

        if response := create_once(request, form, "invite_unit", create):
            done = (
                _("Invitasjonen er sendt.") if shares else _("Familien er spurt. Tjenesten får vite det etter et ja.")
            )
            messages.success(request, done)
            return response
    context = frame.frame_context(opened, frame.PARTICIPANTS, form=form, unit=unit, shares=shares)
    return form_page(request, "stafettlogg/invite.html", context)


def _already_in(log) -> set:
    rows = access.current_rows_in([log.pk]).filter(kind__in=[AccessKind.HOLDER, AccessKind.PARTICIPANT])
    return {row.user_id for row in rows}


@require_POST
@log_page
def withdraw_invitation(request: SignedInRequest, pk: UUID, invitation_id: UUID) -> HttpResponse:
    opened = open_content(request, pk, what="invitation", action=Action.INVITE)
    invitation = Invitation.objects.filter(log=opened.log, pk=invitation_id).first()
    if invitation is None:
        raise Http404
    attempt(
        request,
        lambda: services.withdraw_invitation(invitation.pk, actor=request.user, now=timezone.now()),
        _("Invitasjonen er trukket."),
    )
    return redirect("stafettlogg:participants", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def remove(request: SignedInRequest, pk: UUID, row_id: UUID) -> HttpResponse:
    """Take a participant out, after asking once more."""
    opened = open_content(request, pk, what="participant", action=Action.INVITE)
    found = selectors.people_in_log(opened.log, opened.row, reach=opened.reach, now=timezone.now())
    person = next((person for person in found if person.row_id == row_id and person.is_participant), None)
    if person is None:
        raise Http404
    form = PlainForm(request.POST or None, about=row_id)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: services.remove(row_id, actor=request.user, now=timezone.now()),
            _("%(name)s er ikke lenger med.") % {"name": person.name},
        )
        return redirect("stafettlogg:participants", pk=pk)
    context = {
        "title": _("Ta ut %(name)s") % {"name": person.name},
        "stops": [
            _("%(name)s kan ikke lenger lese eller skrive i stafettloggen.") % {"name": person.name},
            _("%(name)s får beskjed. Familien ser det i historikken.") % {"name": person.name},
        ],
        "stays": [_("Samtykket til %(unit)s gjelder fortsatt.") % {"unit": person.unit_name}],
        "form": form,
        "submit": _("Ta ut av stafettloggen"),
        "back_url": reverse("stafettlogg:participants", args=[pk]),
        "back_label": _("Deltakere"),
    }
    return form_page(request, "core/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A participant goes out of the log, after being asked once more."""
    open_content(request, pk, what="leave", scopes=EVERY_SCOPE, check=_check_can_leave)
    form = PlainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.leave(pk, actor=request.user, now=timezone.now())
        messages.success(request, _("Du er ikke lenger med i stafettloggen."))
        return redirect("stafettlogg:list")
    context = {
        "title": _("Gå ut av stafettloggen"),
        "stops": [
            _("Du kan ikke lenger lese eller skrive i stafettloggen."),
            _("Stafettholderen får beskjed. Familien ser det i historikken."),
        ],
        "stays": [_("Det du har skrevet, blir stående.")],
        "form": form,
        "submit": _("Gå ut av stafettloggen"),
        "back_url": reverse("stafettlogg:participants", args=[pk]),
        "back_label": _("Deltakere"),
    }
    return form_page(request, "core/confirm.html", context)


def _check_can_leave(opened) -> None:
    try:
        rules.check_can_leave(opened.row)
    except RuleBroken as broken:
        raise AccessDenied(str(broken)) from broken


@require_safe
def invitations(request: SignedInRequest) -> HttpResponse:
    """Invitations that wait for this person, or for a unit this person leads."""
    if request.user.is_citizen:
        return redirect("stafettlogg:children")
    found = selectors.invitations_to(request.user, timezone.now())
    record_asked(request, [asked.invitation.log for asked in found], ground=Ground.INVITED, what="invitations")
    return render(request, "stafettlogg/invitations.html", {"invitations": found, "today": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One invitation: join, decline, or (for the leader) name who is asked. Others meet 404."""
    now = timezone.now()
    asked = selectors.invitation_to(request.user, pk, now)
    if asked is None:
        record_refusal(actor=request.user, log_id=None, what="invitation")
        raise Http404
    found = asked.invitation
    record_asked(
        request, [found.log], ground=Ground.INVITED, what="invitation", action=ReadAction.OPENED, unit=found.unit
    )
    today = timezone.localdate(now)
    own_place = next((p for p in holders.colleagues(found.unit, today=today) if p.user_id == request.user.pk), None)
    leads = holders.led_place(request.user, found.unit, today=today) is not None
    places = holders.colleagues(found.unit, passing_over=_already_in(found.log), today=today) if leads else []
    form = PersonForm(request.POST if "person" in request.POST else None, places=places, about=pk)
    if request.method == "POST":
        response = _answer_invitation(request, found, own_place, form)
        if response is not None:
            return response
    context = {
        "asked": asked,
        "may_join": own_place is not None,
        "form": form if leads else None,
    }
    return form_page(request, "stafettlogg/invitation.html", context)


def _answer_invitation(request, found, own_place, form):
    now, answer = timezone.now(), request.POST.get("svar")
    if answer == "ja" and own_place is not None:
        if attempt(
            request,
            lambda: services.join(found.pk, membership=own_place, actor=request.user, now=now),
            _("Du er med i stafettloggen."),
        ):
            return redirect("stafettlogg:detail", pk=found.log_id)
    elif answer == "nei":
        attempt(
            request,
            lambda: services.decline(found.pk, actor=request.user, now=now),
            _("Du har takket nei. Stafettholderen får beskjed."),
        )
    elif form.is_bound:
        if not form.is_valid():
            return None
        place = form.membership()
        attempt(
            request,
            lambda: services.choose_person(found.pk, membership=place, actor=request.user, now=now),
            _("%(name)s er spurt.") % {"name": selectors.place_name(place)},
        )
    return redirect("stafettlogg:invitations")
