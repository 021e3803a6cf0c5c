"""Requests: does the child have a log already, and what may its asker and its leader see of a request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from apps.core.crypto import blind_index
from apps.core.text import casefold
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import LogStatus, Relation
from apps.stafettlogg.models import Child, Guardian, Log, RepeatRequest
from apps.stafettlogg.rules.guardians import PERSON


def open_log_of(child, guardians) -> Log | None:
    """The open log or request of the child as typed: by blind index, or by the same name and birth date.

    An expected child is found by the pregnant woman: her blind index, or her name and the same expected day.
    """
    ids = set(_same_children(child)) if child.expected_day is None else set(_same_expected(child, guardians))
    return Log.objects.filter(child__in=ids, status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]).first()


def _same_children(child):
    name = casefold(f"{child.given_name} {child.family_name}".strip())
    yield from Child.objects.filter(search_name=name, birth_date=child.birth_date).values_list("pk", flat=True)
    if child.national_id is not None:
        index = blind_index(PERSON, child.national_id.digits)
        yield from Child.objects.filter(national_id_index=index).values_list("pk", flat=True)


def _same_expected(child, guardians):
    for typed in guardians:
        if typed.relation != Relation.PREGNANT:
            continue
        known = Guardian.objects.filter(relation=Relation.PREGNANT, child__birth_date=None)
        if typed.national_id is not None:
            yield from known.filter(national_id_index=typed.national_id_index).values_list("child_id", flat=True)
        for name, child_id in known.filter(child__expected_day=child.expected_day).values_list("name", "child_id"):
            if casefold(name) == casefold(typed.name):
                yield child_id


@dataclass(frozen=True)
class SentRequest:
    """One line under «Forespørsler du har sendt»: nothing that tells what became of it, nor about whom (S6)."""

    id: UUID
    sent_at: datetime
    unit_name: str


def requests_for(user, now: datetime) -> list[SentRequest]:
    """What the user has asked for while a request lives, newest first; a repeated one looks as any other."""
    since = now - timedelta(days=settings_row().request_days)
    logs = Log.objects.filter(requested_by=user, requested_at__gte=since).values_list(
        "pk", "requested_at", "unit__name"
    )
    repeats = RepeatRequest.objects.filter(asked_by=user, asked_at__gte=since).values_list(
        "pk", "asked_at", "unit__name"
    )
    lines = [SentRequest(*row) for row in [*logs, *repeats]]
    return sorted(lines, key=lambda line: (line.sent_at, str(line.id)), reverse=True)


def receipt_for(user, receipt_id, now: datetime) -> SentRequest | None:
    """The user's own receipt; None when it is not hers, or too old."""
    return next((line for line in requests_for(user, now) if line.id == receipt_id), None)


def repeats_to_handle(log: Log) -> list[RepeatRequest]:
    """Others who asked for a log on this child and whom the holder has not followed up, oldest first."""
    return list(
        RepeatRequest.objects.filter(log=log, handled_at=None).select_related("asked_by", "unit").order_by("asked_at")
    )


def days_left(log: Log, now: datetime) -> int:
    """Whole days until the request is removed: 0 on its last day."""
    return (log.request_last_day - timezone.localdate(now)).days
