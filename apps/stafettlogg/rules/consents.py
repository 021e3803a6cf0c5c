"""Who must answer, when a yes counts, and for how long a unit may see a log (safety.md S3, S7, S9, S10, S11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.dates import FAR_AT, age_on, birthday, end_of_day, format_long, local_day, local_midnight
from apps.core.errors import RuleBroken
from apps.municipality.models import Unit
from apps.municipality.selectors import ConsentAge
from apps.stafettlogg.enums import ConsentState, Relation, Responsibility
from apps.stafettlogg.models import Child, Consent, ConsentRequest
from apps.stafettlogg.rules import own_logs

ADULT_AGE = 18
# Before the birthday from which nobody answers in the youth's place (S35).
DAYS_BEFORE_ADULT = (183, 60, 14)
REMINDER_DAYS_BEFORE_EXPIRY = (30, 14, 3)
DAYS_BEFORE_ASKING_AGAIN = 14

NEXT: dict[str, frozenset[str]] = {
    ConsentState.WAITING: frozenset(
        {ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.REPLACED, ConsentState.CANCELLED}
    ),
    ConsentState.GIVEN: frozenset({ConsentState.WITHDRAWN, ConsentState.REPLACED}),
    ConsentState.REFUSED: frozenset({ConsentState.REPLACED}),
    ConsentState.WITHDRAWN: frozenset({ConsentState.REPLACED}),
    ConsentState.REPLACED: frozenset(),
    ConsentState.CANCELLED: frozenset(),
}


@dataclass(frozen=True)
class Respondent:
    """One who must answer about the child: a guardian, or the youth (`guardian_id` None)."""

    guardian_id: UUID | None

    @property
    def is_youth(self) -> bool:
        return self.guardian_id is None


def check_can_become(consent: Consent, state: str) -> None:
    """Raise `RuleBroken("consent_state")` unless this consent may go to that state now."""
    if state not in NEXT[consent.state]:
        raise RuleBroken("consent_state", _("Noen har allerede svart på dette spørsmålet, eller det er trukket."))


def ended_with_unit(unit: Unit, asked_at: datetime, *, today: date) -> bool:
    """Whether what was asked then gives the unit nothing: it is closed, or was closed and opened again since."""
    return unit.last_day < today or (unit.reopened_day is not None and local_day(asked_at) < unit.reopened_day)


def youth_answers(birth_date: date | None, rule: ConsentAge, *, today: date) -> bool:
    """From the birthday of the rule the youth answers (S10): 16 for health and 15 for others, until the municipality
    decides (`municipality.rules.consent_ages`)."""
    return birth_date is not None and age_on(birth_date, today) >= rule.age


def guardians_answer(birth_date: date | None, rule: ConsentAge, *, today: date) -> bool:
    """Whether the guardians' yes is needed: always for the youngest, by rule from the consent age, never from 18."""
    if birth_date is None:
        return True
    age = age_on(birth_date, today)
    if age >= ADULT_AGE:
        return False
    return age < rule.age or rule.guardians_needed


def guardians_are_asked(birth_date: date | None, *, today: date) -> bool:
    """Whether a guardian is asked about anything: until the child is grown up."""
    return birth_date is None or age_on(birth_date, today) < ADULT_AGE


def who_must_answer(
    *,
    child: Child,
    guardians: Iterable,
    exempt: Iterable[UUID],
    unit: Unit,
    rule: ConsentAge,
    today: date,
) -> list[Respondent]:
    """Everyone whose yes is needed before `unit` may see the log, frozen on the request.

    `guardians` are the child's; only those with confirmed responsibility, not blocked and not in `exempt` (a signed
    ground, S7) answer. An expected child: the pregnant woman alone (S9). In a log of the youth's own nobody else is
    ever asked (S26). What a guardian says of herself has no part in it (S3, `rules.own_threads`).
    """
    if child.answers_alone:
        rule, guardians = own_logs.rule_for(child, rule, today=today), []
    reachable = reachable_guardians(child, guardians, today=today)
    counting = [g for g in reachable if g.pk not in set(exempt)]
    respondents = []
    if guardians_answer(child.birth_date, rule, today=today):
        respondents += [Respondent(g.pk) for g in counting]
    if youth_answers(child.birth_date, rule, today=today):
        respondents.append(Respondent(None))
    return respondents


