"""Questions about consent: those who must answer, and what the holder does meanwhile."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.core.dates import FAR_AT, format_long, last_day_of, local_day, local_midnight
from apps.core.statements import statement
from apps.core.text import joined
from apps.notifications.enums import TaskStatus
from apps.notifications.kinds import Due, Ladder
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg.enums import OPEN_STATUSES, OPENED_STATUSES, About, ConsentState
from apps.stafettlogg.models import (
    Consent,
    ConsentExceptionGrant,
    ConsentRequest,
    InterpreterWish,
    Log,
    LogAccess,
)
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import tongues
from apps.stafettlogg.selectors.consents import HolderStatus
from apps.stafettlogg.selectors.exceptions import in_force
from apps.stafettlogg.selectors.interpreters import not_taken_back
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import has

_BEFORE_EXPIRY = Ladder(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY)
_SAID_NO = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


@read_once
def waiting(scope: Scope) -> list[Any]:
    """Consents that wait for an answer and can still be answered, in open logs: those the user holds, or is asked in.

    `is_refused`: someone has said no to the same service in the same round, so that nothing waits for the others.
    `is_exempt`: the guardian may answer, but is not waited for (S27).
    """
    consents: list[Any]
    if scope.user is None:
        consents = list(_waiting(scope.now, scope.today))
    elif scope.user.is_citizen:
        consents = _waiting_for.rows(scope.user.pk, scope.now, scope.today)
    else:
        consents = _waiting_in.rows(list(rows.held(scope)), scope.now, scope.today)
    rows.know(scope, {row.log_id for row in consents})
    return consents


def waited_for(scope: Scope) -> list[Any]:
    """Those of `waiting` that the sharing waits for: about the child, not of a guardian who is passed over (S27)."""
    return [row for row in waiting(scope) if row.about == About.CHILD and not row.is_exempt]


def to_be_answered(scope: Scope) -> list[Any]:
    """`waited_for`, and what guardians are asked about themselves: one who answers on paper does so to both."""
    return [row for row in waiting(scope) if row.about == About.OWN or not row.is_exempt]


def _waiting(now: datetime, today: date) -> QuerySet[Consent]:
    passed_over = ConsentExceptionGrant.objects.filter(
        in_force(now), log=OuterRef("log"), guardian=OuterRef("guardian"), sign_of_life_at=None
    )
    said_no = Consent.objects.filter(request=OuterRef("request"), unit=OuterRef("unit"), state__in=_SAID_NO)
    return (
        Consent.objects.filter(
            state=ConsentState.WAITING,
            request__cancelled_at=None,
            request__last_day__gte=today,
            log__status__in=OPEN_STATUSES,
        )
        .annotate(is_refused=Exists(said_no), is_exempt=Exists(passed_over))
        .select_related("request", "log__child__user", "guardian__user", "unit")
        .order_by("request__asked_at", "pk")
    )


@statement
def _waiting_for(user_id: UUID, now: datetime, today: date) -> QuerySet[Consent]:
    return _waiting(now, today).filter(Q(guardian__user=user_id) | Q(is_youth=True, log__child__user=user_id))


@statement
def _waiting_in(log_ids: list[UUID], now: datetime, today: date) -> QuerySet[Consent]:
    return _waiting(now, today).filter(log__in=log_ids)


def own_waiting_in(log: Log, now: datetime, today: date) -> list[Any]:
    """Of `waiting` in one log what guardians are asked about themselves, which the log's own page does not read."""
    return [row for row in _waiting_in.rows([log.pk], now, today) if row.about == About.OWN]


def in_hand(status: HolderStatus, log: Log, *, today: date) -> list[Any]:
    """`waiting` among what the log's own page has read of the consents."""
    found = []
    for unit in status.units:
        consent: Any
        for consent in unit.sharing.rows:
            if consent.state == ConsentState.WAITING and _can_be_answered(consent.request, today):
                consent.log, consent.is_refused = log, unit.sharing.was_refused
                consent.is_exempt = consent.guardian_id in unit.sharing.passed_over
                found.append(consent)
    return sorted(found, key=lambda one: (one.request.asked_at, str(one.pk)))


def _can_be_answered(request: ConsentRequest, today: date) -> bool:
    return request.cancelled_at is None and request.last_day >= today


