"""Units and people from one spreadsheet: first a dry run with a verdict for each row, then all of it or nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import services
from apps.accounts.forms.imports import ConfirmImportForm, SpreadsheetForm
from apps.accounts.services.imports import COLUMNS, ImportReport
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.core.spreadsheets import read_sheet
from apps.municipality.access import check_coordinator


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose the file. What it would do is shown, and nothing is written."""
    check_coordinator(request.user)
    form = SpreadsheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_sheet(form.cleaned_data["file"].read())
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            today = timezone.localdate()
            report = services.import_people(rows, actor=request.user, today=today, write=False)
            confirm = ConfirmImportForm(user_id=request.user.pk, rows=rows)
            return render(request, "accounts/import_verdicts.html", {"report": report, "form": confirm})
    columns = [(headings[0], _columns()[name]) for name, headings in COLUMNS.items()]
    return form_page(request, "accounts/import.html", {"form": form, "columns": columns})


def _columns() -> dict[str, str]:
    return {
        "unit": _("Navnet på enheten. Må fylles ut."),
        "kind": _("Hva slags enhet, når den er ny: Barnehage, Skole, Helsestasjon …"),
        "parent": _("Enheten over, når den er ny. Tom er rett under kommunen."),
        "controller": _("Hvem som er behandlingsansvarlig, når enheten ikke er en del av kommunen."),
        "phone": _("Telefonen til enheten."),
        "name": _("Navnet på den ansatte."),
        "email": _("E-postadressen på jobb. Uten den er raden bare en enhet."),
        "role": _("Navnet på rollen, for eksempel Ansatt eller Rektor."),
        "title": _("Stilling. Kan stå tom."),
        "first": _("Første dag. Tom er i dag."),
        "last": _("Siste dag. Tom er fast stilling."),
    }


@require_POST
def write(request: SignedInRequest) -> HttpResponse:
    """Write what the dry run showed: all of it, or nothing when something has become wrong since."""
    check_coordinator(request.user)
    form = ConfirmImportForm(request.POST, user_id=request.user.pk)
    if not form.is_valid():
        for error in form.errors.get("rows", [_("Velg fila på nytt.")]):
            messages.error(request, str(error))
        return redirect("accounts:import")
    rows = form.cleaned_data["rows"]
    report = services.import_people(rows, actor=request.user, today=timezone.localdate(), write=True)
    if not report.was_written:
        again = ConfirmImportForm(user_id=request.user.pk, rows=rows)
        return render(request, "accounts/import_verdicts.html", {"report": report, "form": again}, status=422)
    messages.success(request, _told(report))
    return redirect("accounts:people")


def _told(report: ImportReport) -> str:
    if not report.changes:
        return _("Alt var slik fra før. Ingenting er endret.")
    words = ngettext("Én rad er skrevet.", "%(number)d rader er skrevet.", report.changes)
    return words % {"number": report.changes}
