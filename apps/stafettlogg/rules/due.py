"""When it is the holder's turn in a log: the log's own page, the start page and the reminders all ask here."""

from datetime import date, datetime, timedelta

from apps.core.dates import local_day
from apps.stafettlogg.models import Child, Log
from apps.stafettlogg.rules.reminders import EVALUATION_DAYS_BEFORE, MEASURE_DAYS_BEFORE


def measures_until(today: date) -> date:
    """The last day of the measures that call for the holder today; late ones do too."""
    return today + timedelta(days=MEASURE_DAYS_BEFORE)


def evaluations_until(today: date) -> date:
    """The last day of the evaluations that call for the holder today; late ones do too."""
    return today + timedelta(days=EVALUATION_DAYS_BEFORE)


def lacks_reason(log: Log) -> bool:
    """Whether nobody has written yet, with the family, why the log is open."""
    return not log.reason


def plan_day(log: Log, *, meeting_days: int) -> date:
    """The day of the first meeting, where they agree on goals and measures; `meeting_days` is the municipality's."""
    assert log.opened_at is not None  # asked of active logs
    return local_day(log.opened_at) + timedelta(days=meeting_days)


def lacks_voice(child: Child, *, voice_at: datetime | None, evaluated_at: datetime | None) -> bool:
    """Whether a born child has not been heard since the last evaluation. `voice_at`, `evaluated_at`: the newest."""
    if child.is_expected:
        return False
    return voice_at is None or (evaluated_at is not None and voice_at <= evaluated_at)
