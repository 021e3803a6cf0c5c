"""The coordinator's settings pages."""

from types import SimpleNamespace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import Conflict, RuleBroken
from apps.core.form_keys import once
from apps.core.http import conflict_response, form_page
from apps.core.requests import SignedInRequest
from apps.municipality import selectors, services
from apps.municipality.enums import TermKey
from apps.municipality.forms import FORM_LABELS, SECTIONS, ConsentAgesForm, PhoneForm, WordsForm
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Term
from apps.municipality.selectors.changes import changes_of
from apps.municipality.views.guard import coordinator_only


@require_safe
@coordinator_only
def overview(request: SignedInRequest) -> HttpResponse:
    row = _settings()
    sections = [
        {"url_key": key, "title": form.title, "text": form.text, "icon": form.icon} for key, form in SECTIONS.items()
    ]
    return render(request, "municipality/overview.html", {"sections": sections, "changed": selectors.last_change(row)})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def section(request: SignedInRequest, key: str) -> HttpResponse:
    """One section of the settings row; others may save another section at the same time only one after the other."""
    form_class = SECTIONS.get(key)
    if form_class is None:
        raise Http404
    row = _settings()
    form = form_class(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_settings(
                form.changes(),
                version=form.cleaned_data["version"],
                actor=request.user,
                today=timezone.localdate(),
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        except (RuleBroken, ValidationError) as refused:
            _add_errors(form, refused)
        else:
            messages.success(request, _("Innstillingene er lagret."))
            return redirect("municipality:settings")
    context = {"form": form, "changes": changes_of(row.history, _labels(form))}
    return form_page(request, "municipality/section.html", context)


def _labels(form) -> dict:
    return {bound.name: bound.label for bound in form.visible_fields()}


@require_safe
@coordinator_only
def words(request: SignedInRequest) -> HttpResponse:
    """All the municipality's words, in the active language."""
    rows = [(key, selectors.as_written(key), selectors.words(key)) for key in TermKey]
    return render(request, "municipality/words.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def word(request: SignedInRequest, key: str) -> HttpResponse:
    if key not in TermKey.values:
        raise Http404
    row = _settings()
    current = {language: selectors.words(key, language) for language in row.languages}
    form = WordsForm(request.POST or None, words=current, version=row.version, about=key)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_words(
                key,
                form.words(),
                version=form.cleaned_data["version"],
                actor=request.user,
                today=timezone.localdate(),
            )
        except Conflict as conflict:
            return conflict_response(request, form, _as_shown(form, conflict.current))
        messages.success(request, _("Ordet er lagret."))
        return redirect("municipality:words")
    names = dict(settings.LANGUAGES)
    changes = changes_of(Term.history.filter(key=key), FORM_LABELS, what=lambda row: names.get(row.language, ""))
    context = {"form": form, "title": selectors.as_written(key), "changes": changes}
    return form_page(request, "municipality/word.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def consent_ages(request: SignedInRequest) -> HttpResponse:
    row, own = _settings(), selectors.consent_ages()
    ages = {kind: selectors.consent_age(kind, own) for kind in selectors.service_kinds()}
    form = ConsentAgesForm(request.POST or None, ages=ages, version=row.version)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_consent_ages(
                form.ages(),
                version=form.cleaned_data["version"],
                actor=request.user,
                today=timezone.localdate(),
            )
        except Conflict as conflict:
            return conflict_response(request, form, _as_shown(form, conflict.current))
        messages.success(request, _("Samtykkealderen er lagret."))
        return redirect("municipality:settings")
    labels = {"age": _("Ungdommen svarer fra og med (år)"), "guardians_needed": _("De foresatte må si ja")}
    changes = changes_of(ConsentAgeRule.history, labels, what=lambda row: row.get_kind_display())
    # What the portal started with is no change anyone made.
    changes = [change for change in changes if change.by or not change.is_new]
    return form_page(request, "municipality/consent_ages.html", {"form": form, "changes": changes})


@require_safe
@coordinator_only
def phones(request: SignedInRequest) -> HttpResponse:
    changes = changes_of(PhoneNumber.history, _labels(PhoneForm()), what=lambda row: f"{row.label} {row.number}")
    context = {
        "phones": PhoneNumber.objects.all(),
        "changes": [change for change in changes if change.by or not change.is_new],
    }
    return render(request, "municipality/phones.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def phone_new(request: SignedInRequest) -> HttpResponse:
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        once(form.cleaned_data["form_key"], "phone", request.user.pk, lambda: _add_phone(request, form))
        messages.success(request, _("Nummeret er lagt til."))
        return redirect("municipality:phones")
    return form_page(request, "municipality/phone.html", {"form": form, "phone": None, "title": _("Legg til nummer")})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def phone(request: SignedInRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(PhoneNumber, pk=pk)
    title = str(row.label)
    form = PhoneForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_phone(
                pk,
                form.changes(),
                version=form.cleaned_data["version"],
                actor=request.user,
                today=timezone.localdate(),
            )
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        messages.success(request, _("Nummeret er lagret."))
        return redirect("municipality:phones")
    changes = changes_of(row.history, _labels(form))
    context = {"form": form, "phone": row, "title": title, "changes": changes}
    return form_page(request, "municipality/phone.html", context)


@require_POST
@coordinator_only
def phone_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(PhoneNumber, pk=pk)
    services.remove_phone(row.pk, actor=request.user, today=timezone.localdate())
    messages.success(request, _("Nummeret er tatt bort."))
    return redirect("municipality:phones")


def _settings() -> Municipality:
    """The row itself, fresh: forms write in it."""
    row = Municipality.objects.first()
    if row is None:
        raise Http404("manage.py start_municipality has not been run")
    return row


def _add_phone(request, form) -> str:
    services.add_phone(form.changes(), actor=request.user, today=timezone.localdate())
    return ""


def _add_errors(form, refused) -> None:
    if isinstance(refused, RuleBroken):
        form.add_error(None, str(refused))
    else:
        form.add_error(None, ValidationError(refused.messages))


def _as_shown(form, current) -> SimpleNamespace:
    """What stands now in the fields of a form that is not the row's own, for the conflict page."""
    now = {bound.name: bound.field.initial for bound in form.visible_fields()}
    return SimpleNamespace(version=current.version, pk=current.pk, **now)
