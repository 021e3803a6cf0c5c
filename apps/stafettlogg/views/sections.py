"""A page of a log as a list of sections. A topic that comes to the page adds a function, a template and one line."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from apps.stafettlogg.selectors.log_page import LogPage

# Where on the page: the wide column, the one beside it, and below both.
MAIN, SIDE, BELOW = PLACES = ("main", "side", "below")


@dataclass(frozen=True)
class Section:
    """One part of a page. `read` gives what `template` shows as `section`; None leaves the section out.

    `scopes`: how much of the log one must read to be shown it (docs/adr/0016). Every section says it.
    """

    place: str
    scopes: Collection[str]
    template: str
    read: Callable[[LogPage], dict[str, Any] | None]


@dataclass(frozen=True)
class Shown:
    """A section with its content, as stafettlogg/sections.html shows it."""

    template: str
    content: dict[str, Any]


def sections_of(page: LogPage, sections: Iterable[Section]) -> dict[str, list[Shown]]:
    """What this reader is shown, by place, in the order of the list."""
    found: dict[str, list[Shown]] = {place: [] for place in PLACES}
    for section in sections:
        content = section.read(page) if page.reach.scope in section.scopes else None
        if content is not None:
            found[section.place].append(Shown(section.template, content))
    return found
