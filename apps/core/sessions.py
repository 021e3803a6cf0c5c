"""Sessions: in the database (`settings.SESSION_ENGINE`), and how long a sign-in lasts.

A time without use, and a time in all, kept in the session in whole seconds of UTC.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.core.statements import statement

_STARTED = "_signed_in_at"
_SEEN = "_seen_at"
# A request writes the time of use only when the stored one is older than this, so that reading pages writes nothing.
# The limit is reached at most this much early, never late.
_WRITE_EVERY = 60


class SessionStore(db.SessionStore):
    """Django's sessions in the database, read by a compiled statement: every request reads one."""

    def _get_session_from_db(self) -> Any:
        row = _live_session.first(self.session_key, timezone.now())
        if row is None:
            self._session_key = None
        return row


@statement
def _live_session(key: str, now: datetime) -> QuerySet:
    return db.SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)


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
