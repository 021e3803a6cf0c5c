"""What leaders are asked to sign about exceptions, and the letters about them (safety.md S7, S27)."""

from typing import Any

from django.db.models import Q

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import ConsentExceptionGrant
from apps.stafettlogg.selectors.exceptions import unsent_letter
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


@read_once
def calling(scope: Scope) -> list[ConsentExceptionGrant]:
    """Exceptions in open logs that something is to be done about: those of units the user leads, and those the user is
    named in as the second to sign."""
    waits = Q(signed_at=None) | Q(needs_two=True, second_signed_at=None) | unsent_letter(scope.now)
    found = ConsentExceptionGrant.objects.filter(waits, log__status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE])
    if scope.user is not None:
        found = found.filter(Q(log__holder__window__unit__in=scope.led_unit_ids) | Q(second_leader=scope.user))
    return list(found.select_related("log__child", "log__holder__window__unit", "second_leader").order_by("pk"))


def to_sign(scope: Scope) -> list[Due]:
    """Exceptions the leader is asked to sign (S7). Told at once; here for pages."""
    return _to_leaders(scope, [grant for grant in calling(scope) if grant.signed_at is None], "exception")


def to_sign_second(scope: Scope) -> list[Due]:
    """Exceptions a leader of another line is asked to sign as the second (S27). Told at once; here for pages."""
    found: list[Any] = [grant for grant in calling(scope) if grant.waits_for_second and not grant.is_over(scope.now)]
    return [
        rows.LogDue(
            recipient=grant.second_leader,
            log=grant.log,
            key=f"second {grant.pk}",
            url_name="stafettlogg:second_signature",
            object_id=grant.pk,
        )
        for grant in found
        if scope.is_me(grant.second_leader)
    ]


def letters_for_leaders(scope: Scope) -> list[Due]:
    """Letters nobody has sent, for the leader who signed or leads there. For pages."""
    found = [grant for grant in calling(scope) if grant.has_letter(scope.now) and grant.letter_sent_at is None]
    return _to_leaders(scope, found, "letter")


def letters(scope: Scope) -> list[Due]:
    """Letters nobody has sent, for those who hold the log. For pages."""
    have = what_logs_have(scope)
    logs = [row.content_object for log_id, row in rows.held(scope).items() if log_id in have]
    return rows.to_holders(scope, [log for log in logs if have[log.pk].letter_to_send], "stafettlogg:guardians")


def _to_leaders(scope: Scope, grants: list[ConsentExceptionGrant], what: str) -> list[Due]:
    asks = [
        (grant, grant.log, grant.log.holder.window.unit, {grant.log.holder.user_id, grant.asked_by_id})
        for grant in grants
    ]
    return [
        rows.LogDue(
            recipient=leader,
            log=grant.log,
            key=f"{what} {grant.pk}",
            url_name="stafettlogg:leader_decisions",
            object_id=grant.log_id,
            unit=grant.log.holder.window.unit,
        )
        for grant, leader in rows.leaders(scope, asks)
    ]
