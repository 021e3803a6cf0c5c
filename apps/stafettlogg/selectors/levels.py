"""Whether a log's level fits the services that are in it now: a proposal to the holder, who decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import EventKind, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Log, LogEvent
from apps.stafettlogg.rules.levels import level_that_fits
from apps.stafettlogg.selectors.consents import status_on
from apps.stafettlogg.selectors.log_page import LogPage

_DECIDED = (EventKind.LEVEL, EventKind.EVALUATED)


@dataclass(frozen=True)
class Proposal:
    """`services` is how many there are, `since` when the last one came or went."""

    services: int
    level: int
    since: datetime


def proposal_for(log: Log, windows: Iterable[ConsentWindow], now: datetime) -> Proposal | None:
    """The level that fits the services in this log, from its windows with their units; None where it has that level."""
    counted = [window for window in windows if window.basis == WindowBasis.CONSENT]
    begun = [window for window in counted if window.valid_from <= now]
    services = sum(window.valid_until > now for window in begun)
    if services == 0 or level_that_fits(log.level, services=services, lowest=0) == log.level:
        return None
    level = level_that_fits(log.level, services=services, lowest=settings_row().log_from_level)
    if level == log.level:
        return None
    came_or_went = [at for window in begun for at in (window.valid_from, window.valid_until) if at <= now]
    return Proposal(services, level, max(came_or_went))


def has_been_decided(log: Log, since: datetime) -> bool:
    """Whether the level was set, kept or evaluated after the last service came or went."""
    return LogEvent.objects.filter(log=log, kind__in=_DECIDED, at__gte=since).exists()


def proposal_on(page: LogPage) -> dict[str, Any] | None:
    """For the holder's own page: from what it has read, and one query where the level does not fit."""
    status = page.once(status_on)
    if status is None or not page.log.is_active:
        return None
    found = proposal_for(page.log, status.windows, page.now)
    if found is None or has_been_decided(page.log, found.since):
        return None
    return {"services": found.services, "level": found.level, "now_at": page.log.level}
