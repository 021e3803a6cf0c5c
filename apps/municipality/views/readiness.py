"""«Klar til å åpne»: one page, green or red with what to do, and the button that opens the portal."""

from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest, View
from apps.municipality import selectors
from apps.municipality.enums import Right
from apps.municipality.forms.readiness import OpenForm, TrialCodeForm, TrialEmailForm, WordForm
from apps.municipality.models import PhoneNumber, Unit
from apps.municipality.selectors import readiness as points
from apps.municipality.selectors import readiness_points
from apps.municipality.selectors.choices import compared, differences
from apps.municipality.services import readiness as services
from apps.municipality.views.guard import coordinator_only


def for_those_with_a_point(view: View) -> View:
    """403 with the reason for everyone who has nothing to see to before the portal opens."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not points.READERS & request.user.rights_on(timezone.localdate()):
            raise AccessDenied(_("Bare de som gjør portalen klar, kan se dette."))
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_with_a_point
def readiness(request: SignedInRequest) -> HttpResponse:
    """Every point, and when all are green, the opening."""
    rights = request.user.rights_on(timezone.localdate())
    row = selectors.settings_row()
    overview = points.overview(timezone.now())
    may_open = Right.COORDINATOR in rights and not overview.red and row.opened_at is None
    form = OpenForm(request.POST or None, name=request.user.name) if may_open else None
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Portalen kan ikke åpnes nå."))
            return redirect("municipality:readiness")
        if form.is_valid():
            try:
                services.open_portal(actor=request.user, now=timezone.now())
            except RuleBroken as broken:
                form.add_error(None, str(broken))
            else:
                messages.success(request, _("Portalen er åpen."))
                return redirect("municipality:readiness")
    context = {
        "overview": overview,
        "opened_at": row.opened_at,
        "form": form,
        "is_coordinator": Right.COORDINATOR in rights,
    }
    return form_page(request, "municipality/readiness.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_with_a_point
def word(request: SignedInRequest, key: str) -> HttpResponse:
    """What somebody vouches for: how it stands, and the form for whoever may say it."""
    check = points.check_with(key)
    if check is None or check.word is None or check.url_name:
        raise Http404
    today = timezone.localdate()
    line = points.Line(check, points.standing_of(check, points.Reading(timezone.now())))
    may_say = points.may_say(check, request.user.rights_on(today))
    if request.method == "POST" and not may_say:
        raise AccessDenied(_("Dette punktet er det andre som går god for."))
    form = None
    if may_say:
        form = WordForm(
            request.POST or None,
            sentence=check.word.sentence,
            names_other=check.word.names_other,
            name="",
            today=today,
            about=key,
        )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.vouch(key, actor=request.user, now=timezone.now(), **form.content())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Vi har skrevet det ned."))
            return redirect("municipality:readiness")
    says = [right.label for right in Right if right.value in check.word.may]
    return form_page(request, "municipality/readiness_word.html", {"form": form, "line": line, "says": says})


@require_safe
@for_those_with_a_point
def phones(request: SignedInRequest) -> HttpResponse:
    """Each number, who rang it and when, and when to ring again."""
    lines = readiness_points.phone_lines(points.Reading(timezone.now()))
    may_ring = bool({Right.COORDINATOR, Right.ADMINISTRATOR} & request.user.rights_on(timezone.localdate()))
    return render(request, "municipality/readiness_phones.html", {"lines": lines, "may_ring": may_ring})


@require_POST
@for_those_with_a_point
def phone_answers(request: SignedInRequest, pk: UUID) -> HttpResponse:
    phone = get_object_or_404(PhoneNumber, pk=pk)
    number = request.POST.get("number", "")
    try:
        services.say_phone_answers(phone.pk, number=number, actor=request.user, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("Skrevet ned: %(who)s svarte.") % {"who": phone.label})
    return redirect("municipality:readiness_phones")


@require_POST
@for_those_with_a_point
def staff_list(request: SignedInRequest, pk: UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    services.confirm_staff_list(unit.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Ansattlista i %(unit)s er bekreftet.") % {"unit": unit.name})
    return redirect("municipality:readiness")


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_with_a_point
def email(request: SignedInRequest) -> HttpResponse:
    """Send an e-mail with a code, and say that it came. Two forms, told apart by their button."""
    today, posted = timezone.localdate(), request.POST.get("do", "")
    sending = TrialEmailForm(request.POST if posted == "send" else None)
    coming = TrialCodeForm(request.POST if posted == "came" else None)
    form = coming if posted == "came" else sending
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        try:
            if form is sending:
                services.send_trial_email(address, actor=request.user, today=today)
                messages.success(request, _("E-posten er sendt til %(address)s.") % {"address": address})
                return redirect("municipality:readiness_email")
            code = coming.cleaned_data["code"]
            services.confirm_trial_email(address, code, actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        except OSError:
            form.add_error(None, _("E-posten kunne ikke sendes. Be IT se på e-posttjeneren."))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Prøve-e-posten kom fram."))
            return redirect("municipality:readiness")
    context = {"form": form if form.is_bound else sending, "sending": sending, "coming": coming}
    return form_page(request, "municipality/readiness_email.html", context)


@require_safe
@coordinator_only
def choices(request: SignedInRequest) -> HttpResponse:
    """What other municipalities have chosen, and where ours differs."""
    words = {key: selectors.words(key, "nb").indefinite for key in selectors.own_keys()}
    rows = differences(selectors.settings_row(), selectors.consent_ages(), words)
    return render(request, "municipality/choices.html", {"compared": compared(rows)})
