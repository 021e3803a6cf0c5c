"""Units that hold logs though nobody leads them: whoever is stafettholder there has no one to take over (S21)."""

from apps.accounts.models import Membership
from apps.municipality.enums import Right
from apps.municipality.models import Unit
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import AccessKind, LogStatus
from apps.stafettlogg.models import LogAccess
from apps.stafettlogg.selectors import holders


def units_without_leader(scope: Scope) -> list[Due]:
    """To every coordinator, one for each unit; told again each month for as long as it lasts. Names no child (S19)."""
    units = _without_leader(scope)
    month = f"{scope.today:%Y-%m}"
    return [
        Due(
            recipient=coordinator,
            key=f"unit {unit.pk} {month}",
            url_name="accounts:unit",
            object_id=unit.pk,
            due_day=scope.today,
            detail=unit.name,
        )
        for coordinator in (_coordinators(scope) if units else [])
        for unit in units
    ]


def _without_leader(scope: Scope) -> list[Unit]:
    """Units that hold an open log for which neither they nor any unit above has a leader who may control it (S18)."""
    rows = LogAccess.objects.filter(
        kind=AccessKind.HOLDER,
        starts_at__lte=scope.now,
        ends_at__gt=scope.now,
        content_object__status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE],
    ).values_list("window__unit_id", "content_object__child_id")
    held = set(rows)
    units = Unit.objects.in_bulk({unit_id for unit_id, _child_id in held})
    book = holders.leader_book(units.values(), today=scope.today)
    indexes = holders.human_indexes({child_id for _unit_id, child_id in held})
    lacking = {unit_id for unit_id, child_id in held if not book.of(units[unit_id], indexes=indexes[child_id])}
    return sorted((units[unit_id] for unit_id in lacking), key=lambda unit: (unit.name, unit.pk))


def _coordinators(scope: Scope) -> list:
    if scope.user is not None:
        return [scope.user]
    places = Membership.objects.filter(
        first_day__lte=scope.today, last_day__gte=scope.today, user__is_active=True
    ).select_related("role", "user")
    return list({place.user_id: place.user for place in places if place.role.has(Right.COORDINATOR)}.values())
