"""What one guardian had read when the place was hidden (safety.md S34): who, what and where that one knows.

It is built on how places are named for the family (`rules.names.Reading`): what is new is not there, and a unit or an
employee that the reader had not met is neither listed nor named.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q

from apps.audit.selectors import last_opened
from apps.stafettlogg.enums import AccessKind, Responsibility
from apps.stafettlogg.models import Child, Consent, ConsentWindow, Guardian, HiddenPlace, Log, LogAccess


def shown_in(log: Log) -> dict[UUID, HiddenPlace]:
    """By guardian what is in force in this log, for those who decide it.

    What comes from another log of the child is shown in a log, but not in a request, nor when the other log is the
    youth's own: whoever asks does not know of another (S6, S26).
    """
    rows = HiddenPlace.objects.filter(guardian__child=log.child_id, ended_at=None)
    rows = rows.filter(origin=None) if log.is_request else rows.exclude(origin__log__child__answers_alone=True)
    return {row.guardian_id: row for row in rows}


def hidden_users(child_id: UUID) -> set[UUID]:
    """Ids of those who are told of nothing new about this record of the child."""
    rows = HiddenPlace.objects.filter(guardian__child=child_id, guardian__user__isnull=False, ended_at=None)
    return set(rows.values_list("guardian__user", flat=True))


def read_until(log: Log, row: LogAccess) -> datetime | None:
    """Until when the reader behind this row has read the log; None when nothing is hidden from that one."""
    if row.kind != AccessKind.GUARDIAN:
        return None
    rows = HiddenPlace.objects.filter(guardian__child=log.child_id, guardian__user=row.user_id, ended_at=None)
    return rows.values_list("read_until", flat=True).first()


def is_hidden(instant: str) -> Exists:
    """Of rows about a `guardian`: what is newer than that one has read, by the instant in this column."""
    newer = {"read_until__lt": OuterRef(instant)}
    return Exists(HiddenPlace.objects.filter(guardian=OuterRef("guardian"), ended_at=None, **newer))


def read_until_by_log(user_id: UUID) -> dict[UUID, datetime]:
    """The logs where something is hidden from this guardian, and until when each is read."""
    rows = HiddenPlace.objects.filter(guardian__user=user_id, ended_at=None)
    return dict(rows.values_list("guardian__child__logs", "read_until"))


def hidden_in(log_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], datetime]:
    """Until when each has read, by (log, person), for those from whom something is hidden in these logs."""
    rows = HiddenPlace.objects.filter(guardian__child__logs__in=log_ids, guardian__user__isnull=False, ended_at=None)
    found = rows.values_list("guardian__child__logs", "guardian__user", "read_until")
    return {(log_id, user_id): until for log_id, user_id, until in found}


def last_read(guardian: Guardian, *, now: datetime) -> datetime:
    """When the guardian last opened a log about this record of the child; when that one got in, if it was never."""
    if guardian.user_id is None:
        return now
    logs = list(Log.objects.filter(child=guardian.child_id).values_list("pk", flat=True))
    opened = last_opened(guardian.user_id, logs)
    if opened is not None:
        return min(opened, now)
    rows = LogAccess.objects.filter(content_object__in=logs, user=guardian.user_id, kind=AccessKind.GUARDIAN)
    return min(rows.aggregate(first=Min("starts_at"))["first"] or now, now)


def unknown_units(log: Log, user_id: UUID, until: datetime) -> dict[UUID, str]:
    """Units that have come since, by id: neither anybody there nor a question about them was known to the reader."""
    known = set(
        LogAccess.objects.filter(content_object=log, starts_at__lte=until, window__isnull=False).values_list(
            "window__unit", flat=True
        )
    )
    own = Consent.objects.filter(Q(request__asked_at__lte=until) | Q(answered_at__isnull=False), log=log)
    known |= set(own.filter(guardian__user=user_id).values_list("unit", flat=True)) | {log.unit_id}
    units = dict(ConsentWindow.objects.filter(log=log).values_list("unit_id", "unit__name"))
    return {unit_id: name for unit_id, name in units.items() if unit_id not in known}


def new_people(log: Log, until: datetime) -> frozenset[UUID]:
    """Ids of employees who were in this log at no time before that."""
    rows = LogAccess.objects.filter(content_object=log, membership__isnull=False)
    first = rows.values("user").annotate(first=Min("starts_at")).filter(first__gt=until)
    return frozenset(first.values_list("user", flat=True))


def as_known(log: Log, until: datetime | None) -> Log:
    """The log as the reader knows it: who held it then, and no day for the next meeting. For pages; never saved."""
    if until is None:
        return log
    rows = LogAccess.objects.filter(
        content_object=log, kind=AccessKind.HOLDER, starts_at__lte=until, ends_at__gt=until
    ).select_related("user", "membership__unit", "membership__role", "window__unit")
    log.holder = rows.order_by("-starts_at").first() or log.holder
    log.evaluation_due_day = None
    return log


def staff_known(rows: list[LogAccess], log: Log, until: datetime | None) -> list[LogAccess]:
    """Of everyone's current rows in a log the employees the reader knows of, as they stood then.

    Whoever held it then stands as its holder, also when that one has left; others only while they are there.
    """
    if until is None:
        return rows
    bases = {row.user_id: row.basis_now for row in rows}
    of_holder = next((row.basis_now for row in rows if row.kind == AccessKind.HOLDER), None)
    then = LogAccess.objects.filter(
        content_object=log, membership__isnull=False, starts_at__lte=until, ends_at__gt=until
    ).select_related("user", "membership__unit", "membership__role", "window")
    known = []
    for row in then.order_by("starts_at", "pk"):
        if row.kind == AccessKind.HOLDER or row.user_id in bases:
            row.basis_now = of_holder if row.kind == AccessKind.HOLDER else bases[row.user_id]
            known.append(row)
    return known


def guardians_known(child: Child, until: datetime) -> set[UUID]:
    """Ids of the guardians who had responsibility then."""
    rows = Guardian.history.filter(child_id=child.pk, responsibility=Responsibility.CONFIRMED, history_date__lte=until)
    return set(rows.values_list("id", flat=True))
