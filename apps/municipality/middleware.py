from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from apps.core.log import is_unlogged
from apps.core.requests import PortalRequest, View
from apps.municipality import selectors
from apps.municipality.selectors import readiness


class SettingsCacheMiddleware:
    """Reads the municipality's settings and words at most once per request; the next request sees every change."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with selectors.kept_in_mind():
            return self.get_response(request)


# What is open before the portal is: the way in, and what must be readable everywhere. By the name of the address.
ALWAYS_OPEN = {
    *("set_language", "portal:robots", "portal:security", "portal:cookies", "portal:accessibility"),
    "portal:signed_out",
}


# Signing in and out, which employees must do, and which is tried before families come.
WAY_IN = "konto/"


class NotOpenedMiddleware:
    """Until the municipality has opened, the public and families meet one sentence and the numbers to ring.

    Employees are let through: they make it ready. Stands after the sign-in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request: PortalRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in ALWAYS_OPEN or match.route.startswith(WAY_IN):
            return None
        if not _is_met(request.user, view) or readiness.is_open():
            return None
        response = render(request, "municipality/not_opened.html")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _is_met(user, view) -> bool:
    """A visitor on a page for everyone, and a family on any page. Other visitors are sent to sign in."""
    return user.is_citizen if user.is_authenticated else not getattr(view, "login_required", True)


class UserLanguageMiddleware:
    """The person's own language; for visitors the one they chose (cookie); else the one the municipality writes in.

    On the page about suspected violence it is chosen in the address (`?sprak=nn`), for that page: nothing is kept.

    A language the municipality has dropped is no choice any longer. Bokmål is always there (`rules.check_languages`),
    and is what remains when the database does not answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = self._language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language_of(self, request):
        wanted = (
            request.GET.get("sprak", "") if is_unlogged(request.path) else "",
            getattr(request.user, "language", "") if request.user.is_authenticated else "",
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        )
        return next((language for language in wanted if _is_offered(language)), None) or _of_municipality()


def _of_municipality() -> str:
    try:
        written = selectors.settings_row().language_form
    except DatabaseError:
        return settings.LANGUAGE_CODE
    return written if _is_offered(written) else settings.LANGUAGE_CODE


def _is_offered(language: str) -> bool:
    return language == settings.LANGUAGE_CODE or (bool(language) and language in selectors.languages())
