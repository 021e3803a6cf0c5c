"""What a leader sees of the unit's logs without opening them: first name, holder, days. Never content, level or age."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import Absence, User
from apps.core.dates import last_day_of, local_day
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    EVERY_SCOPE,
    OPEN_STATUSES,
    WHOLE_LOG,
    AccessKind,
    ConsentScope,
    LogStatus,
    WindowBasis,
)
from apps.stafettlogg.models import Deputy, Handover, Log, LogAccess
from apps.stafettlogg.rules import deputies as deputy_rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors.participants import DeputyLine, place_name

PAGE_SIZE = 50


@dataclass(frozen=True)
class LedLog:
    """One log as metadata. Absence, deputy and handover are known to the holder's own leader alone; else None.

    Where the unit takes part in its own measures `consent_until` is of the unit's own consent (docs/adr/0016).
    """

    scopes = EVERY_SCOPE

    log: Log
    name: str
    holder: str
    holder_line: str
    evaluation_day: date | None
    consent_until: date | None
    absence: Absence | None
    deputy: DeputyLine | None
    handover_last_day: date | None
    # The holder is away on days when nobody stands in, or is asked to.
    needs_deputy: bool = False

    @property
    def url(self) -> str:
        return reverse("stafettlogg:detail", args=[self.log.pk])


@dataclass(frozen=True)
class LedRequest:
    scopes = WHOLE_LOG

    log: Log
    name: str
    holder: str
    sent_at: datetime
    last_day: date


@dataclass(frozen=True)
class UnitPage:
    """`held` are the unit's own logs, `joined` those it takes part in; the figures count them all, also unshown."""

    held: list[LedLog]
    joined: list[LedLog]
    requests: list[LedRequest]
    active: int
    evaluations_late: int
    holders_away: int
    has_more: bool

    @property
    def shown(self) -> list[Log]:
        led = [line.log for line in (*self.held, *self.joined)]
        return led + [line.log for line in self.requests]


@dataclass(frozen=True)
class _Led:
    """A log this leader controls, before anything about the child is loaded."""

    log_id: UUID
    is_held: bool
    status: str
    evaluation_day: date | None
    holder_id: UUID
    own_until: datetime | None


def unit_page(user: User, *, page: int = 1, now: datetime) -> UnitPage:
    """The open logs whose holder or participant has this user as controlling leader: the nearest one (S18).

    Only the logs of the page are loaded. The number of queries does not depend on how many there are.
    """
    today = local_day(now)
    led = _controlled(user, now)
    active = [found for found in led if found.status != LogStatus.REQUESTED]
    held = [found for found in active if found.is_held]
    waiting = [found for found in led if found.status == LogStatus.REQUESTED and found.is_held] if page == 1 else []
    away = _absences({found.holder_id for found in held}, today)
    start = (page - 1) * PAGE_SIZE
    shown = active[start : start + PAGE_SIZE]
    logs, holders = _loaded([found.log_id for found in (*shown, *waiting)], now)
    lines = _lines(shown, logs, holders, away, now=now)
    return UnitPage(
        held=[lines[found.log_id] for found in shown if found.is_held],
        joined=[lines[found.log_id] for found in shown if not found.is_held],
        requests=[_request(logs[found.log_id], holders) for found in waiting],
        active=len(held),
        evaluations_late=sum(found.evaluation_day is not None and found.evaluation_day < today for found in held),
        holders_away=sum(found.holder_id in away and away[found.holder_id].first_day <= today for found in held),
        has_more=len(active) > start + PAGE_SIZE,
    )


def led_log(user: User, log_id: UUID, *, now: datetime) -> Log | None:
    """The log, when this user leads it: for the pages that show no more than the child's first name and the holder."""
    return (
        access.logs_led_by(user, now)
        .select_related("child", "unit", "holder__user", "holder__membership__unit", "holder__window__unit")
        .filter(pk=log_id)
        .first()
    )


def deputy_choices(log: Log, *, now: datetime) -> list:
    """Memberships of the holder's colleagues who may stand in: never the holder, never family in the log (S18)."""
    holder = holder_selectors.effective_holder(log, now)
    indexes = holder_selectors.human_indexes([log.child_id])[log.child_id]
    places = holder_selectors.colleagues(holder.window.unit, passing_over={holder.user_id}, today=local_day(now))
    return [place for place in places if place.user.national_id_index not in indexes]


def absence_of(user: User, *, today: date) -> Absence | None:
    """The absence the person has today, else the next one that is known."""
    return _absences({user.pk}, today).get(user.pk)


def child_name(log: Log) -> str:
    """First name only; «Ventet barn» before birth."""
    return log.child.given_name or _("Ventet barn")


def child_in_sentence(log: Log) -> str:
    """The child's name where the words around it make a sentence: «barnet» before birth."""
    return log.child.given_name or _("barnet")