def unanswered(scope: Scope) -> list[Due]:
    """Questions that nobody has answered for the municipality's number of days: ring the family."""
    late = [row for row in waited_for(scope) if row.request.asked_at < asked_before(scope)]
    return [
        rows.due_in_log(
            found[0].log,
            row,
            "stafettlogg:consents",
            key=f"request {request_id}",
            due_day=consent_rules.due_day(found[0].request, scope.today),
        )
        for request_id, found in _by_request(late)
        for row in holders_of(scope, found)
    ]


def consents_out(scope: Scope) -> list[Due]:
    """The family has not answered yet, and has time. In a log one for each service; on the start page one for a log."""
    asked = [row for row in waited_for(scope) if not row.is_refused]
    if scope.log is None:  # there «Ring familien» takes over
        asked = [row for row in asked if row.request.asked_at >= asked_before(scope)]
    groups = [[row] for row in _by_unit(asked)] if scope.log is not None else [g for _id, g in _by_request(asked)]
    return [
        rows.due_in_log(
            group[0].log,
            row,
            "stafettlogg:consents",
            key=f"request {group[0].request_id} unit {group[0].unit_id}",
            due_day=consent_rules.due_day(group[0].request, scope.today),
            detail=joined(sorted({consent.unit.name for consent in group})),
            status=TaskStatus.WAITS,
        )
        for group in groups
        for row in holders_of(scope, group)
    ]


def answers_on_paper(scope: Scope) -> list[Due]:
    """Somebody asked cannot answer in the portal: no e-mail and no fødselsnummer is written down. For pages.

    Whether there is an account by an e-mail or a number the holder has written is never told (S6).
    """
    found = [row for row in to_be_answered(scope) if _answers_on_paper(row)]
    return _of_respondents(scope, found, "paper")


def interpreters(scope: Scope) -> list[Due]:
    """Whoever has asked for an interpreter, until the holder has ticked «Avtalt»; and a guardian who must answer and is
    written down as needing one. For pages."""
    wishes = not_taken_back(list(rows.held(scope)))
    asked = [wish for wish in wishes if wish.arranged_at is None]
    said = {(wish.log_id, wish.guardian_id) for wish in wishes}
    found = [row for row in to_be_answered(scope) if row.guardian is not None and row.guardian.needs_interpreter]
    found = [row for row in found if (row.log_id, row.guardian_id) not in said]
    return [_interpreter(wish, rows.held(scope)[wish.log_id]) for wish in asked] + _of_respondents(
        scope, found, "interpreter"
    )


def _interpreter(wish: InterpreterWish, row: LogAccess) -> Due:
    who = wish.guardian.name if wish.guardian is not None else wish.log.child.given_name
    language = tongues.name_of(wish.language)
    return rows.due_in_log(
        wish.log,
        row,
        "stafettlogg:consents",
        key=f"interpreter {wish.pk}",
        since_day=local_day(wish.asked_at),
        detail=f"{who} ({language})" if language else who,
    )


def limits_to_read(scope: Scope) -> list[Due]:
    """Written limits nobody has ticked «Lest og fulgt» (S12). Told at once when written; here for pages."""
    open_logs = [row.content_object for row in rows.held(scope).values() if not row.content_object.is_closed]
    return rows.to_holders(scope, [log for log in open_logs if has(scope, log).unread_limits], "stafettlogg:consents")


def questions_to_answer(scope: Scope) -> list[Due]:
    """Questions a guardian or the youth has not answered: one's own alone, reminded after the municipality's days."""
    return [
        due
        for request_id, found in _by_request(waiting(scope))
        for row, user in _family(scope, found)
        for due in [
            rows.due_in_log(
                found[0].log,
                row,
                "stafettlogg:parent_log",
                key=f"request {request_id}",
                due_day=consent_rules.due_day(found[0].request, scope.today),
                remind=found[0].request.asked_at < asked_before(scope),
            )
        ]
        if user.is_active
    ]


