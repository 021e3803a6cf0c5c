"""Who sees which log. One row is both grant and relation; every read of logs starts from `visible_logs`.

The clock is read here alone, so rights end at their instant without any job. What every page asks is a compiled
statement over the same querysets (`core.statements`): asked anew each time, and written once."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.access import leads_unit, places_led_by, units_of_leader
from apps.accounts.models import Membership, User
from apps.core.errors import AccessDenied
from apps.core.models import TrackedQuerySet
from apps.core.statements import Statement, statement
from apps.stafettlogg import rules
from apps.stafettlogg.enums import (
    FAMILY_KINDS,
    HOLDING_KINDS,
    AccessKind,
    Action,
    ConsentScope,
    DeputyState,
    HandoverState,
    InvitationState,
    LogStatus,
    WindowBasis,
)
from apps.stafettlogg.models import Child, ConsentWindow, Deputy, Guardian, Handover, Invitation, Log, LogAccess


def _seeing(user, now: datetime | None) -> tuple[UUID, datetime, date] | None:
    """Who looks, at which instant, on which local day: what all below is asked with. None for who may see nothing."""
    if not user.is_authenticated or not user.is_active:
        return None
    now = now or timezone.now()
    return user.pk, now, timezone.localdate(now)


def _rows_at(user_id, now, today):
    """Access rows that hold at this instant: one flat query (docs/adr/0002). Row current ∧ (no window, or window
    open) ∧ (no membership, or membership current). Before and after consent only holder and deputy stand in the
    window; the shell is there from the instant a consent runs out."""
    return _with_basis(LogAccess.objects.all(), now).filter(*_holds_at(now, today), user=user_id)


def logs_at(
    user_id: UUID, now: datetime, today: date, kinds: Collection[str] = (), *, whole: bool = False
) -> TrackedQuerySet[Log]:
    """`visible_logs` of an active user, for statements: ask them by `ask`. With `kinds`, by rows of these alone; with
    `whole`, those of which the user reads everything (docs/adr/0016)."""
    rows = _rows_at(user_id, now, today).filter(**{"kind__in": kinds} if kinds else {})
    rows = rows.exclude(window__scope=ConsentScope.MEASURES) if whole else rows
    return Log.objects.filter(pk__in=rows.values("content_object")).exclude(status=LogStatus.REMOVED)


def ask(of: Statement, user: User | AnonymousUser, now: datetime | None, *values: Any) -> list:
    """The rows of a statement whose first values are those of `logs_at`; none for anonymous and inactive users."""
    seen = _seeing(user, now)
    return [] if seen is None else of.rows(*seen, *values)


def _holds_at(now, today):
    ends_later = Q(window__valid_until__gt=now)
    return (
        Q(window__isnull=True)
        | Q(window__valid_from__lte=now)
        & (
            Q(window__basis=WindowBasis.CONSENT) & ends_later
            | Q(kind__in=HOLDING_KINDS) & (ends_later | Q(window__shell_until__gt=now))
        ),
        Q(membership__isnull=True) | Q(membership__first_day__lte=today, membership__last_day__gte=today),
        Q(starts_at__lte=now, ends_at__gt=now),
    )


def _with_basis(rows: TrackedQuerySet[LogAccess], now: datetime) -> TrackedQuerySet[LogAccess]:
    return rows.annotate(basis_now=_basis_at(now))  # type: ignore[no-redef]  # LogAccess declares it for its readers


def _basis_at(now):
    """What a row's window is at this instant: a consent that has run out is the shell, written or not (S11)."""
    ran_out = When(window__basis=WindowBasis.CONSENT, window__valid_until__lte=now, then=Value(WindowBasis.CLOSING))
    return Case(ran_out, default=F("window__basis"))


def stands_at(now: datetime) -> Q:
    """Windows the stafettpinne may lie in at this instant: open on whatever basis, or the shell of the holder's own."""
    has_shell = Q(shell_until__gt=now, log__holder__window=F("pk"))
    return Q(valid_from__lte=now) & (Q(valid_until__gt=now) | has_shell)


def current_rows_in(log_ids: Iterable[UUID] | QuerySet, now: datetime | None = None) -> TrackedQuerySet[LogAccess]:
    """Everyone's rows that hold at this instant in these logs: who is in them, and who may be reminded of them. Never a
    foster parent's, whom `selectors.foster` knows alone: nothing that lists or tells can show her to a parent (S36)."""
    now = now or timezone.now()
    return _everyones_rows_at(now, timezone.localdate(now), log_ids)


