"""What one must do and be told: the registry, and the one callback between apps. Each app registers in its `apps.py`.

A `NoticeKind` is something a person is told of when it happens. A `TaskKind` is something a person must do: its
selector finds it, and the start page, the log page, the leader's page, «Varsler», the reminders and their e-mails all
read that and nothing else (docs/architecture.md).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.access import has_right
from apps.accounts.models import Membership, User
from apps.audit.services import Read
from apps.municipality.enums import Right
from apps.notifications.enums import Concerns, Group, TaskStatus
from apps.notifications.scope import Scope

Text = str | Promise


def _never(_user: object, _object_id: object) -> bool:
    return False


@dataclass(frozen=True)
class NoticeKind:
    """`title` is lazy text without any name; `may_still_get(user, object_id)` is asked again when sending.

    `urgent` kinds are mailed at once also to those who chose one e-mail a day. `email`: the template of its e-mail.
    """

    code: str
    title: Text
    may_still_get: Callable[[User, Any], bool] = _never
    group: str = Group.TASK
    urgent: bool = False
    is_reminder: bool = False
    email: str = "notice"


@dataclass(frozen=True)
class Words:
    """The words of a task on a page: whole sentences with the placeholders that `Due.values` gives."""

    title: Text
    help: Text = ""
    icon: str = "tasks"


@dataclass(frozen=True)
class Ladder:
    """The whole local days on which a reminder is sent: before what is due, or (`after`) since it began."""

    days: tuple[int, ...]
    after: bool = False

    def step(self, day: date, today: date) -> int | None:
        """The step that is reached: the nearest before a day, the latest after one. None before the first, and when
        the day itself has passed. A sweep that was away for weeks tells once, not once for each step it missed."""
        gone = (today - day).days
        if self.after:
            return max((days for days in self.days if days <= gone), default=None)
        return min((days for days in self.days if gone <= 0 and -gone <= days), default=None)


@dataclass(frozen=True)
class TaskKind(NoticeKind):
    """Something to do. `selector(scope)` finds each `Due`; `words` say it where several things stand together, and
    `words_here` on the page of the very thing (else the same).

    Without a `title` nobody is reminded of it: it stands on pages only. `concerns` says who can have it, so that
    nobody else is asked. A `ladder` gives the days of the reminders; without one there is one reminder, at once.
    """

    selector: Callable[[Scope], Sequence["Due"]] = field(kw_only=True)
    words: Words = field(kw_only=True)
    words_here: Words | None = field(default=None, kw_only=True)
    concerns: frozenset[str] = field(default=frozenset({Concerns.STAFF}), kw_only=True)
    ladder: Ladder | None = field(default=None, kw_only=True)
    is_reminder: bool = True

    @property
    def reminds(self) -> bool:
        return bool(self.title)


@dataclass(kw_only=True)
class Due:
    """One thing one person should do. `key` names the occasion in ids and days only; with a ladder the step is added.

    `due_day` is the last local day to do it; `since_day` when it began, for what has no deadline. `remind` is whether
    the time for a notice has come: without it the thing stands on pages alone. `detail` and `note` (a title, a
    service) are for pages, never for a notice. `status` is one of the five codes. `draft`: the page whose saved draft
    this is, and can be deleted from the line that tells of it.
    """

    recipient: User
    key: str
    url_name: str
    object_id: UUID | None = None
    url: str = ""
    due_day: date | None = None
    since_day: date | None = None
    detail: str = ""
    note: str = ""
    status: str = TaskStatus.MINE
    draft: str = ""
    remind: bool = True
    kind: TaskKind = field(init=False, repr=False)

    @property
    def code(self) -> str:
        return self.kind.code

    def of(self, kind: TaskKind, today: date) -> "Due":
        """The same as this kind's, on the step of its ladder."""
        self.kind = kind
        if kind.ladder is not None:
            counted = self.since_day if kind.ladder.after else self.due_day
            step = kind.ladder.step(counted or today, today)
            self.key, self.remind = f"{self.key} {step}", step is not None
        return self

    def values(self) -> dict[str, Any]:
        """What the placeholders of the words stand for."""
        return {"detail": self.detail, "note": self.note}

    @classmethod
    def tell_apart(cls, found: Sequence["Due"], scope: Scope) -> None:
        """Called with all of this class that stand on one page, before they are put into words."""

    def read(self) -> Read | None:
        """What a page that shows this must write in the read audit; None when it names no child."""
        return None

    def is_seen_from(self, place: Membership) -> bool:
        """Whether it belongs to this one of the person's places."""
        return True


def _has_place(user: User, _object_id: object) -> bool:
    """The employee still has a place, now or to come."""
    return user.is_employee and user.memberships.filter(last_day__gte=timezone.localdate()).exists()


def _coordinates(user: User, _object_id: object) -> bool:
    return has_right(user, Right.COORDINATOR)


PLACE_GIVEN, LEADER_ADDED = "place_given", "leader_added"
# About the people who work here, and no child.
STAFF_KINDS = [
    NoticeKind(
        PLACE_GIVEN, _("Du har fått en rolle i portalen"), _has_place, Group.MESSAGE, urgent=True, email="place"
    ),
    NoticeKind(LEADER_ADDED, _("Noen har fått en rolle som leder"), _coordinates, Group.MESSAGE),
]

_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    """Add a kind. Registering the same code twice with another definition is a programming error."""
    known = _kinds.get(kind.code)
    if known is not None and known != kind:
        raise ValueError(f"The notice kind {kind.code} is registered twice.")
    _kinds[kind.code] = kind


# Who a notice's object is about, for a person who may know it. The one that gives the name has written the reading.
Namer = Callable[[User, Collection[UUID], datetime], dict[UUID, str]]
_namers: list[Namer] = []


def register_namer(namer: Namer) -> None:
    """Add one who can say in a word whom things are about, on the page of notices only (safety.md S22)."""
    if namer not in _namers:
        _namers.append(namer)


def names_of(user: User, object_ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """The words of every namer."""
    return {pk: name for namer in _namers for pk, name in namer(user, object_ids, now).items()}


def get(code: str) -> NoticeKind | None:
    """The kind of a notice; None for a code that no app registers any more, or that is never a notice."""
    kind = _kinds.get(code)
    return kind if kind is not None and kind.title else None


def all_kinds() -> list[NoticeKind]:
    """Every kind there can be a notice of."""
    return [_kinds[code] for code in sorted(_kinds) if _kinds[code].title]


def message_codes() -> list[str]:
    """The kinds that tell of something and ask for nothing."""
    return [code for code, kind in sorted(_kinds.items()) if kind.group == Group.MESSAGE]


def task_kinds() -> list[TaskKind]:
    """Every kind of task, those nobody is reminded of too."""
    return [kind for _code, kind in sorted(_kinds.items()) if isinstance(kind, TaskKind)]
