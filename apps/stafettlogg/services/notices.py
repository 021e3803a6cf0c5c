"""Telling people what has happened in a log, in the transaction that wrote it. No notice holds a name (S22).

What is told stands in the service of its topic; who they are who hold, lead and read the log stands here alone. Each is
told once per `kind` and `key`, so everything here is safe to repeat. `page` is the name of the address it leads to.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.municipality.models import Unit
from apps.notifications.services import notify, retract, settle
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, ConsentScope
from apps.stafettlogg.models import Guardian, Log, LogAccess, RepeatRequest
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import scope_of
from apps.stafettlogg.rules.notices import SCOPES
from apps.stafettlogg.selectors import hidden_places, holders

_TOLD = frozenset({AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT})


def tell(
    users: Iterable[User],
    kind: str,
    *,
    key: str,
    page: str,
    object_id: UUID | None = None,
    but: User | None = None,
    due_day: date | None = None,
    now: datetime,
) -> int:
    """Tell these people, but not the one who did it (`but`). Returns how many."""
    told = {user.pk: user for user in users if but is None or user.pk != but.pk}
    for user in told.values():
        notify(recipient=user, kind=kind, key=key, url_name=page, object_id=object_id, due_day=due_day, now=now)
    return len(told)


def tell_holders(
    log: Log,
    kind: str,
    *,
    key: str,
    page: str,
    but: User | None = None,
    due_day: date | None = None,
    now: datetime,
) -> int:
    """Tell the holder and any deputy."""
    users = holders.holding_users(log, now)
    return tell(users, kind, key=key, page=page, object_id=log.pk, but=but, due_day=due_day, now=now)


def tell_leaders(log: Log, kind: str, *, key: str, page: str, now: datetime) -> int:
    """Tell those who lead the holder's unit for this log (S18)."""
    users = [leader.user for leader in holders.leaders_of_holder(log, today=local_day(now))]
    return tell(users, kind, key=key, page=page, object_id=log.pk, now=now)


def tell_family(log: Log, kind: str, *, key: str, page: str, but: User | None = None, now: datetime) -> int:
    """Tell the guardians and the youth who may read the log."""
    return tell(holders.family_users(log, now), kind, key=key, page=page, object_id=log.pk, but=but, now=now)


def tell_respondent(log: Log, kind: str, *, guardian: Guardian | None, key: str, page: str, now: datetime) -> int:
    """Tell the guardian, or the youth when none is given; not one who may not know of the log any more (S4)."""
    user = log.child.user if guardian is None else guardian.user
    may_know = guardian is None or guardian_rules.has_access(guardian, log.child, today=local_day(now))
    if user is None or not may_know:
        return 0
    return tell([user], kind, key=key, page=page, object_id=log.pk, now=now)


def tell_readers(
    log: Log,
    kind: str,
    *,
    key: str,
    staff_page: str,
    family_page: str,
    guardian: Guardian | None = None,
    youth: bool = False,
    unit: Unit | None = None,
    rows: Iterable[LogAccess] | None = None,
    actor: User,
    now: datetime,
) -> None:
    """Tell everyone in the log who may read it, but not the one who wrote it; once per `key`.

    What is private (`guardian` or `youth` is given) is told to that one and to those who hold the log, nobody else
    (S1, S2). What is for one service (`unit`) is told to those who work there, who hold the log and the family; else to
    those who read the whole log. The family's kind of notice is `<kind>_family`. `rows` are those of
    `access.current_rows_in`, when the caller has read them in the same transaction.
    """
    private = guardian is not None or youth
    thread_user = _thread_user(log, guardian) if private else None
    told = {actor.pk}
    if rows is None:
        rows = access.everyone_in(log.pk, now)
    told |= hidden_places.hidden_users(log.child_id)
    for row in rows:
        family = access.is_family(row)
        in_thread = row.user_id == thread_user if family else access.is_holding(row)
        if row.user_id in told or not _reads(row, unit, kind) or (private and not in_thread):
            continue
        told.add(row.user_id)
        notify(
            recipient=row.user,
            kind=f"{kind}_family" if family else kind,
            key=key,
            url_name=family_page if family else staff_page,
            object_id=log.pk,
            now=now,
        )


def settle_question(user: User | None, request_id: UUID, *, now: datetime) -> None:
    """What this person was told of a question leaves «Oppgaver» as it is answered."""
    if user is not None:
        codes = ("consent_waiting", "consent_reminder")
        settle(recipient=user, codes=codes, key=f"request {request_id}", now=now)


def take_back(user: User, log_ids: Collection[UUID], *, now: datetime) -> None:
    """Take back all that a guardian or youth was told of these logs, also that there are two about one child (S4)."""
    ids = list(log_ids)
    repeats = RepeatRequest.objects.filter(Q(log__in=ids) | Q(made__in=ids)).values_list("pk", flat=True)
    retract(recipient=user, object_ids=ids, keys=[f"repeat {pk}" for pk in repeats], now=now)


def take_back_newer(user: User, log_ids: Collection[UUID], *, since: datetime, now: datetime) -> None:
    """Take back what a guardian was told of these logs after this instant, and what waits to be sent (S34)."""
    retract(recipient=user, object_ids=list(log_ids), since=since, now=now)


def take_back_thread(users: Iterable[User], thread_id: UUID, *, now: datetime) -> None:
    """Take back what these people of a service were told of a thread that is closed for them (S3)."""
    for user in users:
        retract(recipient=user, object_ids=[thread_id], now=now)


def _thread_user(log: Log, guardian: Guardian | None):
    return guardian.user_id if guardian is not None else log.child.user_id


def _reads(row: LogAccess, unit: Unit | None, kind: str) -> bool:
    if access.is_family(row):
        return True
    if row.kind not in _TOLD or not access.sees_content(row) or scope_of(row) not in SCOPES[kind]:
        return False
    if unit is None:
        return scope_of(row) == ConsentScope.LOG
    return access.is_holding(row) or row.window.unit_id == unit.pk
