"""Exceptions from whose yes is needed, and what is known of the guardian they are about (safety.md S27)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from apps.core.dates import local_day
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import About, AddressProtection, ConsentState, ExceptionGround
from apps.stafettlogg.models import (
    Consent,
    ConsentAnswer,
    ConsentExceptionGrant,
    ContactAttempt,
    Guardian,
    Log,
)
from apps.stafettlogg.selectors.hidden_places import is_hidden

_NO = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


def in_force(now: datetime) -> Q:
    """Exceptions that hold at this instant: signed by all who must, and not over."""
    signed = Q(signed_at__isnull=False) & (Q(needs_two=False) | Q(second_signed_at__isnull=False))
    return signed & (Q(ends_at=None) | Q(ends_at__gt=now))


def unsent_letter(now: datetime) -> Q:
    """Exceptions that hold, that the guardian is told of, and whose letter nobody has sent."""
    return in_force(now) & Q(letter_sent_at=None, untold_reason="") & ~Q(ground=ExceptionGround.DECEASED)


def exempt_ids(log: Log, now: datetime) -> set:
    """Guardians whose yes is not needed in this log at this instant (safety.md S7)."""
    rows = ConsentExceptionGrant.objects.filter(in_force(now), log=log)
    return set(rows.values_list("guardian_id", flat=True))


def asked_all_the_same(log: Log, now: datetime) -> set:
    """Exempt guardians who are asked in each new round all the same, so that they can answer: those who are told of
    the exception and have not said no already, and who has been heard from. Not those in whose
    place child welfare answers (S36).
    """
    told = ConsentExceptionGrant.objects.filter(in_force(now), log=log, untold_reason="", care=None)
    open_to_answer = Q(needs_two=False) & ~Q(ground=ExceptionGround.DECEASED) | Q(sign_of_life_at__isnull=False)
    return set(told.filter(open_to_answer).values_list("guardian_id", flat=True))


def is_asking_again(log: Log, now: datetime) -> bool:
    """Whether someone who was exempt has been heard from: until the exception ends nobody new comes in."""
    rows = ConsentExceptionGrant.objects.filter(in_force(now), log=log, sign_of_life_at__isnull=False)
    return rows.exists()


@dataclass(frozen=True)
class No:
    """A no or a withdrawal about the child, and the day it was given."""

    words: str
    day: date


def noes(log: Log, guardian_id: UUID) -> list[No]:
    """What this guardian has said no to or withdrawn about the child, and not said yes to since; the newest first.

    Of each service the newest answer counts: a question that nobody has answered takes back no no, however old.
    """
    answered = (
        Consent.objects.filter(log=log, guardian=guardian_id, about=About.CHILD, answered_at__isnull=False)
        .select_related("request")
        .order_by("request__number")
    )
    newest = {row.unit_id: row for row in answered}
    found = {_no(row) for row in newest.values() if row.state in _NO}
    return sorted(found, key=lambda no: (no.day, no.words), reverse=True)


def _no(row: Consent) -> No:
    if row.state == ConsentState.WITHDRAWN and row.ended_at is not None:
        return No(_("Trukket"), local_day(row.ended_at))
    return No(_("Nei"), local_day(row.answered_at or row.request.asked_at))


def last_heard(guardian: Guardian) -> date | None:
    """The last local day the guardian answered, withdrew, signed in or was spoken with; None for never."""
    answered = ConsentAnswer.objects.filter(guardian=guardian).aggregate(at=Max("answered_at"))["at"]
    taken_back = Consent.objects.filter(guardian=guardian, state=ConsentState.WITHDRAWN).aggregate(at=Max("ended_at"))
    signed_in = guardian.user.last_login if guardian.user is not None else None
    spoken = guardian.contact_attempts.filter(was_reached=True).aggregate(day=Max("day"))["day"]
    instants = [at for at in (answered, taken_back["at"], signed_in) if at is not None]
    return max([local_day(at) for at in instants] + ([spoken] if spoken is not None else []), default=None)


def attempts_of(log: Log, guardian_id: UUID) -> list[ContactAttempt]:
    """When somebody tried to reach the guardian, or did, the newest first."""
    rows = ContactAttempt.objects.filter(log=log, guardian=guardian_id).select_related("written_by")
    return list(rows.order_by("-day", "-written_at", "pk"))


def newest_exceptions(log: Log, now: datetime) -> dict[UUID, ConsentExceptionGrant]:
    """By guardian the exception that waits or holds."""
    grants = ConsentExceptionGrant.objects.filter(log=log).select_related("second_leader", "letter_sent_by")
    return {grant.guardian_id: grant for grant in grants if not grant.is_over(now)}


def letter_to_send(log: Log, guardian_id: UUID, now: datetime) -> ConsentExceptionGrant | None:
    """The exception this guardian is to be told of by letter, sent or not; None when there is none."""
    grants = ConsentExceptionGrant.objects.filter(in_force(now), log=log, guardian=guardian_id)
    found = grants.select_related("signed_by", "guardian", "log__child")
    return next((grant for grant in found if grant.has_letter(now)), None)


@dataclass(frozen=True)
class ToRing:
    """The leader a guardian rings about an exception, as the letter and the guardian's own pages name her."""

    name: str
    phone: str


def leader_to_ring(grant: ConsentExceptionGrant) -> ToRing:
    """The leader who signed. Her role and the municipality's number alone when her identity is protected (S16), or the
    child's address is: her name would say where (S17).
    """
    leader, municipality = grant.signed_by, settings_row()
    hides = grant.log.child.address_protection != AddressProtection.NONE
    if leader is None or leader.protected_identity or hides:
        return ToRing(_("lederen"), municipality.phone)
    return ToRing(leader.name, leader.phone or municipality.phone)


@dataclass(frozen=True)
class OwnException:
    """What a guardian reads of an exception about herself. `over_no`: she has said no, and two have signed."""

    log: Log
    over_no: bool
    last_day: date | None
    leader: ToRing


def own_exceptions(user_id: UUID, now: datetime, *, log_ids: Collection[UUID]) -> list[OwnException]:
    """The exceptions about this person in these logs that the person is told of."""
    grants = ConsentExceptionGrant.objects.filter(in_force(now), guardian__user=user_id, log__in=log_ids)
    grants = grants.exclude(is_hidden("signed_at"))
    grants = grants.select_related("signed_by", "log__child").order_by("signed_at", "pk")
    return [
        OwnException(grant.log, grant.needs_two, grant.holds_until, leader_to_ring(grant))
        for grant in grants
        if grant.is_told
    ]


def is_exempt(user_id: UUID, log: Log, now: datetime) -> bool:
    """Whether this person's yes is not needed in the log, told or not."""
    return ConsentExceptionGrant.objects.filter(in_force(now), guardian__user=user_id, log=log).exists()


def others_answer(user_id: UUID, log: Log, now: datetime) -> bool:
    """Whether child welfare answers in this person's place, so that no word of theirs opens or stops anything (S36)."""
    grants = ConsentExceptionGrant.objects.filter(in_force(now), guardian__user=user_id, log=log, care__isnull=False)
    return any(grant.care_answers(local_day(now)) for grant in grants.select_related("care"))