def _everyones_rows_at(now, today, log_ids):
    rows = LogAccess.objects.filter(*_holds_at(now, today), content_object__in=log_ids, user__is_active=True)
    rows = rows.exclude(kind=AccessKind.FOSTER)
    return _with_basis(rows, now).select_related("user", "membership__unit", "membership__role", "window")


@statement
def _everyone_in(log_id, now, today):
    return _everyones_rows_at(now, today, [log_id]).order_by("starts_at", "pk")


def everyone_in(log_id: UUID, now: datetime | None = None) -> list[LogAccess]:
    """`current_rows_in` one log, the oldest first."""
    now = now or timezone.now()
    return _everyone_in.rows(log_id, now, timezone.localdate(now))


def own_rows(user: User, now: datetime | None = None, log_id: UUID | None = None) -> list[LogAccess]:
    """The user's current rows in `visible_logs` (or in one of them), the oldest first; each with log, child, window."""
    return ask(_own_rows, user, now, log_id)


@statement
def _own_rows(user, now, today, log_id):
    rows = _rows_at(user, now, today).exclude(content_object__status=LogStatus.REMOVED)
    if log_id is not None:
        rows = rows.filter(content_object=log_id)
    return rows.select_related("content_object__child", "window").order_by("starts_at", "pk")


def visible_logs(user: User | AnonymousUser, now: datetime | None = None) -> TrackedQuerySet[Log]:
    """The logs this user may open right now. Removed requests are nobody's; anonymous and inactive users get none."""
    seen = _seeing(user, now)
    return Log.objects.none() if seen is None else logs_at(*seen)


@statement
def _visible_log(user, now, today, log_id):
    return logs_at(user, now, today).filter(pk=log_id).select_related("child")


def visible_log(user: User | AnonymousUser, log_id: UUID, now: datetime | None = None) -> Log | None:
    """The one of `visible_logs` with this id, with its child; None when it is not among them."""
    return next(iter(ask(_visible_log, user, now, log_id)), None)


def held_logs(user: User | AnonymousUser, now: datetime | None = None) -> QuerySet[LogAccess, dict[str, Any]]:
    """Ids of the logs the user holds, or is deputy for, right now; a queryset."""
    return held_at(*(_seeing(user, now) or (None, timezone.now(), timezone.localdate())))  # nobody has rows


def held_at(user_id: UUID, now: datetime, today: date) -> QuerySet[LogAccess, dict[str, Any]]:
    """`held_logs` of an active user, for statements."""
    return _rows_at(user_id, now, today).filter(kind__in=HOLDING_KINDS).values("content_object")


def holds_now(user: User, log_id: UUID, now: datetime | None = None) -> bool:
    """Whether the user is the holder of this log right now; a deputy is not."""
    return any(kind == AccessKind.HOLDER for kind, *_way in ask(_kinds_in, user, now, log_id))


def rows_in(user: User, log: Log, now: datetime | None = None) -> list[LogAccess]:
    """The user's current rows in this log, the strongest first, with membership, unit, role and window."""
    rows = ask(_rows_in, user, now, log.pk)
    for row in rows:
        row.user = user
    return _strongest_first(rows)


@statement
def _rows_in(user, now, today, log_id):
    rows = _rows_at(user, now, today).filter(content_object=log_id)
    return rows.select_related("membership__unit", "membership__role", "window")


def rows_of(user: User, rows: Iterable[LogAccess]) -> list[LogAccess]:
    """The user's among these rows of one log, as `current_rows_in` has just read them; the strongest first."""
    return _strongest_first(row for row in rows if row.user_id == user.pk)


def _strongest_first(rows) -> list[LogAccess]:
    return sorted(rows, key=rules.strength, reverse=True)


def row_for(user: User, log: Log, now: datetime | None = None) -> LogAccess | None:
    """The user's strongest current row in this log; None when not visible."""
    return next(iter(rows_in(user, log, now)), None)


def rows_for(
    user: User, log_ids: Collection[UUID], now: datetime | None = None, places: Iterable[Membership] = ()
) -> dict[UUID, LogAccess]:
    """The user's strongest current row by log id, for lists. The user's few workplaces are read apart: one query more,
    unless they are among the `places` in hand."""
    strongest: dict[UUID, LogAccess] = {}
    for row in sorted(ask(_rows_for, user, now, log_ids), key=rules.strength):
        strongest[row.content_object_id] = row
    _give_places(strongest.values(), places)
    return strongest


@statement
def _rows_for(user, now, today, log_ids):
    return _rows_at(user, now, today).filter(content_object__in=log_ids).select_related("window")


