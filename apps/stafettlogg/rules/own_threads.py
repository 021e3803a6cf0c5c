"""A guardian's own information: who is asked, and while her yes keeps a thread open (safety.md S3, docs/adr/0020)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from apps.core.dates import birthday, local_day, local_midnight
from apps.core.errors import RuleBroken
from apps.municipality.models import Unit
from apps.stafettlogg.enums import ConsentState, Relation
from apps.stafettlogg.models import Child, Consent, Guardian, Log
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import guardians as guardian_rules

# What a reading of a thread is called in the read audit.
READING = "own-thread"
# How long a line may be is the same as for a message in the log.
LONGEST = 4000


def may_be_asked(child: Child, guardians: Iterable[Guardian], *, today: date) -> list[Guardian]:
    """Those of the guardians who may be asked about themselves: who could be asked about the child. Nobody in a log of
    the youth's own (S26), nor when the child is grown up; nor who answers for child welfare (S36)."""
    if child.answers_alone or not consent_rules.guardians_are_asked(child.birth_date, today=today):
        return []
    reachable = consent_rules.reachable_guardians(child, guardians, today=today)
    return [guardian for guardian in reachable if guardian.relation != Relation.CHILD_WELFARE]


def check_concerns_guardian(unit: Unit) -> None:
    """Raise `RuleBroken("not_own")` for a service that has no information of a guardian's own."""
    if not unit.concerns_guardian:
        raise RuleBroken("not_own", _("Denne tjenesten har ikke opplysninger om foreldre selv."))


def check_someone_to_ask(asked: Collection[object]) -> None:
    """Raise `RuleBroken("nobody_answers")` when nobody is left to ask."""
    if not asked:
        raise RuleBroken("nobody_answers", _("Velg en forelder som kan svare for seg selv."))


def yes_ends_at(until: datetime, birth_date: date | None) -> datetime:
    """A yes about herself ends with her place at home, at the latest: the midnight the child is grown up."""
    if birth_date is None:
        return until
    return min(until, local_midnight(birthday(birth_date, consent_rules.ADULT_AGE)))


def stands(row: Consent, *, now: datetime) -> bool:
    """Whether this answer of hers is a yes that counts at this instant: not run out, not of a service that has closed
    since, and with no limit that waits to be read (S12)."""
    if row.state != ConsentState.GIVEN or row.expires_at is None or row.expires_at <= now:
        return False
    if row.answer is not None and row.answer.has_unread_limits:
        return False
    return not consent_rules.ended_with_unit(row.unit, row.request.asked_at, today=local_day(now))


def is_open(log: Log, guardian: Guardian, rows: Iterable[Consent], *, now: datetime) -> bool:
    """Whether the service reads and writes in the thread at this instant. `rows`: her answers about it.

    Nothing is written before the log is opened (S5), nor while a closing waits or when it is closed (S30); nor for one
    who is blocked, has lost her place or is not let in (S4, S36). A stop in the sharing of the child's log changes
    nothing in it.
    """
    if not log.is_active or not guardian_rules.has_access(guardian, log.child, today=local_day(now)):
        return False
    return any(stands(row, now=now) for row in rows)


def check_is_open(may_write: bool) -> None:
    """Raise `RuleBroken("thread_closed")` for a thread that nobody writes in now."""
    if not may_write:
        raise RuleBroken("thread_closed", _("Samtalen er lukket. Ingen kan skrive i den nå."))


def check_text(text: str) -> None:
    """Raise `RuleBroken("empty_text")` for a message without words."""
    if not text.strip():
        raise RuleBroken("empty_text", _("Skriv noe i beskjeden."))
