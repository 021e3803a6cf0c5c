"""Who may see a log, told once more in plain Python: the rule that `visible_logs` is compared with (A18, D1).

It knows only what was done (who was asked, answered, joined, was blocked), never the rows that the portal made of it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Stay:
    """Someone's place in the log, by way of a unit."""

    user: Any
    unit: Any
    kind: str
    start: datetime
    end: datetime | None = None

    def holds_at(self, now) -> bool:
        return self.start <= now and (self.end is None or now < self.end)


NO = "no"


@dataclass
class Oracle:
    """`rounds`: unit → the rounds of asking, newest first; a round is guardian → until when her yes counts, or NO."""

    root: Any
    guardians: set
    stays: list[Stay] = field(default_factory=list)
    rounds: dict = field(default_factory=dict)
    scopes: dict = field(default_factory=dict)  # unit -> what each of its rounds asked for, newest first
    shell_until: datetime | None = None
    out: set = field(default_factory=set)  # blocked guardians
    inactive: set = field(default_factory=set)
    last_second: dict = field(default_factory=dict)  # user -> when the place ends

    def shared_until(self, unit, now):
        """Until when everyone whose yes is needed has said yes to the unit, in one round; None when they have not."""
        decides = self._round_that_decides(unit, now)
        return None if decides is None else min(self._given(self.rounds[unit][decides]).values())

    def scope(self, unit, now):
        """How much of the log the unit reads: what the round that decides asked for."""
        decides = self._round_that_decides(unit, now)
        return None if decides is None else self.scopes[unit][decides]

    def _round_that_decides(self, unit, now):
        """The newest round decides. While it only waits, the one before it still counts."""
        for number, answers in enumerate(self.rounds.get(unit, ())):
            given = self._given(answers)
            if NO in given.values():
                return None
            if set(given) == self.guardians - self.out:
                return number if min(given.values()) > now else None
        return None

    def _given(self, answers):
        return {one: answers[one] for one in self.guardians - self.out if one in answers}

    def withdraws(self, user, unit) -> None:
        for answers in self.rounds.get(unit, ()):
            if answers.get(user, NO) != NO:
                answers[user] = NO

    def is_shared(self, unit, now) -> bool:
        return all(self.shared_until(one, now) is not None for one in (unit, self.root))

    def sees(self, user, now) -> bool:
        if user in self.inactive:
            return False
        if user in self.guardians:
            return user not in self.out
        if self.last_second.get(user) is not None and now >= self.last_second[user]:
            return False
        return any(self._opens(stay, now) for stay in self.stays if stay.user == user and stay.holds_at(now))

    def _opens(self, stay, now) -> bool:
        in_shell = stay.kind in ("holder", "deputy") and self.shell_until is not None and now < self.shell_until
        return self.is_shared(stay.unit, now) or in_shell
