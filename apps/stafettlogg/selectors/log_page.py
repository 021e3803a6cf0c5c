"""One reader's page of one log: what its sections (`views.sections`) are given, and read from."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from django.utils import timezone

from apps.accounts.models import User
from apps.guides import selectors as guides
from apps.stafettlogg import access, rules
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.scopes import Reach, reach_of
from apps.stafettlogg.selectors.names import reading_for

Found = TypeVar("Found")


class LogPage:
    """A log as one reader sees it at one instant. `log` and `row` are those of `views.opening.open_log`."""

    def __init__(
        self,
        user: User,
        log: Log,
        row: LogAccess,
        *,
        now: datetime,
        reading: Reading | None = None,
        reach: Reach | None = None,
    ) -> None:
        self.user, self.log, self.row, self.now = user, log, row, now
        self._found: dict[Callable, Any] = {}
        if reading is not None:
            self.reading = reading
        if reach is not None:
            self.reach = reach

    def once(self, read: Callable[["LogPage"], Found]) -> Found:
        """What `read` finds for this page; it is called once, however many sections ask."""
        if read not in self._found:
            self._found[read] = read(self)
        return self._found[read]

    @cached_property
    def reach(self) -> Reach:
        """How much of the log the reader reads (docs/adr/0016)."""
        return reach_of([self.row])

    @cached_property
    def reading(self) -> Reading:
        """How people and places are named for the reader."""
        return reading_for(self.log, self.row)

    @cached_property
    def guide_names(self) -> guides.Names:
        """What the municipality calls the levels and steps; the frame of the page shows them too."""
        return guides.names()

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def is_holding(self) -> bool:
        return access.is_holding(self.row)

    def allows(self, action: str) -> bool:
        """Whether the reader may do it now: nobody writes in a log that is closed."""
        return self.log.is_active and action in rules.may_by(self.row)
