"""Giving the stafettpinne on: offer, appoint, accept, decline, withdraw. The holder keeps it until someone accepts."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, User
from apps.core.dates import end_of_day, local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, Audience, ConsentScope, EventKind, HandoverState
from apps.stafettlogg.models import Handover, Log, LogAccess
from apps.stafettlogg.rules import handovers as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import participants as participant_rules
from apps.stafettlogg.rules import scopes as scope_rules
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors.windows import open_window, sharing_by_unit
from apps.stafettlogg.services import consent_questions, holders
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.logs import lock_with_log
from apps.stafettlogg.services.notices import tell, tell_family, tell_holders

_HOLDERS_PAGE = "stafettlogg:hand_over"


@transaction.atomic
def offer_handover(
    log_id: UUID,
    *,
    to_membership: Membership | None = None,
    to_unit: Unit | None = None,
    letter: str = "",
    holder_stays: bool = False,
    actor: User,
    now: datetime,
) -> Handover:
    """Offer the stafettpinne to a person, or to a unit whose leader then names one. One offer at a time.

    A unit without an open window is asked about first: the offer waits for consent and goes out when the window opens
    (`consent_opened`). `holder_stays`: the holder wants to be a participant afterwards. The offer can be answered
    through the local day `Municipality.handover_days` from now. Raises `AccessDenied` and `RuleBroken`
    (`own_measures`: a service that takes part in its own measures is asked about the whole log first).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.HAND_OVER, now)
    log_rules.check_is_active(log)
    unit = to_membership.unit if to_membership is not None else to_unit
    assert unit is not None  # one of the two is given
    rules.check_nothing_waits(log.handovers.all())
    participant_rules.check_can_invite(unit, today=local_day(now))
    if to_membership is not None:
        _check_can_hold(log, to_membership, now=now)
    handover = Handover(
        log=log,
        from_access=log.holder,
        to_unit=unit,
        to_membership=to_membership,
        state=HandoverState.OFFERED,
        offered_by=actor,
        offered_at=now,
        expires_at=rules.expiry(now, days=settings_row().handover_days),
        letter=letter.strip(),
        holder_stays=holder_stays,
    )
    window = open_window(log, unit, now)
    if window is not None:
        scope_rules.check_may_hold(window.scope)
        _check_not_asked_for_less(log, unit, now)
    else:
        handover.state = HandoverState.AWAITING_CONSENT
        handover.expires_at = end_of_day(_ask_about_all(log, unit, actor=actor, now=now))
    handover.save(force_insert=True)
    record_event(
        log,
        EventKind.HANDOVER_OFFERED,
        actor=actor,
        now=now,
        audience=Audience.HOLDER,
        unit_name=unit.name,
        object_id=handover.pk,
    )
    if handover.state == HandoverState.OFFERED:
        _tell_asked(handover, now=now)
    return handover


def _check_not_asked_for_less(log: Log, unit: Unit, now: datetime) -> None:
    """A question that waits is not to take the log from under the one who will hold it."""
    asked = sharing_by_unit(log, now).get(unit.pk)
    if asked is not None and asked.is_waiting:
        scope_rules.check_may_hold(asked.asked_scope)


def _ask_about_all(log: Log, unit: Unit, *, actor: User, now: datetime) -> date:
    """Who holds the log reads all of it (docs/adr/0016)."""
    return consent_questions.ask_about(log, unit, scope=ConsentScope.LOG, actor=actor, now=now)


def consent_opened(log: Log, unit: Unit, *, actor: User | None, now: datetime) -> None:
    """The unit's window has opened: an offer that waited for it goes out, with the full time to answer."""
    for handover in log.handovers.filter(to_unit=unit, state=HandoverState.AWAITING_CONSENT):
        handover.state = HandoverState.OFFERED
        handover.expires_at = rules.expiry(now, days=settings_row().handover_days)
        handover.save(update_fields=["state", "expires_at"])
        _tell_asked(handover, now=now)