def _controlled(user, now: datetime) -> list[_Led]:
    """Held logs first, the one whose evaluation is most overdue at the top. Reads ids, days and units only."""
    open_logs = access.logs_led_by(user, now).filter(status__in=OPEN_STATUSES)
    led: QuerySet[Any] = access.led_rows(user, now)  # values_list knows no annotations
    rows = list(
        led.filter(content_object__in=open_logs.values("pk")).values_list(
            "content_object_id",
            "content_object__child_id",
            "kind",
            "window__unit_id",
            "user_id",
            "content_object__status",
            "content_object__evaluation_due_day",
            "content_object__child__search_name",
            "basis_now",
            "window__scope",
            "window__valid_until",
        )
    )
    units = Unit.objects.in_bulk({row[3] for row in rows})
    book = holder_selectors.leader_book(units.values(), today=local_day(now))
    indexes = holder_selectors.human_indexes({row[1] for row in rows})
    found: dict[UUID, tuple] = {}
    for log_id, child_id, kind, unit_id, row_user_id, status, evaluation_day, name, basis, scope, until in rows:
        leaders = book.of(units[unit_id], passing_over={row_user_id}, indexes=indexes[child_id])
        if user.pk not in {leader.user_id for leader in leaders}:
            continue
        is_held = kind == AccessKind.HOLDER
        day = evaluation_day if basis == WindowBasis.CONSENT else None
        own_until = until if scope == ConsentScope.MEASURES else None
        order = (not is_held, day or date.max, name, log_id)
        if log_id not in found or order < found[log_id][0]:
            found[log_id] = (order, _Led(log_id, is_held, status, day, row_user_id, own_until))
    return [led for _order, led in sorted(found.values(), key=lambda pair: pair[0])]


def _absences(user_ids: Collection[UUID], today: date) -> dict[UUID, Absence]:
    """Absence by person: the one that runs today and lasts longest, else the first that comes."""
    if not user_ids:
        return {}
    rows = Absence.objects.filter(user__in=user_ids, last_day__gte=today)
    found: dict[UUID, Absence] = {}
    for row in sorted(rows, key=lambda row: (max(row.first_day, today), -row.last_day.toordinal())):
        found.setdefault(row.user_id, row)
    return found


def _loaded(log_ids: list[UUID], now: datetime) -> tuple[dict[UUID, Log], dict[UUID, LogAccess]]:
    """The logs, and who holds each at this instant, also before the sweeper has moved `Log.holder` (S21)."""
    logs = Log.objects.filter(pk__in=log_ids).select_related(
        "child", "holder__user", "holder__membership__unit", "holder__membership__role", "holder__window"
    )
    rows = LogAccess.objects.filter(
        content_object__in=log_ids, kind=AccessKind.HOLDER, starts_at__lte=now, ends_at__gt=now
    ).select_related("user", "membership__unit", "membership__role", "membership__user", "window")
    return {log.pk: log for log in logs}, {row.content_object_id: row for row in rows.order_by("starts_at")}


def _lines(shown: list[_Led], logs, holders, away, *, now: datetime) -> dict[UUID, LedLog]:
    held = [found.log_id for found in shown if found.is_held]
    today = local_day(now)
    deputies, handovers = _deputies(held, today), _handovers(held, now)
    lines = {}
    for found in shown:
        log = logs[found.log_id]
        holder = holders.get(log.pk, log.holder)
        place = holder.membership
        absence = away.get(holder.user_id) if found.is_held else None
        asked = deputies.get(log.pk, [])
        lines[log.pk] = LedLog(
            log=log,
            name=child_name(log),
            holder=place_name(place),
            holder_line=str(place.title or place.role) if found.is_held else place.unit.name,
            evaluation_day=found.evaluation_day,
            consent_until=last_day_of(found.own_until) if found.own_until else _consent_until(holder.window, now),
            absence=absence,
            deputy=asked[0] if asked else None,
            handover_last_day=handovers.get(log.pk),
            needs_deputy=absence is not None and not _is_covered(absence, asked, today),
        )
    return lines


def _request(log: Log, holders) -> LedRequest:
    holder = holders.get(log.pk, log.holder)
    return LedRequest(log, child_name(log), place_name(holder.membership), log.requested_at, log.request_last_day)


def _consent_until(window, now: datetime) -> date | None:
    """The last local day; None when the holder keeps only the shell."""
    stands = window.basis == WindowBasis.CONSENT and window.is_open(now)
    return last_day_of(window.valid_until) if stands else None


def _is_covered(absence: Absence, asked: Iterable[DeputyLine], today: date) -> bool:
    day = deputy_rules.first_day_needed(absence, today=today)
    return any(deputy_rules.covers(line.deputy, day) for line in asked)


def _deputies(log_ids, today: date) -> dict[UUID, list[DeputyLine]]:
    rows = Deputy.objects.filter(log__in=log_ids, state__in=deputy_rules.LIVE, last_day__gte=today)
    rows = rows.select_related("membership__user", "membership__role", "membership__unit").order_by("first_day", "pk")
    found: dict[UUID, list[DeputyLine]] = {}
    for row in rows:
        found.setdefault(row.log_id, []).append(DeputyLine(row, place_name(row.membership)))
    return found


def _handovers(log_ids, now: datetime) -> dict[UUID, date]:
    rows = Handover.objects.filter(log__in=log_ids, state__in=handover_rules.WAITING, expires_at__gt=now)
    return {row.log_id: handover_rules.last_day(row) for row in rows}
