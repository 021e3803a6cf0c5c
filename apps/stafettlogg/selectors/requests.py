"""What the asker sees of a request, and what the holder of an older log sees of a newer one (safety.md S6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.core.dates import local_day
from apps.municipality.selectors import is_switched_on, settings_row
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Log, RepeatRequest
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.where_we_are import Step, done_on


@dataclass(frozen=True)
class SentRequest:
    """One line under «Forespørsler du har sendt»: nothing that tells what became of it, nor about whom (S6).

    `youth_alone`: the one who asked knows that only the youth is asked (S26).
    """

    id: UUID
    sent_at: datetime
    unit_name: str
    youth_alone: bool


def places_to_ask_from(places: Iterable[Membership], *, today: date) -> list[Membership]:
    """Those of a user's workplaces that are in a service that takes part, oldest first; the first in each unit."""
    rows = [row for row in places if row.unit.is_service and is_switched_on(row.unit, today)]
    return list({row.unit_id: row for row in reversed(rows)}.values())[::-1]


def requests_for(user: User, now: datetime) -> list[SentRequest]:
    """What the user has asked for while a request lives, newest first."""
    since = now - timedelta(days=settings_row().request_days)
    logs = Log.objects.filter(requested_by=user, requested_at__gte=since).order_by("-requested_at", "-pk")
    return [SentRequest(*row) for row in logs.values_list("pk", "requested_at", "unit__name", "child__answers_alone")]


def receipt_for(user: User, receipt_id: UUID, now: datetime) -> SentRequest | None:
    """The user's own receipt; None when it is somebody else's, or too old."""
    return next((line for line in requests_for(user, now) if line.id == receipt_id), None)


def repeats_to_handle(log: Log) -> list[RepeatRequest]:
    """Others who asked for a log on this child and whom the holder has not followed up, oldest first."""
    return list(
        RepeatRequest.objects.filter(log=log, handled_at=None)
        .select_related("asked_by", "unit")
        .order_by("asked_at", "pk")
    )


def days_left(log: Log, now: datetime) -> int:
    """Whole days until the request is removed: 0 on its last day."""
    return (log.request_last_day - timezone.localdate(now)).days


def done_steps(page: LogPage) -> list[Step]:
    log = page.log
    if page.row.kind == AccessKind.YOUTH:
        asked = _("Vi spurte om vi kunne samarbeide om hjelpen til deg")
    else:
        asked = _("Vi spurte om vi kunne samarbeide om %(child)s") % {"child": log.child.given_name or _("barnet")}
    steps = [] if page.reading.holds_back(log.requested_at) else [done_on(asked, local_day(log.requested_at))]
    if log.opened_at is not None and not page.reading.holds_back(log.opened_at):
        steps.append(done_on(_("Stafettloggen ble åpnet"), local_day(log.opened_at), text=log.reason))
    return steps
