"""A request that came to nothing: the child is forgotten, who answered what and when is kept (safety.md S5)."""

from datetime import datetime

from apps.accounts.models import User
from apps.core.models import bump
from apps.stafettlogg.enums import LogStatus, Route
from apps.stafettlogg.models import (
    Child,
    Consent,
    ConsentAnswer,
    ConsentRequest,
    ConsentWindow,
    Guardian,
    Log,
    LogAccess,
)
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.guardians_leaving import cancel_waiting


def remove(log: Log, *, reason: str, actor: User | None, now: datetime) -> None:
    """End the locked request: rows, windows and questions end, personal data goes. Raises `RuleBroken("log_state")`.

    What stays: the guardians' names, their answers with time and unit, the events, and the read audit. The child's
    record and the guardians' contact details stay only when the child has another log.
    """
    log_rules.check_can_become(log, LogStatus.REMOVED)
    log.status, log.removed_at, log.removed_reason = LogStatus.REMOVED, now, reason
    log._history_user = actor
    bump(log).save(update_fields=["status", "removed_at", "removed_reason"])
    for row in LogAccess.objects.filter(content_object=log, ends_at__gt=now):
        end_row(row, actor=actor, now=now)
    for window in ConsentWindow.objects.filter(log=log, valid_until__gt=now):
        window.valid_until, window.shell_until = max(now, window.valid_from), None
        window._history_user = actor
        window.save(update_fields=["valid_until", "shell_until"])
    cancel_waiting(Consent.objects.filter(log=log), now=now)
    for request in ConsentRequest.objects.filter(log=log, cancelled_at=None):
        request.cancelled_at = now
        request.save(update_fields=["cancelled_at"])
    _forget_words(log)
    if not Log.objects.filter(child=log.child_id).exclude(status=LogStatus.REMOVED).exists():
        _forget_child(log.child)


def _forget_words(log) -> None:
    for answer in ConsentAnswer.objects.filter(request__log=log):
        if answer.route != Route.ORAL:
            answer.witness_note = ""
        answer.limits, answer.scan, answer.scan_name = "", None, ""
        answer.save(update_fields=["witness_note", "limits", "scan", "scan_name"])


def _forget_child(child: Child) -> None:
    """Names, ids and contact details go, also from the history; of the birth date only the year is left."""
    child.given_name = child.family_name = child.search_name = child.folded_name = ""
    child.national_id = child.national_id_index = ""
    child.birth_date = child.birth_date and child.birth_date.replace(month=1, day=1)
    child.expected_day = child.expected_day and child.expected_day.replace(month=1, day=1)
    child.skip_history_when_saving = True
    bump(child).save()
    Child.history.filter(id=child.pk).delete()
    for guardian in Guardian.objects.filter(child=child):
        guardian.email = guardian.phone = guardian.national_id = guardian.national_id_index = ""
        guardian.skip_history_when_saving = True
        bump(guardian).save()
        Guardian.history.filter(id=guardian.pk).delete()
