"""The coordinator's page about signing in: the provider of the employees, and how it goes with both."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import services
from apps.accounts.forms.providers import StaffProviderForm
from apps.accounts.selectors import providers
from apps.core.errors import Conflict
from apps.core.http import conflict_response, form_page
from apps.core.requests import SignedInRequest
from apps.municipality.access import check_coordinator


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_settings(request: SignedInRequest) -> HttpResponse:
    check_coordinator(request.user)
    row = providers.staff_provider_row()
    form = StaffProviderForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.get("version")
        try:
            services.save_staff_provider(
                form.changes(), version=version, actor=request.user, today=timezone.localdate()
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        messages.success(request, _("Innstillingene er lagret. Prøv innloggingen før du slår den på."))
        return redirect("accounts:sign_in_settings")
    return form_page(request, "accounts/sign_in_settings.html", _context(form, row))


def _context(form, row) -> dict:
    return {
        "form": form,
        "row": row,
        "states": providers.states(),
        "back_address": services.staff_back_address(),
        "out_address": services.staff_out_address(),
    }


@require_POST
def try_provider(request: SignedInRequest) -> HttpResponse:
    """Ask the provider who it is, for its keys and its clock, now. Signs nobody in."""
    check_coordinator(request.user)
    row = providers.staff_provider_row()
    if row is None:
        return redirect("accounts:sign_in_settings")
    context = {"lines": services.try_staff_provider(row, now=timezone.now()), "row": row}
    return render(request, "accounts/sign_in_tried.html", context)
