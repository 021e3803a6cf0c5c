"""A deputy for the holder for some days: asked by the leader or the holder, in force when accepted. Never why (S20)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Absence, Membership, User
from apps.accounts.selectors import away_between
from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, DeputyState, EventKind
from apps.stafettlogg.models import Deputy, Log
from apps.stafettlogg.rules import deputies as rules
from apps.stafettlogg.rules import handovers as handover_rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import participants as participant_rules
from apps.stafettlogg.rules import scope_of
from apps.stafettlogg.rules.scopes import check_may_hold
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.services import holders
from apps.stafettlogg.services.access import staff_row
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.logs import lock_with_log
from apps.stafettlogg.services.notices import tell, tell_family


@transaction.atomic
def appoint_deputy(
    log_id: UUID, *, membership: Membership, first_day: date, last_day: date, actor: User, now: datetime
) -> Deputy:
    """The leader, or the holder, asks a colleague of the holder to be deputy from first through last local day.

    Nothing changes until the deputy accepts. Raises `AccessDenied` unless the actor holds the log or leads the holder's
    unit, `RuleBroken` for days that have passed or overlap another appointment, for a unit that takes part in its own
    measures alone, and for someone outside the unit, who is away then, or the holder.
    """
    log = lock(Log, log_id)
    today = local_day(now)
    if not access.holds_now(actor, log.pk, now):
        access.check_leads_holder(actor, log, today)
    log_rules.check_is_active(log)
    rules.check_days(first_day, last_day, today=today)
    rules.check_no_overlap(first_day, last_day, log.deputies.all())
    participant_rules.check_works_in(membership, log.holder.window.unit, today=today)
    holder = holder_selectors.effective_holder(log, now)
    check_may_hold(scope_of(holder))
    handover_rules.check_to_another(holder, membership)
    rules.check_can_step_in(
        membership, first_day, last_day, is_away=bool(away_between([membership.user_id], first_day, last_day))
    )
    access.check_not_disqualified(membership.user, log.child)
    deputy = Deputy.objects.create(
        log=log,
        membership=membership,
        first_day=first_day,
        last_day=last_day,
        appointed_by=actor,
        appointed_at=now,
        absence=_absence(holder.user, first_day, last_day),
    )
    tell(
        [membership.user],
        "deputy_asked",
        key=_key(deputy),
        page="stafettlogg:deputy_answer",
        object_id=deputy.pk,
        due_day=first_day,
        now=now,
    )
    return deputy


@transaction.atomic
def accept_deputy(deputy_id: UUID, *, actor: User, now: datetime) -> Deputy:
    """Say yes: from local midnight of the first day (or now) to the end of the last, a deputy may what the holder may.

    The holder, the leader and the family are told; the family only that there is a deputy. Raises `AccessDenied` unless
    the actor is asked, `RuleBroken` when it is answered or over, or the log is not shared now.
    """
    log, deputy = lock_with_log(Deputy, deputy_id)
    _check_is_asked(deputy, actor, now=now)
    access.check_not_disqualified(actor, log.child)
    rules.check_can_become(deputy, DeputyState.ACCEPTED)
    rules.check_not_over(deputy, today=local_day(now))
    log_rules.check_is_active(log)
    window = log.holder.window
    check_may_hold(window.scope)
    if not window.is_open(now):
        raise RuleBroken("sharing_stopped", _("Samtykket gjelder ikke lenger. Du kan ikke være vikar nå."))
    starts_at, ends_at = rules.period(deputy, now=now)
    deputy.access = staff_row(
        log=log,
        membership=deputy.membership,
        window=window,
        kind=AccessKind.DEPUTY,
        actor=actor,
        now=starts_at,
        ends_at=ends_at,
    )
    deputy.state, deputy.answered_at = DeputyState.ACCEPTED, now
    deputy.save(update_fields=["state", "answered_at", "access"])
    record_event(
        log, EventKind.DEPUTY, actor=actor, now=now, unit_name=deputy.membership.unit.name, object_id=deputy.pk
    )
    key = _key(deputy)
    tell(_leading(deputy, log, now), "deputy_accepted", key=key, page="stafettlogg:leader", now=now)
    tell([log.holder.user], "deputy_in_place", key=key, page="stafettlogg:list", now=now)
    tell_family(log, "deputy_for_family", key=key, page="stafettlogg:parent_log", now=now)
    return deputy


@transaction.atomic
def decline_deputy(deputy_id: UUID, *, actor: User, now: datetime) -> Deputy:
    """Say no, without a reason. Who asked must ask someone else.

    Raises `AccessDenied`, `RuleBroken` (`deputy_state`).
    """
    log, deputy = lock_with_log(Deputy, deputy_id)
    _check_is_asked(deputy, actor, now=now)
    rules.check_can_become(deputy, DeputyState.DECLINED)
    deputy.state, deputy.answered_at = DeputyState.DECLINED, now
    deputy.save(update_fields=["state", "answered_at"])
    _tell_must_ask_again(deputy, log, "deputy_declined", now=now)
    return deputy


@transaction.atomic
def end_deputy(deputy_id: UUID, *, actor: User, now: datetime) -> Deputy:
    """The leader takes an appointment back, or the holder who has returned ends it. At once.

    Raises `AccessDenied`, `RuleBroken` (`deputy_state`).
    """
    log, deputy = lock_with_log(Deputy, deputy_id)
    if holder_selectors.effective_holder(log, now).user_id != actor.pk:
        access.check_leads_holder(actor, log, local_day(now))
    rules.check_can_become(deputy, DeputyState.ENDED)
    _end(deputy, actor=actor, now=now)
    return deputy


@transaction.atomic
def end_deputies_of(absence_id: UUID, *, actor: User, now: datetime) -> int:
    """Who was asked for this absence is not needed any more: each question is taken back, each deputy ends. At once.

    The caller has asked whether the actor may end the absence. Returns how many. Safe to repeat.
    """
    asked = Deputy.objects.filter(absence=absence_id, state__in=rules.LIVE).order_by("log", "pk")
    ended = 0
    for pk in list(asked.values_list("pk", flat=True)):
        _log, deputy = lock_with_log(Deputy, pk)
        if deputy.state in rules.LIVE:
            _end(deputy, actor=actor, now=now)
            ended += 1
    return ended


def _end(deputy: Deputy, *, actor: User, now: datetime) -> None:
    holders.end_deputy_row(deputy, actor=actor, now=now)
    tell([deputy.membership.user], "deputy_ended", key=_key(deputy), page="stafettlogg:list", now=now)


def end_past_deputies(*, now: datetime) -> int:
    """Write appointments off whose last day has passed, or whose deputy has left; then the leader is told.

    Their rights have ended by themselves. Safe to repeat.
    """
    today = local_day(now)
    over = Q(last_day__lt=today) | holder_selectors.has_left("membership", today)
    past = Deputy.objects.filter(over, state__in=rules.LIVE).values_list("pk", flat=True)
    return sum(_end_past(pk, now=now) for pk in list(past))


@transaction.atomic
def _end_past(deputy_id, *, now: datetime) -> bool:
    log, deputy = lock_with_log(Deputy, deputy_id)
    if deputy.state not in rules.LIVE:
        return False
    holders.end_deputy_row(deputy, actor=None, now=now)
    if deputy.last_day >= local_day(now):
        _tell_must_ask_again(deputy, log, "deputy_has_left", now=now)
    return True


def _absence(user: User, first_day: date, last_day: date) -> Absence | None:
    """The absence that these days are of."""
    return Absence.objects.filter(user=user, first_day__lte=last_day, last_day__gte=first_day).order_by("pk").first()


def _leading(deputy: Deputy, log: Log, now: datetime) -> list[User]:
    """The leader who asked; where the holder asked, those who lead for this log."""
    if deputy.appointed_by_id != log.holder.user_id:
        return [deputy.appointed_by]
    return [row.user for row in holder_selectors.leaders_of_holder(log, today=local_day(now))]


def _tell_must_ask_again(deputy: Deputy, log: Log, kind: str, *, now: datetime) -> None:
    """The leader, and the holder where she asked: `<kind>_holder`."""
    key = _key(deputy)
    tell(_leading(deputy, log, now), kind, key=key, page="stafettlogg:leader", now=now)
    if deputy.appointed_by_id == log.holder.user_id:
        page, found = "stafettlogg:deputy_new", log.pk
        tell([deputy.appointed_by], f"{kind}_holder", key=key, page=page, object_id=found, now=now)


def _check_is_asked(deputy: Deputy, actor, *, now: datetime) -> None:
    place, today = deputy.membership, local_day(now)
    if place.user_id != actor.pk or not place.first_day <= today <= place.last_day:
        raise AccessDenied(_("Du er ikke spurt om å være vikar her."))


def _key(deputy: Deputy) -> str:
    return f"deputy {deputy.pk}"
