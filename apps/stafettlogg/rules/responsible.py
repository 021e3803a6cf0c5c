"""Who is responsible for a measure: nobody yet, one, or several together."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken

# How a person who is responsible is written: a user of the log, or a guardian without one, by name.
USER, NAME = "user:", "name:"
MOST_RESPONSIBLE = 8


class Answered(Protocol):
    """A measure, stored or written: who is responsible for it."""

    @property
    def responsible_id(self) -> UUID | None: ...
    @property
    def responsible_name(self) -> str: ...
    @property
    def others(self) -> str: ...


class Shared(Protocol):
    """A measure that is given the people of its `others`."""

    others: str
    other_people: list[Any]


def who(measure: Answered) -> list[str]:
    """Everyone who is responsible, as `USER` or `NAME` and who it is; the first one first."""
    first = f"{USER}{measure.responsible_id}" if measure.responsible_id else ""
    first = f"{NAME}{measure.responsible_name}" if measure.responsible_name else first
    return [one for one in [first, *measure.others.split("\n")] if one]


def users_in(people: Iterable[str]) -> list[UUID]:
    """The users among those who are responsible."""
    return [UUID(one.removeprefix(USER)) for one in people if one.startswith(USER)]


def names_in(people: Iterable[str]) -> list[str]:
    """Those among them who have no user, by name."""
    return [one.removeprefix(NAME) for one in people if one.startswith(NAME)]


def responsible_ids(measure: Answered) -> list[UUID]:
    """The users who are responsible for the measure; each of them may say how it goes."""
    return users_in(who(measure))


def check_others(measure: Answered) -> None:
    """Raise `RuleBroken("too_many_responsible")`: several may be responsible, so many that each knows it."""
    people = who(measure)
    if len(people) > MOST_RESPONSIBLE or len(set(people)) != len(people):
        words = _("Velg høyst %(number)s ansvarlige.") % {"number": MOST_RESPONSIBLE}
        raise RuleBroken("too_many_responsible", words)
