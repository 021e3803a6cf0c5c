"""Moving the stafettpinne: the old row ends and the new one begins at the same instant, in one transaction (S21)."""

from datetime import datetime

from apps.accounts.models import Membership, User
from apps.audit.enums import Ground
from apps.core.dates import local_day
from apps.stafettlogg.enums import AccessKind, DeputyState, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Deputy, Log, LogAccess
from apps.stafettlogg.rules import deputies as deputy_rules
from apps.stafettlogg.selectors import holders as selectors
from apps.stafettlogg.services.access import end_row, staff_row

# What the new holder no longer needs beside the stafettpinne.
_WEAKER = (AccessKind.DEPUTY, AccessKind.PARTICIPANT, AccessKind.LEADER)


def pass_baton(
    log: Log, *, membership: Membership, window: ConsentWindow, actor: User, now: datetime, ground: str = Ground.NONE
) -> tuple[LogAccess, LogAccess]:
    """Give the stafettpinne to `membership` from this instant; returns (old row, new row). The log must be locked.

    Ends what was planned for later (`services.holders_leaving`), every deputy, and the new holder's weaker rows.
    """
    old = selectors.effective_holder(log, now)
    for row in LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER, ends_at__gt=now):
        end_row(row, actor=actor, now=now)
    for row in LogAccess.objects.filter(content_object=log, user=membership.user, kind__in=_WEAKER, ends_at__gt=now):
        end_row(row, actor=actor, now=now)
    new = staff_row(
        log=log, membership=membership, window=window, kind=AccessKind.HOLDER, actor=actor, now=now, ground=ground
    )
    point_to(log, new, actor=actor)
    end_deputies(log, actor=actor, now=now)
    return old, new


def point_to(log: Log, row: LogAccess, *, actor: User | None) -> None:
    log.holder = row
    log._history_user = actor
    log.save(update_fields=["holder"])


def stay_as_participant(log: Log, old: LogAccess, *, actor: User, now: datetime) -> LogAccess | None:
    """Give the old holder a participant's row; None when the holder has left, or the window is not open by consent."""
    unit_shares = old.window.is_open(now) and old.window.basis == WindowBasis.CONSENT
    if not unit_shares or old.membership not in selectors.colleagues(old.membership.unit, today=local_day(now)):
        return None
    return staff_row(
        log=log, membership=old.membership, window=old.window, kind=AccessKind.PARTICIPANT, actor=actor, now=now
    )


def end_deputies(log: Log, *, actor: User | None, now: datetime) -> None:
    """Every appointment that waits or runs in this log ends. Safe to repeat."""
    for deputy in Deputy.objects.filter(log=log, state__in=deputy_rules.LIVE).select_related("access"):
        end_deputy_row(deputy, actor=actor, now=now)


def end_deputy_row(deputy: Deputy, *, actor: User | None, now: datetime) -> None:
    if deputy.access is not None:
        end_row(deputy.access, actor=actor, now=now)
    deputy.state = DeputyState.ENDED
    deputy.save(update_fields=["state"])
