from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextChoices
from django.urls import NoReverseMatch, reverse

from apps.accounts.models import Membership, User
from apps.accounts.selectors import NewPlace, places_given
from apps.audit import loaded
from apps.audit.services import Read
from apps.core.addresses import address
from apps.core.dates import local_day
from apps.core.statements import statement
from apps.notifications import kinds, rules
from apps.notifications.enums import DeliveryState, EmailPreference, Group, TaskStatus
from apps.notifications.kinds import Due, TaskKind
from apps.notifications.models import Delivery, Notice, Preference
from apps.notifications.scope import Scope

PAGE = 50


@dataclass(frozen=True)
class Task:
    """One line of components/tasks.html. `read` is what the page must write in the read audit before it shows it."""

    is_done, done_day = False, None

    code: str
    title: str
    text: str
    icon: str
    url: str
    due_day: date | None
    status: str
    read: Read | None
    draft: str = ""

    @property
    def is_turn(self) -> bool:
        return self.status == TaskStatus.MINE


@dataclass(frozen=True)
class TaskList:
    """`now` is what the person must do, the most urgent first; `later` what waits for others or goes on.

    `elsewhere`: how many of the first wait in the person's other places. `more`: how many of the later are left out.
    """

    now: list[Task]
    later: list[Task]
    elsewhere: int = 0
    more: int = 0

    @property
    def reads(self) -> list[Read]:
        return [task.read for task in (*self.now, *self.later) if task.read is not None]

    @property
    def all(self) -> list[Task]:
        return [*self.now, *self.later]


def tasks_in(
    scope: Scope,
    *,
    place: Membership | None = None,
    concerns: str = "",
    shown: Callable[[Due], bool] | None = None,
    most_later: int | None = None,
) -> TaskList:
    """What the user of the scope must do: everything, or (`concerns`) the kinds of leaders alone.

    `place` is the one of several places that the page is seen from; `shown` leaves out what the page may not show;
    `most_later` is how many are given, the first, of what waits for others or goes on: the rest is counted. The number
    of queries does not depend on how much is found. The caller writes `reads` in the read audit. With a log the words
    are those of the log's own page.
    """
    with loaded.apart():
        found = due_in(scope, concerns=concerns)
        found = [due for due in found if shown is None or shown(due)]
        kinds_of_due: list[type[Due]] = list(dict.fromkeys(type(due) for due in found))
        for kind in kinds_of_due:
            kind.tell_apart([due for due in found if type(due) is kind], scope)
        here = [due for due in found if place is None or due.is_seen_from(place)]
        calls = [due for due in here if due.status == TaskStatus.MINE]
        others = [due for due in here if due.status != TaskStatus.MINE]
        now = _in_order(calls, is_here=scope.log is not None)
        later = _in_order(others, is_here=scope.log is not None, most=most_later)
    for task in (*now, *later):
        if task.read is not None:
            loaded.note(task.read.child_id)
    elsewhere = sum(due.status == TaskStatus.MINE for due in found) - len(now)
    return TaskList(now, later, elsewhere=elsewhere, more=len(others) - len(later))


def tasks_for(user: User, now: datetime, *, concerns: str = "") -> list[Task]:
    """What this person must do now, the most urgent first."""
    return tasks_in(Scope(now, user), concerns=concerns).now


def reminders_due(now: datetime) -> list[Due]:
    """Everything somebody is to be reminded of now. The number of queries does not depend on how much it is."""
    return [due for due in due_in(Scope(now)) if due.remind]


def due_in(scope: Scope, *, concerns: str = "") -> list[Due]:
    """Everything there is to do in this scope, each thing once for a person. A kind one cannot have is not asked."""
    asked = [kind for kind in kinds.task_kinds() if _is_asked(kind, scope, concerns)]
    found = (due.of(kind, scope.today) for kind in asked for due in kind.selector(scope))
    return list({(due.recipient.pk, due.code, due.key): due for due in found}.values())


def _is_asked(kind: TaskKind, scope: Scope, concerns: str) -> bool:
    if scope.user is None:
        return kind.reminds
    return concerns in kind.concerns if concerns else bool(kind.concerns & scope.concerns)


def _in_order(found: Iterable[Due], *, is_here: bool, most: int | None = None) -> list[Task]:
    """By day, kind and title. Only what may be among the first `most` is put into words."""
    turns = sorted(((*_turn(due), due) for due in found), key=lambda turn: turn[:2])
    if most is not None and len(turns) > most:
        turns = [turn for turn in turns if turn[:2] <= turns[most - 1][:2]] if most else []
    tasks = [(day, code, _task(due, is_here=is_here)) for day, code, due in turns]
    return [task for *_turn, task in sorted(tasks, key=lambda turn: (*turn[:2], turn[2].title))][:most]


def _turn(due: Due) -> tuple[date, str]:
    return due.due_day or due.since_day or date.max, due.code


def _task(due: Due, *, is_here: bool) -> Task:
    words = due.kind.words_here or due.kind.words if is_here else due.kind.words
    values = due.values()
    return Task(
        code=due.code,
        title=str(words.title) % values,
        text=str(words.help) % values,
        icon=words.icon,
        url=due.url or (address(due.url_name, due.object_id) if due.object_id else reverse(due.url_name)),
        due_day=due.due_day,
        status=due.status,
        read=due.read(),
        draft=due.draft,
    )


@dataclass(frozen=True)
class NoticeLine:
    """A notice as the page shows it: finished answers only. `name` is whom it is about, where the reader may know."""

    notice: Notice
    title: str
    group: str
    emailed_at: datetime | None
    name: str = ""