@transaction.atomic
def appoint(handover_id: UUID, *, membership: Membership, actor: User, now: datetime) -> Handover:
    """The leader names who in the unit is asked, with the full time to answer. The holder keeps the stafettpinne.

    Raises `AccessDenied` unless the actor leads the unit, `RuleBroken` when the offer is answered or lapsed, or the
    person cannot hold.
    """
    log, handover = lock_with_log(Handover, handover_id)
    if holder_selectors.led_place(actor, handover.to_unit, today=local_day(now)) is None:
        raise AccessDenied(_("Bare lederen i tjenesten kan velge hvem som skal ta over."))
    access.check_not_disqualified(actor, log.child)
    _check_open(log, handover, now=now)
    participant_rules.check_works_in(membership, handover.to_unit, today=local_day(now))
    _check_can_hold(log, membership, now=now)
    handover.to_membership = membership
    handover.expires_at = rules.expiry(now, days=settings_row().handover_days)
    handover.save(update_fields=["to_membership", "expires_at"])
    _tell_asked(handover, now=now)
    return handover


@transaction.atomic
def accept_handover(handover_id: UUID, *, actor: User, now: datetime) -> Handover:
    """The person asked takes the stafettpinne over from this instant. All or nothing, and always exactly one holder.

    Raises `RuleBroken` when the offer is answered, withdrawn or lapsed, or the unit no longer shares the log.
    """
    log, handover = lock_with_log(Handover, handover_id)
    place = _check_is_asked(log, handover, actor, now=now)
    _check_open(log, handover, now=now)
    log_rules.check_is_active(log)
    window = open_window(log, handover.to_unit, now)
    if window is None:
        raise RuleBroken("sharing_stopped", _("Samtykket til tjenesten gjelder ikke lenger. Du kan ikke ta over nå."))
    scope_rules.check_may_hold(window.scope)
    led_before = holder_selectors.leaders_of_holder(log, today=local_day(now))
    old, new = holders.pass_baton(log, membership=place, window=window, actor=actor, now=now)
    if handover.holder_stays:
        holders.stay_as_participant(log, old, actor=actor, now=now)
    handover.state, handover.answered_at, handover.new_access = HandoverState.ACCEPTED, now, new
    handover.save(update_fields=["state", "answered_at", "new_access"])
    record_event(
        log,
        EventKind.HANDED_OVER,
        actor=actor,
        now=now,
        unit_name=handover.to_unit.name,
        object_id=handover.pk,
    )
    led_after = holder_selectors.leaders_of_holder(log, today=local_day(now))
    tell_new_holder(log, old=old, new=new, leaders=[*led_before, *led_after], now=now)
    return handover


@transaction.atomic
def decline_handover(handover_id: UUID, *, reason: str, actor: User, now: datetime) -> Handover:
    """Say no, with a reason for the holder alone. Also the leader of a unit where nobody is named yet may.

    Raises `AccessDenied`, `RuleBroken` (`handover_state`, `handover_lapsed`, `reason_missing`).
    """
    log, handover = lock_with_log(Handover, handover_id)
    if handover.to_membership_id is None:
        if holder_selectors.led_place(actor, handover.to_unit, today=local_day(now)) is None:
            raise AccessDenied(_("Bare lederen i tjenesten kan svare på dette."))
    else:
        _check_is_asked(log, handover, actor, now=now, habilitet=False)
    rules.check_can_become(handover, HandoverState.DECLINED)
    rules.check_not_lapsed(handover, now=now)
    rules.check_reason(reason)
    handover.state, handover.answered_at, handover.decline_reason = HandoverState.DECLINED, now, reason.strip()[:300]
    handover.save(update_fields=["state", "answered_at", "decline_reason"])
    tell_holders(log, "handover_declined", key=f"handover {handover.pk}", page=_HOLDERS_PAGE, now=now)
    return handover


@transaction.atomic
def withdraw_handover(handover_id: UUID, *, actor: User, now: datetime) -> Handover:
    """The holder takes the offer back before it is answered. Whoever was asked is told.

    Raises `AccessDenied`, `RuleBroken` (`handover_state`).
    """
    log, handover = lock_with_log(Handover, handover_id)
    access.check_can(actor, log, Action.HAND_OVER, now)
    rules.check_can_become(handover, HandoverState.WITHDRAWN)
    was_offered = handover.state == HandoverState.OFFERED
    end_waiting(handover, HandoverState.WITHDRAWN, now=now)
    if was_offered and handover.to_membership is not None:
        asked = [handover.to_membership.user]
        tell(asked, "handover_withdrawn", key=f"handover {handover.pk}", page="portal:start", now=now)
    return handover


def lapse_handovers(*, now: datetime) -> int:
    """Offers nobody answered in time lapse, and the holder is told to ask someone else. Safe to repeat."""
    due = Handover.objects.filter(state__in=rules.WAITING, expires_at__lte=now).values_list("pk", flat=True)
    return sum(_lapse(pk, now=now) for pk in list(due))


