"""The staff list: a leader's own units, for the coordinator all of them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import access, selectors, services
from apps.accounts.forms import EndPlaceForm, NewPlaceForm, ProtectedIdentityForm
from apps.core.dates import FAR_DAY
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.form_keys import once
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.enums import Right


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The units one looks after; a leader of a single unit goes straight to it."""
    units = selectors.units_for_staff_list(request.user, timezone.localdate())
    if not units:
        raise AccessDenied(_("Bare ledere og koordinatoren har ansattlister."))
    if len(units) == 1:
        return redirect("accounts:unit", units[0].pk)
    may_import = access.has_right(request.user, Right.COORDINATOR)
    return render(request, "accounts/people.html", {"units": units, "may_import": may_import})


@require_safe
def unit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    today = timezone.localdate()
    found = _unit(request, pk)
    context = {"unit": found, "staff": selectors.staff_of(found, today), "today": today, "far_day": FAR_DAY}
    return render(request, "accounts/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    today, found = timezone.localdate(), _unit(request, pk)
    form = NewPlaceForm(request.POST or None, roles=selectors.roles_to_give(request.user, found, today), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            url, created = once(
                form.cleaned_data["form_key"], "add place", request.user.pk, lambda: _add(request, found, form)
            )
        except (RuleBroken, AccessDenied) as refused:
            form.add_error(None, str(refused))
        else:
            if created:
                messages.success(request, _("Personen er lagt til, og får en e-post om hvordan en logger inn."))
            return redirect(url)
    return form_page(request, "accounts/add.html", {"form": form, "unit": found})


def _add(request, found, form) -> str:
    data = form.cleaned_data
    place = services.add_membership(
        services.NewPerson(email=data["email"], name=data["name"]),
        unit_id=found.pk,
        role_id=data["role"],
        title=data["title"],
        first_day=data["first_day"],
        last_day=data["last_day"] or FAR_DAY,
        actor=request.user,
        today=timezone.localdate(),
    )
    return reverse("accounts:person", args=[place.user_id])


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One person: places, away, protected identity, and the way out."""
    user = _person(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = ProtectedIdentityForm(sent, initial={"protected": user.protected_identity})
    if form.is_valid():
        url, _created = once(
            form.cleaned_data["form_key"], "protected identity", request.user.pk, lambda: _protect(request, user, form)
        )
        messages.success(request, _("Valget er lagret."))
        return redirect(url)
    context = {"person": user, "form": form, "is_self": user == request.user, "far_day": FAR_DAY}
    return form_page(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The last day of one place."""
    today = timezone.localdate()
    place = get_object_or_404(
        access.people_of(request.user, today).select_related("user", "unit", "role"), pk=pk, last_day__gte=today
    )
    form = EndPlaceForm(request.POST or None, about=pk)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]

        def end() -> str:
            services.end_membership(pk, last_day=last_day, actor=request.user, today=timezone.localdate())
            return reverse("accounts:unit", args=[place.unit_id])

        try:
            url, _created = once(form.cleaned_data["form_key"], "end place", request.user.pk, end)
        except RuleBroken as broken:
            form.add_error("last_day", str(broken))
        else:
            messages.success(request, _("Siste dag er lagret."))
            return redirect(url)
    return form_page(request, "accounts/end_place.html", {"form": form, "place": place})


@require_http_methods(["GET", "HEAD", "POST"])
def end_person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The person leaves the municipality."""
    user = _person(request, pk)
    form = EndPlaceForm(request.POST or None, about=pk)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_person(
                pk, last_day=form.cleaned_data["last_day"], actor=request.user, today=timezone.localdate()
            )
        except RuleBroken as broken:
            form.add_error("last_day", str(broken))
        else:
            messages.success(request, _("Siste dag er lagret."))
            return redirect("accounts:people")
    return form_page(request, "accounts/end_person.html", {"form": form, "person": user})


def _protect(request, user, form) -> str:
    services.set_protected_identity(
        user.pk, actor=request.user, protected=form.cleaned_data["protected"], today=timezone.localdate()
    )
    return reverse("accounts:person", args=[user.pk])


def _unit(request, pk):
    return get_object_or_404(access.staffed_by(request.user), pk=pk)


def _person(request, pk):
    user = selectors.person_for_staff_list(request.user, pk, timezone.localdate())
    if user is None:
        raise Http404
    return user
