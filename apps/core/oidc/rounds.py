"""A browser is sent to a provider and comes back: one round, known by its state, used once, for ten minutes.

What a round must remember (nonce, code verifier, where to go after) stands in the session of the browser, several at
a time: two tabs are two rounds.
"""

import contextlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import translation
from joserfc import jwt
from joserfc.jwk import import_key

from apps.core.oidc.provider import TIMEOUT, Provider, ProviderDown, metadata
from apps.core.oidc.tokens import IdToken, TokenRefused, read_id_token

ROUND_SECONDS = 600
ASSERTION_SECONDS = 60
_ROUNDS = "oidc_rounds"
_MOST = 5
# OpenID's language tags in order of preference, by the portal's.
_UI_LOCALES = {"nb": "nb no", "nn": "nn nb no", "en": "en nb"}


class ClientAssertion(PrivateKeyJWT):
    """Authlib's way to sign for the client, with the issuer as audience, a minute's life and a new `jti` each time."""

    def __init__(self, provider: Provider, now: datetime) -> None:
        super().__init__()
        self.provider, self.now = provider, now

    def sign(self, auth: ClientAuth, token_endpoint: str) -> str:
        given = self.provider.private_key or {}
        alg = given.get("alg") or ("ES256" if given.get("kty") == "EC" else "RS256")
        issued = int(self.now.timestamp())
        claims = {
            "iss": self.provider.client_id,
            "sub": self.provider.client_id,
            "aud": self.provider.issuer,
            "iat": issued,
            "exp": issued + ASSERTION_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        return jwt.encode({"alg": alg, "kid": given.get("kid")}, claims, import_key(given), algorithms=[alg])


@dataclass(frozen=True)
class Round:
    """What was asked for when the browser was sent out. `purpose` and `return_to` are the caller's own."""

    provider: str
    nonce: str
    verifier: str
    redirect_uri: str
    started: int
    return_to: str = ""
    purpose: str = ""
    acr: str = ""
    max_age: int | None = None


@dataclass(frozen=True)
class Finished:
    """A round that came back as it should. `id_token` is the text of the token, for signing out."""

    round: Round
    claims: IdToken
    id_token: str


def start(
    request: HttpRequest,
    provider: Provider,
    *,
    redirect_uri: str,
    now: datetime,
    return_to: str = "",
    purpose: str = "",
    acr: str = "",
    max_age: int | None = None,
    prompt: str = "",
) -> str:
    """The address at the provider to send the browser to. Raises `ProviderDown`."""
    address = metadata(provider)["authorization_endpoint"]
    state, nonce, verifier = (secrets.token_urlsafe(48) for _each in range(3))
    made = Round(provider.key, nonce, verifier, redirect_uri, int(now.timestamp()), return_to, purpose, acr, max_age)
    _keep(request.session, state, made)
    asked: dict[str, Any] = {
        "nonce": nonce,
        "ui_locales": _UI_LOCALES.get(translation.get_language() or "nb", "nb no"),
        "acr_values": acr,
        "max_age": "" if max_age is None else str(max_age),
        "prompt": prompt,
    }
    client = _client(provider, redirect_uri, now)
    more = {name: value for name, value in asked.items() if value}
    return client.create_authorization_url(address, state=state, code_verifier=verifier, **more)[0]


def finish(request: HttpRequest, provider: Provider, *, now: datetime) -> Finished:
    """What the browser has come back with, checked. Its round is over whatever comes of it.

    Raises `TokenRefused` («state»: no such round here, or it is over; «denied»: the person turned back; «code»: the
    provider does not take the code), `ProviderDown`.
    """
    made = _take(request.session, request.GET.get("state", ""))
    if made is None or made.provider != provider.key or now.timestamp() - made.started > ROUND_SECONDS:
        raise TokenRefused("state")
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise TokenRefused("issuer")
    if "error" in request.GET or not request.GET.get("code"):
        raise TokenRefused("denied")
    told = _exchange(provider, made, request.GET["code"], now)
    if not isinstance(told.get("id_token"), str):
        raise TokenRefused("signature")
    claims = read_id_token(
        told["id_token"],
        provider,
        nonce=made.nonce,
        now=now,
        acr=made.acr,
        max_age=made.max_age,
        access_token=str(told.get("access_token") or ""),
    )
    return Finished(made, claims, told["id_token"])


def _exchange(provider: Provider, made: Round, code: str, now: datetime) -> dict[str, Any]:
    endpoint = metadata(provider)["token_endpoint"]
    client = _client(provider, made.redirect_uri, now)
    try:
        return client.fetch_token(
            endpoint, code=code, code_verifier=made.verifier, grant_type="authorization_code", allow_redirects=False
        )
    except OAuthError as error:
        raise TokenRefused("code") from error
    except (requests.RequestException, ValueError) as error:
        raise ProviderDown(type(error).__name__) from error


def _client(provider: Provider, redirect_uri: str, now: datetime) -> OAuth2Session:
    signs = provider.private_key is not None
    client = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method="private_key_jwt" if signs else "client_secret_basic",
        scope=provider.scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )
    client.register_client_auth_method(ClientAssertion(provider, now))
    return client


def _keep(session: SessionBase, state: str, made: Round) -> None:
    rounds = session.get(_ROUNDS, {})
    newest = sorted(rounds.items(), key=lambda item: item[1]["started"])[-(_MOST - 1) :]
    session[_ROUNDS] = {**dict(newest), state: asdict(made)}


def _take(session: SessionBase, state: str) -> Round | None:
    rounds = session.get(_ROUNDS, {})
    found = rounds.pop(state, None)
    if found is None:
        return None
    session[_ROUNDS] = rounds
    with contextlib.suppress(TypeError):
        return Round(**found)
    return None
