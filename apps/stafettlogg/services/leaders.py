"""A leader opens a log of the unit with a reason; the family sees it in «Hvem har sett» (safety.md S16)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules import leaders as rules
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.services.access import staff_row


@transaction.atomic
def open_with_reason(log_id: UUID, *, ground: str, actor: User, now: datetime) -> LogAccess:
    """Let the leader read the log for an hour, through the unit's open window. Returns the leader's row.

    `ground` is one of `rules.leaders.GROUNDS`. Someone who reads the log already keeps that row, so it is safe to
    repeat. Nothing is written on the timeline: the opening itself stands in the read audit with its ground. Raises
    `AccessDenied` unless the actor leads the log and is no guardian in it (S18), `RuleBroken` when nothing is shared.
    """
    rules.check_ground(ground)
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is not None and access.sees_content(row):
        return row
    if row is not None or not access.logs_led_by(actor, now).filter(pk=log.pk).exists():
        raise AccessDenied(_("Bare lederen over stafettholderen kan åpne stafettloggen på denne måten."))
    window = access.led_window(actor, log, now)
    place = holders.led_place(actor, window.unit, today=local_day(now)) if window is not None else None
    if window is None or place is None:
        raise RuleBroken("sharing_stopped", _("Familiens samtykke gjelder ikke nå, så det er ingenting å åpne."))
    return staff_row(
        log=log,
        membership=place,
        window=window,
        kind=AccessKind.LEADER,
        actor=actor,
        now=now,
        ends_at=now + timedelta(minutes=rules.OPENING_MINUTES),
        ground=ground,
    )
