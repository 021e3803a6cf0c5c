"""Sessions: in the database (`settings.SESSION_ENGINE`), and how long a sign-in lasts.

A time without use, and a time in all, kept in the session in whole seconds of UTC.
"""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.core.crypto import blind_index
from apps.core.models import BrowserSession
from apps.core.statements import statement

_STARTED = "_signed_in_at"
_SEEN = "_seen_at"
_PROVED = "_proved_at"
_PROVIDER = "_provider_session"
# A request writes the time of use only when the stored one is older than this, so that reading pages writes nothing.
# The limit is reached at most this much early, never late.
_WRITE_EVERY = 60


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read by a compiled statement: every request reads one.

    The row tells which session at a provider it belongs to (`bind_to_provider`), also after it has got a new id.
    """

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        row = cast(BrowserSession, super().create_model_instance(data))
        row.provider_session = data.get(_PROVIDER, "")
        return row

    def _get_session_from_db(self) -> Any:
        row = _live_session.first(self.session_key, timezone.now())
        if row is None:
            self._session_key = None
        return row


@statement
def _live_session(key: str, now: datetime) -> QuerySet:
    return BrowserSession.objects.filter(session_key=key, expire_date__gt=now)


def start_clocks(sender: type[Model], request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Receiver of `user_logged_in`: a new id and new clocks, also when the same person signs in again."""
    request.session.cycle_key()
    seconds = int(timezone.now().timestamp())
    request.session[_STARTED] = seconds
    request.session[_SEEN] = seconds


def is_over(session: SessionBase, *, now: datetime) -> bool:
    """True when the sign-in has been unused or has lasted too long. A session without clocks is over."""
    seconds = now.timestamp()
    idle = seconds - session.get(_SEEN, 0)
    lasted = seconds - session.get(_STARTED, 0)
    return idle >= settings.SESSION_IDLE_SECONDS or lasted >= settings.SESSION_ABSOLUTE_SECONDS


def touch(session: SessionBase, *, now: datetime) -> None:
    """Note that the sign-in is in use; writes at most once a minute."""
    seconds = int(now.timestamp())
    if seconds - session.get(_SEEN, 0) >= _WRITE_EVERY:
        session[_SEEN] = seconds


def rotate(request: HttpRequest) -> None:
    """Give the session a new id, keeping what it holds: after a change of role or a step-up (ASVS 7.2.4)."""
    request.session.cycle_key()


def bind_to_provider(session: SessionBase, issuer: str, sid: str) -> None:
    """The session ends when the provider says that its own, `sid`, has ended. Without a `sid` it is bound no more."""
    session[_PROVIDER] = _provider_session(issuer, sid) if sid else ""


def end_of_provider(issuer: str, sid: str) -> int:
    """End every session here that belongs to this one at the provider; gives the number. Safe to repeat."""
    return BrowserSession.objects.filter(provider_session=_provider_session(issuer, sid)).delete()[0] if sid else 0


def _provider_session(issuer: str, sid: str) -> str:
    return blind_index("provider_session", f"{issuer}\n{sid}")


def note_proved(session: SessionBase, *, now: datetime) -> None:
    """The person has just shown again who it is, by password, key or a new round at the provider."""
    session[_PROVED] = int(now.timestamp())


def is_proved(session: SessionBase, *, now: datetime, seconds: int) -> bool:
    """Whether the person has signed in, or shown again who it is, within these seconds."""
    return now.timestamp() - max(session.get(_STARTED, 0), session.get(_PROVED, 0)) < seconds
