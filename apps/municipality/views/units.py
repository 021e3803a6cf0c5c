"""The tree of units and the roles."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.dates import FAR_DAY
from apps.core.errors import Conflict, RuleBroken
from apps.core.form_keys import once
from apps.core.http import conflict_response, form_page
from apps.core.requests import SignedInRequest
from apps.municipality import rules, selectors, services
from apps.municipality.enums import UnitKind
from apps.municipality.forms import RoleForm, UnitForm
from apps.municipality.models import Role, Unit
from apps.municipality.selectors.changes import changes_of
from apps.municipality.views.guard import coordinator_only


@require_safe
@coordinator_only
def units(request: SignedInRequest) -> HttpResponse:
    return render(request, "municipality/units.html", _tree(timezone.localdate()))


def _tree(today) -> dict:
    return {"lines": selectors.unit_tree(today), "closed": selectors.closed_units(today)}


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def unit_new(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    initial = {"parent": request.GET.get("under")}
    form = UnitForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            url, _created = once(
                form.cleaned_data["form_key"], "unit", request.user.pk, lambda: _add_unit(request, form)
            )
        except RuleBroken as broken:
            form.add_error("name" if broken.code == "name_taken" else None, str(broken))
        else:
            messages.success(request, _("Enheten er lagt til. Den er ikke tatt i bruk ennå."))
            return redirect(url)
    return form_page(
        request,
        "municipality/unit.html",
        {"form": form, "unit": None, "title": _("Legg til enhet"), "is_closing": False},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def unit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    today = timezone.localdate()
    row = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    form = UnitForm(request.POST or None, instance=row, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_unit(
                pk, form.changes(), version=form.cleaned_data["version"], actor=request.user, today=today
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        except RuleBroken as broken:
            form.add_error("name" if broken.code == "name_taken" else None, str(broken))
        else:
            messages.success(request, _("Enheten er lagret."))
            return redirect("municipality:units")
    saved = Unit.objects.get(pk=pk)
    context = {
        "form": form,
        "unit": saved,
        "title": saved.name,
        "is_on": rules.is_switched_on(saved, today),
        "is_closing": saved.last_day < FAR_DAY,
        "is_closed": saved.last_day < today,
        "can_close": saved.last_day == FAR_DAY and saved.kind != UnitKind.MUNICIPALITY,
        "changes": changes_of(saved.history, _labels(form) | _OTHER_LABELS),
    }
    return form_page(request, "municipality/unit.html", context)


@require_POST
@coordinator_only
def unit_switch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Unit, pk=pk)
    on = request.POST.get("on") == "1"
    try:
        services.switch_unit(pk, on=on, actor=request.user, today=timezone.localdate())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        words = _("%(unit)s er tatt i bruk.") if on else _("%(unit)s er tatt ut av bruk.")
        messages.success(request, words % {"unit": row.name})
    return redirect("municipality:unit", pk)


@require_safe
@coordinator_only
def roles(request: SignedInRequest) -> HttpResponse:
    return render(request, "municipality/roles.html", {"roles": selectors.roles()})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def role_new(request: SignedInRequest) -> HttpResponse:
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        once(form.cleaned_data["form_key"], "role", request.user.pk, lambda: _add_role(request, form))
        messages.success(request, _("Rollen er lagt til."))
        return redirect("municipality:roles")
    return form_page(request, "municipality/role.html", {"form": form, "role": None, "title": _("Legg til rolle")})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def role(request: SignedInRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Role, pk=pk)
    name = str(row.name)
    form = RoleForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_role(
                pk,
                name=form.cleaned_data["name"],
                rights=form.cleaned_data["rights"],
                version=form.cleaned_data["version"],
                actor=request.user,
                today=timezone.localdate(),
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        except RuleBroken as broken:
            form.add_error("rights", str(broken))
        else:
            messages.success(request, _("Rollen er lagret. Endringen gjelder alle som har den, fra nå av."))
            return redirect("municipality:roles")
    context = {"form": form, "role": row, "title": name, "changes": changes_of(row.history, _labels(form))}
    return form_page(request, "municipality/role.html", context)


# What is changed by a button of its own.
_OTHER_LABELS = {
    "switched_on_day": gettext_lazy("I bruk fra"),
    "last_day": gettext_lazy("Siste dag"),
    "reopened_day": gettext_lazy("Åpnet igjen"),
}


def _labels(form) -> dict:
    return {bound.name: bound.label for bound in form.visible_fields()}


def _add_unit(request, form) -> str:
    made = services.add_unit(form.changes(), actor=request.user, today=timezone.localdate())
    return reverse("municipality:unit", args=[made.pk])


def _add_role(request, form) -> str:
    services.add_role(
        name=form.cleaned_data["name"],
        rights=form.cleaned_data["rights"],
        actor=request.user,
        today=timezone.localdate(),
    )
    return reverse("municipality:roles")
