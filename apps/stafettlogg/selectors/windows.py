"""The verdict over the answers: may a unit see a log now, and until when. `services.windows` writes it into windows."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from apps.core.dates import FAR_AT, end_of_day
from apps.core.statements import statement
from apps.municipality.models import Unit
from apps.municipality.selectors import consent_age, consent_ages
from apps.stafettlogg import access
from apps.stafettlogg.enums import GUARDIAN_RELATIONS, About, ConsentScope, ConsentState
from apps.stafettlogg.models import (
    Consent,
    ConsentExceptionGrant,
    ConsentRequest,
    ConsentWindow,
    Guardian,
    Log,
)
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules.scopes import narrowest

_SAID_NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})
_GONE = frozenset({ConsentState.REPLACED, ConsentState.CANCELLED})


@dataclass
class Sharing:
    """Whether a unit may see the log by the answers themselves, until when, and the round of asking that decides it.

    `asked` is the newest round's rows (what the holder sees); `counting` the rows that decide, of `request`; `rows`
    those of every round. `may_open_new`: a window that is shut may open, as nobody with possible responsibility is left
    unchecked (S7, S8) and nobody who was exempt has been heard from (S27). `scope`: how much of the log it is for, by
    the narrowest of the yeses (docs/adr/0016). `exempt`: guardians whose word
    is not needed; `passed_over` those of them nobody waits for: the others have been heard from, and are asked.
    """

    unit: object
    asked: list[Consent]
    rows: list[Consent] = field(default_factory=list)
    counting: list[Consent] = field(default_factory=list)
    request: ConsentRequest | None = None
    is_open: bool = False
    until: datetime = FAR_AT
    limits_unread: bool = False
    may_open_new: bool = False
    scope: str = ConsentScope.LOG
    exempt: Collection[UUID] = ()
    passed_over: Collection[UUID] = ()

    @property
    def asked_scope(self) -> str:
        """What the newest round asks for."""
        return narrowest(row.scope for row in self.asked)

    @property
    def is_waiting(self) -> bool:
        return any(row.state == ConsentState.WAITING for row in self._waited_for)

    @property
    def was_refused(self) -> bool:
        return any(row.state in _SAID_NO for row in self._waited_for)

    @property
    def _waited_for(self) -> list[Consent]:
        return [row for row in self.asked if row.guardian_id not in self.passed_over]


@dataclass(frozen=True)
class Family:
    """The child's guardians by name, and the exceptions from whose yes is needed, signed or not."""

    guardians: list[Guardian]
    exceptions: list[ConsentExceptionGrant]

    def exempt_at(self, now: datetime) -> dict[UUID, ConsentExceptionGrant]:
        """The exceptions that hold at this instant, by the guardian whose yes is not needed."""
        return {grant.guardian_id: grant for grant in self.exceptions if grant.is_in_force(now)}


def family_of(log: Log) -> Family:
    """The guardians and exceptions of the log's child. Two queries."""
    return Family(_guardians.rows(log.child_id), _exceptions.rows(log.pk))


@statement
def _guardians(child_id: UUID) -> QuerySet[Guardian]:
    return Guardian.objects.filter(child=child_id, relation__in=GUARDIAN_RELATIONS).order_by("name", "pk")


@statement
def _exceptions(log_id: UUID) -> QuerySet[ConsentExceptionGrant]:
    return ConsentExceptionGrant.objects.filter(log=log_id).select_related("guardian", "signed_by", "care")


def sharing_by_unit(log: Log, now: datetime, *, family: Family | None = None) -> dict:
    """`Sharing` per unit id, for every unit the log was ever asked about. What a guardian says of herself is no part of
    it: the child's information alone opens a window (S3)."""
    by_unit: dict = {}
    for row in _answers.rows(log.pk):
        by_unit.setdefault(row.unit_id, []).append(row)
    if not by_unit:
        return {}
    verdicts = _Verdicts(log, now, family)
    return {unit_id: verdicts.of(unit_rows) for unit_id, unit_rows in by_unit.items()}


def word_is_needed(log: Log, guardian_id: UUID | None, unit: Unit, now: datetime) -> bool:
    """Whether this one's no about the child keeps the unit out, the youth's when no guardian is given.

    An exception changes nothing in it: a no ends the exception (safety.md S27). But where child welfare answers in the
    guardian's place, it does not (S36).
    """
    verdicts = _Verdicts(log, now)
    in_care = {pk for pk, grant in verdicts.exempt.items() if grant.care_answers(verdicts.today)}
    return guardian_id in verdicts.required(unit, exempt=in_care)


@statement
def _answers(log_id: UUID) -> QuerySet[Consent]:
    return (
        Consent.objects.filter(log=log_id, about=About.CHILD)
        .select_related("unit", "request", "answer", "guardian")
        .defer("answer__scan")
        .order_by("-request__number", "guardian__name", "pk")
    )


