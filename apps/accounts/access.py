"""Who may do what by their place in the municipality. Logs have their own file: stafettlogg/access.py."""

from django.utils import timezone

from apps.accounts.models import Membership
from apps.municipality.enums import Right
from apps.municipality.models import Unit
from apps.municipality.selectors import units_below


def current_memberships(user, today=None):
    """The user's places today, oldest first. Empty for citizens, anonymous and inactive users."""
    if not user.is_authenticated or not user.is_active or not user.is_employee:
        return Membership.objects.none()
    today = today or timezone.localdate()
    return (
        Membership.objects.filter(user=user, first_day__lte=today, last_day__gte=today)
        .select_related("unit", "role")
        .order_by("first_day", "pk")
    )


def has_right(user, right: Right, today=None) -> bool:
    return any(membership.role.has(right) for membership in current_memberships(user, today))


def units_led_by(user, today=None):
    """Units the user leads: those of a leader membership and every unit below them."""
    paths = [m.unit.path for m in current_memberships(user, today) if m.role.has(Right.LEADER)]
    return units_below(paths) if paths else Unit.objects.none()


def leaders_of(unit, today=None):
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
