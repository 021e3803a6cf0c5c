"""Changes to the tree of units and to the roles. Only the coordinator; each leaves history."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from apps.core.dates import FAR_DAY
from apps.core.models import bump, lock
from apps.core.people import Person
from apps.core.text import LocalizedText
from apps.municipality import access, rules, selectors
from apps.municipality.enums import Right
from apps.municipality.models import Role, Unit
from apps.municipality.services.keys import free_key


@transaction.atomic
def add_unit(fields: dict, *, actor: Person, today: date) -> Unit:
    """A new place in the tree, not in use yet. Raises `RuleBroken` or `ValidationError`."""
    access.check_coordinator(actor, today)
    unit = Unit(**fields)
    _check(unit)
    unit._history_user = actor
    unit.save()
    return unit


@transaction.atomic
def save_unit(unit_id: UUID, fields: dict, *, version: int, actor: Person, today: date) -> Unit:
    """Change a unit; with a new parent everything below moves along. Raises `Conflict`, `RuleBroken`."""
    access.check_coordinator(actor, today)
    unit = lock(Unit, unit_id, version)
    old_path, old_kind = unit.path, unit.kind
    for name, value in fields.items():
        setattr(unit, name, value)
    rules.check_kind(unit, old_kind)
    _check(unit)
    unit._history_user = actor
    bump(unit).save()
    if unit.path != old_path:
        _move_below(unit, old_path, actor)
    return unit


def _check(unit: Unit) -> None:
    rules.check_parent(unit, unit.parent)
    rules.check_external(unit)
    rules.check_no_namesake(Unit.objects.filter(parent=unit.parent, name=unit.name).exclude(pk=unit.pk))
    unit.full_clean()


def _move_below(unit: Unit, old_path: str, actor) -> None:
    """Shortest path first, so that every unit finds its parent moved already."""
    below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
    for child in sorted(below, key=lambda child: len(child.path)):
        child._history_user = actor
        child.save()


@transaction.atomic
def switch_unit(unit_id: UUID, *, on: bool, actor: Person, today: date) -> Unit:
    """Let the unit take part from today, or not any longer. What the unit has begun goes on as before.

    Raises `AccessDenied`, `RuleBroken`.
    """
    access.check_coordinator(actor, today)
    unit = lock(Unit, unit_id)
    rules.check_can_switch(unit, on=on, today=today)
    unit.switched_on_day = today if on else None
    unit._history_user = actor
    bump(unit).save(update_fields=["switched_on_day"])
    return unit


@transaction.atomic
def close_unit(unit_id: UUID, *, last_day: date, logs_held: int, actor: Person, today: date) -> Unit:
    """Set the unit's last day. Called by `stafettlogg.services.units`, which knows its logs. Raises `RuleBroken`."""
    access.check_coordinator(actor, today)
    unit = lock(Unit, unit_id)
    below = Unit.objects.filter(path__startswith=unit.path, last_day__gte=today).exclude(pk=unit.pk)
    rules.check_can_close(unit, last_day=last_day, today=today, units_below=below.exists(), logs_held=logs_held)
    unit.last_day = last_day
    unit._history_user = actor
    bump(unit).save(update_fields=["last_day"])
    return unit


@transaction.atomic
def reopen_unit(unit_id: UUID, *, actor: Person, today: date) -> Unit:
    """Take the unit's last day away. Called by `stafettlogg.services.units`. Raises `RuleBroken`.

    When the last day is over, the unit starts as a new one: not in use, and nothing that it had comes back.
    """
    access.check_coordinator(actor, today)
    unit = lock(Unit, unit_id)
    rules.check_can_reopen(unit, unit.parent)
    if unit.last_day < today:
        unit.switched_on_day, unit.reopened_day = None, today
    unit.last_day = FAR_DAY
    unit._history_user = actor
    bump(unit).save(update_fields=["last_day", "switched_on_day", "reopened_day"])
    return unit


@transaction.atomic
def add_role(*, name: LocalizedText, rights: Collection[str], actor: Person, today: date) -> Role:
    access.check_coordinator(actor, today)
    role = Role(key=free_key(Role, name, 40), name=name, rights=_ordered(rights))
    role._history_user = actor
    role.full_clean()
    role.save()
    return role


@transaction.atomic
def save_role(
    role_id: UUID, *, name: LocalizedText, rights: Collection[str], version: int, actor: Person, today: date
) -> Role:
    """Change what everyone with the role may do, from their next request.

    Raises `AccessDenied`, `Conflict` when someone saved after `version`, `RuleBroken` when no role of a coordinator
    would be left.
    """
    access.check_coordinator(actor, today)
    others = list(Role.objects.select_for_update().exclude(pk=role_id))
    role = lock(Role, role_id, version)
    role.name, role.rights = name, _ordered(rights)
    rules.check_coordinator_role_remains([*others, role])
    role._history_user = actor
    role.full_clean()
    bump(role).save()
    selectors.forget()
    return role


def _ordered(rights) -> list[str]:
    return [right.value for right in Right if right in rights]
