"""Who is asked by an invitation or an offer: the person named while working there, else each leader of the unit."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from apps.municipality.models import Unit
from apps.notifications.scope import Scope
from apps.stafettlogg.models import Handover, Invitation
from apps.stafettlogg.selectors.tasks import rows

T = TypeVar("T", Invitation, Handover)


def asks_or_holds(user_id: UUID, held: Collection[UUID], of_led_unit: Q) -> Q:
    """What asks this user by name or as a leader, or is in a log the user holds."""
    return Q(to_membership__user=user_id) | Q(to_membership=None) & of_led_unit | Q(log__in=held)


def asked(scope: Scope, things: Iterable[tuple[T, Unit]]) -> list[tuple[T, Any]]:
    """(thing, person) for each; in a scope with a user that person alone. Never on the log's own page: who is asked
    does not read the log yet."""
    if scope.log is not None:
        return []
    things = list(things)
    named = [
        (thing, thing.to_membership.user)
        for thing, _unit in things
        if thing.to_membership is not None and _works_there(thing.to_membership, scope)
    ]
    unnamed = [(thing, unit) for thing, unit in things if thing.to_membership is None]
    led = [(thing, thing.log, unit, ()) for thing, unit in unnamed if _may_lead(unit, scope)]
    return named + rows.leaders(scope, led)


def _works_there(membership: Any, scope: Scope) -> bool:
    user = membership.user
    return scope.is_me(user) and user.is_active and membership.first_day <= scope.today <= membership.last_day


def _may_lead(unit: Unit, scope: Scope) -> bool:
    return scope.user is None or unit.pk in scope.led_unit_ids