class _Verdicts:
    """Everything about the child that decides a round, read once for all units."""

    def __init__(self, log, now, family=None):
        family = family or family_of(log)
        self.now = now
        self.today = timezone.localdate(now)
        self.child = log.child
        self.guardians = family.guardians
        self.exempt = family.exempt_at(now)
        self.passed_over = {pk for pk, grant in self.exempt.items() if grant.sign_of_life_at is None}
        self.ages = consent_ages()

    def of(self, unit_rows) -> Sharing:
        """What the rows of one unit come to. The newest round decides; while it waits, and nobody in it has said no,
        the round before it still counts.
        """
        rounds: dict = {}
        for row in unit_rows:
            rounds.setdefault(row.request.completes_id or row.request_id, []).append(row)
        live = [([row for row in rows if row.state not in _GONE], rows) for rows in rounds.values()]
        live = [(rows, whole) for rows, whole in live if rows]
        newest = live[0][0] if live else []
        unit = unit_rows[0].unit
        result = Sharing(
            unit=unit,
            asked=newest,
            rows=unit_rows,
            may_open_new=self._may_open_new(unit),
            exempt=self.exempt.keys(),
            passed_over=self.passed_over,
        )
        for rows, whole in live:
            counting = self._counting(rows)
            result.limits_unread = result.limits_unread or _limits_unread(counting)
            first = _first_asked(whole)
            is_open, until = self._verdict(first, counting)
            if is_open and not result.limits_unread:
                result.counting, result.request = counting, first.request
                result.scope = narrowest(row.scope for row in counting)
                result.is_open, result.until = True, min(until, self._exceptions_end(rows))
                break
            if result.limits_unread or not _only_waits(counting):
                break
        return result

    def _verdict(self, row, counting):
        """Whether the rows that count open the window, and until when; `row` is one the round began with."""
        if consent_rules.ended_with_unit(row.unit, row.request.asked_at, today=self.today):
            return False, self.now
        required = self.required(row.unit)
        rule = own_logs.rule_for(self.child, consent_age(row.unit.kind, self.ages), today=self.today)
        asked = {row.guardian_id for row in counting}
        if not required or not required <= asked:
            return False, self.now
        if not consent_rules.sharing_open(counting, limits_followed=True, now=self.now):
            return False, self.now
        asked_here = [] if self.child.answers_alone else self.guardians
        blocked = [g.blocked_last_day for g in asked_here if g.blocked_last_day and g.is_blocked(self.today)]
        until = consent_rules.sharing_until(
            counting,
            birth_date=self.child.birth_date,
            rule=rule,
            asked_at=row.request.asked_at,
            block_ends=blocked,
            place_ends=[g.place_last_day for g in asked_here if g.place_last_day and g.has_place(self.today)],
        )
        until = min(until, end_of_day(row.unit.last_day), own_logs.ends_at(self.child, today=self.today))
        return until > self.now, until

    def _counting(self, rows) -> list:
        """Rows whose word decides: those who must answer today."""
        required = self.required(rows[0].unit)
        return [row for row in rows if row.guardian_id in required]

    def _exceptions_end(self, rows) -> datetime:
        """When the first of those who are passed over here counts again without having said yes (S27)."""
        passed_over = self._passed_over(rows[0].unit)
        said_yes = {row.guardian_id: row.expires_at for row in rows if row.state == ConsentState.GIVEN}
        ends = {pk: self.exempt[pk].ends_at or FAR_AT for pk in passed_over}
        return min([max(at, said_yes.get(pk, at)) for pk, at in ends.items()], default=FAR_AT)

    def _passed_over(self, unit) -> set:
        """Ids of the guardians whose yes would be needed here, had there been no exception."""
        return self.required(unit, exempt=()) - self.required(unit)

    def required(self, unit, exempt=None) -> set:
        """Ids of the guardians who must answer about the child today; None among them stands for the youth."""
        respondents = consent_rules.who_must_answer(
            child=self.child,
            guardians=self.guardians,
            exempt=self.exempt if exempt is None else exempt,
            unit=unit,
            rule=consent_age(unit.kind, self.ages),
            today=self.today,
        )
        return {respondent.guardian_id for respondent in respondents}

    def _may_open_new(self, unit) -> bool:
        if any(self.exempt[pk].sign_of_life_at is not None for pk in self._passed_over(unit)):
            return False
        return not consent_rules.unchecked_stops_opening(
            child=self.child,
            guardians=self.guardians,
            exempt=self.exempt,
            rule=consent_age(unit.kind, self.ages),
            today=self.today,
        )


def _first_asked(rows):
    """A row of the round itself, not of what completes it."""
    return next((row for row in rows if row.request.completes_id is None), rows[0])


def _only_waits(rows) -> bool:
    return all(row.state in (ConsentState.WAITING, ConsentState.GIVEN) for row in rows)


def _limits_unread(rows) -> bool:
    return any(row.state == ConsentState.GIVEN and row.answer.has_unread_limits for row in rows if row.answer_id)


def open_window(log: Log, unit: Unit, now: datetime) -> ConsentWindow | None:
    """The unit's window in this log when a holder may stand in it now, whatever the basis."""
    return ConsentWindow.objects.filter(access.stands_at(now), log=log, unit=unit).first()
