"""For whom, and when, the selectors of the task kinds look; and what they read together, read once."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property, wraps
from typing import Any, TypeVar
from uuid import UUID

from apps.accounts.access import current_memberships, units_led_by
from apps.accounts.models import Membership
from apps.core.dates import local_day
from apps.municipality.enums import Right
from apps.municipality.models import Municipality
from apps.municipality.selectors import settings_row
from apps.notifications.enums import Concerns

T = TypeVar("T")


class Scope:
    """For whom, and when, things to do are looked for. Made once for a request or a sweep.

    Without a `user` everyone's are looked for (the sweeper); with one that person's alone (pages); with a `log` too,
    what must be done in that log. `in_hand` is what the page has read already, by the reading that would read it.
    `places` are the person's places today, when they are read.
    """

    def __init__(
        self,
        now: datetime,
        user: Any = None,
        *,
        log: Any = None,
        in_hand: Mapping[Callable[["Scope"], Any], Any] | None = None,
        places: list[Membership] | None = None,
    ) -> None:
        self.now = now
        self.today = local_day(now)
        self.user = user
        self.log = log
        self._read: dict[Callable[[Scope], Any], Any] = {}
        if places is not None:
            self.places = places
        self.give(in_hand or {})

    def give(self, in_hand: Mapping[Callable[["Scope"], Any], Any]) -> None:
        """Let these readings give what a page has in hand already, instead of asking the database."""
        self._read |= {getattr(reading, "__wrapped__", reading): value for reading, value in in_hand.items()}

    def once(self, read: Callable[["Scope"], T]) -> T:
        """What `read` gives for this scope, read the first time it is asked for."""
        if read not in self._read:
            self._read[read] = read(self)
        return self._read[read]

    def known(self, read: Callable[["Scope"], T]) -> T | None:
        """What `read` has given already; None when nobody has asked."""
        return self._read.get(getattr(read, "__wrapped__", read))

    def is_me(self, user: Any) -> bool:
        return self.user is None or user.pk == self.user.pk

    def until(self, days: int) -> date:
        return self.today + timedelta(days=days)

    @cached_property
    def settings(self) -> Municipality:
        return settings_row()

    @cached_property
    def places(self) -> list[Membership]:
        return list(current_memberships(self.user, self.today)) if self.user is not None else []

    @cached_property
    def leads(self) -> bool:
        return any(place.role.has(Right.LEADER) for place in self.places)

    @cached_property
    def led_unit_ids(self) -> set[UUID]:
        """Units the user leads, those below them too."""
        return set(units_led_by(self.user, self.today).values_list("pk", flat=True)) if self.leads else set()

    @cached_property
    def concerns(self) -> frozenset[str]:
        """Which kinds the user can have."""
        if self.log is not None:
            return frozenset({Concerns.STAFF})
        if self.user.is_citizen:
            return frozenset({Concerns.FAMILY})
        found = {Concerns.STAFF}
        if self.leads:
            found.add(Concerns.LEADER)
        if any(place.role.has(Right.COORDINATOR) for place in self.places):
            found.add(Concerns.COORDINATOR)
        return frozenset(found)


def read_once(read: Callable[[Scope], T]) -> Callable[[Scope], T]:
    """A reading that several selectors share: one statement per scope, however many kinds ask for it."""

    @wraps(read)
    def reading(scope: Scope) -> T:
        return scope.once(read)

    return reading
