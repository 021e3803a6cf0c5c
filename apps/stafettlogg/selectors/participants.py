"""Who is in a log, as one reader may see it, and who is invited."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.accounts.selectors import staffed_unit_ids
from apps.core.dates import local_day
from apps.core.text import joined
from apps.municipality.models import Unit
from apps.municipality.selectors import services_switched_on
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, ConsentScope, DeputyState
from apps.stafettlogg.models import ConsentWindow, Deputy, Invitation, Log, LogAccess
from apps.stafettlogg.rules import deputies as deputy_rules
from apps.stafettlogg.rules import participants as rules
from apps.stafettlogg.rules.access import scope_of
from apps.stafettlogg.rules.purposes import in_words
from apps.stafettlogg.rules.scopes import Reach, reach_of, scope_words
from apps.stafettlogg.selectors.names import place_line, reading_for


@dataclass(frozen=True)
class ServicesToAsk:
    """`units` to choose from, and a sentence about those where nobody can answer; '' when there are none."""

    units: list[Unit]
    unreached: str


def services_to_ask(today: date, *, known: Collection[UUID] = ()) -> ServicesToAsk:
    """The services that may be asked to join, and, by `known` ids, those that are in the log or ask already.

    A service where nobody uses the portal is not asked about: the family's yes would lead nowhere.
    """
    services, unreached = list(services_switched_on(today)), unreached_services(today) - set(known)
    names = joined([unit.name for unit in services if unit.pk in unreached])
    words = _("Ingen i disse bruker portalen ennå. Ring dem: %(names)s.")
    units = [unit for unit in services if unit.pk not in unreached]
    return ServicesToAsk(units, words % {"names": names} if names else "")


def unreached_services(today: date) -> set[UUID]:
    """Ids of the services that are switched on and where nobody uses the portal."""
    return {unit.pk for unit in services_switched_on(today)} - staffed_unit_ids(today)


_ORDER = (AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT, AccessKind.ADVISER)


@dataclass(frozen=True)
class PersonInLog:
    """One employee in the log. `line` is role and service, `controller` the external unit's own controller or '';
    `reads` says how much of the log the person reads.

    Names and places are as the reader may see them (safety.md S16, S17).
    """

    row: LogAccess
    name: str
    line: str
    unit_name: str
    controller: str
    role_in_log: str
    reads: str
    since: datetime
    until: datetime | None
    is_you: bool

    @property
    def row_id(self) -> UUID:
        return self.row.pk

    @property
    def last_day(self) -> date | None:
        """The last local day, for a deputy."""
        return local_day(self.until - timedelta(microseconds=1)) if self.until else None

    @property
    def is_participant(self) -> bool:
        return self.row.kind == AccessKind.PARTICIPANT


def people_in_log(log: Log, row: LogAccess, *, now: datetime, reach: Reach | None = None) -> list[PersonInLog]:
    """The employees in the log right now, the holder first, for the reader behind `row`.

    One query for staff; a few for the family. A leader who has opened the log with a reason is not in it: that stands
    in the read log. Who reads own measures alone sees who holds the log, and the own service.
    """
    reading = reading_for(log, row)
    rows = access.current_rows_in([log.pk], now).filter(kind__in=_ORDER).order_by("starts_at", "pk")
    shown = list(rows)
    reach = reach or reach_of([row])
    shown = [found for found in shown if access.is_holding(found) or reach.is_of(found.window.unit_id)]
    shown.sort(key=lambda found: _ORDER.index(found.kind))
    return [_person(found, row, reading) for found in shown]


def _person(found: LogAccess, reader: LogAccess, reading) -> PersonInLog:
    unit, line = found.membership.unit, place_line(found)
    return PersonInLog(
        row=found,
        name=reading.staff(name=found.user.name, line=line, protected=found.user.protected_identity),
        line=reading.line(line),
        unit_name=reading.line(unit.name),
        controller=reading.line(unit.controller_name if unit.is_external else ""),
        role_in_log=found.get_kind_display(),
        reads=scope_words(scope_of(found)),
        since=found.starts_at,
        until=found.ends_at if found.kind == AccessKind.DEPUTY else None,
        is_you=found.user_id == reader.user_id,
    )


@dataclass(frozen=True)
class DeputyLine:
    """An appointment as employees see it."""

    deputy: Deputy
    name: str

    @property
    def is_waiting(self) -> bool:
        return self.deputy.state == DeputyState.OFFERED


def deputies_in(log: Log) -> list[DeputyLine]:
    """Appointments that wait or run, for the holder who may end them."""
    rows = Deputy.objects.filter(log=log, state__in=deputy_rules.LIVE)
    rows = rows.select_related("membership__user", "membership__role", "membership__unit").order_by("first_day", "pk")
    return [DeputyLine(row, place_name(row.membership)) for row in rows]


@dataclass(frozen=True)
class Asked:
    """An invitation with its names as employees see them. `name` is the child's first name, `asked` '' until named;
    `why` is the purpose in words; `reads_all`: the family has said yes to all of the log, not to own measures alone.
    """

    invitation: Invitation
    name: str
    asked: str
    by: str
    reads_all: bool
    why: str


def waiting_invitations(log: Log) -> list[Asked]:
    """Invitations nobody has answered, oldest first. For the holder: it shows what waits for consent."""
    return _asked(Invitation.objects.filter(log=log, state__in=rules.WAITING))


def invitations_to(user: User, now: datetime) -> list[Asked]:
    """Invitations this user may answer, oldest first, with the child whose log it is."""
    return _asked(access.invitations_for(user, now))


def invitation_to(user: User, invitation_id: UUID, now: datetime) -> Asked | None:
    """The one of `invitations_to` with this id. The children of the others are not loaded: the page names one."""
    return next(iter(_asked(access.invitations_for(user, now).filter(pk=invitation_id))), None)


def _asked(rows) -> list[Asked]:
    rows = rows.select_related(
        "log__child", "unit", "to_membership__user", "to_membership__role", "to_membership__unit", "invited_by"
    ).order_by("invited_at", "pk")
    narrow = ConsentWindow.objects.filter(log__in=[row.log_id for row in rows], scope=ConsentScope.MEASURES)
    own_measures = set(narrow.values_list("log_id", "unit_id"))
    return [
        Asked(
            invitation=row,
            name=row.log.child.given_name or _("barnet som er i vente"),
            asked=place_name(row.to_membership) if row.to_membership else "",
            by=_("En ansatt") if row.invited_by.protected_identity else row.invited_by.name,
            reads_all=(row.log_id, row.unit_id) not in own_measures,
            why=in_words(row.purpose, row.log.child, youth=False),
        )
        for row in rows
    ]


def place_name(membership: Membership) -> str:
    """An employee as colleagues see one: the name, or role and service when the identity is protected (S16)."""
    if membership.user.protected_identity:
        return f"{membership.title or membership.role}, {membership.unit.name}"
    return membership.user.name
