from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.urls import NoReverseMatch, reverse

from apps.notifications import kinds, rules
from apps.notifications.enums import DeliveryState, EmailPreference, Group
from apps.notifications.models import Delivery, Notice, Preference

PAGE = 50


@dataclass(frozen=True)
class NoticeLine:
    """A notice as the page shows it: finished answers only."""

    notice: Notice
    title: str
    group: str
    emailed_at: datetime | None


def notices_for(user, *, group: str | None = None, read: bool = False) -> list[NoticeLine]:
    """The person's newest notices (at most 50), with when each was mailed; `read`: those read or done. Two queries.

    Those of one instant stand by due day, kind and occasion: the same order each time, whatever their random ids.
    """
    earlier = Q(read_at__isnull=False) | Q(done_at__isnull=False)
    rows = Notice.objects.filter(earlier if read else ~earlier, recipient=user, retracted_at=None).order_by(
        "-created_at", F("due_day").asc(nulls_last=True), "kind", "key"
    )[:PAGE]
    lines = [_line(notice) for notice in rows.select_related("delivery")]
    return [line for line in lines if line is not None and group in (None, line.group)]


def address_of(notice: Notice) -> str:
    """Where the notice leads; "" when there is no such page any more."""
    try:
        return reverse(notice.url_name, args=[notice.object_id] if notice.object_id else [])
    except NoReverseMatch:
        return ""


def unread_count(user) -> int:
    return Notice.objects.filter(recipient=user, read_at=None, done_at=None, retracted_at=None).count()


def email_preference(user) -> str:
    row = Preference.objects.filter(user=user).first()
    return row.email if row else EmailPreference.EACH


def waiting_tasks(*, limit: int) -> list[Notice]:
    """Unread notices of something to do, not reminders: some of them may be done by now.

    First those never asked about, then those asked about longest ago: whatever waits, each has its turn.
    """
    codes = [kind.code for kind in kinds.all_kinds() if kind.group == Group.TASK and not kind.is_reminder]
    rows = Notice.objects.filter(kind__in=codes, read_at=None, done_at=None, retracted_at=None)
    turn = F("checked_at").asc(nulls_first=True)
    return list(rows.select_related("recipient").order_by(turn, "-created_at", "pk")[:limit])


def waiting_reminders(codes) -> list[Notice]:
    """Unread reminders of these kinds."""
    reminders = [code for code in codes if (kind := kinds.get(code)) is not None and kind.is_reminder]
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


def transition_tables() -> list[tuple[str, type, dict]]:
    """(heading, choices, table from state to the states it may go to), for docs/states.md."""
    return [("Delivery", DeliveryState, rules.NEXT)]
