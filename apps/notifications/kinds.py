"""The registry of notice kinds: the one callback between apps. Each app registers its kinds in `apps.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from apps.notifications.enums import Group


@dataclass(frozen=True)
class NoticeKind:
    """`title` is lazy text without any name; `may_still_get(user, object_id)` is asked again when sending.

    `urgent` kinds are mailed at once also to those who chose one e-mail a day.
    """

    code: str
    title: object
    may_still_get: Callable[[object, UUID | None], bool]
    group: str = Group.TASK
    urgent: bool = False
    is_reminder: bool = False


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    """Add a kind. Registering the same code twice with another definition is a programming error."""
    known = _kinds.get(kind.code)
    if known is not None and known != kind:
        raise ValueError(f"The notice kind {kind.code} is registered twice.")
    _kinds[kind.code] = kind


def get(code: str) -> NoticeKind | None:
    return _kinds.get(code)


def all_kinds() -> list[NoticeKind]:
    return [_kinds[code] for code in sorted(_kinds)]
