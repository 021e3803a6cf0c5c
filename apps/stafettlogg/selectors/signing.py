"""What a leader signs without opening the log: exceptions from consent, and blocks (safety.md S4, S7, S27)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.accounts.access import units_led_by
from apps.accounts.models import Membership, User
from apps.municipality.enums import Right
from apps.stafettlogg import access
from apps.stafettlogg.enums import GUARDIAN_RELATIONS, ExceptionGround, LogStatus
from apps.stafettlogg.models import ConsentExceptionGrant, ContactAttempt, Guardian, Log
from apps.stafettlogg.rules import exceptions as rules
from apps.stafettlogg.selectors import exceptions, holders

# The ids in a unit's path are 32 letters with one between.
_STEP = 33


def log_to_sign(user: User, log_id: UUID, now: datetime) -> Log | None:
    """The log, when the user leads its holder's unit, is not its holder and is not family in it (S18); else None.

    Also a closed log: the family still reads it (S4), and protection closes it (S17).
    """
    if not user.is_employee:
        return None
    led = units_led_by(user, timezone.localdate(now)).values("pk")
    log = (
        Log.objects.filter(pk=log_id, holder__window__unit__in=led)
        .exclude(status=LogStatus.REMOVED)
        .exclude(holder__user=user)
        .select_related("child", "unit", "holder__user", "holder__membership__unit", "holder__window__unit")
        .first()
    )
    if log is None or access.is_disqualified(user, log.child):
        return None
    # From above the service nobody finds a log of the youth's own (S26).
    return log if not log.child.answers_alone or access.logs_led_by(user, now).filter(pk=log.pk).exists() else None


@dataclass(frozen=True)
class ToSign:
    """An exception that waits for a leader. `noes` are what the guardian has said no to: read, it is audited (S27).

    `others` are the leaders one of whom must sign too; `signs_from` the first day it may be signed, when that is not
    today.
    """

    grant: ConsentExceptionGrant
    noes: list[exceptions.No]
    attempts: list[ContactAttempt]
    others: list[Membership]
    signs_from: date | None

    @property
    def needs_two(self) -> bool:
        return rules.needs_two(rules.proof_of(self.grant), has_said_no=bool(self.noes))


def exceptions_to_sign(log: Log) -> list[ConsentExceptionGrant]:
    """Exceptions that wait for the leader or for another, by name; none in a closed log, where nobody is asked."""
    if log.is_closed:
        return []
    waiting = ConsentExceptionGrant.objects.filter(log=log, second_signed_at=None).filter(
        Q(signed_at=None) | Q(needs_two=True)
    )
    return list(waiting.select_related("guardian", "asked_by", "second_leader").order_by("guardian__name", "pk"))


def to_sign(log: Log, grant: ConsentExceptionGrant, *, first: User, now: datetime) -> ToSign:
    """All that the one who signs reads of an exception. Whoever shows `noes` audits it."""
    today = timezone.localdate(now)
    attempts = exceptions.attempts_of(log, grant.guardian_id)
    day = rules.may_sign_from(attempts, today=today)
    return ToSign(
        grant=grant,
        noes=exceptions.noes(log, grant.guardian_id),
        attempts=attempts if grant.ground == ExceptionGround.UNREACHABLE else [],
        others=leaders_of_other_lines(log, grant, first=first, now=now),
        signs_from=day if grant.ground == ExceptionGround.UNREACHABLE and day and day > today else None,
    )


def letters_to_send(log: Log, now: datetime) -> list[ConsentExceptionGrant]:
    """Exceptions that hold, and whose letter nobody has sent; by the name of the guardian."""
    found = ConsentExceptionGrant.objects.filter(exceptions.unsent_letter(now), log=log)
    return list(found.select_related("guardian", "signed_by", "log__child").order_by("guardian__name", "pk"))


def leaders_of_other_lines(log: Log, grant: ConsentExceptionGrant, *, first: User, now: datetime) -> list[Membership]:
    """Who may sign as the second (docs/adr/0014): the uppermost leaders of each line but the holder's, by name.

    A line is what stands right below the top of the tree, with all under it. Never one who leads the holder's unit
    also, holds the log, asked, signed first, or is family to the child (S18).
    """
    today, line = timezone.localdate(now), _line(log.holder.window.unit.path)
    indexes = holders.human_indexes([log.child_id])[log.child_id]
    passed_over = {first.pk, log.holder.user_id, grant.asked_by_id, grant.signed_by_id}
    rows = (
        Membership.objects.filter(first_day__lte=today, last_day__gte=today, user__is_active=True)
        .exclude(user__in=[pk for pk in passed_over if pk is not None])
        .exclude(user__in=holders.leaders_over(log.holder.window.unit, today=today))
        .select_related("user", "unit", "role")
        .order_by("user__name", "first_day", "pk")
    )
    by_line: dict[str, list[Membership]] = {}
    for row in rows:
        is_other = _line(row.unit.path) not in ("", line)
        if row.role.has(Right.LEADER) and is_other and row.user.national_id_index not in indexes:
            by_line.setdefault(_line(row.unit.path), []).append(row)
    uppermost = [row for found in by_line.values() for row in _uppermost(found)]
    return sorted({row.user_id: row for row in uppermost}.values(), key=lambda row: (row.user.name, str(row.pk)))


def _line(path: str) -> str:
    """The id of the line a unit is in; '' for the top of the tree."""
    return path[_STEP : _STEP + 32]


def _uppermost(places: list[Membership]) -> list[Membership]:
    top = min(len(place.unit.path) for place in places)
    return [place for place in places if len(place.unit.path) == top]


def may_sign_second(user: User, log: Log, grant: ConsentExceptionGrant, *, now: datetime) -> bool:
    """Whether this is the leader who was named, and still may."""
    if grant.second_leader_id != user.pk or grant.signed_by is None:
        return False
    places = leaders_of_other_lines(log, grant, first=grant.signed_by, now=now)
    return any(place.user_id == user.pk for place in places) and not access.is_disqualified(user, log.child)


def second_to_sign(user: User, grant_id: UUID, now: datetime) -> ConsentExceptionGrant | None:
    """The exception that waits for this leader of another line; None for everyone else, and when it waits no more."""
    grants = ConsentExceptionGrant.objects.filter(pk=grant_id, second_leader=user, second_signed_at=None)
    grant = grants.select_related(
        "guardian", "asked_by", "signed_by", "log__child", "log__unit", "log__holder__user", "log__holder__window__unit"
    ).first()
    if grant is None or grant.is_over(now) or grant.log.status not in (LogStatus.REQUESTED, LogStatus.ACTIVE):
        return None
    return grant if may_sign_second(user, grant.log, grant, now=now) else None


def guardians_to_block(log: Log) -> list[Guardian]:
    """Every guardian of the child, by name: names and responsibility only."""
    return list(Guardian.objects.filter(child_id=log.child_id, relation__in=GUARDIAN_RELATIONS).order_by("name", "pk"))
