"""A guardian is left out: rows, notices, questions and yeses end. The caller lets the windows follow the answers."""

from datetime import datetime

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.stafettlogg.enums import OPEN_STATUSES, ConsentState
from apps.stafettlogg.models import Consent, Guardian, Log
from apps.stafettlogg.services.access import end_guardian
from apps.stafettlogg.services.consent_rows import move_to
from apps.stafettlogg.services.exceptions_ending import end_exceptions
from apps.stafettlogg.services.notices import take_back
from apps.stafettlogg.services.place_codes import end_codes


def leave_out(guardian: Guardian, *, actor: User, now: datetime) -> list[Log]:
    """End the guardian's rows, questions and yeses in every log of the child.

    Returns those logs, locked: the caller lets their windows follow (`services.windows.refresh_all`). Nothing comes
    back by itself: a guardian who returns is asked anew.
    """
    end_guardian(guardian, actor=actor, now=now)
    end_codes(guardian, now=now)
    if guardian.user is not None:
        log_ids = Log.objects.filter(child=guardian.child_id).values_list("pk", flat=True)
        take_back(guardian.user, log_ids, now=now)
    rows = Consent.objects.filter(guardian=guardian, log__status__in=OPEN_STATUSES)
    cancel_waiting(rows, now=now)
    logs = list(Log.objects.select_for_update(of=("self",)).filter(child=guardian.child_id))
    for log in logs:
        end_exceptions(log, guardian, with_care=True, now=now)
    for row in rows.filter(state=ConsentState.GIVEN):
        move_to(row, ConsentState.REPLACED, now=now)
    return logs


def cancel_waiting(rows: QuerySet[Consent], *, now: datetime) -> None:
    """Withdraw the questions among these rows that nobody has answered."""
    for row in rows.filter(state=ConsentState.WAITING):
        move_to(row, ConsentState.CANCELLED, now=now)
