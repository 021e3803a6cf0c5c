"""Small pages that use core as the apps do."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import AccessDenied, Conflict
from apps.core.form_keys import once
from apps.core.forms import DateField, FreeTextField, PortalForm
from apps.core.http import conflict_response
from apps.core.models import bump, lock
from tests.core.models import Note


class WishForm(PortalForm, forms.Form):
    text = FreeTextField(label="Ønske")
    password = forms.CharField(required=False)
    loud = forms.BooleanField(required=False)
    kinds = forms.MultipleChoiceField(required=False, choices=[("a", "A"), ("b", "B")])
    day = DateField(required=False)


class DraftForm(WishForm):
    keeps_drafts = True


class TickedForm(DraftForm):
    kept_with = {"text": "loud"}


class NoteForm(PortalForm, forms.ModelForm):
    class Meta:
        model = Note
        fields = ["title", "level", "due_day"]


def wish(request):
    return _wish(request, WishForm)


def draft(request):
    return _wish(request, DraftForm)


def ticked(request):
    return _wish(request, TickedForm)


@login_not_required
def open_wish(request):
    return _wish(request, WishForm)


def several(request):
    forms_ = [WishForm(about="en"), WishForm(about="to"), WishForm(prefix="x")]
    return HttpResponse("".join(f"<section>{form}</section>" for form in forms_))


def _wish(request, form_class):
    form = form_class(request.POST or None)
    if form.is_valid():
        url, _created = once(form.cleaned_data["form_key"], "wish", request.user.pk, lambda: _create(form))
        return redirect(url)
    return HttpResponse(str(form))


def _create(form):
    note = Note(title=form.cleaned_data["text"][:50])
    note.save()
    return reverse("note", args=[note.pk])


def note(request, pk):
    """Edit with a version, the way a page of the portal does it."""
    form = NoteForm(request.POST or None, instance=Note.objects.get(pk=pk))
    if form.is_valid():
        try:
            with transaction.atomic():
                locked = lock(Note, pk, version=form.cleaned_data["version"])
                for name in form.Meta.fields:
                    setattr(locked, name, form.cleaned_data[name])
                bump(locked).save()
        except Conflict as conflict:
            return conflict_response(request, form, conflict.current)
        return redirect("note", pk)
    return HttpResponse(str(form))


def denied(request):
    raise AccessDenied("Bare stafettholderen kan gjøre dette.")


@login_not_required
def missing(request):
    raise Http404("Loggen til Ola finnes ikke")


@login_not_required
def broken(request):
    raise ZeroDivisionError("Ola Nordmann 08881588057 på <mor@solvik.example>")


@login_not_required
def public(request):
    return HttpResponse(f"{request.LANGUAGE_CODE} {timezone.now():%H}")
