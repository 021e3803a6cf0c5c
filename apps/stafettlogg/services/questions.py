"""Asking about a service in the same flow as inviting it or handing over to it."""

from datetime import date, datetime, timedelta

from apps.core.dates import local_day
from apps.municipality.selectors import settings_row
from apps.stafettlogg.models import Log
from apps.stafettlogg.selectors.windows import sharing_by_unit
from apps.stafettlogg.services import consents


def ask_about(log: Log, unit, *, actor, now: datetime) -> date:
    """See to it that the family is asked about the unit; returns the last local day to wait for their answers.

    Nobody is asked twice: a question that still waits is the one that counts, and when all have said yes with written
    limits the holder's tick is what is missing (S12), not a question. In the caller's transaction.
    """
    today = local_day(now)
    asked = sharing_by_unit(log, now).get(unit.pk)
    if asked is not None and asked.is_waiting and asked.asked[0].request.last_day >= today:
        return asked.asked[0].request.last_day
    if asked is not None and asked.limits_unread:
        return today + timedelta(days=settings_row().request_days)
    return consents.ask_consent(log.pk, unit_ids=[unit.pk], actor=actor, now=now).last_day
