"""What the selectors of reminders share: for whom they look, and who holds, leads and reads the logs in question.

Without a user they look for everyone (the sweeper); with one they look for that person alone (the start page), and
what that person holds and leads is read once. The number of queries does not grow with the number of logs.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from apps.accounts.access import units_led_by
from apps.core.dates import local_day
from apps.municipality.enums import Right
from apps.municipality.models import Unit
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.selectors import holders as holder_selectors


@dataclass(frozen=True)
class Due:
    """One thing one person should do. `code` is also the notice kind, `key` names the occasion (ids and days only).

    `remind`: the time for a notice has come; without it the thing only stands on the start page. `row` is how the
    recipient sees the log; None for one who is asked or leads, and then `unit` is where. `detail` (a title, a service)
    is for the page, never for a notice.
    """

    code: str
    recipient: Any
    log: Log | None
    key: str
    url_name: str
    object_id: UUID | None = None
    due_day: date | None = None
    detail: str = ""
    remind: bool = True
    row: LogAccess | None = None
    unit: Unit | None = None

    def is_seen_from(self, place) -> bool:
        """Whether it belongs to this place: the unit itself, or, for a leader there, what is asked from below."""
        if self.row is not None and self.row.membership is not None:
            return self.row.membership.unit_id == place.unit_id
        if self.unit is None or self.unit.pk == place.unit_id:
            return True
        return place.role.has(Right.LEADER) and self.unit.path.startswith(place.unit.path)


class Scope:
    def __init__(self, now: datetime, user=None):
        self.now = now
        self.today = local_day(now)
        self.user = user

    @cached_property
    def settings(self):
        return settings_row()

    @cached_property
    def _held(self) -> dict[UUID, list[LogAccess]]:
        """The user's own holding rows by log."""
        rows = access.current_rows_in(access.held_logs(self.user, self.now), self.now)
        return _by_log(rows.filter(user=self.user, kind__in=access.HOLDING_KINDS))

    @cached_property
    def led_unit_ids(self) -> set[UUID]:
        return set(units_led_by(self.user, self.today).values_list("pk", flat=True))

    def of_holder(self, rows, log: str = "log"):
        """Only rows of logs the user holds; `log` is the path to the log."""
        return rows if self.user is None else rows.filter(**{f"{log}__in": list(self._held)})

    def of_leader(self, rows, unit: str):
        """Only rows of units the user leads; `unit` is the path to the unit."""
        return rows if self.user is None else rows.filter(**{f"{unit}__in": self.led_unit_ids})

    def holders(self, log_ids: Collection[UUID]) -> dict[UUID, list[LogAccess]]:
        """Holder and deputy rows by log; of the user alone when there is one."""
        if self.user is not None:
            return self._held
        if not log_ids:
            return {}
        return _by_log(access.current_rows_in(log_ids, self.now).filter(kind__in=access.HOLDING_KINDS))

    def readers(self, log_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], LogAccess]:
        """Every current row in these logs by (log, person)."""
        if not log_ids:
            return {}
        rows = access.current_rows_in(log_ids, self.now)
        return {(row.content_object_id, row.user_id): row for row in rows}

    def leaders(self, asks: Iterable[tuple[Any, Log, Any, Collection[UUID]]]) -> list[tuple[Any, Any]]:
        """(thing, leader) for every (thing, log, unit, people to pass over); the user alone when there is one.

        Never a guardian in the log (S18). Three queries, however many.
        """
        asks = list(asks)
        if not asks:
            return []
        book = holder_selectors.leader_book([unit for _thing, _log, unit, _over in asks], today=self.today)
        indexes = holder_selectors.human_indexes({log.child_id for _thing, log, _unit, _over in asks})
        return [
            (thing, leader.user)
            for thing, log, unit, over in asks
            for leader in book.of(unit, passing_over=over, indexes=indexes[log.child_id])
            if self.is_me(leader.user)
        ]

    def is_me(self, user) -> bool:
        return self.user is None or user.pk == self.user.pk


def _by_log(rows) -> dict[UUID, list[LogAccess]]:
    """Rows by log, one for each person, who may both hold it and be its deputy."""
    found: dict[UUID, dict] = {}
    for row in rows.order_by("starts_at", "pk"):
        found.setdefault(row.content_object_id, {}).setdefault(row.user_id, row)
    return {log_id: list(by_user.values()) for log_id, by_user in found.items()}
