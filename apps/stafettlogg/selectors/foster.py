"""Foster parents of a log: the place one has, and who of the others may know of it (safety.md S36)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.statements import statement
from apps.stafettlogg.enums import AccessKind, ConsentScope
from apps.stafettlogg.models import FosterPlace, Guardian, Log, LogAccess, PlaceCode
from apps.stafettlogg.rules import foster as rules
from apps.stafettlogg.rules.scopes import Reach
from apps.stafettlogg.selectors.care import answers_for


@statement
def _places(log_id):
    rows = FosterPlace.objects.filter(care__log=log_id, ended_at=None).select_related(
        "guardian__user", "care__guardian"
    )
    return rows.order_by("guardian__name", "pk")


def places_in(log: Log, today: date) -> list[FosterPlace]:
    """The places that are not over, also those child welfare has not said yes to; by name. Asks nothing about a child
    who never had a foster parent."""
    if not log.child.has_foster:
        return []
    return [place for place in _places.rows(log.pk) if place.stands(today)]


def place_of(log: Log, user_id: UUID, today: date) -> FosterPlace | None:
    """The place this person has in the log today."""
    mine = (place for place in places_in(log, today) if place.guardian.user_id == user_id)
    return next((place for place in mine if place.holds(today)), None)


def place_of_guardian(guardian: Guardian, log: Log, today: date) -> FosterPlace | None:
    """The place of this foster parent here, when it holds; asks nothing about one who is a guardian."""
    if not guardian.is_foster:
        return None
    mine = (place for place in places_in(log, today) if place.guardian_id == guardian.pk)
    return next((place for place in mine if place.holds(today)), None)


def may_read(guardian: Guardian, log: Log, today: date) -> bool:
    """Whether this is a foster parent whose place holds: who may be linked, written to and made responsible."""
    return place_of_guardian(guardian, log, today) is not None


def reach_of(log: Log, rows: Iterable[LogAccess], today: date) -> Reach | None:
    """How much of the log a foster parent reads by the rows of hers; None when none of them is a foster parent's."""
    row = next((row for row in rows if row.kind == AccessKind.FOSTER), None)
    if row is None:
        return None
    place = place_of(log, row.user_id, today)
    return None if place is None else rules.reach_of(place, row.user_id)


def names_for_family(log: Log, today: date, *, readers_of_all: bool = False) -> list[str]:
    """«Fosterforelder: NN» for each who may read now and is not hidden; with `readers_of_all` who read what is written
    to all."""
    return [
        _("Fosterforelder: %(name)s") % {"name": place.guardian.name}
        for place in places_in(log, today)
        if place.holds(today) and not place.is_hidden and (rules.reads_messages_to_all(place) or not readers_of_all)
    ]


def hidden_people(log: Log) -> frozenset[UUID]:
    """Ids of all who have had a hidden place here: no parent is told their names, also of what was agreed then. Asks
    nothing about a child who never had a foster parent."""
    if not log.child.has_foster:
        return frozenset()
    rows = FosterPlace.objects.filter(care__log=log, is_hidden=True, guardian__user__isnull=False)
    return frozenset(rows.values_list("guardian__user", flat=True))


@dataclass(frozen=True)
class FosterForHolder:
    """A foster parent as the stafettholder follows her up. `code`: one that somebody has used and nobody confirmed."""

    place: FosterPlace
    reads: str
    code: PlaceCode | None

    @property
    def guardian(self) -> Guardian:
        return self.place.guardian

    @property
    def waits(self) -> bool:
        return self.place.yes_at is None

    @property
    def may_get_code(self) -> bool:
        return not self.waits and self.guardian.user_id is None


def fosters_for_holder(log: Log, codes: Mapping[UUID, PlaceCode], today: date) -> list[FosterForHolder]:
    """All who have a place, or wait for child welfare's yes."""
    return [
        FosterForHolder(place, str(_READS[ConsentScope(place.scope)]), codes.get(place.guardian_id))
        for place in places_in(log, today)
    ]


def place_to_answer(place_id: UUID, user: User, today: date) -> FosterPlace | None:
    """The place this person answers for, for child welfare; None for anyone else, and when it is over."""
    rows = FosterPlace.objects.select_related("guardian", "care__guardian", "care__log__child")
    place = rows.filter(pk=place_id).first()
    if place is None or not place.stands(today) or not answers_for(place.care, user, today):
        return None
    return place


def places_to_answer(log: Log, user_id: UUID, today: date) -> list[FosterPlace]:
    """Those this person answers for in the log, for child welfare."""
    return [place for place in places_in(log, today) if place.care.guardian and place.care.guardian.user_id == user_id]


# What she reads, in a sentence: «Barnevernstjenesten har sagt ja til at du leser …».
_READS = {
    ConsentScope.MEASURES: gettext_lazy("bare tiltak hun eller han har ansvar for"),
    ConsentScope.LOG: gettext_lazy("mål, tiltak og evalueringer"),
}


@dataclass(frozen=True)
class FosterCard:
    """A child on the first page of a foster parent."""

    log: Log
    row: LogAccess
    child: str


def cards_for(logs: Collection[Log], rows: dict[UUID, LogAccess]) -> list[FosterCard]:
    """Of these logs those one reads as a foster parent. No query."""
    return [
        FosterCard(log, rows[log.pk], log.child.given_name or _("barnet"))
        for log in logs
        if log.pk in rows and rows[log.pk].kind == AccessKind.FOSTER and log.is_opened
    ]
