"""Granting and ending access rows. Only services of this app call these; a row is ended, never deleted."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.contrib.auth.models import Permission

from apps.accounts.models import Membership, User
from apps.audit.enums import Ground
from apps.core.dates import FAR_AT, birthday, end_of_day, local_midnight
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Child, ConsentWindow, Guardian, Log, LogAccess
from apps.stafettlogg.rules.consents import ADULT_AGE

_UNTIL_ADULT = (AccessKind.GUARDIAN, AccessKind.FOSTER)


def see_log_permission() -> int:
    """The id of the one permission every row carries (django-guardian asks for it)."""
    return Permission.objects.get(codename="see_log", content_type__app_label="stafettlogg").pk


def staff_row(
    *,
    log: Log,
    membership: Membership,
    window: ConsentWindow,
    kind: str,
    actor: User | None,
    now: datetime,
    ends_at: datetime = FAR_AT,
    ground: str = Ground.NONE,
    row_id: UUID | None = None,
) -> LogAccess:
    """Give an employee a row in the log through the window of the unit. Saved; history names the actor.

    A participant has one open row at a time: one from a workplace that is over ends as the new one begins.
    """
    if kind == AccessKind.PARTICIPANT:
        for left_behind in LogAccess.objects.filter(
            content_object=log, user=membership.user, kind=kind, starts_at__lte=now, ends_at__gt=now
        ):
            end_row(left_behind, actor=actor, now=now)
    row = LogAccess(
        id=row_id or uuid4(),
        content_object=log,
        user=membership.user,
        permission_id=see_log_permission(),
        kind=kind,
        membership=membership,
        window=window,
        ground=ground,
        starts_at=now,
        ends_at=ends_at,
    )
    row._history_user = actor
    row.save(force_insert=True)
    return row


def family_row(
    *,
    log: Log,
    user: User,
    child: Child,
    kind: str,
    actor: User | None,
    now: datetime,
    last_day: date | None = None,
) -> LogAccess:
    """A guardian's, the youth's or a foster parent's row. All but the youth's end at local midnight of the 18th
    birthday (safety.md S10), or with the decision that gives the place (`last_day`, S36)."""
    ends_at = FAR_AT
    if kind in _UNTIL_ADULT and child.birth_date is not None:
        # Past 18 the row ends where it begins: it is never open, and still says that there was a guardian.
        ends_at = max(local_midnight(birthday(child.birth_date, ADULT_AGE)), now)
    if last_day is not None:
        ends_at = max(min(ends_at, end_of_day(last_day)), now)
    existing = LogAccess.objects.filter(content_object=log, user=user, kind=kind, ends_at__gt=now).first()
    if existing is not None:
        return existing
    row = LogAccess(
        content_object=log,
        user=user,
        permission_id=see_log_permission(),
        kind=kind,
        ground=Ground.OWN,
        starts_at=now,
        ends_at=ends_at,
    )
    row._history_user = actor
    row.save(force_insert=True)
    return row


def end_row(row: LogAccess, *, actor: User | None, now: datetime) -> None:
    """End the row at this instant. Safe to repeat: an ended row keeps its end."""
    if row.ends_at <= now:
        return
    row.ends_at = max(now, row.starts_at)
    row._history_user = actor
    row.save(update_fields=["ends_at"])


def end_guardian(guardian: Guardian, *, actor: User | None, now: datetime) -> int:
    """End every row of this guardian, or foster parent, in the child's logs. Returns how many."""
    rows = LogAccess.objects.filter(
        content_object__child=guardian.child_id, user=guardian.user_id, kind__in=_UNTIL_ADULT, ends_at__gt=now
    )
    for row in rows:
        end_row(row, actor=actor, now=now)
    return len(rows)
