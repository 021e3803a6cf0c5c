"""Whether a token is right. Authlib's checks, and those it leaves out: level, age, leeway, and keys fetched anew."""

import base64
import hashlib
import json
import math
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from django.core.cache import cache
from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, JoseError
from joserfc.jwk import import_key

from apps.core.oidc.provider import ALGORITHMS, Provider, keys, keys_anew

# Seconds that two clocks may differ, and that a token may have been on its way.
LEEWAY = 10
OLDEST = 300
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class TokenRefused(Exception):
    """The token is not right. `code` says why, to tests and to those who run the portal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IdToken(CodeIDToken):
    """The claims of an id_token of ours. `params`: provider, nonce, acr (the lowest that will do), max_age."""

    def check(self, now: datetime) -> None:
        """Raise `TokenRefused` unless everything is as it must be at this instant."""
        provider: Provider = self.params["provider"]
        seconds = now.timestamp()
        _check_sender(self, provider)
        _check_times(self, seconds)
        if not self.params["nonce"] or self.get("nonce") != self.params["nonce"]:
            raise TokenRefused("nonce")
        if not isinstance(self.get("sub"), str) or not self["sub"]:
            raise TokenRefused("subject")
        if not provider.reaches(str(self.get("acr") or ""), self.params["acr"]):
            raise TokenRefused("acr")
        self._check_auth_time(seconds)
        try:
            self.validate(now=int(seconds), leeway=LEEWAY)  # azp, amr and at_hash
        except ClaimError as error:
            raise TokenRefused(error.claim or "claim") from error

    def _check_auth_time(self, seconds: float) -> None:
        max_age = self.params["max_age"]
        if max_age is None:
            return
        at = _time(self, "auth_time")
        if at is None or seconds - at > max_age + LEEWAY or at > seconds + LEEWAY:
            raise TokenRefused("auth_time")


def read_id_token(
    token: str,
    provider: Provider,
    *,
    nonce: str,
    now: datetime,
    acr: str = "",
    max_age: int | None = None,
    access_token: str = "",
) -> IdToken:
    """The claims of a right id_token. Raises `TokenRefused`, `ProviderDown`."""
    opened = _verified(token, provider)
    params = {
        "provider": provider,
        "client_id": provider.client_id,
        "nonce": nonce,
        "acr": acr,
        "max_age": max_age,
        "access_token": access_token,
    }
    claims = IdToken(opened.claims, opened.header, params=params)
    claims.check(now)
    return claims


def read_logout_token(token: str, provider: Provider, *, now: datetime) -> str:
    """The `sid` of a right logout_token, which is taken once. Raises `TokenRefused`, `ProviderDown`."""
    claims = _verified(token, provider).claims
    _check_sender(claims, provider)
    _check_times(claims, now.timestamp(), may_lack_exp=True)
    events = claims.get("events")
    if "nonce" in claims or not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRefused("event")
    sid, jti = claims.get("sid"), claims.get("jti")
    if not isinstance(sid, str) or not sid:
        raise TokenRefused("sid")
    if not isinstance(jti, str) or not jti or not _is_first(provider, jti):
        raise TokenRefused("jti")
    return sid


def _is_first(provider: Provider, jti: str) -> bool:
    """Whether a token by this name has not come before. Kept for longer than a token is taken."""
    name = hashlib.sha256(f"{provider.issuer}\n{jti}".encode()).hexdigest()
    return cache.add(f"oidc-jti-{name}", 1, 2 * (OLDEST + LEEWAY))


def _check_sender(claims: dict[str, Any], provider: Provider) -> None:
    if claims.get("iss") != provider.issuer:
        raise TokenRefused("issuer")
    audience = claims.get("aud")
    if provider.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise TokenRefused("audience")


def _check_times(claims: dict[str, Any], seconds: float, *, may_lack_exp: bool = False) -> None:
    issued, ends, begins = _time(claims, "iat"), _time(claims, "exp"), _time(claims, "nbf")
    # Either clock may be wrong; a token from the future says so as surely as an old one.
    if issued is None or not -LEEWAY <= seconds - issued <= OLDEST:
        raise TokenRefused("clock")
    if begins is not None and begins > seconds + LEEWAY:
        raise TokenRefused("clock")
    if "exp" not in claims and may_lack_exp:
        return
    if ends is None or seconds >= ends + LEEWAY:
        raise TokenRefused("expired")


def _time(claims: dict[str, Any], name: str) -> float | None:
    """A time as JSON has it; None for what is none, also NaN, with which every comparison is false."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _verified(token: str, provider: Provider) -> jwt.Token:
    """The token, signed by the provider. Its keys are fetched anew for an unknown one, and once for a bad signature."""
    header = _header_of(token)
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused("alg")
    known = keys(provider)
    key = _named(known, header)
    if key is not None:
        try:
            return _opened(token, key, header)
        except BadSignatureError:
            pass
    fresh = keys_anew(provider)
    key = _named(fresh or [], header)
    if key is None:
        raise TokenRefused("signature")
    try:
        return _opened(token, key, header)
    except BadSignatureError as error:
        raise TokenRefused("signature") from error


def _opened(token: str, key: dict[str, Any], header: dict[str, Any]) -> jwt.Token:
    try:
        return jwt.decode(token, import_key(key), algorithms=[header["alg"]])
    except BadSignatureError:
        raise
    except (JoseError, ValueError) as error:
        raise TokenRefused("signature") from error


def _named(known: list[dict[str, Any]], header: dict[str, Any]) -> dict[str, Any] | None:
    kid = header.get("kid")
    fitting = [key for key in known if kid and key.get("kid") == kid and key.get("use", "sig") == "sig"]
    return next((key for key in fitting if key.get("alg", header["alg"]) == header["alg"]), None)


def _header_of(token: str) -> dict[str, Any]:
    try:
        part = token.split(".")[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, AttributeError) as error:
        raise TokenRefused("alg") from error
    return header if isinstance(header, dict) else {}
