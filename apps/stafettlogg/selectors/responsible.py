"""Who may be responsible for a measure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Responsibility
from apps.stafettlogg.models import Guardian, Log
from apps.stafettlogg.rules import responsible as rules
from apps.stafettlogg.rules.scopes import WHOLE, Reach, reach_of
from apps.stafettlogg.selectors import foster
from apps.stafettlogg.selectors.consents import units_sharing
from apps.stafettlogg.selectors.names import place_line

_RESPONSIBLE_KINDS = (
    AccessKind.HOLDER,
    AccessKind.DEPUTY,
    AccessKind.PARTICIPANT,
    AccessKind.GUARDIAN,
    AccessKind.YOUTH,
)


Measure = TypeVar("Measure", bound=rules.Shared)


@dataclass(frozen=True)
class Person:
    """Someone in the log who can be responsible. `line` is role and service, or the relation."""

    user: User
    line: str

    @property
    def shown(self) -> str:
        """The name; with a protected identity only «En ansatt» (the line says role and service)."""
        return _("En ansatt") if self.user.protected_identity else self.user.name


@dataclass(frozen=True)
class ResponsibleChoices:
    """People in the log now, and guardians without a user of their own, by name; and the services that take part.

    `reaches`: how much those read who do not read all of the log (docs/adr/0016).
    """

    people: list[Person]
    guardian_names: list[str]
    units: Collection[Unit] = ()
    reaches: dict[UUID, Reach] = field(default_factory=dict)

    def reach_of(self, user_id: UUID | None) -> Reach:
        return WHOLE if user_id is None else self.reaches.get(user_id, WHOLE)

    @property
    def people_ids(self) -> set:
        return {person.user.pk for person in self.people}


def give_others(measures: Iterable[Measure]) -> list[Measure]:
    """The measures, each with `other_people`: who is responsible beside the first one, as users, or names of those
    without. One query, and none where nobody is."""
    found = list(measures)
    wanted = {user_id for measure in found for user_id in rules.users_in(measure.others.split("\n"))}
    users = User.objects.in_bulk(wanted) if wanted else {}
    for measure in found:
        people = [one for one in measure.others.split("\n") if one]
        measure.other_people = [users[pk] for pk in rules.users_in(people) if pk in users] + rules.names_in(people)
    return found


def responsible_choices(log: Log, now: datetime) -> ResponsibleChoices:
    """Staff with an open window first, then the family. Nobody who is blocked or whose responsibility is unchecked."""
    rows = list(
        access.current_rows_in([log.pk], now)
        .filter(kind__in=_RESPONSIBLE_KINDS)
        .order_by("membership_id", "starts_at", "pk")
    )
    people: dict[UUID, Person] = {}
    for row in sorted(rows, key=access.is_family):
        people.setdefault(row.user_id, Person(row.user, place_line(row)))
    by_user: dict[UUID, list] = {}
    for row in rows:
        by_user.setdefault(row.user_id, []).append(row)
    for place in foster.places_in(log, timezone.localdate(now)):
        user = place.guardian.user
        if user is not None and place.holds(timezone.localdate(now)):
            people.setdefault(user.pk, Person(user, _("Fosterforelder")))
    reaches = {user_id: reach_of(own) for user_id, own in by_user.items()}
    today = timezone.localdate(now)
    guardians = Guardian.objects.filter(
        child=log.child_id, responsibility=Responsibility.CONFIRMED, user__isnull=True
    ).order_by("name", "pk")
    names = [g.name for g in guardians if not g.is_blocked(today)]
    return ResponsibleChoices(list(people.values()), names, units_sharing(log, now), reaches)
