"""Families who ask a unit to consider a log."""

from dataclasses import dataclass

from apps.accounts.models import Membership
from apps.core.dates import local_day
from apps.municipality.models import Unit
from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.enums import WishState
from apps.stafettlogg.models import LogWish
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors.tasks import rows


@dataclass(kw_only=True)
class WishDue(Due):
    """A wish to answer. Names no child."""

    unit: Unit

    def is_seen_from(self, place: Membership) -> bool:
        return rows.is_at(self.unit, place)


def wishes(scope: Scope) -> list[Due]:
    """To the nearest leader of the unit. For pages."""
    found = LogWish.objects.filter(state=WishState.NEW, unit__in=scope.led_unit_ids)
    found = list(found.select_related("unit").defer("text").order_by("sent_at", "pk"))
    if not found:
        return []
    book = holders.leader_book([wish.unit for wish in found], today=scope.today)
    return [
        WishDue(
            recipient=scope.user,
            key=f"wish {wish.pk}",
            url_name="stafettlogg:wishes",
            since_day=local_day(wish.sent_at),
            detail=wish.unit.name,
            unit=wish.unit,
        )
        for wish in found
        if scope.user.pk in {leader.user_id for leader in book.of(wish.unit)}
    ]
