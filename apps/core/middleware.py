"""What happens around every request. The order is in settings.MIDDLEWARE."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from apps.core import drafts, http, sessions
from apps.core.errors import PdfFailed
from apps.core.log import is_unlogged
from apps.core.requests import PortalRequest

access_log = structlog.get_logger("portal.access")


class RequestIdMiddleware:
    """Gives the request an id that every log line carries, and writes one access line: the route, never the address.

    The id is not in the response: two answers that must be equal (404) are equal to the byte.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):
            response = self.get_response(request)
            if not is_unlogged(request.path):
                access_log.info(
                    "request",
                    method=request.method,
                    route=request.resolver_match.view_name if request.resolver_match else "",
                    status=response.status_code,
                    ms=round((time.perf_counter() - started) * 1000),
                )
        return response


class NoStoreMiddleware:
    """Nothing that a signed-in person was shown is stored by the browser or anything on the way.

    Also the answer to the request that signs the person out: there the session still tells who asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "user", None)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session or (user is not None and user.is_authenticated):
            response.headers["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Cookie"])
        return response


class OnlyFormsMiddleware:
    """400 for a POST that is no form (JSON, XML, plain text): no page takes any, so none shall half understand it."""

    TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        if request.method == "POST" and has_body and request.content_type not in self.TYPES:
            return http.handler400(request, None)
        return self.get_response(request)


class FailedPdfMiddleware:
    """A PDF that could not be made is a page that says why, wherever it was asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: PortalRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PdfFailed):
            return None
        return http.error_page(request, status=503, title=_("Vi fikk ikke laget dokumentet"), text=str(exception))


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for. The page for suspected violence sends no referrer anywhere (S13)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if is_unlogged(request.path):
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


class SessionLimitsMiddleware:
    """Ends a sign-in that has been unused for 30 minutes or has lasted 10 hours (settings.SESSION_*_SECONDS).

    The session is deleted, also on the server; `request.sign_in_ended` tells later middleware. However a sign-in ends,
    the browser is told to forget what it keeps: the next person at the machine finds nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        now = timezone.now()
        request.sign_in_ended = False
        was_signed_in = request.user.is_authenticated
        response = self._answer(request, now)
        if was_signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _answer(self, request, now):
        if request.user.is_authenticated:
            if sessions.is_over(request.session, now=now):
                logout(request)
                request.sign_in_ended = True
            else:
                sessions.touch(request.session, now=now)
        return self.get_response(request)


class ExpiredPostMiddleware:
    """Keeps what people send on a sign-in that has ended, and gives it back after they sign in again (`core.drafts`).

    Stands after SessionLimitsMiddleware and before LoginRequiredMiddleware; the CSRF check has then been made.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with drafts.request_in_hand(request):
            response = self.get_response(request)
        drafts.leave_token(request, response)
        if request.method == "POST" and 300 <= response.status_code < 400 and self._was_taken(request):
            drafts.forget(request)
        return response

    def process_view(
        self,
        request: PortalRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Sequence[Any],
        view_kwargs: Mapping[str, Any],
    ) -> HttpResponse | None:
        if request.user.is_authenticated or not getattr(view_func, "login_required", True):
            return None
        if request.method == "POST":
            page = drafts.rescue(request, now=timezone.now())
            return None if page is None else http.sign_in_again(request, page)
        if request.sign_in_ended:
            messages.info(request, _("Du ble logget ut fordi det er en stund siden du brukte portalen."))
        return None

    def _was_taken(self, request):
        """True when the view itself answered: what was sent is now where it belongs."""
        return request.user.is_authenticated and not getattr(request, "text_is_kept", False)