@transaction.atomic
def _lapse(handover_id, *, now: datetime) -> bool:
    log, handover = lock_with_log(Handover, handover_id)
    if not rules.is_lapsed(handover, now):
        return False
    end_waiting(handover, HandoverState.LAPSED, now=now)
    tell_holders(log, "handover_lapsed", key=f"handover {handover.pk}", page=_HOLDERS_PAGE, now=now)
    return True


def turn_from_those_who_left(*, now: datetime) -> int:
    """An offer to someone who has left goes to the leaders of the service, else it lapses; the holder is told.

    Safe to repeat; returns how many.
    """
    left = holder_selectors.has_left("to_membership", local_day(now))
    due = Handover.objects.filter(left, state__in=rules.WAITING).values_list("pk", flat=True)
    return sum(_turn_to_leaders(pk, now=now) for pk in list(due))


@transaction.atomic
def _turn_to_leaders(handover_id, *, now: datetime) -> bool:
    log, handover = lock_with_log(Handover, handover_id)
    place, today = handover.to_membership, local_day(now)
    if place is None or handover.state not in rules.WAITING:
        return False
    handover.to_membership = holder_selectors.other_place(place, today=today)
    handover.save(update_fields=["to_membership"])
    if handover.to_membership is not None:
        return True
    if not holder_selectors.controlling_leaders(log, handover.to_unit, today=today):
        end_waiting(handover, HandoverState.LAPSED, now=now)
    elif handover.state == HandoverState.OFFERED:
        handover.expires_at = rules.expiry(now, days=settings_row().handover_days)
        handover.save(update_fields=["expires_at"])
        _tell_asked(handover, now=now)
    tell_holders(log, "asked_has_left", key=f"handover {handover.pk} {place.pk}", page=_HOLDERS_PAGE, now=now)
    return True


def end_waiting(handover: Handover, state: str, *, now: datetime) -> None:
    """Write a waiting offer off as withdrawn or lapsed, in the caller's transaction.

    Raises `RuleBroken` (`handover_state`).
    """
    rules.check_can_become(handover, state)
    handover.state, handover.answered_at = state, now
    handover.save(update_fields=["state", "answered_at"])


def tell_new_holder(log: Log, *, old: LogAccess, new: LogAccess, leaders: Iterable[Membership], now: datetime) -> None:
    """The old holder, the leaders and the family learn who has the stafettpinne now; each once."""
    key, but = f"holder {new.pk}", new.user
    tell([old.user], "handover_done", key=key, page="stafettlogg:list", but=but, now=now)
    tell([row.user for row in leaders], "handover_done", key=key, page="stafettlogg:leader", but=but, now=now)
    if log.is_active:
        tell_family(log, "new_holder", key=key, page="stafettlogg:parent_log", but=but, now=now)


def _check_is_asked(log: Log, handover: Handover, actor, *, now: datetime, habilitet: bool = True) -> Membership:
    """The place that is asked, which is the actor's."""
    place = handover.to_membership
    today = local_day(now)
    if place is None or place.user_id != actor.pk or not place.first_day <= today <= place.last_day:
        raise AccessDenied(_("Du er ikke spurt om å ta over denne stafettpinnen."))
    if habilitet:
        access.check_not_disqualified(actor, log.child)
    return place


def _check_open(log: Log, handover: Handover, *, now: datetime) -> None:
    rules.check_can_become(handover, HandoverState.ACCEPTED)
    rules.check_not_lapsed(handover, now=now)


def _check_can_hold(log: Log, membership, *, now: datetime) -> None:
    rules.check_to_another(holder_selectors.effective_holder(log, now), membership)
    participant_rules.check_works_in(membership, membership.unit, today=local_day(now))
    access.check_not_disqualified(membership.user, log.child)


def _tell_asked(handover: Handover, *, now: datetime) -> None:
    """Each time somebody new is asked."""
    tell(
        holder_selectors.users_to_answer(handover.log, handover.to_unit, handover.to_membership, today=local_day(now)),
        "handover_offered" if handover.to_membership is not None else "handover_to_appoint",
        key=f"handover {handover.pk}",
        page="stafettlogg:handover",
        object_id=handover.pk,
        due_day=rules.last_day(handover),
        now=now,
    )
