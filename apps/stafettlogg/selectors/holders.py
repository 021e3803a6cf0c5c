"""Who leads, who holds and who is family, for services and pages that must tell them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.core.dates import age_on
from apps.core.statements import statement
from apps.municipality.enums import Right
from apps.municipality.models import Unit
from apps.municipality.selectors import DEFAULT_AGE
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Child, Guardian, Log, LogAccess
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules.consents import ADULT_AGE
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import hidden_places
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.names import place_line, reading_for


def _chain(unit) -> list[str]:
    """The unit's id and those of all units above it, nearest first, as hex."""
    return [unit.path[start : start + 32] for start in range(0, len(unit.path), 33)][::-1]


@dataclass(frozen=True)
class LeaderBook:
    """The leaders of some units and of every unit above them on one local day, read with one query."""

    by_unit: dict[str, list[Membership]]

    def of(self, unit: Unit, *, passing_over: Collection[UUID] = (), indexes: Collection[str] = ()) -> list[Membership]:
        """Leaders in this unit, else in the nearest unit above that has one.

        `passing_over` are ids of people who cannot (the holder), `indexes` blind indexes of the child and its
        guardians: the same human is never the controlling leader (safety.md S18). Empty when there is nobody.
        """
        for unit_hex in _chain(unit):
            found = [
                row
                for row in self.by_unit.get(unit_hex, [])
                if row.user_id not in passing_over
                and (not row.user.national_id_index or row.user.national_id_index not in indexes)
            ]
            if found:
                return found
        return []


def leader_book(units: Iterable, *, today: date) -> LeaderBook:
    ids = {unit_hex for unit in units for unit_hex in _chain(unit)}
    rows = (
        Membership.objects.filter(unit_id__in=ids, first_day__lte=today, last_day__gte=today, user__is_active=True)
        .select_related("user", "unit", "role")
        .order_by("first_day", "pk")
    )
    by_unit: dict[str, list[Membership]] = {}
    for row in rows:
        if row.role.has(Right.LEADER):
            by_unit.setdefault(row.unit_id.hex, []).append(row)
    return LeaderBook(by_unit)


