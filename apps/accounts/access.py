"""Who may do what by their place in the municipality. Logs have their own file: stafettlogg/access.py."""

from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.core.errors import AccessDenied
from apps.core.models import TrackedQuerySet
from apps.core.statements import statement
from apps.municipality.enums import Right
from apps.municipality.models import Role, Unit
from apps.municipality.selectors import units_below


def current_memberships(user: User | AnonymousUser, today: date | None = None) -> TrackedQuerySet[Membership]:
    """The user's places today, oldest first. Empty for citizens, anonymous and inactive users."""
    if not _may_have_places(user):
        return Membership.objects.none()
    return _places_at.queryset(user.pk, today or timezone.localdate())


def places_of(user: User | AnonymousUser, today: date | None = None) -> list[Membership]:
    """`current_memberships`, read."""
    return _places_at.rows(user.pk, today or timezone.localdate()) if _may_have_places(user) else []


def _may_have_places(user) -> bool:
    return user.is_authenticated and user.is_active and user.is_employee


@statement
def _places_at(user_id: UUID, today: date) -> TrackedQuerySet[Membership]:
    return (
        Membership.objects.filter(user=user_id, first_day__lte=today, last_day__gte=today)
        .select_related("unit", "role")
        .order_by("first_day", "pk")
    )


def has_right(user: User | AnonymousUser, right: Right, today: date | None = None) -> bool:
    return user.is_authenticated and right in user.rights_on(today or timezone.localdate())


def units_led_by(user: User | AnonymousUser, today: date | None = None) -> TrackedQuerySet[Unit]:
    """Units the user leads: those of a leader membership and every unit below them."""
    return units_of_leader(places_led_by(user, today))


def places_led_by(user: User | AnonymousUser, today: date | None = None) -> list[Membership]:
    """The user's places as a leader, oldest first."""
    return [place for place in places_of(user, today) if place.role.has(Right.LEADER)]


def units_of_leader(places: list[Membership]) -> TrackedQuerySet[Unit]:
    """The units of these places as a leader, and every unit below them."""
    return units_below([place.unit.path for place in places]) if places else Unit.objects.none()


def leads_unit(user: User, unit_id: UUID, only_there: bool, today: date | None = None) -> bool:
    """Whether the user leads this unit; with `only_there` by a place in it, not in a unit above."""
    places = places_led_by(user, today)
    if any(place.unit_id == unit_id for place in places):
        return True
    return not only_there and units_of_leader(places).filter(pk=unit_id).exists()


def leaders_of(unit: Unit, today: date | None = None) -> list[Membership]:
    """Memberships with the leader right in this unit, else in the nearest unit above that has one."""
    today = today or timezone.localdate()
    ids = [unit.path[start : start + 32] for start in range(0, len(unit.path), 33)]
    rows = (
        Membership.objects.filter(unit_id__in=ids, first_day__lte=today, last_day__gte=today, user__is_active=True)
        .select_related("user", "unit", "role")
        .order_by("first_day", "pk")
    )
    leaders = [row for row in rows if row.role.has(Right.LEADER)]
    for unit_hex in reversed(ids):
        found = [row for row in leaders if row.unit_id.hex == unit_hex]
        if found:
            return found
    return []


def staffed_by(user: User, today: date | None = None) -> TrackedQuerySet[Unit]:
    """Units whose staff the user looks after: all for the coordinator, else those the user leads."""
    if has_right(user, Right.COORDINATOR, today):
        return Unit.objects.all()
    return units_led_by(user, today)


def people_of(user: User, today: date | None = None) -> TrackedQuerySet[Membership]:
    """Memberships, also past and coming ones, that the user looks after."""
    return Membership.objects.filter(unit__in=staffed_by(user, today))


def check_staffs(actor: User, unit: Unit, today: date | None = None) -> None:
    if not staffed_by(actor, today).filter(pk=unit.pk).exists():
        raise AccessDenied(_("Bare lederen for enheten og koordinatoren kan endre ansattlista."))


def check_not_own(actor: User, user: User) -> None:
    """Nobody gives, ends or changes their own place, nor hides their own name."""
    if actor.pk == user.pk:
        raise AccessDenied(_("Du kan ikke endre dine egne roller. Be lederen din eller koordinatoren."))


def check_can_give(actor: User, role: Role, unit: Unit, today: date | None = None) -> None:
    """A leader gives no right the leader does not have in the unit; the coordinator gives any role."""
    check_staffs(actor, unit, today)
    if has_right(actor, Right.COORDINATOR, today):
        return
    own = {
        right
        for place in places_of(actor, today)
        if unit.path.startswith(place.unit.path)
        for right in place.role.rights
    }
    if not set(role.rights) <= own:
        raise AccessDenied(_("Bare koordinatoren kan gi denne rollen."))


def check_can_end_person(actor: User, user: User, today: date | None = None) -> None:
    """The coordinator, or a leader of every place the person has left."""
    check_not_own(actor, user)
    today = today or timezone.localdate()
    places = Membership.objects.filter(user=user, last_day__gte=today)
    if not places.exists() and not has_right(actor, Right.COORDINATOR, today):
        raise AccessDenied(_("Bare koordinatoren kan avslutte tilgangen til en person uten enhet."))
    if places.exclude(unit__in=staffed_by(actor, today)).exists():
        raise AccessDenied(_("Personen arbeider også i en annen enhet. Be koordinatoren avslutte tilgangen."))


def check_can_record_absence(actor: User, user: User, today: date | None = None) -> None:
    """Oneself, or whoever looks after one of the person's places."""
    if actor.pk == user.pk and user.is_employee:
        return
    today = today or timezone.localdate()
    if not people_of(actor, today).filter(user=user, last_day__gte=today).exists():
        raise AccessDenied(_("Bare personen selv, lederen og koordinatoren kan registrere fravær."))
