"""One who has signed in with ID-porten and has no account here: she is told what everyone is told (safety.md S25).

She stands in the session as an index and a year of birth. An account is made when she asks a unit for a log, or uses a
code for a place; then in the name she gives.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import PortalRequest
from apps.municipality.selectors import settings_row
from apps.stafettlogg.forms.family import FirstWishForm
from apps.stafettlogg.forms.links import FirstCodeForm
from apps.stafettlogg.services import family_sign_in as services
from apps.stafettlogg.services.family_sign_in import Told, Trusted
from apps.stafettlogg.views.family.pages import posted

_PERSON = "family_person"


def remember(request: PortalRequest, trusted: Trusted, *, now: datetime) -> None:
    """Who has signed in, until she leaves or has been still for as long as anyone may be."""
    request.session.cycle_key()
    request.session[_PERSON] = [trusted.index, trusted.birth_year, int(now.timestamp())]


def forget(request: PortalRequest) -> None:
    """She has an account."""
    request.session.pop(_PERSON, None)


def _person(request, now) -> Trusted | None:
    found = request.session.get(_PERSON)
    if found is None or now.timestamp() - found[2] >= settings.SESSION_IDLE_SECONDS:
        return None
    return Trusted(found[0], found[1])


def for_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for one who has signed in and has no account: `view(request, trusted)`. Others go where they belong."""

    @login_not_required
    @wraps(view)
    def wrapped(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("stafettlogg:children" if request.user.is_citizen else settings.LOGIN_REDIRECT_URL)
        now = timezone.now()
        trusted = _person(request, now)
        if trusted is None:
            return redirect("account_login")
        request.session[_PERSON] = [trusted.index, trusted.birth_year, int(now.timestamp())]
        return view(request, trusted, *args, **kwargs)

    return wrapped


@require_safe
@for_person
def no_case(request: PortalRequest, trusted: Trusted) -> HttpResponse:
    """Something may have come since she signed in: then she is let in."""
    user = services.account_of(trusted, now=timezone.now())
    if user is not None:
        _log_in(request, user)
        return redirect("stafettlogg:children")
    return render(request, "stafettlogg/family/no_case.html", {"municipality": settings_row()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_person
def first_wish(request: PortalRequest, trusted: Trusted) -> HttpResponse:
    now = timezone.now()
    form = FirstWishForm(posted(request), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            user, wish = services.ask_for_log(
                trusted,
                Told(asked["name"], asked["phone"], get_language() or ""),
                unit_id=asked["unit"].pk,
                child_name=asked["child_name"],
                text=asked["text"],
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            _log_in(request, user)
            return redirect("stafettlogg:wish_sent", wish_id=wish.pk)
    return form_page(request, "stafettlogg/family/first_wish.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_person
def first_code(request: PortalRequest, trusted: Trusted) -> HttpResponse:
    """Says nothing of whose place it is, and the same of every code that is not right."""
    form = FirstCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        told = Told(form.cleaned_data["name"], language=get_language() or "")
        user = services.use_first_code(trusted, told, code=form.cleaned_data["code"], now=timezone.now())
        if user is not None:
            _log_in(request, user)
            messages.success(request, _("Takk. Den som ga deg koden, bekrefter at det er deg."))
            return redirect("stafettlogg:children")
        form.add_error("code", _("Koden stemmer ikke, eller den er for gammel. Be om en ny."))
    return form_page(request, "stafettlogg/family/first_code.html", {"form": form})


def _log_in(request: PortalRequest, user: User) -> None:
    forget(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
