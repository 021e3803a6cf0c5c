"""What the tasks of all topics read together: how the person stands to the logs, and who holds, leads and reads."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.audit.enums import Ground
from apps.audit.services import Read
from apps.municipality.enums import Right
from apps.municipality.models import Unit
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors.child_names import first_names

T = TypeVar("T")
_GROUND_OF_ROW = {
    AccessKind.HOLDER: Ground.HOLDER,
    AccessKind.DEPUTY: Ground.DEPUTY,
    AccessKind.PARTICIPANT: Ground.PARTICIPANT,
    AccessKind.GUARDIAN: Ground.OWN,
    AccessKind.YOUTH: Ground.OWN,
    AccessKind.FOSTER: Ground.OWN,
}


@dataclass(kw_only=True)
class LogDue(Due):
    """Something to do about one log. `row` is how the person sees the log; None when the person is asked or leads,
    and then `unit` is where. `ground` is why the page may name the child; else the row says it."""

    log: Log
    row: LogAccess | None = None
    unit: Unit | None = None
    ground: Ground = Ground.NONE
    called: str = ""

    def values(self) -> dict[str, Any]:
        name = self.called or self.log.child.given_name or _("barnet som er i vente")
        return super().values() | {"name": name, "level": self.log.level}

    @classmethod
    def tell_apart(cls, found: Sequence[Due], scope: Scope) -> None:
        """Two children with the same first name, among these and all whose logs the person has, are told apart."""
        if scope.log is not None:
            return
        dues = [due for due in found if isinstance(due, LogDue)]
        own = scope.known(own_rows) or {}
        children = [rows[0].content_object.child for rows in own.values()] + [due.log.child for due in dues]
        names = first_names(children, today=scope.today)
        for due in dues:
            due.called = names[due.log.child_id]

    def read(self) -> Read:
        place = self.row.membership if self.row is not None else None
        of_row = Ground.LED if self.row is None else _GROUND_OF_ROW.get(self.row.kind, Ground.NONE)
        return Read(
            log_id=self.log.pk,
            child_id=self.log.child_id,
            ground=of_row if self.ground == Ground.NONE else self.ground,
            role_name=(place.title or str(place.role)) if place is not None else "",
            unit_id=place.unit_id if place is not None else None,
            unit_name=place.unit.name if place is not None else "",
        )

    def is_seen_from(self, place: Membership) -> bool:
        """Whether it belongs to this place: the unit itself, or, for who leads there, what is asked from below."""
        if self.row is not None and self.row.membership is not None:
            return self.row.membership.unit_id == place.unit_id
        return is_at(self.unit, place)


def is_at(unit: Unit | None, place: Membership) -> bool:
    """Whether something asked of this unit is seen from this place."""
    if unit is None or unit.pk == place.unit_id:
        return True
    return place.role.has(Right.LEADER) and unit.path.startswith(place.unit.path)


@read_once
def own_rows(scope: Scope) -> dict[UUID, list[LogAccess]]:
    """The user's own current rows by log, with the log and the child; with a log in the scope those of that log."""
    found: dict[UUID, list[LogAccess]] = {}
    places = {place.pk: place for place in scope.places}
    for row in access.own_rows(scope.user, scope.now, scope.log.pk if scope.log is not None else None):
        row.user = scope.user
        if row.membership_id in places:
            row.membership = places[row.membership_id]
        found.setdefault(row.content_object_id, []).append(row)
    return found


@read_once
def held(scope: Scope) -> dict[UUID, LogAccess]:
    """The logs that the user holds or stands in for, and the row it is by."""
    by_log = ((log_id, [row for row in rows if access.is_holding(row)]) for log_id, rows in own_rows(scope).items())
    return {log_id: rows[0] for log_id, rows in by_log if rows}


def of_holder(rows: Any, scope: Scope, log: str = "log") -> Any:
    """Only rows of logs that the user holds; everyone's for the sweeper. `log` is the path to the log."""
    return rows if scope.user is None else rows.filter(**{f"{log}__in": list(held(scope))})


def of_leader(rows: Any, scope: Scope, unit: str) -> Any:
    """Only rows of units that the user leads; everyone's for the sweeper. `unit` is the path to the unit."""
    return rows if scope.user is None else rows.filter(**{f"{unit}__in": scope.led_unit_ids})


def holding(scope: Scope, log_ids: Collection[UUID]) -> dict[UUID, list[LogAccess]]:
    """Who holds or stands in for these logs; the user alone when there is one. Each person once in a log."""
    if scope.user is not None:
        return {log_id: [row] for log_id, row in held(scope).items()}
    found: dict[UUID, list[LogAccess]] = {}
    for log_id, rows in _rows_in(scope, log_ids).items():
        by_user: dict[UUID, LogAccess] = {}
        for row in rows:
            if access.is_holding(row):
                by_user.setdefault(row.user_id, row)
        found[log_id] = list(by_user.values())
    return found


def readers(scope: Scope, log_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], LogAccess]:
    """Every current row in these logs by (log, person)."""
    rows = (row for in_log in _rows_in(scope, log_ids).values() for row in in_log)
    return {(row.content_object_id, row.user_id): row for row in rows}


def know(scope: Scope, log_ids: Collection[UUID]) -> None:
    """Read, for the sweeper, everyone's rows in these logs together, before they are asked about one by one."""
    if scope.user is None:
        _rows_in(scope, log_ids)


def _rows_in(scope: Scope, log_ids: Collection[UUID]) -> dict[UUID, list[LogAccess]]:
    """Everyone's current rows in these logs. A log is asked about once in a scope, whichever kinds ask."""
    known = scope.once(_known_rows)
    missing = set(log_ids) - known.keys()
    if missing:
        known.update({log_id: [] for log_id in missing})
        for row in access.current_rows_in(missing, scope.now).order_by("starts_at", "pk"):
            known[row.content_object_id].append(row)
    return {log_id: known[log_id] for log_id in log_ids}


def _known_rows(_scope: Scope) -> dict[UUID, list[LogAccess]]:
    return {}


def leaders(scope: Scope, asks: Iterable[tuple[T, Log, Unit, Collection[UUID]]]) -> list[tuple[T, Any]]:
    """(thing, leader) for every (thing, log, unit, people to pass over); the user alone when there is one.

    Never a guardian in the log (S18), nor one above the service in a log of the youth's own (S26). Three queries,
    however many; each log has its child.
    """
    asks = list(asks)
    if not asks:
        return []
    book = holders.leader_book([unit for _thing, _log, unit, _over in asks], today=scope.today)
    indexes = holders.human_indexes({log.child_id for _thing, log, _unit, _over in asks})
    return [
        (thing, leader.user)
        for thing, log, unit, over in asks
        for leader in book.of(unit, passing_over=over, indexes=indexes[log.child_id])
        if scope.is_me(leader.user) and (leader.unit_id == unit.pk or not log.child.answers_alone)
    ]


def to_holders(scope: Scope, logs: Iterable[Log], url_name: str, **fields: Any) -> list[Due]:
    """The same thing to do in each of these logs, for those who hold them."""
    logs = list(logs)
    found = holding(scope, [log.pk for log in logs])
    return [due_in_log(log, row, url_name, **fields) for log in logs for row in found.get(log.pk, [])]


def due_in_log(log: Log, row: LogAccess, url_name: str, *, key: str = "", **fields: Any) -> LogDue:
    """Something the person behind `row` should do on a page of the log."""
    return LogDue(
        recipient=row.user, log=log, row=row, url_name=url_name, object_id=log.pk, key=key or f"log {log.pk}", **fields
    )