def notices_for(user: User, *, group: str | None = None, read: bool = False) -> list[NoticeLine]:
    """The person's newest notices (at most 50), with when each was mailed; `read`: those read or done. Two queries.

    Those of one instant stand by due day, kind and occasion: the same order each time, whatever their random ids.
    """
    earlier = Q(read_at__isnull=False) | Q(done_at__isnull=False)
    rows = Notice.objects.filter(earlier if read else ~earlier, recipient=user, retracted_at=None).order_by(
        "-created_at", F("due_day").asc(nulls_last=True), "kind", "key"
    )[:PAGE]
    lines = [_line(notice) for notice in rows.select_related("delivery")]
    return [line for line in lines if line is not None and group in (None, line.group)]


def about(lines: Iterable[NoticeLine]) -> set[UUID]:
    """The objects these notices are about."""
    return {line.notice.object_id for line in lines if line.notice.object_id is not None}


def with_names(lines: Iterable[NoticeLine], names: Mapping[UUID, str]) -> list[NoticeLine]:
    """The same lines, each with the name of its object."""
    return [replace(line, name=names.get(line.notice.object_id, "") if line.notice.object_id else "") for line in lines]


def address_of(notice: Notice) -> str:
    """Where the notice leads; "" when there is no such page any more."""
    try:
        return reverse(notice.url_name, args=[notice.object_id] if notice.object_id else [])
    except NoReverseMatch:
        return ""


def unread_count(user: User) -> int:
    """How many unread notices are of something to do: the number beside the bell. A message asks for nothing."""
    return _unread.count(user.pk, kinds.message_codes())


@statement
def _unread(user_id: UUID, messages: list[str]) -> QuerySet[Notice]:
    waiting = Notice.objects.filter(recipient=user_id, read_at=None, done_at=None, retracted_at=None)
    return waiting.exclude(kind__in=messages)


def email_preference(user: User) -> str:
    row = Preference.objects.filter(user=user).first()
    return row.email if row else EmailPreference.EACH


def waiting_for_letter() -> QuerySet[Notice]:
    """Unread notices of people who have chosen letters, the oldest first."""
    rows = Notice.objects.filter(read_at=None, done_at=None, retracted_at=None)
    return rows.filter(recipient__notice_preference__email=EmailPreference.LETTER).order_by("created_at", "pk")


def waiting_tasks(*, limit: int) -> list[Notice]:
    """Unread notices of something to do, not reminders: some of them may be done by now.

    First those never asked about, then those asked about longest ago: whatever waits, each has its turn.
    """
    codes = [kind.code for kind in kinds.all_kinds() if kind.group == Group.TASK and not kind.is_reminder]
    rows = Notice.objects.filter(kind__in=codes, read_at=None, done_at=None, retracted_at=None)
    turn = F("checked_at").asc(nulls_first=True)
    return list(rows.select_related("recipient").order_by(turn, "-created_at", "pk")[:limit])


def waiting_reminders() -> list[Notice]:
    """Unread reminders of things to do."""
    reminders = [kind.code for kind in kinds.task_kinds() if kind.reminds]
    return list(Notice.objects.filter(kind__in=reminders, read_at=None, done_at=None, retracted_at=None))


def due_deliveries(*, now: datetime, limit: int = 200) -> list[int]:
    """Ids of e-mails to send now: waiting ones whose time has come, and leases that ran out."""
    waiting = Q(state=DeliveryState.PENDING, next_at__lte=now)
    left_behind = Q(state=DeliveryState.SENDING, lease_until__lt=now)
    rows = Delivery.objects.filter(waiting | left_behind).order_by("next_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def undelivered(limit: int = 100) -> list[Delivery]:
    """E-mails that were given up or have failed at least once, newest first, for the coordinator."""
    failed = Q(state=DeliveryState.FAILED) | Q(attempts__gt=0, state=DeliveryState.PENDING)
    return list(Delivery.objects.filter(failed).select_related("recipient").order_by("-next_at", "-pk")[:limit])


def waiting_deliveries() -> int:
    """How many e-mails are to be sent, now or later."""
    return Delivery.objects.filter(state__in=[DeliveryState.PENDING, DeliveryState.SENDING]).count()


def late_deliveries(now: datetime) -> int:
    """How many e-mails nobody has tried to send though their time has come: then nothing is sent at all."""
    waiting = Q(state=DeliveryState.PENDING, attempts=0, next_at__lte=now - rules.LATE)
    left_behind = Q(state=DeliveryState.SENDING, lease_until__lte=now - rules.LATE)
    return Delivery.objects.filter(waiting | left_behind).count()


def _line(notice: Notice) -> NoticeLine | None:
    kind = kinds.get(notice.kind)
    if kind is None:
        return None
    delivery = getattr(notice, "delivery", None)
    return NoticeLine(
        notice=notice,
        title=str(kind.title),
        group=kind.group or Group.TASK,
        emailed_at=delivery.sent_at if delivery else None,
    )


def transition_tables() -> list[tuple[str, type[TextChoices], dict]]:
    """(heading, choices, table from state to the states it may go to), for docs/states.md."""
    return [("Delivery", DeliveryState, rules.NEXT)]


# New places -----------------------------------------------------------------------------------------------------------

# How long the sweeper may have been away before somebody who got a place is not told of it.
_PLACES_TOLD = timedelta(days=7)


def key_of_place(place_id: UUID) -> str:
    return f"place {place_id}"


def places_to_tell_of(now: datetime) -> list[NewPlace]:
    """Places that were given lately and whose people have not been told."""
    given = places_given(now - _PLACES_TOLD, local_day(now))
    keys = [key_of_place(new.place.pk) for new in given]
    told = (
        set(Notice.objects.filter(kind=kinds.PLACE_GIVEN, key__in=keys).values_list("key", flat=True)) if keys else ()
    )
    return [new for new, key in zip(given, keys, strict=True) if key not in told]