def _give_places(rows: Collection[LogAccess], places: Iterable[Membership]) -> None:
    known: dict = {place.pk: place for place in places}
    missing = {row.membership_id for row in rows} - {None, *known}
    if missing:
        known |= Membership.objects.select_related("unit", "role").in_bulk(missing)
    for row in rows:
        row.membership = known.get(row.membership_id)


def can(user: User, log: Log, action: Action, now: datetime | None = None) -> bool:
    """Whether a current row of the user in this log allows the action; a guardian's after the birth date alone (S8)."""
    return _allow(ask(_kinds_in, user, now, log.pk), user, log, action)


@statement
def _kinds_in(user, now, today, log_id):
    return _rows_at(user, now, today).filter(content_object=log_id).values_list("kind", "basis_now", "window__scope")


def _allow(ways, user, log, action: Action) -> bool:
    """The one verdict over what the user's rows in this log allow, however they were read."""
    kinds = {kind for kind, *way in ways if action in rules.may(kind, *way)}
    return bool(kinds) and not (kinds <= {AccessKind.GUARDIAN, AccessKind.FOSTER} and lacks_birth_date(user, log.pk))


def lacks_birth_date(user: User, log_id: UUID) -> bool:
    """Whether the user is a guardian here who has not given the child's birth date yet (safety.md S8)."""
    return _without_birth_date.exists(user.pk, log_id)


@statement
def _without_birth_date(user, log_id):
    return Guardian.objects.filter(
        user=user, child__logs=log_id, birth_date_confirmed_at=None, child__birth_date__isnull=False
    )


def check_birth_date_given(user: User, log_id: UUID) -> None:
    """Raise `AccessDenied` until the guardian has given the child's birth date (S8)."""
    if lacks_birth_date(user, log_id):
        raise AccessDenied(_("Skriv barnets fødselsdato først."))


def check_can(user: User, log: Log, action: Action, now: datetime | None = None) -> None:
    """Raise `AccessDenied` unless a current row of the user in this log allows the action."""
    _check(can(user, log, action, now))


def check_allowed(rows: Iterable, user: User, log: Log, action: Action) -> None:
    """`check_can` over the user's rows in this log that `rows_in` or `rows_of` has just given."""
    _check(_allow([(row.kind, row.basis_now, rules.scope_of(row)) for row in rows], user, log, action))


def _check(is_allowed: bool) -> None:
    if not is_allowed:
        raise AccessDenied(_("Du har ikke tilgang til å gjøre dette i stafettloggen."))


def is_family(row: LogAccess | None) -> bool:
    return row is not None and row.kind in FAMILY_KINDS


