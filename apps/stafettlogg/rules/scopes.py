"""How much of a log a service reads: the whole of it, or what belongs to its own measures (docs/adr/0016)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import OWN_MEASURES_KINDS
from apps.stafettlogg.enums import ConsentScope
from apps.stafettlogg.models import LogAccess
from apps.stafettlogg.rules.access import scope_of


def usual_scope(kind: str) -> str:
    """What a service of this kind is asked for, unless the stafettholder chooses otherwise."""
    return ConsentScope.MEASURES if kind in OWN_MEASURES_KINDS else ConsentScope.LOG


def scope_words(scope: str) -> str:
    """What a service does with the log, after its name or on a line of its own: «leser hele stafettloggen»."""
    return _("leser bare sine egne tiltak") if scope == ConsentScope.MEASURES else _("leser hele stafettloggen")


def named_with_scope(name: str, scope: str) -> str:
    """A service in a row of names, with how much it reads where that is not all of the log."""
    return f"{name} ({scope_words(scope)})" if scope == ConsentScope.MEASURES else name


def narrowest(scopes: Iterable[str]) -> str:
    """The one that lets in least: of several yeses it is the one that counts."""
    return ConsentScope.MEASURES if ConsentScope.MEASURES in set(scopes) else ConsentScope.LOG


@dataclass(frozen=True)
class Reach:
    """What one reader of a log may be shown. `units`: the services whose measures these are; None for all of the log.

    What somebody is responsible for stands with the own measures too: nobody can do what one may not read.
    """

    user_id: UUID | None = None
    units: frozenset[UUID] | None = None

    @property
    def is_whole(self) -> bool:
        return self.units is None

    @property
    def scope(self) -> str:
        return ConsentScope.LOG if self.is_whole else ConsentScope.MEASURES

    @property
    def only_unit(self) -> UUID | None:
        """The one service this is about; None where it is about all, or about several."""
        return next(iter(self.units)) if self.units is not None and len(self.units) == 1 else None

    def is_of(self, unit_id: UUID | None) -> bool:
        """Whether what belongs to this service is within reach."""
        return self.units is None or unit_id in self.units

    def holds(self, unit_id: UUID | None, responsible_ids: Collection[UUID]) -> bool:
        """Whether a measure of this service, with these who are responsible, is within reach."""
        return self.is_of(unit_id) or self.user_id in responsible_ids


# For a document of all of the log, made for those who may have it.
WHOLE = Reach()


def reach_of(rows: Iterable[LogAccess]) -> Reach:
    """What these rows of one person in one log let that person read together: all of it by one that is for all."""
    rows = list(rows)
    if any(scope_of(row) == ConsentScope.LOG for row in rows):
        return WHOLE
    units = frozenset(row.window.unit_id for row in rows if row.window is not None)
    return Reach(next((row.user_id for row in rows), None), units)


def check_reaches(reach: Reach, scopes: Iterable[str]) -> None:
    """Raise `AccessDenied` where a page is not for one who reads so much of the log."""
    if reach.scope not in scopes:
        raise AccessDenied(
            _("Tjenesten din er bare med på egne tiltak her. Spør stafettholderen hvis dere trenger å lese mer.")
        )


def check_may_hold(scope: str) -> None:
    """Raise `RuleBroken("own_measures")`: who holds the log reads all of it, which the family has to say yes to."""
    if scope != ConsentScope.LOG:
        raise RuleBroken(
            "own_measures",
            _("Tjenesten er bare med på egne tiltak. Spør familien om hele stafettloggen først."),
        )
