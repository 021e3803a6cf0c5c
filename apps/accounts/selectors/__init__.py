from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Collate
from django.utils.translation import gettext as _

from apps.accounts import access, rules
from apps.accounts.models import Absence, Membership, User
from apps.core import collation
from apps.core.requests import PortalRequest
from apps.municipality.enums import Right
from apps.municipality.models import Municipality, Role, Unit

SESSION_PLACE = "place"


# Signed in ------------------------------------------------------------------------------------------------------------


def places(request: PortalRequest) -> list[Membership]:
    """The places of the person who is signed in, oldest first; one query per request."""
    if not hasattr(request, "_places"):
        request._places = access.places_of(request.user)
    return request._places


def active_membership(request: PortalRequest) -> Membership | None:
    """The place the person has chosen to see from, else the first. Narrows the start page, never rights."""
    chosen = request.session.get(SESSION_PLACE) if places(request) else None
    for place in places(request):
        if str(place.pk) == chosen:
            return place
    return places(request)[0] if places(request) else None


def people_with_address(email: str, kind: str = "") -> list[User]:
    """Users who sign in with this address: at most one employee and one citizen, also when they may not sign in."""
    rows = User.objects.filter(email=(email or "").strip().lower())
    return list(rows.filter(kind=kind) if kind else rows.order_by("kind"))


# Names ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StaffLabel:
    """How an employee stands on a page: `name`, and `line` with role and service (or the service alone)."""

    name: str
    line: str

    def __str__(self):
        return ", ".join(part for part in (self.name, self.line) if part)


def staff_label(user: User, membership: Membership | None, *, show_names: bool) -> StaffLabel:
    """What others see of an employee (safety.md S16). Every page, notice and PDF uses this, never `user.name`.

    `show_names` is the municipality's setting where the family reads, and True between employees; protected identity
    always wins. `membership` may be None for someone who has left.
    """
    role = str(membership.role) if membership else str(_("Ansatt"))
    unit = str(membership.unit) if membership else ""
    if show_names and not user.protected_identity:
        title = (membership.title or role) if membership else ""
        return StaffLabel(user.name, ", ".join(part for part in (title, unit) if part))
    return StaffLabel(role, unit)


def public_name(user: User, membership: Membership | None, municipality: Municipality) -> str:
    """The employee's name as the family reads it, or the role and the service in one."""
    label = staff_label(user, membership, show_names=municipality.show_staff_names)
    return label.name if label.name == user.name else str(label)


# The staff list -------------------------------------------------------------------------------------------------------


def units_for_staff_list(user: User, today: date) -> list[Unit]:
    """Units the person looks after, by name, with `people_count`: those who have a place there today."""
    return list(
        access.staffed_by(user, today)
        .filter(last_day__gte=today)
        .annotate(
            people_count=Count(
                "memberships__user",
                filter=Q(memberships__first_day__lte=today, memberships__last_day__gte=today),
                distinct=True,
            )
        )
        .order_by(Collate("name", collation.NAME), "pk")
    )


def staff_of(unit: Unit, today: date) -> list[Membership]:
    """Present and coming places in the unit, by name; `user.coming_absences` holds absences that are not over."""
    absences = Absence.objects.filter(last_day__gte=today).order_by("first_day")
    return list(
        Membership.objects.filter(unit=unit, last_day__gte=today)
        .select_related("user", "role", "unit")
        .prefetch_related(Prefetch("user__absences", queryset=absences, to_attr="coming_absences"))
        .order_by(Collate("user__name", collation.NAME), "first_day", "pk")
    )


def staffed_unit_ids(today: date) -> set[UUID]:
    """Units where somebody works that day, and may sign in."""
    places = Membership.objects.filter(first_day__lte=today, last_day__gte=today, user__is_active=True)
    return set(places.values_list("unit_id", flat=True))


def person_for_staff_list(viewer: User, user_id: UUID, today: date) -> User | None:
    """The person with `places` (present and coming, those the viewer looks after) and `coming_absences`."""
    rows = access.people_of(viewer, today).filter(user_id=user_id, last_day__gte=today)
    seen = list(rows.select_related("unit", "role", "user").order_by("first_day", "pk"))
    if not seen:
        return None
    user = seen[0].user
    user.places = seen
    user.coming_absences = coming_absences(user, today)
    return user


