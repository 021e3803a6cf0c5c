"""Someone is away: the logs she holds, and who may stand in or is asked to in each. Never why (safety.md S20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import Absence, Membership, User
from apps.core.dates import local_day
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, DeputyState, LogStatus, WindowBasis
from apps.stafettlogg.models import Deputy, Log, LogAccess
from apps.stafettlogg.rules import deputies as rules
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors.child_names import first_names
from apps.stafettlogg.selectors.participants import place_name


@dataclass(frozen=True)
class HeldLog:
    """One log of the one who is away. `row` is the holder's; `name` tells the child from the others on the page.

    `choices` are who may be asked to stand in, `deputies` those who were asked for days that are not over.
    """

    log: Log
    row: LogAccess
    name: str
    choices: list[Membership]
    deputies: list[Deputy]

    def choice(self, user_id: str) -> Membership | None:
        """The colleague with this id, when she may stand in here."""
        return next((place for place in self.choices if str(place.user_id) == user_id), None)

    def stands_in(self, first_day: date, last_day: date) -> Deputy | None:
        """Who stands in, or is asked to, on some of the days."""
        live = (deputy for deputy in self.deputies if deputy.state in rules.LIVE)
        return next((d for d in live if d.first_day <= last_day and first_day <= d.last_day), None)


@dataclass(frozen=True)
class Asked:
    """What the page of an absence says of one log. `deputy` is the one asked last, by `who`; None when nobody is."""

    log: Log
    name: str
    deputy: Deputy | None
    who: str

    @property
    def waits(self) -> bool:
        return self.deputy is not None and self.deputy.state == DeputyState.OFFERED

    @property
    def has_accepted(self) -> bool:
        return self.deputy is not None and self.deputy.state == DeputyState.ACCEPTED

    @property
    def must_ask(self) -> bool:
        """Nobody stands in, and nobody is asked to."""
        return self.deputy is None or self.deputy.state not in rules.LIVE


def held_by(user: User, viewer: User, now: datetime) -> list[HeldLog]:
    """The open logs that `user` holds now and `viewer` may choose a deputy in: her own, else of the units one leads.

    Not a log whose sharing has stopped: nobody stands in there. The number of queries does not depend on how many.
    """
    rows = _own(user, now) if user == viewer else _led(user, viewer, now)
    logs = [row.content_object for row in rows]
    if not logs:
        return []
    today = local_day(now)
    places = holders.colleagues_in({row.window.unit_id for row in rows}, passing_over={user.pk}, today=today)
    indexes = holders.human_indexes({log.child_id for log in logs})
    names = first_names([log.child for log in logs], today=today)
    asked = _asked(logs, today)
    return [
        HeldLog(
            log=row.content_object,
            row=row,
            name=names[row.content_object.child_id],
            choices=[
                place
                for place in places[row.window.unit_id]
                if place.user.national_id_index not in indexes[row.content_object.child_id]
            ],
            deputies=asked.get(row.content_object_id, []),
        )
        for row in rows
    ]


def asked_for(absence: Absence, held: Iterable[HeldLog]) -> list[Asked]:
    """Who stands in while the absence lasts, in each of these logs; the last who was asked where nobody does."""
    return [_asked_in(line, absence) for line in held]


def _asked_in(line: HeldLog, absence: Absence) -> Asked:
    deputy = line.stands_in(absence.first_day, absence.last_day)
    if deputy is None:
        said_no = [d for d in line.deputies if d.absence_id == absence.pk and d.state == DeputyState.DECLINED]
        deputy = said_no[-1] if said_no else None
    return Asked(line.log, line.name, deputy, place_name(deputy.membership) if deputy is not None else "")


def _own(user: User, now: datetime) -> list[LogAccess]:
    logs = Log.objects.filter(holder__user=user).values("pk")
    rows = access.current_rows_in(logs, now).filter(kind=AccessKind.HOLDER, user=user)
    return list(_open(rows, now))


def _led(user: User, viewer: User, now: datetime) -> list[LogAccess]:
    held = access.led_rows(viewer, now).filter(kind=AccessKind.HOLDER, user=user)
    return list(_open(held.filter(content_object__in=access.logs_led_by(viewer, now).values("pk")), now))


def _open(rows: QuerySet[LogAccess], now: datetime) -> QuerySet[LogAccess]:
    """Those of open logs that are shared now: no other child is loaded, as none is named."""
    rows = rows.filter(
        content_object__status=LogStatus.ACTIVE,
        window__basis=WindowBasis.CONSENT,
        window__valid_from__lte=now,
        window__valid_until__gt=now,
    )
    related = ("content_object__child", "window", "user", "membership__unit", "membership__role")
    return rows.select_related(*related).order_by("starts_at", "pk")


def _asked(logs: Iterable[Log], today: date) -> dict[UUID, list[Deputy]]:
    """In the order they were asked."""
    rows = Deputy.objects.filter(log__in=[log.pk for log in logs], last_day__gte=today)
    rows = rows.select_related("membership__user", "membership__role", "membership__unit")
    found: dict[UUID, list[Deputy]] = {}
    for row in rows.order_by("appointed_at", "pk"):
        found.setdefault(row.log_id, []).append(row)
    return found
