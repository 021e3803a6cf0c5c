"""Exceptions from whose yes is needed: what a ground must prove, how long it holds, when two sign (safety.md S27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from django.utils.translation import gettext as _

from apps.core.dates import add_months, format_long
from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import ExceptionGround, ExceptionSource, LetterRoute
from apps.stafettlogg.models import ConsentExceptionGrant, ContactAttempt

# How long someone must have been silent to be out of reach, and how long the attempts count.
SILENT_DAYS = 90
# From the later of the two attempts to the day the leader may sign.
DAYS_TO_ANSWER = 7
# The longest each may last, in months; who is dead is so for good, and a decision says itself how long it holds.
MONTHS = {ExceptionGround.UNREACHABLE: 3, ExceptionGround.LACKS_CAPACITY: 12}
SOURCES: dict[str, tuple[ExceptionSource, ...]] = {
    ExceptionGround.LACKS_CAPACITY: (ExceptionSource.DOCTOR, ExceptionSource.GUARDIANSHIP),
    ExceptionGround.CHILD_WELFARE_CARE: (
        ExceptionSource.TRIBUNAL,
        ExceptionSource.COURT,
        ExceptionSource.CHILD_WELFARE,
    ),
    ExceptionGround.AUTHORITY: (
        ExceptionSource.COURT,
        ExceptionSource.STATE_ADMINISTRATOR,
        ExceptionSource.TRIBUNAL,
        ExceptionSource.CHILD_WELFARE,
        ExceptionSource.POLICE,
    ),
}
NEVER_OVER_A_NO = frozenset({ExceptionGround.UNREACHABLE, ExceptionGround.LACKS_CAPACITY})
# Grounds that cannot be true of someone who signs in or is spoken with.
SILENT_GROUNDS = frozenset({ExceptionGround.UNREACHABLE, ExceptionGround.DECEASED})


@dataclass(frozen=True)
class Proof:
    """What an exception rests on. `day` is the date of the document, or the date of death."""

    ground: str
    source: str = ""
    number: str = ""
    day: date | None = None
    last_day: date | None = None
    untold_reason: str = ""


def proof_of(grant: ConsentExceptionGrant) -> Proof:
    return Proof(
        grant.ground,
        grant.source,
        grant.document_number,
        grant.document_day,
        grant.last_day,
        grant.untold_reason,
    )


def check_proof(proof: Proof, *, today: date) -> None:
    """Raise `RuleBroken` (`proof_missing`, `exception_end`) unless the ground comes with what it must."""
    if proof.ground in SOURCES and not (proof.source in SOURCES[proof.ground] and proof.number.strip() and proof.day):
        raise RuleBroken("proof_missing", _("Skriv hvem som har bestemt det, nummeret og datoen på dokumentet."))
    if proof.ground == ExceptionGround.DECEASED:
        if proof.day is None:
            raise RuleBroken("proof_missing", _("Skriv datoen for dødsfallet, slik den står i Folkeregisteret."))
    elif proof.last_day is None or proof.last_day < today:
        raise RuleBroken("exception_end", _("Skriv hvilken dag unntaket varer til. Dagen kan ikke være passert."))
    if proof.day is not None and proof.day > today:
        raise RuleBroken("proof_missing", _("Datoen på dokumentet kan ikke være fram i tid."))
    longest = longest_day(proof.ground, today)
    if longest is not None and proof.last_day is not None and proof.last_day > longest:
        words = _("Dette unntaket kan ikke vare lenger enn til %(day)s.") % {"day": format_long(longest)}
        raise RuleBroken("exception_end", words)


def longest_day(ground: str, today: date) -> date | None:
    """The last day an exception on this ground may last to when it is made today; None when it has no such limit."""
    months = MONTHS.get(ExceptionGround(ground))
    return add_months(today, months) if months else None


def check_against_answers(ground: str, *, has_said_no: bool) -> None:
    """Raise `RuleBroken("guardian_has_answered")` for a ground that never stands against a no, however old."""
    if has_said_no and ground in NEVER_OVER_A_NO:
        text = _("Den foresatte har sagt nei, og da gjelder svaret. Bare et vedtak eller en dom kan gå foran et nei.")
        raise RuleBroken("guardian_has_answered", text)


def check_silence(proof: Proof, *, last_heard: date | None, today: date) -> None:
    """Raise `RuleBroken("guardian_was_reached")` for one said to be out of reach or dead who was heard from since."""
    if last_heard is None or proof.ground not in SILENT_GROUNDS:
        return
    if proof.ground == ExceptionGround.DECEASED:
        if proof.day is not None and last_heard > proof.day:
            text = _("Den foresatte har svart, logget inn eller snakket med dere etter datoen du har skrevet.")
            raise RuleBroken("guardian_was_reached", text)
    elif last_heard > today - timedelta(days=SILENT_DAYS):
        text = _("Den foresatte har svart, logget inn eller snakket med dere de siste %(days)s dagene.")
        raise RuleBroken("guardian_was_reached", text % {"days": SILENT_DAYS})


def check_attempts(ground: str, attempts: Iterable[ContactAttempt], *, today: date) -> None:
    """Raise `RuleBroken("attempts_missing")` unless someone out of reach was sought on two days in two ways."""
    if ground == ExceptionGround.UNREACHABLE and may_sign_from(attempts, today=today) is None:
        text = _("Skriv først ned to forsøk på å få kontakt, på to ulike dager og på to ulike måter.")
        raise RuleBroken("attempts_missing", text)


def check_time_to_answer(ground: str, attempts: Iterable[ContactAttempt], *, today: date) -> None:
    """Raise `RuleBroken("attempts_too_new")` until the guardian has had a week after the second attempt."""
    if ground != ExceptionGround.UNREACHABLE:
        return
    day = may_sign_from(attempts, today=today)
    if day is not None and today < day:
        text = _("Den foresatte skal ha en uke på seg etter det siste forsøket. Du kan signere fra %(day)s.")
        raise RuleBroken("attempts_too_new", text % {"day": format_long(day)})


def may_sign_from(attempts: Iterable[ContactAttempt], *, today: date) -> date | None:
    """The first day the attempts suffice: a week after two in two ways on two days; None while there are not two.

    Attempts older than the silence that is asked for do not count.
    """
    since = today - timedelta(days=SILENT_DAYS)
    counting = [one for one in attempts if not one.was_reached and since < one.day <= today]
    pairs = [
        max(one.day, other.day)
        for one, other in combinations(counting, 2)
        if one.day != other.day and one.channel != other.channel
    ]
    return min(pairs) + timedelta(days=DAYS_TO_ANSWER) if pairs else None


def needs_two(proof: Proof, *, has_said_no: bool) -> bool:
    """Two sign over a no, and when the guardian is not told."""
    return has_said_no or bool(proof.untold_reason)


def check_second(needed: bool, *, has_second: bool, dpo_heard_day: date | None, has_said_no: bool, today: date) -> None:
    """Raise `RuleBroken` (`second_missing`, `dpo_missing`) unless another leader is named, and over a no the data
    protection officer was heard.
    """
    if not needed:
        return
    if not has_second:
        raise RuleBroken("second_missing", _("Velg en leder fra en annen linje som signerer sammen med deg."))
    if has_said_no and (dpo_heard_day is None or dpo_heard_day > today):
        raise RuleBroken("dpo_missing", _("Skriv hvilken dag du snakket med personvernombudet."))


def last_day_after_sign_of_life(today: date, days: int) -> date:
    """The last whole day of an exception after a sign of life: the last Sunday within `days`, else the last of them.

    Exceptions end together with the week, so that the day says little about when somebody was heard from (S1).
    """
    latest = today + timedelta(days=days - 1)
    sunday = latest - timedelta(days=(latest.weekday() + 1) % 7)
    return sunday if sunday >= today else latest


def is_sign_of_life(day: date, signed_day: date) -> bool:
    """Whether a conversation that day speaks against an exception signed that day: after it, or so near before it that
    it would not have been signed.
    """
    return day > signed_day - timedelta(days=SILENT_DAYS)


def check_contact_day(day: date, *, today: date) -> None:
    """Raise `RuleBroken("contact_day")` for a day that has not been, or is long past."""
    if not today - timedelta(days=366) <= day <= today:
        raise RuleBroken("contact_day", _("Skriv en dag i det siste året, ikke fram i tid."))


def check_letter(grant: ConsentExceptionGrant, route: str, *, now: datetime) -> None:
    """Raise `RuleBroken` (`no_letter`, `letter_route_missing`) unless there is a letter to send, and it says how."""
    if not grant.has_letter(now):
        raise RuleBroken("no_letter", _("Det er ikke noe brev å sende om dette unntaket."))
    if route not in LetterRoute.values:
        raise RuleBroken("letter_route_missing", _("Velg hvordan brevet er sendt."))
