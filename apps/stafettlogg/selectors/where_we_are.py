"""«Hvor er vi nå»: the way so far, where the family is, and what comes. Each topic tells its own steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.core.dates import format_long
from apps.stafettlogg.selectors.log_page import LogPage


@dataclass(frozen=True)
class Step:
    """One step of templates/components/process.html. `day` orders the done ones."""

    state: str
    title: str
    when: str = ""
    text: str = ""
    icon: str = ""
    url: str = ""
    label: str = ""
    day: date = date.min


@dataclass(frozen=True)
class Now:
    """Where the family is, as one sentence at the top of the page and as the step that goes on."""

    lead: str
    steps: list[Step]


@dataclass(frozen=True)
class WhereWeAre:
    lead: str
    steps: list[Step]


@dataclass(frozen=True)
class Way:
    """The topics that tell of the way. Of `now` the first that has something to say is heard; the last always has."""

    done: tuple[Callable[[LogPage], Iterable[Step]], ...]
    now: tuple[Callable[[LogPage], Now | None], ...]
    comes: tuple[Callable[[LogPage], Iterable[Step]], ...]


def where_we_are(page: LogPage, way: Way) -> WhereWeAre:
    """The steps of a log that has been opened, from real events and dates; the done ones in the order of their days."""
    done = sorted((step for tell in way.done for step in tell(page)), key=lambda step: step.day)
    here = next(now for tell in way.now if (now := tell(page)) is not None)
    comes = [step for tell in way.comes for step in tell(page)]
    return WhereWeAre(here.lead, [*done, *here.steps, *comes])


def done_on(title: str, day: date, *, text: str = "") -> Step:
    return Step("done", title, _("Gjort %(day)s") % {"day": format_long(day)}, text, day=day)
