"""Wishes for a stafettlogg: the family's own, and those a leader has got."""

from datetime import date

from apps.accounts.access import units_led_by
from apps.accounts.models import User
from apps.stafettlogg.models import LogWish
from apps.stafettlogg.selectors import holders


def own_wishes(user: User) -> list[LogWish]:
    """What this person has sent, newest first."""
    return list(LogWish.objects.filter(author=user).select_related("unit").order_by("-sent_at", "pk")[:20])


def wishes_for_leader(user: User, today: date) -> list[LogWish]:
    """Wishes this leader answers, newest first: to units that have no leader nearer than this one."""
    units = units_led_by(user, today).values("pk")
    rows = LogWish.objects.filter(unit__in=units).select_related("unit", "author").order_by("-sent_at", "pk")[:200]
    found = list(rows)
    book = holders.leader_book({wish.unit for wish in found}, today=today)
    return [wish for wish in found if user.pk in {leader.user_id for leader in book.of(wish.unit)}]
