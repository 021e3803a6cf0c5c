"""Whether a person may still get a notice, asked again when it is sent: `still(user, object_id)`."""

from uuid import UUID

from django.utils import timezone

from apps.accounts.access import has_right, units_led_by
from apps.accounts.models import User
from apps.audit.enums import Ground
from apps.municipality.enums import Right
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    HOLDING_KINDS,
    OPEN_STATUSES,
    AddressProtection,
    CloseReason,
    ConsentScope,
    LogStatus,
    WishState,
)
from apps.stafettlogg.models import ClosingWish, ConsentExceptionGrant, HiddenPlace, Log, RepeatRequest
from apps.stafettlogg.rules import scope_of
from apps.stafettlogg.selectors import care, consents, foster, holders, own_threads, signing, wishes


def reads_log(user: User, log_id: UUID) -> bool:
    """The user still sees the log, and it was not closed quietly: then nothing more is sent (S9)."""
    return access.visible_logs(user).filter(pk=log_id).exclude(close_reason=CloseReason.QUIET).exists()


def reads_whole_log(user: User, log_id: UUID) -> bool:
    """`reads_log`, and more of it than the measures of one service (docs/adr/0016)."""
    rows = access.current_rows_in([log_id]).filter(user=user)
    return reads_log(user, log_id) and any(scope_of(row) == ConsentScope.LOG for row in rows)


def reads_open_log(user: User, log_id: UUID) -> bool:
    """The user still sees the log, and there is still something to do in it."""
    return access.visible_logs(user).filter(pk=log_id, status__in=OPEN_STATUSES).exists()


def holds_log(user: User, log_id: UUID) -> bool:
    """The user still is its stafettholder or deputy, and the log is open."""
    rows = access.current_rows_in([log_id]).filter(
        user=user,
        kind__in=HOLDING_KINDS,
        content_object__status__in=OPEN_STATUSES,
    )
    return rows.exists()


def sits_at_thread(user: User, thread_id: UUID) -> bool:
    """The user still reads this thread about a guardian herself (S3)."""
    return own_threads.seat_at(user, thread_id, timezone.now()) is not None


def is_asked(user: User, log_id: UUID) -> bool:
    """The user still has a question to answer about this log."""
    return any(question.log.pk == log_id for question in consents.open_questions(user, timezone.now()))


def leads_log(user: User, log_id: UUID) -> bool:
    """The user still is a leader of the holder's unit, and not family in the log (S18)."""
    log = Log.objects.select_related("holder__window__unit", "child").filter(pk=log_id).first()
    if log is None or log.status == LogStatus.REMOVED:
        return False
    place = holders.led_place(user, log.holder.window.unit, today=timezone.localdate())
    return place is not None and not access.is_disqualified(user, log.child)


def has_limits_to_follow(user: User, log_id: UUID) -> bool:
    """The user holds the log, and somebody's limits are not yet ticked «Lest og fulgt»."""
    return holds_log(user, log_id) and bool(consents.with_unread_limits([log_id]))


def has_repeat_to_follow(user: User, log_id: UUID) -> bool:
    """The user holds the log, and nobody has followed up that others asked about the child."""
    return holds_log(user, log_id) and RepeatRequest.objects.filter(log=log_id, handled_at=None).exists()


def must_appoint(user: User, log_id: UUID) -> bool:
    """The stafettpinne came to the user because someone left, and the user still holds it."""
    return holds_log(user, log_id) and Log.objects.filter(pk=log_id, holder__ground=Ground.HANDOVER).exists()


def has_exception_to_sign(user: User, log_id: UUID) -> bool:
    """The user leads the holder's unit, and an exception waits for a signature."""
    waits = ConsentExceptionGrant.objects.filter(log=log_id, signed_at=None)
    return waits.exists() and leads_log(user, log_id)


def has_second_to_sign(user: User, grant_id: UUID) -> bool:
    """The exception still waits for this leader of another line (S27)."""
    return signing.second_to_sign(user, grant_id, timezone.now()) is not None


def has_closing_to_sign(user: User, log_id: UUID) -> bool:
    """The user leads the holder's unit, and the holder has asked that the log is closed at once."""
    waits = ClosingWish.objects.filter(
        log=log_id, log__status=LogStatus.CLOSING, undone_at=None, hurry_asked_at__isnull=False
    )
    return waits.exists() and leads_log(user, log_id)


def has_protection_to_end(user: User, log_id: UUID) -> bool:
    """The user leads the holder's unit, and the child's address still is protected."""
    protected = Log.objects.filter(pk=log_id).exclude(child__address_protection=AddressProtection.NONE)
    return protected.exists() and leads_log(user, log_id)


def has_hiding(user: User, log_id: UUID) -> bool:
    """The user leads the holder's unit, and what is new is hidden from a guardian (S34)."""
    return HiddenPlace.objects.filter(log=log_id, ended_at=None).exists() and leads_log(user, log_id)


def has_parent_to_block(user: User, log_id: UUID) -> bool:
    """The user leads the holder's unit, and a decision says that a parent may not read (S36)."""
    log = Log.objects.filter(pk=log_id).first()
    return log is not None and leads_log(user, log_id) and bool(care.to_be_kept_out(log, timezone.localdate()))


def answers_for_foster(user: User, place_id: UUID) -> bool:
    """The user still answers for child welfare about this foster parent's place (S36)."""
    return foster.place_to_answer(place_id, user, timezone.localdate()) is not None


def knows_of_log(user: User, log_id: UUID) -> bool:
    """The user holds the log, or leads where it is held."""
    return holds_log(user, log_id) or leads_log(user, log_id)


def has_wish_to_answer(user: User, object_id: UUID | None) -> bool:
    """A family's wish waits for this leader; the notice holds nothing more than that."""
    found = wishes.wishes_for_leader(user, timezone.localdate())
    return any(wish.state != WishState.ANSWERED for wish in found)


def is_employee(user: User, log_id: UUID) -> bool:
    """The log itself is gone; the message says only that."""
    return user.is_employee


def is_citizen(user: User, object_id: UUID | None) -> bool:
    """The wish is gone; the message says only that, and leads to the page where one asks anew."""
    return user.is_citizen


def reads_some_log(user: User, object_id: UUID | None) -> bool:
    """The user still is family in a log; the page the notice leads to shows which."""
    return user.is_citizen and access.visible_logs(user).exists()


def was_asked(user: User, log_id: UUID) -> bool:
    """A respondent's own receipt still leads somewhere: the user may open the log."""
    return access.visible_logs(user).filter(pk=log_id).exists()


def is_invited(user: User, invitation_id: UUID) -> bool:
    """The invitation still waits for this user."""
    return access.invitations_for(user).filter(pk=invitation_id).exists()


def is_offered(user: User, handover_id: UUID) -> bool:
    """The offer of the stafettpinne still waits for this user."""
    return access.handovers_for(user).filter(pk=handover_id).exists()


def is_deputy_asked(user: User, deputy_id: UUID) -> bool:
    """The question about being deputy still waits for this user."""
    return access.deputies_for(user).filter(pk=deputy_id).exists()


def leads_somewhere(user: User, object_id: UUID | None) -> bool:
    """The user still leads a unit; the notice holds nothing more than that."""
    return units_led_by(user).exists()


def coordinates(user: User, object_id: UUID | None) -> bool:
    """The user still is coordinator; the notice holds nothing more than that."""
    return has_right(user, Right.COORDINATOR)
