"""A guardian or the youth ends the log for all, or her own part (safety.md S30). Sharing stops in the next request.

That the log closes for all waits some days, and only the one who asked may undo it; undoing restores the log, never a
consent. The others learn nothing before the day it is closed, and then one neutral line.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    About,
    AccessKind,
    Action,
    CallWish,
    CloseReason,
    ConsentState,
    EndScope,
    EventKind,
    LogStatus,
)
from apps.stafettlogg.models import ClosingWish, Consent, Guardian, Log, LogAccess
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.selectors import closing_wishes as selectors
from apps.stafettlogg.selectors.exceptions import others_answer
from apps.stafettlogg.services import consents
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.consent_questions import ask_again
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.guardians_leaving import cancel_waiting
from apps.stafettlogg.services.log_ending import end_log, everyone_in, tell_closed
from apps.stafettlogg.services.notices import take_back, tell_holders, tell_leaders
from apps.stafettlogg.services.windows import refresh_windows

_HOLDERS_PAGE = "stafettlogg:close"


@transaction.atomic
def ask_to_close(
    log_id: UUID, *, actor: User, call: str = CallWish.NO, call_how: str = "", now: datetime
) -> ClosingWish:
    """End the log for all, or the actor's own part where the actor's side does not answer about consent.

    The actor's yeses are taken back at once. The log closes after the municipality's days, when all sides that answer
    have asked for it. Raises `AccessDenied`, `RuleBroken` (`log_state`, `closing_asked`).
    """
    log, row, guardian = _family(log_id, actor, now=now)
    rules.check_can_close(log)
    rules.check_not_asked(selectors.own_wish(log, actor))
    sides = selectors.sides_of(log, local_day(now))
    wish = ClosingWish.objects.create(
        log=log,
        guardian=guardian,
        is_youth=guardian is None,
        scope=rules.scope_of(is_youth=guardian is None, sides=sides, others_answer=others_answer(actor.pk, log, now)),
        asked_by=actor,
        asked_at=now,
        call=call,
        call_how=call_how.strip() if call == CallWish.YES else "",
    )
    for about in About:  # each with a receipt of its own (S3)
        guardian_id = guardian.pk if guardian else None
        consents.withdraw(log.pk, guardian_id=guardian_id, unit_ids=None, about=about, actor=actor, now=now)
    log = lock(Log, log_id)  # as the withdrawal left it
    if wish.scope == EndScope.OWN:
        _leave(log, row, wish, actor=actor, now=now)
        return wish
    _record(log, EventKind.CLOSING_ASKED, wish, actor=actor, now=now)
    tell_holders(log, "closing_asked", key=f"wish {wish.pk}", page=_HOLDERS_PAGE, now=now)
    _follow_wishes(log, actor=actor, now=now)
    return wish


@transaction.atomic
def undo_closing(log_id: UUID, *, actor: User, now: datetime) -> Log:
    """The one who asked takes it back: the log is as it was, and whoever withdrew with it is asked again.

    Raises `AccessDenied`, `RuleBroken` (`log_state`, `nothing_to_undo`).
    """
    log, _row, _guardian = _family(log_id, actor, now=now)
    rules.check_can_close(log)
    wish = selectors.own_wish(log, actor)
    if wish is None:
        raise RuleBroken("nothing_to_undo", _("Du har ikke bedt om å avslutte stafettloggen."))
    wish.undone_at = now
    wish.save(update_fields=["undone_at"])
    _record(log, EventKind.CLOSING_UNDONE, wish, actor=actor, now=now)
    tell_holders(log, "closing_undone", key=f"wish {wish.pk}", page="stafettlogg:consents", now=now)
    _follow_wishes(log, actor=actor, now=now)
    if not log.is_closing:
        _ask_again_who_withdrew(log, now=now)
    return log


@transaction.atomic
def note_called(wish_id: UUID, *, actor: User, now: datetime) -> ClosingWish:
    """The holder has rung the one who asked. Safe to repeat. Raises `AccessDenied`."""
    wish = ClosingWish.objects.select_related("log").get(pk=wish_id)
    log = lock(Log, wish.log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    if wish.called_at is None:
        wish.called_at, wish.called_by = now, actor
        wish.save(update_fields=["called_at", "called_by"])
    return wish


@transaction.atomic
def ask_leader_to_close(log_id: UUID, *, actor: User, now: datetime) -> None:
    """The holder asks the leader to close at once, on the word of the one who asked. Safe to repeat.

    Raises `AccessDenied`, `RuleBroken` (`not_closing`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    rules.check_is_closing(log)
    for wish in selectors.standing_wishes(log):
        if wish.hurry_asked_at is None:
            wish.hurry_asked_at, wish.hurry_asked_by = now, actor
            wish.save(update_fields=["hurry_asked_at", "hurry_asked_by"])
    occasion = f"log {log.pk} {local_day(now)}"
    tell_leaders(log, "closing_to_sign", key=occasion, page="stafettlogg:leader_close", now=now)


@transaction.atomic
def close_now(log_id: UUID, *, actor: User, now: datetime) -> Log:
    """The leader closes the log at once when the holder has asked for it. Raises `AccessDenied`, `RuleBroken`."""
    log = lock(Log, log_id)
    access.check_leads_holder(actor, log, local_day(now))
    rules.check_is_closing(log)
    rules.check_holder_asked(selectors.standing_wishes(log))
    _close(log, actor=actor, now=now)
    return log


def close_due_logs(*, now: datetime) -> int:
    """Close the logs whose days to undo a closing in are over. Returns how many. Safe to repeat."""
    due = Log.objects.filter(status=LogStatus.CLOSING, closes_at__lte=now)
    return sum(_close_due(log_id, now=now) for log_id in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _close_due(log_id: UUID, *, now: datetime) -> bool:
    log = lock(Log, log_id)
    if not log.is_closing or log.closes_at is None or log.closes_at > now:
        return False
    _close(log, actor=None, now=now)
    return True


def _close(log: Log, *, actor: User | None, now: datetime) -> None:
    told = everyone_in(log, now)
    end_log(log, CloseReason.FAMILY_WISH, actor=actor, now=now)
    record_event(log, EventKind.CLOSED, actor=None, now=now)
    tell_closed(log, told, but=actor, now=now)


def _family(log_id: UUID, actor: User, *, now: datetime) -> tuple[Log, LogAccess, Guardian | None]:
    """The locked log, and the actor as its guardian or (None) its youth."""
    log = lock(Log, log_id)
    row = access.row_for(actor, log, now)
    if row is None or not access.is_family(row) or not rules.may_close_as_family(log, row.kind):
        raise AccessDenied(_("Du har ikke tilgang til å gjøre dette i stafettloggen."))
    access.check_birth_date_given(actor, log.pk)
    if row.kind == AccessKind.YOUTH:
        return log, row, None
    return log, row, Guardian.objects.get(child=log.child_id, user=actor)


def _follow_wishes(log: Log, *, actor: User, now: datetime) -> None:
    """Let the log follow the wishes that stand: closing when every side that answers has one, else active."""
    today = local_day(now)
    wishes = selectors.wishes_that_count(log)
    if rules.all_sides_asked(wishes, sides=selectors.sides_of(log, today)):
        closes_at = rules.closes_at(today, days=settings_row().closing_days)
        for wish in wishes:
            if wish.closes_at is None:
                wish.closes_at = closes_at
                wish.save(update_fields=["closes_at"])
        _become(log, LogStatus.CLOSING, min(_instants(wishes)), actor=actor)
    elif log.is_closing:
        _become(log, LogStatus.ACTIVE, None, actor=actor)
    refresh_windows(log, actor=actor, now=now)


def _instants(wishes: Iterable[ClosingWish]) -> list[datetime]:
    return [wish.closes_at for wish in wishes if wish.closes_at is not None]


def _become(log: Log, status: str, closes_at: datetime | None, *, actor: User) -> None:
    log.status, log.closes_at = status, closes_at
    log._history_user = actor
    bump(log).save(update_fields=["status", "closes_at"])


def _ask_again_who_withdrew(log: Log, *, now: datetime) -> None:
    for wish in log.closing_wishes.exclude(undone_at=None).filter(scope=EndScope.ALL):
        who = {"is_youth": True} if wish.is_youth else {"guardian": wish.guardian_id}
        taken_back = Consent.objects.filter(
            log=log, state=ConsentState.WITHDRAWN, ended_at=wish.asked_at, **who
        ).select_related("request", "unit", "guardian__user", "log__child__user")
        ask_again(log, list(taken_back), now=now)


def _leave(log: Log, row: LogAccess, wish: ClosingWish, *, actor: User, now: datetime) -> None:
    """The actor is out of the log from now, and nothing waits for her there."""
    end_row(row, actor=actor, now=now)
    own = {"is_youth": True} if wish.is_youth else {"guardian": wish.guardian_id}
    cancel_waiting(Consent.objects.filter(log=log, **own), now=now)
    take_back(actor, [log.pk], now=now)
    _record(log, EventKind.LEFT, wish, actor=actor, now=now)
    tell_holders(log, "family_left", key=f"wish {wish.pk}", page="stafettlogg:consents", now=now)


def _record(log: Log, kind: EventKind, wish: ClosingWish, *, actor: User, now: datetime) -> None:
    record_event(log, kind, actor=actor, now=now, guardian=wish.guardian, about_youth=wish.is_youth)
