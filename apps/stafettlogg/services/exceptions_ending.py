"""An exception ends with the guardian's own answer, whatever it was made on (safety.md S27)."""

from datetime import datetime

from apps.core.dates import local_day
from apps.stafettlogg.models import ConsentExceptionGrant, Guardian, Log
from apps.stafettlogg.services.notices import tell_holders


def end_exceptions(log: Log, guardian: Guardian | None, *, with_care: bool = False, now: datetime) -> bool:
    """The guardian has answered or withdrawn: every exception about that guardian here is over. Safe to repeat.

    A no counts from this instant, and a yes makes the exception needless. What still waited for a signature is gone:
    whoever asked for it must ask anew, knowing the answer. Returns whether one held; then the caller lets the windows
    follow. The log is locked.

    Where child welfare answers in the guardian's place by a decision that holds, the guardian's word changes nothing
    until the care is given back (S36): such an exception ends `with_care` alone, as the guardian is left out.
    """
    held = False
    grants = ConsentExceptionGrant.objects.filter(log=log, guardian=guardian).select_related("care")
    for grant in grants if guardian is not None else ():
        if grant.is_over(now) or (grant.care_answers(local_day(now)) and not with_care):
            continue
        held = held or grant.is_signed
        key = f"exception {grant.pk} over"
        if grant.is_signed:
            grant.ends_at = now
            grant.save(update_fields=["ends_at"])
        else:
            grant.delete()
        tell_holders(log, "exception_over", key=key, page="stafettlogg:guardians", now=now)
    return held
