"""The list of logs: which of them, narrowed how, in which order, a page at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from apps.accounts.models import Membership, User
from apps.audit import loaded
from apps.core.statements import Statement, statement
from apps.core.written import folded_words
from apps.stafettlogg import access
from apps.stafettlogg.enums import HOLDING_KINDS, LogStatus
from apps.stafettlogg.models import Log, LogEvent
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.logs import Card, cards_of, first_due_in

PAGE_SIZE = 25
FEW = 8
MINE, OTHERS, REQUESTS, CLOSED = "mine", "andre", "foresporsler", "avsluttet"
FILTERS = (MINE, OTHERS, REQUESTS, CLOSED)
URGENT, NAME, CHANGED = "haster", "navn", "endret"


@dataclass(frozen=True)
class Wanted:
    """Which logs, and in which order. A `query` looks for a name in all of them, whichever `which`.

    Whether a log is late and when it was changed is told of those the person holds alone: who reads a part of a log
    must not learn it of the rest.
    """

    which: str = MINE
    query: str = ""
    unit_id: UUID | None = None
    level: int | None = None
    is_late: bool = False
    order: str = URGENT

    @property
    def is_of_holder(self) -> bool:
        return self.which == MINE and not self.query

    @property
    def is_plain(self) -> bool:
        """Nothing is chosen but which: the list most people open most of the time."""
        return self == Wanted(self.which)


@dataclass(frozen=True)
class LogList:
    """`total` is how many there are on all `pages`; `units` (id, name) those whose logs are in the list before it is
    narrowed, and empty where there are so few logs that nobody narrows them."""

    cards: list[Card]
    has_more: bool
    total: int
    units: list[tuple[UUID, str]]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def logs_for_list(
    user: User, wanted: Wanted = Wanted(), *, page: int = 1, now: datetime, places: Iterable[Membership] = ()
) -> LogList:
    """One page of the logs this user may open. `page` counts from 1; one more is read to know of more.

    `which` is MINE (holds or stands in for), OTHERS (takes part in), REQUESTS (not opened) or CLOSED. `places` are the
    user's own, when they are in hand. Three queries whatever the number of logs, and one more for each of: places that
    are not in hand, a log of others among them, a request among those the user holds, more logs than a few, several
    pages of what is narrowed.
    """
    start = (page - 1) * PAGE_SIZE
    cut = (start, start + PAGE_SIZE + 1)
    with loaded.apart():
        if wanted.is_plain:
            found = access.ask(_PAGE_OF[wanted.which], user, now, *cut)
        else:
            order = URGENT if wanted.order == CHANGED and not wanted.is_of_holder else wanted.order
            found = list(_page(_narrowed(user, wanted, now), *cut, order=_ORDERS[order]))
    shown = found[:PAGE_SIZE]
    for log in shown:
        loaded.note(log.child_id)
    rows = access.rows_for(user, [log.pk for log in shown], now, places)
    turns = consent_selectors.with_unread_limits(
        [log.pk for log in shown if log.is_request and access.is_holding(rows[log.pk])]
    )
    first_due = first_due_in([rows[log.pk] for log in shown if log.is_active and access.sees_content(rows[log.pk])])
    has_more = len(found) > PAGE_SIZE
    is_one_page = page == 1 and not has_more
    by_unit = [] if wanted.is_plain and is_one_page and len(found) <= FEW else _by_unit(user, wanted, now)
    if is_one_page:
        total = len(found)
    else:
        total = sum(row[-1] for row in by_unit) if wanted.is_plain else _narrowed(user, wanted, now).count()
    units = [(unit_id, name) for unit_id, name, _number in by_unit]
    return LogList(cards_of(shown, rows, turns, first_due, now=now), has_more, total, units)


def _by_unit(user: User, wanted: Wanted, now: datetime) -> list[tuple[UUID, str, int]]:
    """How many of the logs each unit has opened, by name: of all the user may open when a name is looked for."""
    return access.ask(_COUNTS_OF["" if wanted.query else wanted.which], user, now)


_URGENT = (F("evaluation_due_day").asc(nulls_last=True), "child__search_name", "pk")
_ORDERS = {
    URGENT: _URGENT,
    NAME: ("child__search_name", "pk"),
    CHANGED: (F("changed").desc(nulls_last=True), "pk"),
}


def _page(logs, start: int, stop: int, order=_URGENT):
    return logs.order_by(*order).select_related("child")[start:stop]


def _mine_at(user, now: datetime, today: date) -> QuerySet[Log]:
    return access.logs_at(user, now, today, HOLDING_KINDS).exclude(status=LogStatus.CLOSED)


def _others_at(user, now: datetime, today: date) -> QuerySet[Log]:
    logs = access.logs_at(user, now, today).exclude(status=LogStatus.CLOSED)
    return logs.exclude(pk__in=access.held_at(user, now, today))


def _requests_at(user, now: datetime, today: date) -> QuerySet[Log]:
    return access.logs_at(user, now, today).filter(status=LogStatus.REQUESTED)


def _closed_at(user, now: datetime, today: date) -> QuerySet[Log]:
    return access.logs_at(user, now, today).filter(status=LogStatus.CLOSED)


_LOGS_OF = {MINE: _mine_at, OTHERS: _others_at, REQUESTS: _requests_at, CLOSED: _closed_at}


def _all_at(user, now: datetime, today: date) -> QuerySet[Log]:
    return access.logs_at(user, now, today)


def _page_statement(logs_at: Callable[..., QuerySet[Log]]) -> Statement:
    return statement(lambda user, now, today, *cut: _page(logs_at(user, now, today), *cut))


def _counts_statement(logs_at: Callable[..., QuerySet[Log]]) -> Statement:
    def counts(user, now, today):
        logs = logs_at(user, now, today).order_by("unit__name", "unit")
        return logs.values_list("unit", "unit__name").annotate(number=Count("pk"))

    return statement(counts)


_PAGE_OF = {which: _page_statement(logs_at) for which, logs_at in _LOGS_OF.items()}
_COUNTS_OF = {which: _counts_statement(logs_at) for which, logs_at in (*_LOGS_OF.items(), ("", _all_at))}


def _narrowed(user: User, wanted: Wanted, now: datetime) -> QuerySet[Log]:
    """The words in any order, as people write them: «fjell, noah» finds Noah Fjell."""
    today = timezone.localdate(now)
    logs = access.visible_logs(user, now) if wanted.query else _LOGS_OF[wanted.which](user.pk, now, today)
    for word in folded_words(wanted.query):
        logs = logs.filter(child__folded_name__contains=word)
    if wanted.unit_id is not None:
        logs = logs.filter(unit=wanted.unit_id)
    if wanted.level is not None:
        whole = access.logs_at(user.pk, now, today, whole=True)
        logs = logs.filter(level=wanted.level, pk__in=whole.values("pk")).exclude(status=LogStatus.REQUESTED)
    if wanted.is_late and wanted.is_of_holder:
        measures = due.measures_to_follow(until=today).filter(log=OuterRef("pk")).order_by()
        logs = logs.filter(Q(evaluation_due_day__lte=today) | Exists(measures), status=LogStatus.ACTIVE)
    if wanted.is_of_holder and wanted.order == CHANGED:
        events = LogEvent.objects.filter(log=OuterRef("pk")).order_by("-at")
        logs = logs.annotate(changed=Subquery(events.values("at")[:1]))
    return logs
