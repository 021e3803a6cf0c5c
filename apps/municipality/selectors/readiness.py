"""«Klar til å åpne»: the registry of points, and how they stand. Each app declares its own in its `apps.py`.

A point is either worked out from what is stored, or is somebody's word (`Word`), kept as a `ReadinessTick`. Nothing is
stored about the state itself, so the page, the opening and `check --deploy` cannot disagree.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import local_day
from apps.municipality.enums import ReadinessGroup, Right
from apps.municipality.models import Municipality, ReadinessTick, Unit
from apps.municipality.rules.readiness import AGAIN_MONTHS as AGAIN_MONTHS
from apps.municipality.rules.readiness import again_day
from apps.municipality.rules.readiness import check_two_people as check_two_people
from apps.municipality.selectors import services_switched_on, settings_row

Text = str | Promise


@dataclass
class Reading:
    """What one look at the list is about. Ticks are read once; `units` are the services in use."""

    now: datetime
    row: Municipality = field(default_factory=settings_row)
    units: list[Unit] = field(init=False)
    _ticks: dict[tuple[str, UUID | None], ReadinessTick] = field(init=False)

    def __post_init__(self):
        self.units = list(services_switched_on(self.today))
        rows = ReadinessTick.objects.select_related("recorded_by").order_by("recorded_at", "pk")
        self._ticks = {(row.key, row.subject_id): row for row in rows}

    @property
    def today(self) -> date:
        return local_day(self.now)

    def tick(
        self, key: str, *, about: str = "", subject_id: UUID | None = None, months: int = 0
    ) -> ReadinessTick | None:
        """The newest word for a point, when it was said of this and still holds."""
        found = self._ticks.get((key, subject_id))
        if found is None or not found.holds or found.about != about:
            return None
        again = again_day(found.day, months)
        return None if again is not None and again <= self.today else found


@dataclass(frozen=True)
class Standing:
    """How a point stands: `text` says what is there, or what is missing; `by` and `day` who saw to it, and when."""

    is_ready: bool
    text: Text = ""
    by: str = ""
    day: date | None = None
    again: date | None = None
    # For the list of a unit: the coordinator can say here that it is right.
    can_confirm: bool = False


@dataclass(frozen=True)
class Word:
    """A point that somebody vouches for. `may`: the rights of those who may write it down.

    `about` gives what it is said of now; it falls when that changes. `after` is the key of a point that another person
    must have vouched for first. `names_other`: who did it need not be who writes it down.
    """

    may: frozenset[str]
    sentence: Text
    about: Callable[[Reading], str] = lambda reading: ""
    months: int = 0
    after: str = ""
    names_other: bool = True


@dataclass(frozen=True)
class ReadinessCheck:
    """One point. `help` says what to do while it is red; `url_name` (and `url_args`) is where."""

    key: str
    group: ReadinessGroup
    title: Text
    help: Text = ""
    standing: Callable[[Reading], Standing] | None = None
    word: Word | None = None
    url_name: str = ""
    url_args: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitCheck:
    """What each unit in use has in a list of its own; red holds back nobody else. `standing` tells of all at once."""

    key: str
    title: Text
    standing: Callable[[Reading], dict[UUID, Standing]]


_checks: dict[str, ReadinessCheck] = {}
_unit_checks: dict[str, UnitCheck] = {}


def register(check: ReadinessCheck | UnitCheck) -> None:
    """Add a point, in the order it is to stand within its group. The same key again takes the former's place."""
    if isinstance(check, UnitCheck):
        _unit_checks[check.key] = check
    else:
        _checks[check.key] = check


def check_with(key: str) -> ReadinessCheck | None:
    return _checks.get(key)


@dataclass(frozen=True)
class Line:
    check: ReadinessCheck
    standing: Standing

    @property
    def is_ready(self) -> bool:
        return self.standing.is_ready

    @property
    def title(self) -> str:
        return str(self.check.title)

    @property
    def text(self) -> str:
        return str(self.standing.text or ("" if self.is_ready else self.check.help))

    @property
    def url(self) -> str:
        if self.check.url_name:
            return reverse(self.check.url_name, args=self.check.url_args)
        return reverse("municipality:readiness_word", args=[self.check.key]) if self.check.word else ""


@dataclass(frozen=True)
class GroupLines:
    key: str
    label: str
    lines: list[Line]

    @property
    def ready_count(self) -> int:
        return sum(line.is_ready for line in self.lines)

    @property
    def is_ready(self) -> bool:
        return self.ready_count == len(self.lines)


@dataclass(frozen=True)
class UnitLine:
    unit: Unit
    cells: list[tuple[str, str, Standing]]

    @property
    def is_ready(self) -> bool:
        return all(standing.is_ready for _key, _title, standing in self.cells)


@dataclass(frozen=True)
class Overview:
    groups: list[GroupLines]
    units: list[UnitLine]

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def red(self) -> list[Line]:
        return [line for line in self.lines if not line.is_ready]

    @property
    def units_waiting(self) -> list[UnitLine]:
        return [line for line in self.units if not line.is_ready]

    @property
    def units_ready(self) -> list[UnitLine]:
        return [line for line in self.units if line.is_ready]


def overview(now: datetime) -> Overview:
    """Every point as it stands now, by group, and the list of each unit."""
    reading = Reading(now)
    lines = [Line(check, standing_of(check, reading)) for check in _checks.values()]
    groups = [
        GroupLines(group.value, str(group.label), [line for line in lines if line.check.group == group])
        for group in ReadinessGroup
    ]
    told = [(check, check.standing(reading)) for check in _unit_checks.values()]
    units = [
        UnitLine(unit, [(check.key, str(check.title), found[unit.pk]) for check, found in told])
        for unit in reading.units
    ]
    return Overview(groups, units)


def standing_of(check: ReadinessCheck, reading: Reading) -> Standing:
    if check.standing is not None:
        return check.standing(reading)
    word = check.word
    if word is None:
        raise TypeError(f"The point {check.key} has neither a standing nor a word.")
    tick = reading.tick(check.key, about=word.about(reading), months=word.months)
    if tick is None:
        return Standing(False)
    return told_by(tick, months=word.months)


def told_by(tick: ReadinessTick, *, months: int = 0) -> Standing:
    """A point that holds on this word."""
    name = ", ".join(part for part in (tick.name, tick.title) if part)
    return Standing(True, tick.note, name, tick.day, again_day(tick.day, months))


def is_open() -> bool:
    """Whether the municipality has opened: the public reads its pages, and families may be asked."""
    return settings.OPEN_FOR_TRIAL or settings_row().opened_at is not None


# Who may see the list: whoever has something to see to in it.
READERS = frozenset({Right.COORDINATOR, Right.OWNER, Right.DPO, Right.JURIST, Right.ARCHIVE, Right.ADMINISTRATOR})


def may_say(check: ReadinessCheck, rights: Collection[str]) -> bool:
    return check.word is not None and bool(check.word.may & set(rights))


NOT_OPEN = gettext_lazy("Portalen er ikke åpnet ennå")


def not_open_reason() -> str:
    return str(_("Portalen er ikke åpnet ennå. Koordinatoren åpner den når alt er klart."))
