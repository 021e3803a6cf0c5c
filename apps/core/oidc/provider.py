"""One provider: how we know each other, what it says about itself, and its keys."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from django.core.cache import cache
from django.utils.http import parse_http_date_safe

METADATA_SECONDS = 3600
KEYS_SECONDS = 24 * 3600
# However many tokens name a key that is not there, the keys are asked for this seldom.
SELDOM_SECONDS = 60
# To connect, and between two pieces of an answer.
TIMEOUT = (3, 5)
_LONGEST = 300_000
ALGORITHMS = ("RS256", "PS256", "ES256")


class ProviderDown(Exception):
    """The provider does not answer, or not as a provider does."""


@dataclass(frozen=True)
class Provider:
    """A provider and the portal's place there. `acr_order` goes from the lowest level to the highest."""

    key: str
    issuer: str
    client_id: str
    private_key: dict[str, Any] | None = field(default=None, repr=False)
    client_secret: str = field(default="", repr=False)
    scope: str = "openid profile"
    acr_order: tuple[str, ...] = ()

    def rank(self, acr: str) -> int:
        """The place of a level in the order; -1 for one that is not there."""
        return self.acr_order.index(acr) if acr in self.acr_order else -1

    def reaches(self, acr: str, needed: str) -> bool:
        """Whether a sign-in at this level is enough where `needed` is asked for. An unknown level never is."""
        return not needed or (self.rank(acr) >= self.rank(needed) >= 0)


def metadata(provider: Provider) -> dict[str, Any]:
    """What the provider says about itself, at most an hour old. Raises `ProviderDown`."""
    key = _cache_key("metadata", provider.issuer)
    kept = cache.get(key)
    if kept is None:
        kept = read_metadata(provider.issuer)
        cache.set(key, kept, METADATA_SECONDS)
    return kept


def read_metadata(issuer: str) -> dict[str, Any]:
    """As `metadata`, asked for now. Raises `ProviderDown`, also when it says that it is somebody else."""
    found = _read_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != issuer or not all(isinstance(found.get(name), str) for name in needed):
        raise ProviderDown("metadata")
    return found


def keys(provider: Provider) -> list[dict[str, Any]]:
    """The provider's keys, at most a day old. Raises `ProviderDown`."""
    kept = cache.get(_cache_key("keys", provider.issuer))
    return kept if kept is not None else _read_keys(provider)


def keys_anew(provider: Provider) -> list[dict[str, Any]] | None:
    """The keys asked for now; None when they have been asked for within a minute. Raises `ProviderDown`."""
    if not cache.add(_cache_key("seldom", provider.issuer), 1, SELDOM_SECONDS):
        return None
    return _read_keys(provider)


def clock_difference(provider: Provider, *, now: datetime) -> float | None:
    """How many seconds the provider's clock is ahead of ours; None when it does not say. Raises `ProviderDown`."""
    try:
        address = metadata(provider)["jwks_uri"]
        with requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            told = parse_http_date_safe(answer.headers.get("Date", ""))
    except requests.RequestException as error:
        raise ProviderDown(type(error).__name__) from error
    return None if told is None else told - now.timestamp()


def forget(issuer: str) -> None:
    """Ask for everything anew the next time: its settings have been changed."""
    cache.delete_many([_cache_key(what, issuer) for what in ("metadata", "keys", "seldom")])


def _read_keys(provider: Provider) -> list[dict[str, Any]]:
    found = _read_json(metadata(provider)["jwks_uri"]).get("keys")
    if not isinstance(found, list):
        raise ProviderDown("keys")
    public = [key for key in found if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and "d" not in key]
    cache.set(_cache_key("keys", provider.issuer), public, KEYS_SECONDS)
    return public


def _read_json(url: str) -> dict[str, Any]:
    started = time.monotonic()
    try:
        with requests.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            body = b""
            for piece in answer.iter_content(16_384):
                body += piece
                if len(body) > _LONGEST or time.monotonic() - started > sum(TIMEOUT):
                    raise ProviderDown("too long")
            found = json.loads(body) if answer.status_code == 200 else None
    except (requests.RequestException, ValueError) as error:
        raise ProviderDown(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderDown("no answer")
    return found


def _cache_key(what: str, issuer: str) -> str:
    return f"oidc-{what}-{hashlib.sha256(issuer.encode()).hexdigest()[:32]}"