def human_indexes(child_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Per child the blind indexes of the child and of every guardian, for habilitet (S18). Two queries."""
    indexes: dict[UUID, set[str]] = {child_id: set() for child_id in child_ids}
    for child_id, index in Guardian.objects.filter(child__in=child_ids).values_list("child_id", "national_id_index"):
        indexes[child_id].add(index)
    for child_id, index in Child.objects.filter(pk__in=child_ids).values_list("pk", "national_id_index"):
        indexes[child_id].add(index)
    return {child_id: found - {""} for child_id, found in indexes.items()}


def controlling_leaders(log: Log, unit: Unit, *, passing_over: Collection[UUID] = (), today: date) -> list[Membership]:
    """Memberships of who leads `unit` for this log: never a guardian in it, nor any in `passing_over` (S18, S21).

    Also of a log of the youth's own someone above it may come to hold it; who is told of it, `leaders_to_tell` says.
    """
    indexes = human_indexes([log.child_id])[log.child_id]
    return leader_book([unit], today=today).of(unit, passing_over=passing_over, indexes=indexes)


def leaders_to_tell(log: Log, unit: Unit, *, passing_over: Collection[UUID] = (), today: date) -> list[Membership]:
    """`controlling_leaders`; of a log of the youth's own those in the service itself alone (S26)."""
    found = controlling_leaders(log, unit, passing_over=passing_over, today=today)
    return [row for row in found if row.unit_id == unit.pk] if log.child.answers_alone else found


def users_to_answer(log: Log, unit: Unit, membership: Membership | None, *, today: date) -> list[User]:
    """Who is asked on behalf of a unit: the person named there, else those who lead it for this log."""
    asked = [membership] if membership is not None else leaders_to_tell(log, unit, today=today)
    return [row.user for row in asked]


def leaders_of_holder(log: Log, *, today: date) -> list[Membership]:
    """Who controls the log: the leader of the holder's unit, or the leader above where the holder is that leader."""
    holder = log.holder
    return leaders_to_tell(log, holder.window.unit, passing_over={holder.user_id}, today=today)


def family_users(log: Log, now: datetime) -> list:
    """Guardians and youth who may read the log right now, for telling them; nobody from whom it is hidden (S34)."""
    hidden = hidden_places.hidden_users(log.child_id)
    rows = access.everyone_in(log.pk, now)
    return [row.user for row in rows if access.is_family(row) and row.user_id not in hidden]


def family_names(log: Log, now: datetime, reader: LogAccess, reading: Reading) -> list[str]:
    """Guardians with access and the youth, whether they have ever signed in or not: that is nobody's business (S1).

    A guardian in a log of the youth's own reads of himself and her, never of another whom she has let in (S26). Who
    holds the log is told which guardian does not use the portal, as on the page about consent.
    """
    today = timezone.localdate(now)
    child = log.child
    guardians = Guardian.objects.filter(child=child).order_by("name", "pk")
    if child.answers_alone and reader.kind == AccessKind.GUARDIAN:
        guardians = guardians.filter(user=reader.user_id)
    if reading.until is not None:
        guardians = guardians.filter(pk__in=hidden_places.guardians_known(child, reading.until))
    tells = access.is_holding(reader)
    names = [
        _("%(name)s (bruker ikke portalen)") % {"name": guardian.name}
        if tells and guardian.user_id is None
        else guardian.name
        for guardian in guardians
        if guardian_rules.has_access(guardian, child, today=today)
    ]
    if child.birth_date is not None:
        age = age_on(child.birth_date, today)
        names = names if age < ADULT_AGE else []
        names += [child.full_name] if age >= DEFAULT_AGE or child.answers_alone else []
    return names


def holding_users(log: Log, now: datetime) -> list:
    """The holder and any deputy right now, for telling them."""
    rows = access.everyone_in(log.pk, now)
    return list({row.user_id: row.user for row in rows if access.is_holding(row)}.values())


_HOLDERS = LogAccess.objects.select_related("user", "membership__unit", "membership__role", "window")


def effective_holder(log: Log, now: datetime) -> LogAccess:
    """The row that holds the stafettpinne at this instant, also before the sweeper has moved `Log.holder` (S21)."""
    return _holding_now(log, now) or log.holder


def holder_for(log: Log, rows: Iterable[LogAccess], now: datetime) -> LogAccess:
    """`effective_holder` with all a page shows of it; `rows` are the reader's own, which often hold it already."""
    own = next((row for row in rows if row.pk == log.holder_id), None)
    return own or _holding_now(log, now) or _HOLDERS.get(pk=log.holder_id)


def _holding_now(log: Log, now: datetime) -> LogAccess | None:
    return _newest_holder.first(log.pk, now)


@statement
def _newest_holder(log_id: UUID, now: datetime) -> QuerySet[LogAccess]:
    rows = _HOLDERS.filter(content_object=log_id, kind=AccessKind.HOLDER, starts_at__lte=now, ends_at__gt=now)
    return rows.order_by("-starts_at")[:1]


def colleagues(unit: Unit, *, passing_over: Collection[UUID] = (), today: date) -> list[Membership]:
    """People with a place in the unit today, by name: one line per person."""
    return colleagues_in([unit.pk], passing_over=passing_over, today=today)[unit.pk]


def colleagues_in(
    unit_ids: Collection[UUID], *, passing_over: Collection[UUID] = (), today: date
) -> dict[UUID, list[Membership]]:
    """`colleagues` of each of these units, with one query."""
    rows = (
        Membership.objects.filter(unit__in=unit_ids, first_day__lte=today, last_day__gte=today, user__is_active=True)
        .exclude(user__in=list(passing_over))
        .select_related("user", "role", "unit")
        .order_by("user__name", "first_day", "pk")
    )
    found: dict[UUID, dict[UUID, Membership]] = {unit_id: {} for unit_id in unit_ids}
    for row in rows:
        found[row.unit_id][row.user_id] = row
    return {unit_id: list(by_user.values()) for unit_id, by_user in found.items()}


def has_left(place: str, today: date) -> Q:
    """Rows whose `place` (the name of a field to a membership) is nobody's any more."""
    return Q(**{f"{place}__last_day__lt": today}) | Q(**{f"{place}__user__is_active": False})


def other_place(place: Membership, *, today: date) -> Membership | None:
    """The same person's place in the same unit today, when it is another than this one; None for who has left it."""
    return next((row for row in colleagues(place.unit, today=today) if row.user_id == place.user_id), None)


def led_place(user: User, unit: Unit, *, today: date) -> Membership | None:
    """The user's leader membership that covers this unit (there or in a unit above); None when there is none."""
    rows = (
        Membership.objects.filter(user=user, unit_id__in=_chain(unit), first_day__lte=today, last_day__gte=today)
        .filter(Q(user__is_active=True))
        .select_related("user", "unit", "role")
    )
    leading = [row for row in rows if row.role.has(Right.LEADER)]
    return max(leading, key=lambda row: len(row.unit.path), default=None)


def leaders_over(unit: Unit, *, today: date) -> set[UUID]:
    """Ids of everyone who leads this unit, there or in a unit above."""
    rows = Membership.objects.filter(unit_id__in=_chain(unit), first_day__lte=today, last_day__gte=today)
    return {row.user_id for row in rows.select_related("role") if row.role.has(Right.LEADER)}


@dataclass(frozen=True)
class Holder:
    """Who holds the stafettpinne, as the card shows it. `deputy` is the one who stands in right now, or ''."""

    name: str
    line: str
    since: datetime
    deputy: str


def holder_card(log: Log, row: LogAccess, *, now: datetime, reading: Reading | None = None) -> Holder:
    """The card of who holds the stafettpinne now, with any deputy. One query, plus one for family readers."""
    reading = reading or reading_for(log, row)
    rows = [held for held in access.everyone_in(log.pk, now) if access.is_holding(held)]
    holder = next((r for r in reversed(rows) if r.kind == AccessKind.HOLDER), log.holder)
    deputy = next((r for r in rows if r.kind == AccessKind.DEPUTY), None)
    return Holder(
        name=_staff_name(holder, reading),
        line=reading.line(place_line(holder)),
        since=holder.starts_at,
        deputy="" if deputy is None else _staff_name(deputy, reading),
    )


def _staff_name(row: LogAccess, reading) -> str:
    return reading.staff(name=row.user.name, line=place_line(row), protected=row.user.protected_identity)


def holder_on(page: LogPage) -> Holder:
    return holder_card(page.log, page.row, now=page.now, reading=page.reading)


def log_section(page: LogPage) -> dict[str, Any]:
    """Who holds the stafettpinne, and what whoever holds it may do with it."""
    return {"holder": page.once(holder_on), "text": _about_holding(page), "links": _what_holders_do(page)}


def _about_holding(page: LogPage) -> str:
    deputy = page.once(holder_on).deputy
    if deputy:
        return _("Vikar nå: %(name)s") % {"name": deputy}
    if page.log.is_active and page.is_holding and page.log.child.answers_alone:
        return _("Du har ansvaret til en annen har tatt imot. Ungdommen får beskjed når pinnen bytter hånd.")
    if page.log.is_active and page.is_holding:
        return _("Du har ansvaret til en annen har tatt imot. Familien får beskjed når pinnen bytter hånd.")
    return ""


def _what_holders_do(page: LogPage) -> list[tuple[str, str]]:
    if not page.log.is_active or not page.is_holding:
        return []
    return [
        (reverse("stafettlogg:hand_over", args=[page.log.pk]), _("Gi stafettpinnen videre")),
        (reverse("stafettlogg:close", args=[page.log.pk]), _("Avslutt stafettloggen")),
    ]
