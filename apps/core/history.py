"""The one key to bulk writes on tracked models. Used by the seeding in `apps/portal/seeding/` alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open = ContextVar("core_bulk_load", default=False)


@contextmanager
def bulk_load() -> Iterator[None]:
    """Let `TrackedQuerySet` write in bulk. Such writes leave no history rows, so never wrap people's work in it."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def is_bulk_load() -> bool:
    return _open.get()