def reachable_guardians(child: Child, guardians: Iterable, *, today: date) -> list:
    """Of these the ones who can be asked: with confirmed responsibility and a place, not blocked; before birth the
    pregnant woman alone (S9)."""
    confirmed = [g for g in guardians if g.responsibility == Responsibility.CONFIRMED and g.has_place(today)]
    reachable = [g for g in confirmed if not g.is_blocked(today)]
    return [g for g in reachable if g.relation == Relation.PREGNANT] if child.is_expected else reachable


def unchecked_stops_opening(
    *, child: Child, guardians: Iterable, exempt: Iterable[UUID], rule: ConsentAge, today: date
) -> bool:
    """Someone who may have responsibility has not been asked yet (S7, S8): no *new* window opens until it is checked.

    Not for an expected child, where the pregnant woman alone decides (S9), nor where no guardian answers (S10, S26).
    """
    return (
        not child.is_expected
        and not child.answers_alone
        and guardians_answer(child.birth_date, rule, today=today)
        and any(
            g.responsibility == Responsibility.UNCHECKED and not g.is_blocked(today) and g.pk not in set(exempt)
            for g in guardians
        )
    )


def check_someone_answers(respondents: list[Respondent]) -> None:
    """A window never opens on nobody's word (S7): raise `RuleBroken("nobody_answers")`."""
    if not respondents:
        raise RuleBroken(
            "nobody_answers",
            _("Ingen kan svare for barnet ennå. Kontroller foreldreansvaret, eller be lederen om unntak."),
        )


def check_may_ask_again(no_days: Iterable[date], *, family_asked: bool, today: date) -> None:
    """After a no some days must pass, unless the family itself has asked: `RuleBroken("asked_too_soon")`."""
    last = max(no_days, default=None)
    if last is None or family_asked or (today - last).days >= DAYS_BEFORE_ASKING_AGAIN:
        return
    raise RuleBroken(
        "asked_too_soon",
        _("Noen har sagt nei til dette nylig. Vent til %(day)s, eller kryss av for at familien har bedt om det.")
        % {"day": format_long(last + timedelta(days=DAYS_BEFORE_ASKING_AGAIN))},
    )


def sharing_open(consents: Iterable, *, limits_followed: bool, now: datetime) -> bool:
    """All asked have said yes, none has run out, and every written limit is ticked «Lest og fulgt» (S12)."""
    rows = list(consents)
    return (
        bool(rows) and limits_followed and all(row.state == ConsentState.GIVEN and row.expires_at > now for row in rows)
    )


def sharing_until(
    consents: Iterable,
    *,
    birth_date: date | None,
    rule: ConsentAge,
    asked_at: datetime,
    block_ends: Iterable[date] = (),
    place_ends: Iterable[date] = (),
) -> datetime:
    """The instant that ends the sharing: the earliest expiry, birthday or end of a block that changes who must answer.

    Birthdays count from when the question was asked (`asked_at`), so an answer given under the old rule never outlives
    it (S10). `block_ends`: last days of the guardians who are blocked now (S4); from the day after they count again.
    `place_ends`: last days of those who answer by a decision (S36); from the day after they do not.
    """
    instants = [row.expires_at for row in consents]
    instants += [end_of_day(day) for day in (*block_ends, *place_ends)]
    if birth_date is not None:
        birthdays = [local_midnight(birthday(birth_date, age)) for age in {rule.age, ADULT_AGE}]
        instants += [at for at in birthdays if at > asked_at]
    return min(instants, default=FAR_AT)


def is_lapsed(request: ConsentRequest, today: date) -> bool:
    """A question nobody may answer any more: its last day has passed. Derived, never stored."""
    return request.last_day < today


def due_day(request: ConsentRequest, today: date) -> date:
    """The day to answer by: the deadline the family is shown, and when it has passed, the last day that counts."""
    return request.answer_day if today <= request.answer_day else request.last_day
