"""What a session remembers of the provider that signed somebody in, and what signing out there needs.

The provider wants its id_token back when somebody signs out. Families' tokens hold their fødselsnummer, so the portal
keeps none: it travels sealed in a cookie of the browser that signed in.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase

from apps.core import crypto
from apps.core.oidc.provider import Provider, ProviderDown, metadata
from apps.core.oidc.rounds import Finished
from apps.core.sessions import bind_to_provider

HINT_COOKIE = "utlogging"
_HINT_PATH = "/konto/"
_LONGEST_COOKIE = 3800
_SIGNED_IN = "oidc_signed_in"
_CONTEXT = "core.oidc.hint"


@dataclass(frozen=True)
class SignedInBy:
    """Which provider, at which level, when the person showed who it is there, and when it came back to us."""

    provider: str
    acr: str
    auth_time: int
    at: int


def remember(session: SessionBase, provider: Provider, finished: Finished, *, now: datetime) -> None:
    """Tie the session to the provider's. To be called after `login`, which may have emptied the session."""
    claims = finished.claims
    at = int(now.timestamp())
    told = claims.get("auth_time")
    made = SignedInBy(provider.key, str(claims.get("acr") or ""), int(told) if told else at, at)
    session[_SIGNED_IN] = asdict(made)
    bind_to_provider(session, provider.issuer, str(claims.get("sid") or ""))


def signed_in_by(session: SessionBase) -> SignedInBy | None:
    """None for whoever signed in with a password, or has not."""
    found: dict[str, Any] | None = session.get(_SIGNED_IN)
    return SignedInBy(**found) if found else None


def leave_hint(response: HttpResponseBase, id_token: str) -> None:
    """Let the browser keep the sealed token until it is closed. One that is too long for a cookie is left out."""
    sealed = crypto.encrypt(_CONTEXT, HINT_COOKIE, id_token)
    if len(sealed) <= _LONGEST_COOKIE:
        response.set_cookie(
            HINT_COOKIE, sealed, path=_HINT_PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )


def forget_hint(response: HttpResponseBase) -> None:
    """The browser has signed out."""
    response.delete_cookie(HINT_COOKIE, path=_HINT_PATH, samesite="Lax")


def sign_out_address(request: HttpRequest, provider: Provider, *, return_to: str) -> str:
    """Where the browser signs out of the provider too; '' when it has no such place, or does not answer."""
    try:
        address = metadata(provider).get("end_session_endpoint")
    except ProviderDown:
        return ""
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": return_to}
    hint = _hint_in(request)
    if hint:
        asked["id_token_hint"] = hint
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _hint_in(request: HttpRequest) -> str:
    try:
        return crypto.decrypt(_CONTEXT, HINT_COOKIE, request.COOKIES.get(HINT_COOKIE, ""))
    except crypto.DecryptionFailed:
        return ""
