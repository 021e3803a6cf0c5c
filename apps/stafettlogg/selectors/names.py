"""Names as one reader of one log sees them (rules/names.py holds the rule)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import AccessKind, AddressProtection, LetIn
from apps.stafettlogg.models import Guardian, Log, LogAccess
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import foster, hidden_places, same_child


def reading_for(log: Log, row: LogAccess) -> Reading:
    """How staff are named for the person behind this row. Costs a few queries for the family, none for staff."""
    if row.membership_id is not None:
        return Reading(family=False, hidden_users=foster.hidden_people(log))
    until = hidden_places.read_until(log, row)
    left_out: frozenset[str] = frozenset()
    unseen: frozenset[UUID] = frozenset()
    if until is not None:
        left_out = frozenset(hidden_places.unknown_units(log, row.user_id, until).values())
        unseen = hidden_places.new_people(log, until)
    protection, ended_at = same_child.protection_and_end(log.child)
    return replace(
        family_reading(log),
        shielded=protection != AddressProtection.NONE,
        shielded_until=ended_at,
        hidden_users=unseen | left_before(log, ended_at) | (foster.hidden_people(log) - {row.user_id}),
        hidden_units=left_out,
        since=reads_since(log, row),
        until=until,
    )


def reads_since(log: Log, row: LogAccess) -> datetime | None:
    """From when what is written is this reader's to read; None where all of it is.

    A guardian whom the youth has let into a log of her own reads from that instant, unless she has said more (S26).
    """
    if row.kind != AccessKind.GUARDIAN or not log.child.answers_alone:
        return None
    reads_all = Guardian.objects.filter(child=log.child_id, user=row.user_id, let_in=LetIn.ALL).exists()
    return None if reads_all else row.starts_at


def left_before(log: Log, ended_at: datetime | None) -> frozenset:
    """Staff who were in this log only while the address was protected: they stay «En ansatt» (S17)."""
    if ended_at is None:
        return frozenset()
    rows = LogAccess.objects.filter(content_object=log, membership__isnull=False)
    return frozenset(
        rows.values("user").annotate(last=Max("ends_at")).filter(last__lte=ended_at).values_list("user", flat=True)
    )


def place_line(row: LogAccess) -> str:
    """«Pedagogisk leder, Solbakken barnehage» for staff, «Foresatt» or «Ungdom» for the family."""
    if row.membership is None:
        return row.get_kind_display()
    return f"{row.membership.title or row.membership.role}, {row.membership.unit.name}"


def family_reading(log: Log) -> Reading:
    """How staff are named for this log's family on paper and on the employee's screen."""
    return Reading(
        family=True,
        names_for_family=settings_row().show_staff_names,
        shielded=log.child.address_protection != AddressProtection.NONE,
    )


def unit_name(log: Log, reading: Reading) -> str:
    """The unit that asks, or «Enheten» where places are hidden."""
    return _("Enheten") if reading.hides_places else log.unit.name


def child_name(log: Log) -> str:
    return log.child.given_name or _("barnet")
