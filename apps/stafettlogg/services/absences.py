"""Someone is away, and somebody is asked to stand in in each log she holds: one form for it all. Never why (S20)."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.accounts import services as accounts
from apps.accounts.models import Absence, Membership, User
from apps.core.dates import local_day
from apps.stafettlogg.services import deputies as services


@transaction.atomic
def record_absence(
    user_id: UUID,
    *,
    first_day: date,
    last_day: date,
    deputies: Mapping[UUID, Membership],
    actor: User,
    now: datetime,
) -> Absence:
    """The person is away, and each of `deputies` (by log id) is asked to stand in from today or the first day on.

    The person herself may, and who looks after her staff list; a deputy only for logs the actor holds or leads. Raises
    `AccessDenied` or `RuleBroken`, and then nothing is written.
    """
    today = local_day(now)
    absence = accounts.record_absence(user_id, first_day=first_day, last_day=last_day, actor=actor, today=today)
    for log_id in sorted(deputies):
        services.appoint_deputy(
            log_id,
            membership=deputies[log_id],
            first_day=max(first_day, today),
            last_day=last_day,
            actor=actor,
            now=now,
        )
    return absence


@transaction.atomic
def cancel_absence(absence_id: UUID, *, actor: User, now: datetime) -> None:
    """She is not away after all, or is back: from now on nobody stands in for her because of this absence.

    Raises `AccessDenied` or `RuleBroken`, and then nothing is written.
    """
    services.end_deputies_of(absence_id, actor=actor, now=now)
    accounts.cancel_absence(absence_id, actor=actor, today=local_day(now))
