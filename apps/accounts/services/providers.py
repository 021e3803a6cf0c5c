"""What is noted about the providers that sign people in. Nothing of who came."""

from datetime import datetime

from django.core.cache import cache

from apps.accounts.selectors.providers import BAD, GOOD

_KEPT_SECONDS = 30 * 86400
# Refusals that say something of the set-up, and not of the person who came.
_OF_SET_UP = frozenset({"clock", "issuer", "audience", "signature", "alg", "code", "acr", "down", "subject", "pid"})


def note_good(key: str, *, now: datetime) -> None:
    """A sign-in has come through."""
    cache.set(f"{GOOD}-{key}", now.timestamp(), _KEPT_SECONDS)


def note_bad(key: str, code: str, *, now: datetime) -> None:
    """A sign-in was refused. Only what says something of the set-up is kept."""
    if code in _OF_SET_UP:
        cache.set(f"{BAD}-{key}", (now.timestamp(), code), _KEPT_SECONDS)