def own_expiring(scope: Scope) -> list[Due]:
    """A guardian's or youth's own yes that runs out within 30, 14 or 3 days: a message, as there is nothing to do.

    Not of one who is asked anew, who has the question instead.
    """
    before = local_midnight(scope.until(max(consent_rules.REMINDER_DAYS_BEFORE_EXPIRY) + 2))
    given = Consent.objects.filter(
        state=ConsentState.GIVEN, expires_at__gt=scope.now, expires_at__lt=before, log__status__in=OPENED_STATUSES
    ).select_related("log__child__user", "guardian__user", "unit", "request")
    if scope.user is not None:
        given = given.filter(Q(guardian__user=scope.user) | Q(is_youth=True, log__child__user=scope.user))
    stays = [
        row for row in given if not consent_rules.ended_with_unit(row.unit, row.request.asked_at, today=scope.today)
    ]
    asked = {(row.log_id, row.unit_id, row.guardian_id, row.about) for row in waiting(scope)} if stays else set()
    stays = [row for row in stays if (row.log_id, row.unit_id, row.guardian_id, row.about) not in asked]
    found = {}
    for row, access_row, user in _readers_of(scope, stays):
        last_day = last_day_of(row.expires_at or FAR_AT)
        step = _BEFORE_EXPIRY.step(last_day, scope.today)
        if step is not None:
            found[row.log_id, user.pk, last_day] = rows.due_in_log(
                row.log,
                access_row,
                "stafettlogg:parent_log",
                key=f"own {row.log_id} {last_day} {step}",
                detail=format_long(last_day),
                status=TaskStatus.AHEAD,
            )
    return list(found.values())


def asked_before(scope: Scope) -> datetime:
    return local_midnight(scope.until(1 - scope.settings.consent_reminder_days))


def _by_request(found: Iterable[Consent]) -> list[tuple[UUID, list[Consent]]]:
    groups: dict[UUID, list[Consent]] = {}
    for row in found:
        groups.setdefault(row.request_id, []).append(row)
    return list(groups.items())


def _by_unit(found: Iterable[Consent]) -> list[Consent]:
    """Of each service the one to answer first."""
    first: dict[UUID, Consent] = {}
    for row in sorted(found, key=lambda row: row.request.last_day):
        first.setdefault(row.unit_id, row)
    return list(first.values())


def holders_of(scope: Scope, found: list[Consent]) -> list[LogAccess]:
    return rows.holding(scope, [found[0].log_id]).get(found[0].log_id, [])


def _answers_on_paper(consent: Consent) -> bool:
    if consent.guardian is None:
        return consent.log.child.user_id is None and not consent.log.child.national_id_index
    guardian = consent.guardian
    return guardian.user_id is None and not guardian.email and not guardian.national_id_index


def _of_respondents(scope: Scope, found: list[Consent], what: str) -> list[Due]:
    """One thing to do for each person asked, however many services it is about."""
    people = {(row.log_id, row.guardian_id): row for row in found}
    return [
        rows.due_in_log(
            consent.log,
            row,
            "stafettlogg:consents",
            key=f"{what} {consent.log_id} {consent.guardian_id}",
            due_day=consent_rules.due_day(consent.request, scope.today),
            detail=consent.guardian.name if consent.guardian else consent.log.child.given_name,
        )
        for consent in people.values()
        for row in holders_of(scope, [consent])
    ]


def _family(scope: Scope, found: list[Consent]) -> list[tuple[LogAccess, User]]:
    """Those who are asked in one request, each once."""
    return list({user.pk: (row, user) for _consent, row, user in _readers_of(scope, found)}.values())


def _readers_of(scope: Scope, found: list[Consent]) -> list[tuple[Consent, LogAccess, User]]:
    """(consent, row, person) for each that is a question to, or a yes of, someone who reads the log now."""
    readers = rows.readers(scope, {row.log_id for row in found})
    pairs = [(row, row.guardian.user if row.guardian else row.log.child.user) for row in found]
    return [
        (row, readers[row.log_id, user.pk], user)
        for row, user in pairs
        if user is not None and _may_be_told(user, row, scope) and (row.log_id, user.pk) in readers
    ]


def _may_be_told(user: User, row: Consent, scope: Scope) -> bool:
    """The family member behind the row has an account in use, and as a guardian still has access."""
    if not user.is_active:
        return False
    return row.guardian is None or guardian_rules.has_access(row.guardian, row.log.child, today=scope.today)
