"""What the holder must do about what guardians are asked of themselves (S3). Never on a projected page (S33)."""

from datetime import datetime
from typing import Any

from apps.core.dates import FAR_AT, last_day_of, local_day, local_midnight
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import About, ConsentState, LogStatus
from apps.stafettlogg.models import Consent
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.selectors.tasks import consents, rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def own_unanswered(scope: Scope) -> list[Due]:
    """Questions about a guardian herself that she has not answered for the municipality's number of days."""
    late = [row for row in consents.waiting(scope) if row.about == About.OWN and _is_late(row, scope)]
    return [
        rows.due_in_log(
            found.log,
            row,
            "stafettlogg:consents",
            key=f"request {found.request_id}",
            due_day=consent_rules.due_day(found.request, scope.today),
            detail=found.guardian.name,
        )
        for found in {row.request_id: row for row in late}.values()
        for row in consents.holders_of(scope, [found])
    ]


def _is_late(row: Any, scope: Scope) -> bool:
    return row.request.asked_at < consents.asked_before(scope)


def own_expiring(scope: Scope) -> list[Due]:
    """A yes about herself that runs out within 30, 14 or 3 days, and that she has not been asked about anew."""
    until = local_midnight(scope.until(max(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY) + 1))
    given = _given(scope, until)
    asked = {(row.log_id, row.unit_id, row.guardian_id) for row in _asked(scope)} if given else set()
    return [
        rows.due_in_log(
            found.log,
            row,
            "stafettlogg:consents",
            key=f"consent {found.pk} {last_day_of(found.expires_at or FAR_AT)}",
            due_day=last_day_of(found.expires_at or FAR_AT),
            detail=found.guardian.name if found.guardian is not None else "",
        )
        for found in given
        if (found.log_id, found.unit_id, found.guardian_id) not in asked
        for row in consents.holders_of(scope, [found])
    ]


def _asked(scope: Scope) -> list[Any]:
    return [row for row in consents.waiting(scope) if row.about == About.OWN]


def _given(scope: Scope, until: datetime) -> list[Consent]:
    given = Consent.objects.filter(
        about=About.OWN,
        state=ConsentState.GIVEN,
        expires_at__gt=scope.now,
        expires_at__lte=until,
        log__status=LogStatus.ACTIVE,
    ).select_related("log__child", "guardian", "unit", "request")
    if scope.user is not None:
        # The statement that is read for all the holder's logs says whether there is anything to ask for.
        has = what_logs_have(scope).items()
        log_ids = [log_id for log_id, one in has if one.own_ends_at is not None and one.own_ends_at <= until]
        if not log_ids:
            return []
        given = given.filter(log__in=log_ids)
    found = list(given.order_by("expires_at", "pk"))
    rows.know(scope, {row.log_id for row in found})
    return [row for row in found if not _is_over(row, scope)]


def _is_over(row: Consent, scope: Scope) -> bool:
    return consent_rules.ended_with_unit(row.unit, row.request.asked_at, today=local_day(scope.now))
