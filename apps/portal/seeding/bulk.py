"""A municipality of any size, written in bulk. The same arguments give the same municipality (no chance involved)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from uuid import UUID, uuid5

from django.db import transaction

from apps.accounts.enums import UserKind
from apps.accounts.models import Membership, User
from apps.audit.enums import Ground
from apps.core.dates import FAR_AT, local_day, local_midnight
from apps.core.history import bulk_load
from apps.core.text import casefold
from apps.core.written import folded
from apps.municipality.enums import UnitKind
from apps.municipality.models import Role, Unit
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import (
    AccessKind,
    Audience,
    CheckedHow,
    ConsentState,
    EventKind,
    LogStatus,
    MeasureStatus,
    Place,
    Relation,
    Responsibility,
    Route,
    WindowBasis,
)
from apps.stafettlogg.models import (
    Child,
    Consent,
    ConsentAnswer,
    ConsentRequest,
    ConsentText,
    ConsentWindow,
    Goal,
    Guardian,
    Log,
    LogAccess,
    LogEvent,
    Measure,
    Message,
)
from apps.stafettlogg.selectors.consents import current_text
from apps.stafettlogg.services.access import see_log_permission

NAMESPACE = UUID("5e1f5a5c-7d1e-4c0a-9f58-0f6a4c0b7a11")
GIVEN = ["Emil", "Nora", "Jakob", "Sofie", "Oskar", "Ella", "Filip", "Maja", "Iver", "Signe", "Aksel", "Frida", "Odin"]
FAMILY = ["Berg", "Haugen", "Lie", "Moen", "Dahl", "Strand", "Solberg", "Lunde", "Aas", "Vik", "Foss", "Holm"]
CHUNK = 500
MESSAGES, MEASURES = 6, 3


@dataclass(frozen=True)
class Size:
    logs: int = 0
    units: int = 0
    staff: int = 0


def uuid_for(*parts) -> UUID:
    """The same parts give the same id, so a municipality can be made again."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in parts))


@transaction.atomic
def grow(size: Size, *, now: datetime) -> None:
    """Add units, employees and logs up to this size. What an earlier call made is left as it is."""
    units = _units(size.units)
    staff = _staff(size.staff, units)
    make_logs(size.logs, staff=staff, now=now)


def _units(count: int) -> list[Unit]:
    top = Unit.objects.get(kind=UnitKind.MUNICIPALITY)
    kinds = cycle([UnitKind.KINDERGARTEN, UnitKind.SCHOOL, UnitKind.HEALTH_STATION, UnitKind.PPT])
    made = []
    for number, kind in enumerate(islice(kinds, count)):
        unit = Unit.objects.filter(pk=uuid_for("unit", number)).first() or Unit(
            id=uuid_for("unit", number), parent=top, kind=kind, name=f"Enhet {number + 1}"
        )
        if unit._state.adding:
            unit.switched_on_day = date(2024, 8, 1)
            unit.save()
        made.append(unit)
    return made


def _staff(count: int, units: list[Unit]) -> list[Membership]:
    """Employees spread over the units; they have no password, so nobody signs in as them."""
    if count and not units:
        raise ValueError("Give --units as well: the employees need somewhere to work.")
    role = Role.objects.get(key="ansatt")
    users, places = [], []
    for number in range(count):
        name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"
        user = User(
            id=uuid_for("staff", number),
            email=f"ansatt{number + 1}@solvik.example",
            name=name,
            kind=UserKind.EMPLOYEE,
            password="!",  # noqa: S106 -- an unusable password
        )
        users.append(user)
        places.append(
            Membership(
                id=uuid_for("place", number),
                user_id=user.pk,
                unit_id=units[number % len(units)].pk,
                role=role,
                title="Ansatt",
                first_day=date(2024, 8, 1),
            )
        )
    with bulk_load():
        User.objects.bulk_create(users, ignore_conflicts=True, batch_size=CHUNK)
        Membership.objects.bulk_create(places, ignore_conflicts=True, batch_size=CHUNK)
    return places


def make_logs(count: int, *, staff: list[Membership], now: datetime, first: int = 0) -> None:
    """`count` active logs of ten entries each (6 messages, 3 measures, 1 goal), held by the staff in turn.

    `first` is the number of the first log. Already made numbers are skipped, so a call may be repeated.
    """
    if count and not staff:
        raise ValueError("Give --staff as well: every log needs a stafettholder.")
    known = set(
        Log.objects.filter(pk__in=[uuid_for("log", n) for n in range(first, first + count)]).values_list(
            "pk", flat=True
        )
    )
    numbers = [n for n in range(first, first + count) if uuid_for("log", n) not in known]
    permission, text, lowest = see_log_permission(), current_text(now), settings_row().log_from_level
    assert text is not None  # the demo has loaded what a municipality starts from
    for start in range(0, len(numbers), CHUNK):
        rows = _Rows()
        for number in numbers[start : start + CHUNK]:
            level = lowest + number % (4 - lowest)
            _log(rows, number, staff[number % len(staff)], level=level, permission=permission, text=text, now=now)
        rows.write()


