"""Someone asked for a log on a child who has one: the holder of the older log gets a task, the asker never knows (S6).

Done by the sweeper and not when the request is made, so that a request is made by the same steps in the same time
whether the child has a log or not (docs/adr/0008).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.services import record_refusal
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import OPENED_STATUSES, Action, LogStatus
from apps.stafettlogg.models import Log, RepeatRequest
from apps.stafettlogg.selectors import holders as holder_selectors
from apps.stafettlogg.selectors import same_child
from apps.stafettlogg.services.notices import tell, tell_holders, tell_leaders

# A request may be answered on the employee's screen and open before the sweeper has seen it.
_LOOKED_AT = timedelta(days=7)


def tell_of_repeats(*, now: datetime) -> int:
    """Tell the holders of older logs of every newer request about the same child. Safe to repeat; returns how many."""
    newer = same_child.with_namesakes(Log.objects.filter(_recent(now)))
    count = 0
    for made in newer.select_related("child", "unit", "requested_by").order_by("requested_at", "pk"):
        for older in same_child.other_open_logs_of(made.child).exclude(repeat_requests__made=made):
            if (older.requested_at, str(older.pk)) < (made.requested_at, str(made.pk)):
                _tell(older, made, now=now)
                count += 1
    return count


def tell_of_alike(*, now: datetime) -> int:
    """The same where the names are only alike: one more given name, and the same birth date and guardian. The holder of
    the older log finds out. Safe to repeat; returns how many."""
    made = Log.objects.filter(_recent(now), child__answers_alone=False, child__birth_date__isnull=False)
    pairs = same_child.pairs_alike(list(made.select_related("child", "unit", "requested_by")))
    told = set(RepeatRequest.objects.filter(made__in=[log.pk for _older, log in pairs]).values_list("log", "made"))
    count = 0
    for older, log in pairs:
        is_older = (older.requested_at, str(older.pk)) < (log.requested_at, str(log.pk))
        if is_older and (older.pk, log.pk) not in told:
            _tell(older, log, is_alike=True, now=now)
            count += 1
    return count


def _recent(now: datetime) -> Q:
    return Q(status=LogStatus.REQUESTED) | Q(status__in=OPENED_STATUSES, requested_at__gte=now - _LOOKED_AT)


@transaction.atomic
def _tell(older: Log, made: Log, *, is_alike: bool = False, now: datetime) -> None:
    older = lock(Log, older.pk)
    asker = made.requested_by
    repeat, is_new = RepeatRequest.objects.get_or_create(
        log=older,
        made=made,
        defaults={"unit": made.unit, "asked_by": asker, "asked_at": made.requested_at, "is_alike": is_alike},
    )
    if not is_new:
        return
    record_refusal(actor=asker, log_id=older.pk, what="repeat-request", now=now)
    key = f"repeat {repeat.pk}"
    if not tell_holders(older, "repeat_request", key=key, page="stafettlogg:consents", but=asker, now=now):
        tell_leaders(older, "repeat_request_leader", key=key, page="stafettlogg:list", now=now)


def tell_of_two_logs(*, now: datetime) -> int:
    """A child has two open logs because everyone said yes to both: tell those who read both, once each.

    The family alone: that there is a log is theirs to tell (S6). Not while somebody written down as a guardian may not
    read both. Safe to repeat; returns how many children.
    """
    both_open = RepeatRequest.objects.filter(log__status=LogStatus.ACTIVE, made__status=LogStatus.ACTIVE)
    count = 0
    for repeat in both_open.select_related("log__child", "made__child").order_by("asked_at", "pk"):
        made = repeat.made
        if made is not None and same_child.are_both_known(repeat.log, made, today=timezone.localdate(now)):
            _tell_family_of_both(repeat, made, now=now)
            count += 1
    return count


@transaction.atomic
def _tell_family_of_both(repeat: RepeatRequest, made: Log, *, now: datetime) -> None:
    older, newer = ({user.pk: user for user in holder_selectors.family_users(log, now)} for log in (repeat.log, made))
    users = [user for user_id, user in older.items() if user_id in newer]
    tell(users, "two_logs_family", key=f"repeat {repeat.pk}", page="stafettlogg:children", now=now)


@transaction.atomic
def tell_holders_of_both(log_id: UUID, *, actor: User, now: datetime) -> int:
    """A guardian or the youth lets the holders of the child's open logs know that there are more than one.

    Returns how many logs. Raises `AccessDenied`, and `RuleBroken("one_log")` when there are no two that the whole
    family reads. Safe to repeat.
    """
    log = lock(Log, log_id)
    if not access.is_family(access.row_for(actor, log, now)):
        raise AccessDenied(_("Du har ikke tilgang til å gjøre dette i stafettloggen."))
    access.check_birth_date_given(actor, log.pk)
    others = (
        access.visible_logs(actor, now).filter(status__in=OPENED_STATUSES).exclude(pk=log.pk).select_related("child")
    )
    today = timezone.localdate(now)
    both = [other for other in others if log.is_opened and same_child.are_both_known(log, other, today=today)]
    if not both:
        raise RuleBroken("one_log", _("Barnet har ikke flere stafettlogger som alle i familien kan lese."))
    pair = [log, *both]
    for known in pair:
        tell_holders(known, "two_logs", key=f"log {known.pk} of {len(pair)}", page="stafettlogg:detail", now=now)
    for repeat in RepeatRequest.objects.filter(log__in=pair, made__in=pair, handled_at=None):
        repeat.handled_at = now
        repeat.save(update_fields=["handled_at"])
    return len(pair)


@transaction.atomic
def handle_repeat(repeat_id: UUID, *, actor: User, now: datetime) -> None:
    """The holder has followed up that someone else asked about the child. Safe to repeat. Raises `AccessDenied`."""
    repeat = RepeatRequest.objects.get(pk=repeat_id)
    log = lock(Log, repeat.log_id)
    access.check_can(actor, log, Action.INVITE, now)
    if repeat.handled_at is None:
        repeat.handled_at = now
        repeat.save(update_fields=["handled_at"])
