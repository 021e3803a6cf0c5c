"""Away: one form for the days and for who stands in in each log, a page to check, and what happens next (S20)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Absence, User
from apps.accounts.selectors import person_for_staff_list
from apps.core.dates import format_long
from apps.core.requests import SignedInRequest
from apps.stafettlogg.forms.absences import AbsenceForm
from apps.stafettlogg.forms.consents import PlainForm
from apps.stafettlogg.selectors import absences as selectors
from apps.stafettlogg.selectors.participants import place_name
from apps.stafettlogg.services import absences as services
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.opening import record_led_list, record_list
from apps.stafettlogg.views.pages import attempt, create_once


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: SignedInRequest) -> HttpResponse:
    if not request.user.is_employee:
        raise Http404
    return _form(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def of_another(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """For the leader and the coordinator."""
    user = person_for_staff_list(request.user, pk, timezone.localdate())
    if user is None:
        raise Http404
    return _form(request, user)


def _form(request, user: User) -> HttpResponse:
    """The days and the deputies; then a page to check; then it is sent. `svar` says which button was pressed."""
    now, is_own = timezone.now(), user == request.user
    held = _held(request, user, now, what="absence_new")
    form = AbsenceForm(
        request.POST or None,
        user=user,
        held=held,
        today=timezone.localdate(now),
        is_sent=request.POST.get("svar") == "send",
        about="" if is_own else user.pk,
    )
    context = {"form": form, "person": user, "is_own": is_own, "held": held, "back_url": _back(user, is_own)}
    if request.method == "POST" and form.is_valid() and request.POST.get("svar") != "endre":
        if request.POST.get("svar") != "send":
            return render(request, "stafettlogg/absence_check.html", context | _to_check(form))
        sent = create_once(request, form, "absence", lambda: _record(request, user, form, now))
        if sent is not None:
            messages.success(request, _("Fraværet er registrert."))
            return sent
    return render(request, "stafettlogg/absence_form.html", context, status=422 if form.errors else 200)


def _to_check(form: AbsenceForm) -> dict:
    data = form.cleaned_data
    rows = [
        {"label": _("Borte fra og med"), "value": format_long(data["first_day"])},
        {"label": _("Til og med"), "value": format_long(data["last_day"])},
    ]
    rows += [
        {"label": _("Vikar for stafettholderen til %(name)s") % {"name": line.name}, "value": _deputy_in(line, form)}
        for line in form.held
    ]
    return {"rows": rows, "asks": bool(data["deputies"])}


def _deputy_in(line: selectors.HeldLog, form: AbsenceForm) -> str:
    kept = form.kept.get(line.log.pk)
    if kept is not None:
        return _("%(name)s, spurt fra før") % {"name": place_name(kept.membership)}
    place = form.cleaned_data["deputies"].get(line.log.pk)
    return place_name(place) if place is not None else _("Ingen vikar nå")


def _record(request, user, form, now) -> str:
    data = form.cleaned_data
    absence = services.record_absence(
        user.pk,
        first_day=data["first_day"],
        last_day=data["last_day"],
        deputies=data["deputies"],
        actor=request.user,
        now=now,
    )
    return reverse("stafettlogg:absence_page", args=[absence.pk])


@require_safe
def absence(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The receipt, and later how it stands: which days, who stands in in each log, and what happens next."""
    now = timezone.now()
    found = _found(request, pk)
    is_own = found.user == request.user
    asked = selectors.asked_for(found, _held(request, found.user, now, what="absence"))
    context = {
        "absence": found,
        "is_own": is_own,
        "asked": asked,
        "waits": any(line.waits for line in asked),
        "must_ask": any(line.must_ask for line in asked),
        "back_url": _back(found.user, is_own),
    }
    return render(request, "stafettlogg/absence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """She is not away after all, or is back."""
    now = timezone.now()
    found = _found(request, pk)
    is_own = found.user == request.user
    back = _back(found.user, is_own)
    if request.method == "POST":
        attempt(
            request,
            lambda: services.cancel_absence(pk, actor=request.user, now=now),
            _("Fraværet er tatt bort."),
        )
        return redirect(back)
    return render(
        request,
        "core/confirm.html",
        {
            "title": _("Ta bort fraværet"),
            "lead": _("%(first)s til %(last)s")
            % {"first": format_long(found.first_day), "last": format_long(found.last_day)},
            "stops": [
                _("Ingen er vikar på grunn av dette fraværet lenger, fra nå av."),
                _("De som er spurt eller har sagt ja, får beskjed."),
            ],
            "form": PlainForm(posted(request)),
            "submit": _("Ta bort fraværet"),
            "back_url": reverse("stafettlogg:absence_page", args=[pk]),
            "back_label": _("Borte fra jobb"),
        },
    )


def _held(request, user: User, now, *, what: str) -> list[selectors.HeldLog]:
    """The logs the page names, written in the read audit."""
    held = selectors.held_by(user, request.user, now)
    if held and user == request.user:
        record_list(request, [(line.log, line.row) for line in held], what=what)
    elif held:
        record_led_list(request, [line.log for line in held], what=what)
    return held


def _found(request, pk: UUID) -> Absence:
    """An absence that is not over, of oneself or of somebody one looks after."""
    today = timezone.localdate()
    found = get_object_or_404(Absence.objects.select_related("user"), pk=pk, last_day__gte=today)
    if found.user != request.user and person_for_staff_list(request.user, found.user_id, today) is None:
        raise Http404
    return found


def _back(user: User, is_own: bool) -> str:
    return reverse("accounts:profile") if is_own else reverse("accounts:person", args=[user.pk])
