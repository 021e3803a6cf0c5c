"""Telling the readers of something new in a log, in the transaction that wrote it. No notice holds a name (S22)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from apps.notifications.services import notify, retract
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Guardian, Log, LogAccess, RepeatRequest

_TOLD = frozenset({AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT})


def tell_readers(
    log: Log,
    *,
    kind: str,
    key: str,
    staff_page: str,
    family_page: str,
    guardian: Guardian | None = None,
    youth: bool = False,
    rows: Iterable[LogAccess] | None = None,
    actor,
    now: datetime,
) -> None:
    """Tell everyone in the log who may read it, but not the one who wrote it; once per `key`.

    What is private (`guardian` or `youth` is given) is told to that one and to those who hold the log, nobody else
    (S1, S2). The family's kind of notice is `<kind>_family`. `rows` are those of `access.current_rows_in`,
    when the caller has read them in the same transaction.
    """
    private = guardian is not None or youth
    thread_user = _thread_user(log, guardian) if private else None
    told = {actor.pk}
    if rows is None:
        rows = access.current_rows_in([log.pk], now).order_by("starts_at", "pk")
    for row in rows:
        family = access.is_family(row)
        in_thread = row.user_id == thread_user if family else access.is_holding(row)
        if row.user_id in told or not _reads(row) or (private and not in_thread):
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


def take_back(user, log_ids, *, now: datetime) -> None:
    """Take back all that a guardian or youth was told of these logs, also that there are two about one child (S4)."""
    ids = list(log_ids)
    repeats = RepeatRequest.objects.filter(Q(log__in=ids) | Q(made__in=ids)).values_list("pk", flat=True)
    retract(recipient=user, object_ids=ids, keys=[f"repeat {pk}" for pk in repeats], now=now)


def _thread_user(log: Log, guardian: Guardian | None):
    return guardian.user_id if guardian is not None else log.child.user_id


def _reads(row: LogAccess) -> bool:
    return access.is_family(row) or (row.kind in _TOLD and access.sees_content(row))