def coming_absences(user: User, today: date) -> list[Absence]:
    """Absences that are not over, first first."""
    return list(user.absences.filter(last_day__gte=today).order_by("first_day"))


def roles_to_give(actor: User, unit: Unit, today: date) -> list[Role]:
    """Roles the actor may give in the unit, of those that fit its kind."""
    fitting = [role for role in Role.objects.order_by("key") if rules.role_fits(role, unit)]
    return [role for role in fitting if _may_give(actor, role, unit, today)]


def _may_give(actor, role, unit, today) -> bool:
    try:
        access.check_can_give(actor, role, unit, today)
    except access.AccessDenied:
        return False
    return True


@dataclass(frozen=True)
class NewPlace:
    """A place that somebody has given an employee, and the id of who gave it."""

    place: Membership
    given_by: UUID

    @property
    def leads(self) -> bool:
        return self.place.role.has(Right.LEADER)


def places_given(since: datetime, today: date) -> list[NewPlace]:
    """Places that were given after this instant and are not over, in the order they were given.

    The history says it; what is loaded from elsewhere has no giver there and is left out.
    """
    rows = Membership.history.filter(history_type="+", history_date__gt=since, history_user__isnull=False)
    given_by = dict(rows.order_by("history_date", "history_id").values_list("id", "history_user_id"))
    places = Membership.objects.filter(last_day__gte=today, user__is_active=True).select_related("user", "role")
    found = places.in_bulk(given_by) if given_by else {}
    return [NewPlace(found[pk], giver) for pk, giver in given_by.items() if pk in found]


def coordinators(today: date) -> list[User]:
    """Those who coordinate today, each once."""
    rows = Membership.objects.filter(first_day__lte=today, last_day__gte=today, user__is_active=True)
    found = {row.user_id: row.user for row in rows.select_related("user", "role") if row.role.has(Right.COORDINATOR)}
    return list(found.values())


# Away -----------------------------------------------------------------------------------------------------------------


def is_away(user: User, day: date) -> bool:
    return Absence.objects.filter(user=user, first_day__lte=day, last_day__gte=day).exists()


def absences_on(day: date) -> QuerySet[Absence]:
    """Everyone's absences that cover the day, with the person."""
    return Absence.objects.filter(first_day__lte=day, last_day__gte=day).select_related("user")


def away_between(user_ids: Iterable[UUID], first_day: date, last_day: date) -> set[UUID]:
    """Those of these people who are away on some of the days."""
    rows = Absence.objects.filter(user__in=list(user_ids), first_day__lte=last_day, last_day__gte=first_day)
    return set(rows.values_list("user_id", flat=True))


# The demo -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DemoPerson:
    """A line of the demo's sign-in page."""

    user: User
    role: str
    unit: str
    note: str


def demo_people(today: date, kind: str = "") -> list[DemoPerson]:
    """The people one may sign in as in the demo; empty everywhere else. Employees by unit, then citizens."""
    if not settings.DEMO:
        return []
    current = Membership.objects.filter(first_day__lte=today, last_day__gte=today).select_related("unit", "role")
    users = (
        User.objects.filter(is_demo=True, is_active=True, last_day__gte=today)
        .filter(Q(kind=kind) if kind else Q())
        .prefetch_related(Prefetch("memberships", queryset=current.order_by("first_day", "pk"), to_attr="current"))
    )
    people = [_demo_person(user) for user in users if rules.may_sign_in(user, today)]
    return sorted(
        people, key=lambda p: (p.user.is_citizen, collation.sort_key(p.unit), collation.sort_key(p.user.name))
    )


def _by_unit_and_name(person: DemoPerson):
    return (person.user.is_citizen, collation.sort_key(person.unit), collation.sort_key(person.user.name))


def _demo_person(user) -> DemoPerson:
    place = user.current[0] if user.is_employee and user.current else None
    role = (place.title or str(place.role)) if place else user.get_kind_display()
    return DemoPerson(user=user, role=role, unit=str(place.unit) if place else "", note=user.demo_note)


def demo_accounts_exist() -> bool:
    return User.objects.filter(is_demo=True).exists()
