"""What is due, one selector per kind, for the reminders and for «Dette må du gjøre nå» alike.

The same condition is never written twice: the sweeper asks each selector for everyone, the start page for one person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.audit import loaded
from apps.audit.enums import Ground
from apps.audit.services import Read
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.selectors.reminders import asked, held, lacking, led, words
from apps.stafettlogg.selectors.reminders.scope import Due, Scope

__all__ = ["LEADER_SELECTORS", "SELECTORS", "Due", "Scope", "Task", "reminders_due", "tasks_for", "tasks_seen_from"]

SELECTORS = (
    held.measures,
    held.evaluations,
    lacking.lacking,
    held.to_close,
    held.unanswered,
    held.expiring,
    held.expired,
    held.shells,
    held.requests_ending,
    held.limits_to_read,
    held.repeats,
    held.to_appoint,
    asked.invitations,
    asked.handovers,
    asked.handovers_unanswered,
    asked.deputies,
    asked.consents,
    asked.own_consents_expiring,
    led.absent_holders,
    led.expired_for_leaders,
    led.to_sign,
    led.wishes,
)
# What concerns the unit a person leads, for the leader's own page.
LEADER_SELECTORS = (
    held.to_appoint,
    asked.invitations,
    asked.handovers,
    led.absent_holders,
    led.expired_for_leaders,
    led.to_sign,
    led.wishes,
)
# The day of these is when it began, not a deadline: it orders them, and is no date to be late for.
_SINCE = frozenset({"holder_absent", "invitation_waiting", "still_to_appoint", "wish"})
_GROUND_OF_ASKED = {
    "invitation_waiting": Ground.INVITED,
    "handover_waiting": Ground.OFFERED,
    "deputy_waiting": Ground.OFFERED,
}
_GROUND_OF_ROW = {
    AccessKind.HOLDER: Ground.HOLDER,
    AccessKind.DEPUTY: Ground.DEPUTY,
    AccessKind.PARTICIPANT: Ground.PARTICIPANT,
    AccessKind.GUARDIAN: Ground.OWN,
    AccessKind.YOUTH: Ground.OWN,
}


@dataclass(frozen=True)
class Task:
    """One line of «Dette må du gjøre nå». Link: `url_name` with `args`; `status` is one of the five codes.

    `log` and `row` (how the person sees it) are None for what is not about one log, or for a log the person is only
    asked about or leads. `read` is what the page must write in the read audit; None when no child is named.
    """

    code: str
    title: str
    help: str
    url_name: str
    args: list
    due_day: date | None
    icon: str
    log_id: UUID | None
    child_name: str
    log: Log | None
    row: LogAccess | None
    read: Read | None
    status: str = "handling"


def reminders_due(now: datetime) -> list[Due]:
    """Everything somebody is to be reminded of now. The number of queries does not depend on how much it is."""
    scope = Scope(now)
    return [due for select in SELECTORS for due in select(scope) if due.remind]


def tasks_for(user, now: datetime, *, selectors=SELECTORS) -> list[Task]:
    """What this person must do now, the most urgent first; of all kinds, or of these.

    The number of queries does not depend on how much it is. The caller writes each task's `read` in the read audit.
    """
    with loaded.apart():
        tasks = _in_order(_due_for(user, now, selectors))
    return _noted(tasks)


def tasks_seen_from(place, user, now: datetime) -> tuple[list[Task], int]:
    """`tasks_for` in one of the user's workplaces, and how many things wait for the user in the others."""
    with loaded.apart():
        found = _due_for(user, now, SELECTORS)
        here = [due for due in found if due.is_seen_from(place)]
        tasks = _in_order(here)
    return _noted(tasks), len(found) - len(here)


def _due_for(user, now: datetime, selectors) -> list[Due]:
    scope = Scope(now, user)
    return list({(due.code, due.key): due for select in selectors for due in select(scope)}.values())


def _in_order(found: list[Due]) -> list[Task]:
    dated = [(due.due_day or date.max, due.code, _task(due)) for due in found]
    return [task for _day, _code, task in sorted(dated, key=lambda item: (item[0], item[1], item[2].title))]


def _noted(tasks: list[Task]) -> list[Task]:
    for task in tasks:
        if task.read is not None:
            loaded.note(task.read.child_id)
    return tasks


def _task(due: Due) -> Task:
    name = (due.log.child.given_name or words.expected_child()) if due.log is not None else ""
    text = words.WORDS[due.code]
    values = {"name": name, "detail": due.detail}
    return Task(
        code=due.code,
        title=str(text.title) % values,
        help=str(text.help) % values,
        url_name=due.url_name,
        args=[due.object_id] if due.object_id is not None else [],
        due_day=None if due.code in _SINCE else due.due_day,
        icon=text.icon,
        log_id=due.log.pk if due.log is not None else None,
        child_name=name,
        log=due.log,
        row=due.row,
        read=_read(due),
    )


def _read(due: Due) -> Read | None:
    if due.log is None:
        return None
    place = due.row.membership if due.row is not None else None
    ground = Ground.LED if due.row is None else _GROUND_OF_ROW.get(due.row.kind, Ground.NONE)
    return Read(
        log_id=due.log.pk,
        child_id=due.log.child_id,
        ground=_GROUND_OF_ASKED.get(due.code, ground),
        role_name=(place.title or str(place.role)) if place is not None else "",
        unit_id=place.unit_id if place is not None else None,
        unit_name=place.unit.name if place is not None else "",
    )
