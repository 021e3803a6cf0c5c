"""Answers that every app gives alike: not found, not allowed, someone saved first, something failed."""

import datetime
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound, HttpResponseServerError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.choices import flatten_choices
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from apps.core import drafts, emergency
from apps.core.dates import format_long
from apps.core.errors import HasVersion
from apps.core.forms import PortalForm
from apps.core.localized_forms import LocalizedFormField
from apps.core.requests import PortalRequest
from apps.core.text import LocalizedText, language_codes

RETRY_SECONDS = 30


def not_found_response() -> HttpResponse:
    """The one 404: the same bytes and headers whatever was asked for, so that it says nothing about what exists."""
    return _never_stored(HttpResponseNotFound(static_page("404")))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return not_found_response()


def handler400(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    return _never_stored(HttpResponseBadRequest(static_page("400")))


def handler500(request: HttpRequest) -> HttpResponse:
    """An error of ours; while the database is away or too busy to answer, a page that is there again in a moment."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable("offline")
    return _never_stored(HttpResponseServerError(static_page("500")))


def unavailable(name: str) -> HttpResponse:
    """503 with a page of `templates/errors/` that needs no database, and when to ask again."""
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return _never_stored(HttpResponse(static_page(name), status=503, headers=headers))


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Visible but not allowed: the page says why. Only `AccessDenied` carries words meant for people."""
    reason = getattr(exception, "message", None) or _("Du har ikke tilgang til denne siden.")
    return error_page(request, status=403, title=_("Du har ikke tilgang"), text=str(reason))


def error_page(request: HttpRequest, *, status: int, title: str, text: str) -> HttpResponse:
    """A page in the portal's frame that says what is wrong and what to do."""
    context = {"status": status, "title": title, "text": text, "phones": emergency.numbers()}
    return _never_stored(render(request, "errors/error.html", context, status=status))


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a form (`form` in the context): 200 as it is opened, 422 when it was sent and is shown again."""
    form = context.get("form")
    return render(request, template, context, status=422 if form is not None and form.is_bound else 200)


def conflict_response(request: HttpRequest, form: PortalForm, current: HasVersion) -> HttpResponse:
    """409: someone saved first. Shows both texts; sending again from this page saves over what stands there now.

    `form` is the bound form as the writer sent it, `current` the object as it is (`Conflict.current`). The page gets
    `form` (with the new version in it) and `rows`: dicts of `label`, `yours`, `theirs` for the fields that differ.
    """
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(current.version)
    context = {"form": form, "rows": _differences(form, current), "current": current}
    return _never_stored(render(request, "core/conflict.html", context, status=409))


def csrf_failure(request: PortalRequest, reason: str = "") -> HttpResponse:
    """A form that was opened before the last sign-in: its text is kept, and its page opens again with it filled in.

    On a machine that others use too, somebody else may be signed in by now: then it waits for who wrote it.
    """
    page = drafts.rescue(request, now=timezone.now())
    if page is None:
        return error_page(
            request,
            status=403,
            title=_("Vi kunne ikke ta imot skjemaet"),
            text=_("Siden er for gammel, eller nettleseren tar ikke imot informasjonskapsler. Last siden på nytt."),
        )
    if not request.user.is_authenticated:
        return sign_in_again(request, page)
    if {mark.user_id for mark in drafts.marks_in(request.POST)} == {str(request.user.pk)}:
        return redirect(page)
    return error_page(
        request,
        status=403,
        title=_("En annen er logget inn nå"),
        text=_("Vi har tatt vare på det du skrev. Logg inn som deg selv i denne nettleseren, så får du det tilbake."),
    )


def sign_in_again(request: HttpRequest, page: str) -> HttpResponse:
    """To the sign-in page after a rescue; htmx is told to move the whole page."""
    messages.warning(request, _("Du var logget ut. Vi har tatt vare på det du skrev. Logg inn, så får du det tilbake."))
    response = redirect_to_login(page)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": response.url})
    return response


def static_page(name: str) -> str:
    """A page of `templates/errors/` with the telephone numbers in it. It asks the database nothing."""
    numbers = format_html_join(
        "",
        '<li><span>{}</span> <a href="tel:{}">{}</a></li>',
        ((number.label, number.tel, number.number.replace(" ", "\u00a0")) for number in emergency.numbers()),
    )
    return _page(name).replace("<!-- telefonnumre -->", format_html('<ul class="p-phones">{}</ul>', numbers))


@cache
def _page(name):
    return (settings.BASE_DIR / "templates" / "errors" / f"{name}.html").read_text("utf-8")


def _never_stored(response):
    response.headers["Cache-Control"] = "no-store, private"
    patch_vary_headers(response, ["Cookie"])
    return response


def _differences(form, current):
    rows = []
    for bound in form.visible_fields():
        if hasattr(current, bound.name):
            yours, theirs = form.cleaned_data.get(bound.name, bound.data), getattr(current, bound.name)
            rows += [
                {"label": label, "yours": mine, "theirs": other}
                for label, mine, other in _pairs(bound, yours, theirs)
                if mine != other
            ]
    return rows


def _pairs(bound, yours, theirs):
    """(label, yours, theirs): one for the field, or one for each language of it."""
    if not isinstance(bound.field, LocalizedFormField):
        return [(bound.label, _shown(bound.field, yours), _shown(bound.field, theirs))]
    mine, other = LocalizedText.of(yours), LocalizedText.of(theirs)
    names = dict(settings.LANGUAGES)
    return [(f"{bound.label} ({names[code]})", mine.get(code), other.get(code)) for code in language_codes()]


def _shown(field, value):
    """The value as a person reads it: the choice's words, the objects' names, the text itself."""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return format_long(value)
    if hasattr(value, "all"):
        value = value.all()
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(_shown(field, item) for item in value)
    if isinstance(field, ChoiceField) and not isinstance(value, Model):
        choices: Any = field.choices  # the stub of flatten_choices knows grouped ones only
        flat: Iterable[tuple[Any, Any]] = flatten_choices(choices)
        labels = {str(key): str(label) for key, label in flat}
        return labels.get(str(value), str(value))
    return str(value)


def page_number(request: HttpRequest) -> int:
    """`?side=3`; 1 for anything that is not a page."""
    text = request.GET.get("side", "1")
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 10_000 else 1


def page_urls(request: HttpRequest, page: int, has_more: bool) -> dict:
    """`previous_url` and `next_url` for components/pagination.html; '' where there is none."""
    return {
        "previous_url": _page_url(request, page - 1) if page > 1 else "",
        "next_url": _page_url(request, page + 1) if has_more else "",
    }


def _page_url(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["side"] = str(page)
    return f"{request.path}?{query.urlencode()}"