class _Rows:
    """Rows of one chunk, in the order their foreign keys allow."""

    def __init__(self):
        people, sharing = (Child, Guardian, Log), (ConsentRequest, ConsentAnswer, Consent, ConsentWindow, LogAccess)
        self.by_model: dict = {model: [] for model in (*people, *sharing, Goal, Measure, Message, LogEvent)}

    def add(self, row):
        self.by_model[type(row)].append(row)

    def write(self) -> None:
        """All in one transaction: a log points to its holder's row, which is written after it."""
        with transaction.atomic(), bulk_load():
            for model, rows in self.by_model.items():
                model.objects.bulk_create(rows, batch_size=CHUNK)


def _log(
    rows: _Rows, number: int, place: Membership, *, level: int, permission: int, text: ConsentText, now: datetime
) -> None:
    today = local_day(now)
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    opened_at = now - timedelta(days=30 + number % 200)
    child = Child(
        id=uuid_for("child", number),
        given_name=given,
        family_name=family,
        search_name=casefold(f"{given} {family}"),
        folded_name=folded(f"{given} {family}"),
        # No child so old that the child must answer too while the consents last.
        birth_date=date(today.year - 2 - number % 11, 1 + number % 12, 1 + number % 28),
    )
    log = Log(
        id=uuid_for("log", number),
        child=child,
        unit_id=place.unit_id,
        status=LogStatus.ACTIVE,
        holder_id=uuid_for("row", number),
        level=level,
        requested_by_id=place.user_id,
        requested_at=opened_at - timedelta(days=3),
        request_last_day=today,
        reason="Vi er blitt enige om å prøve noe sammen.",
        opened_at=opened_at,
        evaluation_due_day=today + timedelta(days=1 + number % 60),
    )
    window = ConsentWindow(
        id=uuid_for("window", number),
        log=log,
        unit_id=place.unit_id,
        basis=WindowBasis.CONSENT,
        valid_from=opened_at,
        valid_until=local_midnight(today + timedelta(days=365)),
        shell_until=local_midnight(today + timedelta(days=365 + 31)),
    )
    for row in (child, log, window):
        rows.add(row)
    _guardians(rows, number, log, window, text)
    rows.add(
        LogAccess(
            id=log.holder_id,
            content_object=log,
            user_id=place.user_id,
            permission_id=permission,
            kind=AccessKind.HOLDER,
            membership_id=place.pk,
            window=window,
            ground=Ground.NONE,
            starts_at=opened_at,
            ends_at=FAR_AT,
        )
    )
    _entries(rows, number, log, place.user_id, opened_at=opened_at, now=now)


def _guardians(rows: _Rows, number: int, log: Log, window: ConsentWindow, text: ConsentText) -> None:
    """Two guardians, who were asked and said yes on paper before the log was opened."""
    asked = ConsentRequest(
        id=uuid_for("request", number),
        log=log,
        asked_by_id=log.requested_by_id,
        asked_at=log.requested_at,
        answer_day=log.request_last_day,
        last_day=log.request_last_day,
        text=text,
    )
    rows.add(asked)
    for place, relation in enumerate((Relation.MOTHER, Relation.FATHER)):
        guardian = Guardian(
            id=uuid_for("guardian", number, relation),
            child=log.child,
            name=f"{relation.label} {log.child.family_name}",
            relation=relation,
            responsibility=Responsibility.CONFIRMED,
            checked_how=CheckedHow.REGISTER,
            checked_by_id=log.requested_by_id,
            checked_at=log.requested_at,
        )
        answer = ConsentAnswer(
            id=uuid_for("answer", number, relation),
            request=asked,
            guardian=guardian,
            route=Route.PAPER,
            answered_at=window.valid_from,
            recorded_by_id=log.requested_by_id,
            reference=f"D{number}-{place}",
        )
        consent = Consent(
            id=uuid_for("consent", number, relation),
            request=asked,
            log=log,
            unit_id=window.unit_id,
            guardian=guardian,
            state=ConsentState.GIVEN,
            answer=answer,
            answered_at=window.valid_from,
            expires_at=window.valid_until,
        )
        for row in (guardian, answer, consent):
            rows.add(row)


def _entries(rows: _Rows, number: int, log: Log, user_id: UUID, *, opened_at: datetime, now: datetime) -> None:
    goal = Goal(
        id=uuid_for("goal", number),
        log=log,
        title="Barnet har noen å være sammen med hver dag",
        created_by_id=user_id,
        created_at=opened_at,
    )
    rows.add(goal)
    for place in range(MEASURES):
        rows.add(
            Measure(
                id=uuid_for("measure", number, place),
                goal=goal,
                log=log,
                title="Læreren starter en aktivitet i friminuttet",
                place=Place.SERVICE,
                responsible_id=user_id,
                due_day=local_day(now) + timedelta(days=place * 10 + number % 20 + 1),
                status=MeasureStatus.ONGOING,
                order=place,
                created_by_id=user_id,
                created_at=opened_at,
            )
        )
    for place in range(MESSAGES):
        at = opened_at + timedelta(days=place + 1)
        message = Message(
            id=uuid_for("message", number, place),
            log=log,
            author_id=user_id,
            audience=Audience.ALL,
            text="Det gikk fint i dag. Vi fortsetter som avtalt.",
            written_at=at,
        )
        rows.add(message)
        rows.add(LogEvent(log=log, kind=EventKind.MESSAGE, at=at, actor_id=user_id, object_id=message.pk))
