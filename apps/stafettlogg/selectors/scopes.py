"""How much of a log each service is asked for, and in which words a family reads it (docs/adr/0016)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from apps.municipality.models import Unit
from apps.stafettlogg.enums import About, ConsentScope, ConsentState, WindowBasis
from apps.stafettlogg.models import Consent, ConsentWindow, Handover, Log
from apps.stafettlogg.rules.handovers import WAITING
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.scopes import named_with_scope, usual_scope


def scopes_to_ask(log: Log, units: Iterable[Unit], now: datetime, *, chosen: Mapping[UUID, str]) -> dict[UUID, str]:
    """By unit id how much of the log it is asked for: what is `chosen`; else what a question that waits is about, else
    what it has now, else what is usual for its kind. Always all of it where the stafettpinne is or may come."""
    units = list(units)
    whole, standing = units_that_hold(log), _standing(log, units, now) | _asked(log, units)
    return {
        unit.pk: ConsentScope.LOG
        if unit.pk in whole
        else chosen.get(unit.pk) or standing.get(unit.pk) or usual_scope(unit.kind)
        for unit in units
    }


def units_that_hold(log: Log) -> set[UUID]:
    """Ids of the unit that holds the stafettpinne and of one that is asked to take over."""
    asked = Handover.objects.filter(log=log, state__in=WAITING).values_list("to_unit_id", flat=True)
    return {log.holder.window.unit_id, *asked}


def _asked(log: Log, units: Collection[Unit]) -> dict[UUID, str]:
    rows = Consent.objects.filter(log=log, unit__in=[unit.pk for unit in units], state=ConsentState.WAITING)
    return dict(rows.filter(about=About.CHILD).order_by("request__number").values_list("unit_id", "scope"))


def _standing(log: Log, units: Collection[Unit], now: datetime) -> dict[UUID, str]:
    windows = ConsentWindow.objects.filter(
        log=log, unit__in=[unit.pk for unit in units], basis=WindowBasis.CONSENT, valid_from__lte=now
    )
    return dict(windows.filter(valid_until__gt=now).values_list("unit_id", "scope"))


def service_names(reading: Reading, windows: Iterable[ConsentWindow]) -> list[str]:
    """The services of these windows as the reader may see them, each with how much it reads where that is not all."""
    names = (
        named_with_scope(reading.service(window.unit), window.scope)
        for window in windows
        if window.unit.name not in reading.hidden_units
    )
    return list(dict.fromkeys(names))


def open_windows(log: Log, now: datetime) -> list[ConsentWindow]:
    """The windows that stand open by consent at this instant, in the order of the units' names."""
    windows = ConsentWindow.objects.filter(
        log=log, basis=WindowBasis.CONSENT, valid_from__lte=now, valid_until__gt=now
    ).select_related("unit")
    return list(windows.order_by("unit__name", "unit"))