def is_youth(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """The user reads a log as the young person it is about."""
    return bool(ask(_rows_as_youth, user, now))


@statement
def _rows_as_youth(user, now, today):
    return _rows_at(user, now, today).filter(kind=AccessKind.YOUTH).values_list("pk")[:1]


def is_holding(row: LogAccess | None) -> bool:
    return row is not None and row.kind in HOLDING_KINDS


def sees_content(row: LogAccess) -> bool:
    """Whether the row shows more than the request or the shell: only a window by consent does (safety.md S5, S11).

    The row is one of those read here, which know what they are at the instant they were read.
    """
    return row.basis_now in (None, WindowBasis.CONSENT)


def led_rows(user: User, now: datetime | None = None) -> TrackedQuerySet[LogAccess]:
    """Rows that make a log the user's to lead: its holder, or a participant by consent, works in a unit the user leads.

    A participant's row counts while the unit's consent stands (S11); a youth's own log is not led from above (S26).
    """
    now = now or timezone.now()
    places = places_led_by(user, timezone.localdate(now))
    by_consent = Q(window__basis=WindowBasis.CONSENT, window__valid_from__lte=now, window__valid_until__gt=now)
    rows = LogAccess.objects.filter(
        Q(kind=AccessKind.HOLDER) | Q(kind=AccessKind.PARTICIPANT) & by_consent,
        starts_at__lte=now,
        ends_at__gt=now,
        membership__unit__in=units_of_leader(places).values("pk"),
    )
    there = Q(membership__unit__in=[place.unit_id for place in places])
    return _with_basis(rows.filter(there | Q(content_object__child__answers_alone=False)), now)


def logs_led_by(user: User, now: datetime | None = None) -> TrackedQuerySet[Log]:
    """Logs held or joined by the units the user leads: for metadata only (first name, holder, dates, status).

    Never a log where the leader is a guardian (S18), never a removed request. Content needs a `leader` row.
    """
    logs = Log.objects.filter(pk__in=led_rows(user, now).values("content_object")).exclude(status=LogStatus.REMOVED)
    return logs.exclude(child__in=own_children(user))


def led_window(user: User, log: Log, now: datetime | None = None) -> ConsentWindow | None:
    """The window by consent through which a leader may read the log, the widest first; None when none is open."""
    now = now or timezone.now()
    rows = led_rows(user, now).filter(content_object=log).select_related("window__unit")
    windows = [row.window for row in _strongest_first(rows)]
    return next((w for w in windows if w.basis == WindowBasis.CONSENT and w.is_open(now)), None)


def check_leads_holder(user: User, log: Log, today: date | None = None) -> None:
    """Raise `AccessDenied` unless the user leads the unit the stafettpinne is in and is no guardian here (S18)."""
    child, unit_id = log.child, log.holder.window.unit_id
    if not leads_unit(user, unit_id, child.answers_alone, today) or is_disqualified(user, child):
        raise AccessDenied(_("Bare lederen for stafettholderens tjeneste kan gjøre dette."))


def invitations_for(user: User | AnonymousUser, now: datetime | None = None) -> TrackedQuerySet[Invitation]:
    """Invitations the user may answer while the consent stands: by name, or to a unit the user leads (S11, S18)."""
    return _asked(Invitation, user, now, unit="unit", leader=Q()).filter(state=InvitationState.INVITED)


def handovers_for(user: User | AnonymousUser, now: datetime | None = None) -> TrackedQuerySet[Handover]:
    """Offers the user may answer, not lapsed: by name, or to a unit the user leads where nobody is named yet."""
    now = now or timezone.now()
    offers = _asked(Handover, user, now, unit="to_unit", leader=Q(to_membership=None))
    return offers.filter(state=HandoverState.OFFERED, expires_at__gt=now)


def deputies_for(user: User | AnonymousUser, now: datetime | None = None) -> TrackedQuerySet[Deputy]:
    """Appointments as deputy that wait for this user's answer."""
    if not user.is_authenticated or not user.is_active:
        return Deputy.objects.none()
    today = timezone.localdate(now or timezone.now())
    return Deputy.objects.filter(
        state=DeputyState.OFFERED,
        membership__user=user,
        membership__first_day__lte=today,
        membership__last_day__gte=today,
        last_day__gte=today,
        log__status=LogStatus.ACTIVE,
    ).exclude(log__child__in=own_children(user))


def _asked(model, user, now, *, unit, leader):
    """Rows of `model` that ask the user by name, or (with `leader`) a unit the user leads; in active logs."""
    if not user.is_authenticated or not user.is_active:
        return model.objects.none()
    now = now or timezone.now()
    today = timezone.localdate(now)
    by_name = Q(to_membership__user=user, to_membership__first_day__lte=today, to_membership__last_day__gte=today)
    places = places_led_by(user, today)
    there = Q(**{f"{unit}__in": [place.unit_id for place in places]}) | Q(log__child__answers_alone=False)  # (S26)
    by_unit = leader & there & Q(**{f"{unit}__in": units_of_leader(places).values("pk")})
    shared = ConsentWindow.objects.filter(stands_at(now), log=OuterRef("log"), unit=OuterRef(unit))
    return model.objects.filter(by_name | by_unit, Exists(shared), log__status=LogStatus.ACTIVE).exclude(
        log__child__in=own_children(user)
    )


def own_children(user: User | AnonymousUser) -> QuerySet[Child, Any]:
    """Children the employee is a guardian of, or is, as one and the same human; found by blind index (S18)."""
    if not user.is_authenticated or not user.national_id_index:
        return Child.objects.none().values("pk")
    return Child.objects.filter(
        Q(guardians__national_id_index=user.national_id_index) | Q(national_id_index=user.national_id_index)
    ).values("pk")


def is_disqualified(user: User, child: Child) -> bool:
    """Whether the user is a guardian of this child, or the child: such a person has no role in the log (S18)."""
    return bool(user.national_id_index) and (
        child.national_id_index == user.national_id_index
        or child.guardians.filter(national_id_index=user.national_id_index).exists()
    )


def check_not_disqualified(user: User, child: Child) -> None:
    """Raise `AccessDenied` when the person is a guardian in the log (habilitet, safety.md S18)."""
    if is_disqualified(user, child):
        raise AccessDenied(_("Personen er foresatt i denne saken og kan ikke ha en rolle i den."))
