"""A log as a card in a list, and what a log itself says of why it is open."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.addresses import address
from apps.core.dates import FAR_AT, format_long, format_near, local_day
from apps.core.statements import statement
from apps.stafettlogg import access
from apps.stafettlogg.enums import EVERY_SCOPE, AccessKind, Action, ConsentScope
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules.access import scope_of
from apps.stafettlogg.rules.scopes import reach_of
from apps.stafettlogg.selectors import due
from apps.stafettlogg.selectors.child_names import told_apart
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.names import place_line
from apps.stafettlogg.selectors.tasks.what_logs_have import Has


@dataclass(frozen=True)
class Card:
    """One log in a list, in the words of templates/components/log_card.html. Only names, level and dates; of the shell
    and of a request not even those that come from the content, and no level for one who reads own measures alone."""

    scopes = EVERY_SCOPE
    is_offer = False
    tone = changed = ""

    log: Log
    row: LogAccess
    name: str
    status: str
    role: str
    facts: list[tuple[str, str]]
    next_day: date | None
    url: str
    level_label: str

    @property
    def is_holder(self) -> bool:
        return access.is_holding(self.row)

    @property
    def level(self) -> int:
        return self.log.level


def first_cards(rows: Iterable[LogAccess], *, held: Mapping[UUID, Has], size: int, now: datetime) -> list[Card]:
    """The first logs of the start page: those the person holds, then those of others, none that is closed.

    `rows` are the person's own, each with its log and child, the strongest of each log; `held` what those the person
    holds have. No query, and two when a log of others is among the first.
    """
    open_rows = [row for row in rows if not row.content_object.is_closed]
    first = sorted(open_rows, key=_order)[:size]
    shown = [row.content_object for row in first]
    others = [row for row in first if row.content_object_id not in held]
    first_due = {log_id: has.first_due for log_id, has in held.items()} | (first_due_in(others) if others else {})
    turns = {log.pk for log in shown if log.is_request and log.pk in held and held[log.pk].unread_limits}
    return cards_of(shown, {row.content_object_id: row for row in first}, turns, first_due, now=now)


def _order(row: LogAccess) -> tuple:
    """As `log_list.logs_for_list` orders the holder's logs and then the others."""
    log = row.content_object
    return (not access.is_holding(row), log.evaluation_due_day or date.max, log.child.search_name, str(log.pk))


def cards_of(
    shown: list[Log], rows: dict, turns: Collection[UUID], first_due: Mapping[UUID, date | None], *, now: datetime
) -> list[Card]:
    """`first_due` is shown only of what is shared with the reader."""
    _give_holders([log for log in shown if not access.is_holding(rows[log.pk])])
    today = timezone.localdate(now)
    seen = {log.pk for log in shown if log.is_active and access.sees_content(rows[log.pk])}
    names = told_apart([log.child for log in shown], today=today)
    return [
        _card(
            log,
            rows[log.pk],
            first_due.get(log.pk) if log.pk in seen else None,
            log.pk in turns,
            name=names[log.child_id],
            today=today,
        )
        for log in shown
    ]


def _give_holders(logs: list[Log]) -> None:
    """Who holds them: read for the logs of others alone, as a card does not tell a holder who that is."""
    holders = {row.pk: row for row in _holders.rows([log.holder_id for log in logs])}
    for log in logs:
        log.holder = holders[log.holder_id]


@statement
def _holders(ids):
    return LogAccess.objects.filter(pk__in=ids).select_related("user", "membership__unit", "membership__role")


def first_due_in(rows: Iterable[LogAccess]) -> dict[UUID, date]:
    """By log the first deadline of a measure that the person behind the row may read."""
    reaches = {row.content_object_id: reach_of([row]) for row in rows}
    found: dict[UUID, date] = {}
    for log_id, unit_id, day in _first_days.rows(list(reaches)):
        if reaches[log_id].is_of(unit_id):
            found[log_id] = min(day, found.get(log_id, day))
    return found


@statement
def _first_days(log_ids):
    # The goal's log is named too: the database then finds the few goals, and does not read all that are open.
    rows = due.open_measures().filter(log__in=log_ids, goal__log__in=log_ids, due_day__isnull=False).order_by()
    return rows.values("log", "unit").annotate(first=Min("due_day")).values_list("log", "unit", "first")


def _card(log: Log, row: LogAccess, measure_due: date | None, is_turn: bool, *, name: str, today: date) -> Card:
    seen = access.sees_content(row) and log.is_active
    evaluation = log.evaluation_due_day if seen else None
    next_day = min((day for day in (evaluation, measure_due) if day is not None), default=None)
    facts = []
    if not access.is_holding(row):
        facts.append((_("Stafettholder"), _holder_name(log)))
    if next_day is not None:
        facts.append((_("Neste"), what_is_next(next_day, evaluation, today=today)))
    if seen and row.window is not None and row.window.valid_until < FAR_AT:
        facts.append((_("Samtykket gjelder til"), format_long(local_day(row.window.valid_until) - timedelta(days=1))))
    if log.is_request:
        facts.append((_("Spurt"), format_near(local_day(log.requested_at), today)))
    if log.is_active and not access.sees_content(row):
        facts.append((_("Samtykke"), _("Gjelder ikke lenger")))
        facts.append((_("Avgjør før"), format_near(local_day(row.window.shell_ends_at), today)))
    if log.closed_at is not None and log.is_closed:
        facts.append((_("Avsluttet"), format_near(local_day(log.closed_at), today)))
    return Card(
        log=log,
        row=row,
        name=name,
        status="handling" if is_turn else _status(log, row, next_day, today=today),
        role=str(_ROLES[row.kind]) if row.kind in _ROLES else row.get_kind_display(),
        url=address("stafettlogg:detail", log.pk),
        level_label=""
        if log.is_request or scope_of(row) != ConsentScope.LOG
        else _("Nivå %(level)s") % {"level": log.level},
        facts=facts,
        next_day=next_day,
    )


def what_is_next(day: date, evaluation: date | None, *, today: date) -> str:
    words = _("Evaluering %(day)s") if day == evaluation else _("Tiltak %(day)s")
    return words % {"day": format_near(day, today)}


_ROLES = {
    AccessKind.HOLDER: gettext_lazy("Du er stafettholder"),
    AccessKind.DEPUTY: gettext_lazy("Du er vikar"),
    AccessKind.PARTICIPANT: gettext_lazy("Du er deltaker"),
}


def _holder_name(log: Log) -> str:
    """«Jonas Eide, PP-tjenesten»; with a protected identity role and service."""
    holder = log.holder.user
    return place_line(log.holder) if holder.protected_identity else f"{holder.name}, {log.holder.membership.unit.name}"


def _status(log: Log, row: LogAccess, next_day: date | None, *, today: date) -> str:
    """One of the five statuses, as seen by the user: it is the user's turn only as holder or deputy."""
    if log.is_closed:
        return "avsluttet"
    if log.is_request:
        return "venter"
    late = next_day is not None and next_day <= today
    if access.is_holding(row) and (late or not access.sees_content(row)):
        return "handling"
    return "pagar"


def log_section(page: LogPage) -> dict[str, Any]:
    """Why the log was opened; the log holds it."""
    return {"may_write": page.allows(Action.PLAN)}
