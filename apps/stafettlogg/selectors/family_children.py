"""«Barna dine»: all that the first page of a guardian or youth reads. Nothing of anyone else's (S1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import format_long, local_day
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.notifications.selectors import TaskList, tasks_in
from apps.stafettlogg import access
from apps.stafettlogg.models import Log, LogAccess, LogWish
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import birth_date, same_child
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors.child_names import name_and_age
from apps.stafettlogg.selectors.consents import OpenQuestion
from apps.stafettlogg.selectors.contact import contact_of
from apps.stafettlogg.selectors.exceptions import OwnException, own_exceptions
from apps.stafettlogg.selectors.family_state import State, states_of
from apps.stafettlogg.selectors.foster import FosterCard
from apps.stafettlogg.selectors.foster import cards_for as foster_cards
from apps.stafettlogg.selectors.hidden_places import as_known
from apps.stafettlogg.selectors.names import child_name, reading_for
from apps.stafettlogg.selectors.own_words import Refusals, refusals_in
from apps.stafettlogg.selectors.wishes import own_wishes

# The questions stand there large, and the cards say themselves when a consent runs out.
_SAID_ON_CARDS = ("consent_reminder", "consent_expiring_own")
LOG_PARTS = ("child", "unit", "holder__user", "holder__membership__unit", "holder__membership__role", "holder__window")


@dataclass(frozen=True)
class FamilyCard:
    """One log on «Barna dine», in the words of templates/components/child_card.html. `reading` is how its people and
    places are named for the reader."""

    log: Log
    row: LogAccess
    reading: Reading
    state: State
    name: str
    names_child: bool
    status: str
    since: str
    next: str
    holder: str
    holder_line: str


def cards_for(user: User, now: datetime) -> list[FamilyCard]:
    """The logs this person reads as family, open ones first. The number of queries does not grow with the logs."""
    return _family_cards(user, *_own_logs(user, now), now)


def _own_logs(user: User, now: datetime) -> tuple[list[Log], dict[UUID, LogAccess]]:
    logs = list(
        birth_date.readable_logs(user, now)
        .select_related(*LOG_PARTS)
        .order_by("closed_at", "child__given_name", "requested_at")
    )
    return logs, access.rows_for(user, [log.pk for log in logs], now)


def _family_cards(user: User, logs: list[Log], rows: dict[UUID, LogAccess], now: datetime) -> list[FamilyCard]:
    shown = [log for log in logs if access.is_family(rows.get(log.pk))]
    readings = {log.pk: reading_for(log, rows[log.pk]) for log in shown}
    shown = [as_known(log, readings[log.pk].until) for log in shown]
    states = states_of(user.pk, shown, readings, now)
    today = timezone.localdate(now)
    return [_card(log, rows[log.pk], readings[log.pk], states[log.pk], today=today) for log in shown]


@dataclass(frozen=True)
class Twice:
    """A child with more than one open log, and the logs one of which may be ended."""

    child: str
    logs: list[FamilyCard]


def with_two_logs(cards: list[FamilyCard]) -> list[Twice]:
    """Children with more than one open log among these cards: no secret to a reader, who sees both (S6)."""
    found: list[Twice] = []
    for card in (card for card in cards if card.log.is_opened and not card.log.child.answers_alone):
        known = next(
            (twice for twice in found if same_child.is_same_born_child(twice.logs[0].log.child, card.log.child)), None
        )
        if known is None:
            found.append(Twice(child_name(card.log), [card]))
        else:
            known.logs.append(card)
    return [twice for twice in found if len(twice.logs) > 1]


def _card(log: Log, row: LogAccess, reading: Reading, state: State, *, today: date) -> FamilyCard:
    contact = contact_of(log, reading)
    names_child = not (log.is_closed and log.child.is_expected)  # a pregnancy may have ended (S9)
    since, following = _("Spurt %(day)s") % {"day": format_long(local_day(log.requested_at))}, ""
    if log.is_closed and log.closed_at is not None:
        since = _("Avsluttet %(day)s") % {"day": format_long(local_day(log.closed_at))}
    elif log.opened_at is not None:
        since = _("Stafettlogg siden %(day)s") % {"day": format_long(local_day(log.opened_at))}
        if state.shares and log.evaluation_due_day is None:
            following = _("Neste møte: vi gir deg beskjed")
        elif state.shares and log.evaluation_due_day is not None and log.evaluation_due_day >= today:
            following = _("Neste: vi ser på tiltakene %(day)s") % {"day": format_long(log.evaluation_due_day)}
    return FamilyCard(
        log=log,
        row=row,
        reading=reading,
        state=state,
        name=name_and_age(log.child, today=today) if names_child else _("Stafettlogg"),
        names_child=names_child,
        status=state.chip,
        since=since,
        next=following,
        holder=contact.name if log.is_opened else "",
        holder_line=contact.line if log.is_opened else "",
    )


@dataclass(frozen=True)
class ChildrenPage:
    """`readings` say how each log's people and places are named for the reader; `questions` wait for the reader's own
    answer (`refusals`: what the reader said no to before), `tasks` are what else there is to do and what comes;
    `exceptions` say where nobody waits for the reader; `fosters` are the children the reader is a foster parent of."""

    cards: list[FamilyCard]
    readings: dict[UUID, Reading]
    questions: list[OpenQuestion]
    refusals: Refusals
    tasks: TaskList
    twice: list[Twice]
    wishes: list[LogWish]
    exceptions: list[OwnException]
    fosters: list[FosterCard]


def children_page(user: User, now: datetime) -> ChildrenPage:
    """The logs this person reads as family, and what waits for them. One row per card belongs in the read audit."""
    logs, rows = _own_logs(user, now)
    cards = _family_cards(user, logs, rows, now)
    readings = {card.log.pk: card.reading for card in cards}
    return ChildrenPage(
        cards=cards,
        readings=readings,
        questions=consent_selectors.open_questions(user, now, log_ids=list(readings)),
        refusals=refusals_in(user.pk, list(readings)),
        tasks=tasks_in(Scope(now, user), shown=lambda due: _is_shown(due, readings)),
        twice=with_two_logs(cards),
        wishes=own_wishes(user),
        exceptions=own_exceptions(user.pk, now, log_ids=list(readings)),
        fosters=foster_cards(logs, rows),
    )


def _is_shown(due: Due, log_ids: Collection[UUID]) -> bool:
    """What there is to do in the logs on the page beside the questions, which stand there large."""
    if due.code in _SAID_ON_CARDS:
        return False
    read = due.read()
    return read is None or read.log_id in log_ids
