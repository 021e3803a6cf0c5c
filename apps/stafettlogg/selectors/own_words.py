"""A guardian's or youth's own words about consent, the newest for each service. Nothing of anyone else's (S1)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.dates import format_long, local_day
from apps.core.statements import statement
from apps.stafettlogg.enums import ConsentState
from apps.stafettlogg.models import Consent, ConsentRequest
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules.names import Reading

# Per service, and whose information it is about (S3), what was said.
Newest = dict[tuple[UUID, str], Consent]


def own_rows_in(user_id: UUID, log_ids: Collection[UUID]) -> list[Consent]:
    """The user's own rows in these logs that are not replaced or cancelled, the newest round first. One query."""
    return _own_rows_in.rows(user_id, list(log_ids))


@statement
def _own_rows_in(user_id: UUID, log_ids: list[UUID]) -> QuerySet[Consent]:
    own = Q(guardian__user=user_id) | Q(is_youth=True, log__child__user=user_id)
    return (
        Consent.objects.filter(own, log__in=log_ids)
        .exclude(state__in=[ConsentState.REPLACED, ConsentState.CANCELLED])
        .select_related("unit", "request")
        .order_by("unit__name", "unit_id", "-request__number", "about")
    )


def known(rows: Iterable[Consent], reading: Reading) -> list[Consent]:
    """Of the reader's own rows those of questions that are not hidden from the reader; answered is always known."""
    return [row for row in rows if row.answered_at is not None or not reading.holds_back_question(row.request.asked_at)]


Refusals = dict[tuple[UUID, UUID, str], date]


def refusals_in(user_id: UUID, log_ids: Collection[UUID]) -> Refusals:
    """When the user last said no, by log, service and whose information it is about, also where a newer question has
    come since. One query."""
    rows = _refusals_in.rows(user_id, list(log_ids))
    said = ((row, row.answered_at) for row in rows)
    return {(row.log_id, row.unit_id, row.about): local_day(at) for row, at in said if at is not None}


@statement
def _refusals_in(user_id: UUID, log_ids: list[UUID]) -> QuerySet[Consent]:
    own = Q(guardian__user=user_id) | Q(is_youth=True, log__child__user=user_id)
    return Consent.objects.filter(own, log__in=log_ids, state=ConsentState.REFUSED).order_by("answered_at", "pk")


def newest_words(rows: Iterable[Consent], now: datetime) -> Newest:
    """The word that counts for each service about the child, and about herself, of one reader's rows in one log, as
    `own_rows_in` gives them.

    A yes that stands counts until the newer question is answered, and a question nobody answered in time changes
    nothing.
    """
    newest: Newest = {}
    for consent in rows:
        given = newest.get((consent.unit_id, consent.about))
        if given is None or (given.state == ConsentState.WAITING and _outweighs(given, consent, now)):
            newest[consent.unit_id, consent.about] = consent
    return newest


def _outweighs(waiting: Consent, earlier: Consent, now: datetime) -> bool:
    stands = earlier.state == ConsentState.GIVEN and not is_over(earlier, now)
    return stands or not can_be_answered(waiting, now)


def is_over(consent: Consent, now: datetime) -> bool:
    """Whether the service closed after it was asked about, so that the word gives it nothing."""
    return consent_rules.ended_with_unit(consent.unit, consent.request.asked_at, today=local_day(now))


def can_be_answered(consent: Consent, now: datetime) -> bool:
    """Whether this row is a question that still waits for the reader."""
    request = consent.request
    return (
        consent.state == ConsentState.WAITING
        and request.cancelled_at is None
        and not consent_rules.is_lapsed(request, local_day(now))
    )


def answer_by(request: ConsentRequest, today: date) -> str:
    """Until when to answer, as the family reads it: the deadline, and when it has passed, how long one still may."""
    words = _("Svar innen %(day)s") if today <= request.answer_day else _("Du kan fortsatt svare, til og med %(day)s")
    return words % {"day": format_long(consent_rules.due_day(request, today))}
