"""The coordinator closes a unit. In this app, since it is the logs that decide whether it can."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit import loaded
from apps.core.dates import FAR_DAY, local_day
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.core.text import few_or_number
from apps.municipality.access import check_coordinator
from apps.municipality.models import Unit
from apps.stafettlogg.forms.units import CloseUnitForm
from apps.stafettlogg.selectors import units as selectors
from apps.stafettlogg.services import units as services


@require_http_methods(["GET", "HEAD", "POST"])
def close_unit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What closing means, in numbers, and the last day."""
    check_coordinator(request.user)
    unit = get_object_or_404(Unit, pk=pk)
    if unit.last_day < FAR_DAY:
        return redirect("stafettlogg:unit_closed", pk)
    now = timezone.now()
    form = CloseUnitForm(request.POST or None, about=pk)
    if request.method == "POST" and form.is_valid():
        try:
            with loaded.apart():  # the coordinator meets numbers; no child is shown
                services.close_unit(pk, last_day=form.cleaned_data["last_day"], actor=request.user, now=now)
        except RuleBroken as broken:
            form.add_error("last_day" if broken.code.startswith("last_day") else None, str(broken))
        else:
            return redirect("stafettlogg:unit_closed", pk)
    context = {
        "title": _("Legg ned %(unit)s") % {"unit": unit.name},
        "lead": _("Enheten kan åpnes igjen senere, men da får ingen tilgang tilbake av seg selv."),
        "stops": _stops(selectors.closing(unit, today=local_day(now))),
        "stays": [_("Loggene, historikken og det de ansatte har skrevet, blir stående.")],
        "form": form,
        "submit": _("Legg ned enheten"),
        "back_url": reverse("municipality:unit", args=[pk]),
        "back_label": unit.name,
        "post_url": "",
    }
    return form_page(request, "core/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_unit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What comes back when a unit opens again, and what does not."""
    check_coordinator(request.user)
    unit = get_object_or_404(Unit, pk=pk)
    if unit.last_day == FAR_DAY:
        raise Http404
    now = timezone.now()
    is_over = unit.last_day < local_day(now)
    if request.method == "POST":
        try:
            with loaded.apart():  # as when it closes
                services.reopen_unit(pk, actor=request.user, now=now)
        except RuleBroken as broken:
            messages.error(request, str(broken))
        else:
            messages.success(request, _("%(unit)s er åpnet igjen.") % {"unit": unit.name})
        return redirect("municipality:unit", pk)
    context = {
        "title": _("Åpne %(unit)s igjen") % {"unit": unit.name},
        "lead": _("Ingen får tilgang tilbake av seg selv."),
        "stops": _AFTER_THE_LAST_DAY if is_over else _BEFORE_THE_LAST_DAY,
        "stays": [_("Historikken viser at enheten var lagt ned, og hvem som åpnet den igjen.")],
        "form": None,
        "submit": _("Åpne enheten igjen"),
        "back_url": reverse("municipality:unit", args=[pk]),
        "back_label": unit.name,
        "post_url": "",
    }
    return render(request, "core/confirm.html", context)


_AFTER_THE_LAST_DAY = [
    gettext_lazy("Enheten står i lista uten ansatte og er ikke tatt i bruk."),
    gettext_lazy("De som arbeidet der, må legges til på nytt, og ser ingen logger før de blir invitert igjen."),
    gettext_lazy("Spør familiene på nytt. Det de svarte før enheten ble lagt ned, gjelder ikke lenger."),
]
_BEFORE_THE_LAST_DAY = [
    gettext_lazy("Enheten blir i loggene familiene har sagt ja til, og stafettholderne får beskjed."),
    gettext_lazy("Rollene til de ansatte slutter fortsatt på siste dag. Forleng rollene til de ansatte som blir."),
    gettext_lazy("Invitasjoner, tilbud og spørsmål som falt bort, kommer ikke tilbake."),
]


@require_safe
def unit_closed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The receipt, and what the unit's page says afterwards."""
    check_coordinator(request.user)
    unit = get_object_or_404(Unit, pk=pk)
    if unit.last_day == FAR_DAY:
        raise Http404
    return render(request, "stafettlogg/unit_closed.html", {"unit": unit})


def _stops(closing) -> list[str]:
    """The coordinator is not the leader of the unit: of a few logs it is not said how many (S19)."""
    held = _("Enheten holder %(number)s stafettlogger. De må få stafettholder i en annen enhet først.")
    shared = _("Enheten er med i eller invitert til %(number)s stafettlogger, og ser dem ikke etter siste dag.")
    people = ngettext(
        "Rollen til %(number)s ansatt i enheten avsluttes.",
        "Rollene til %(number)s ansatte i enheten avsluttes.",
        closing.people,
    )
    lines = [
        held % {"number": few_or_number(closing.held)} if closing.held else "",
        _("Enheten blir ikke spurt om noe nytt fra nå av. Invitasjoner og tilbud som venter, faller bort."),
        _("Familier som er spurt om å dele med enheten og ikke har svart, får beskjed om at de slipper å svare."),
        shared % {"number": few_or_number(closing.shared)} if closing.shared else "",
        people % {"number": closing.people} if closing.people else "",
    ]
    return [line for line in lines if line]
