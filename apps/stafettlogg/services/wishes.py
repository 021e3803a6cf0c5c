"""A guardian asks a unit to consider a stafettlogg. Seen by the unit's leader alone, until it is answered."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.selectors import services_switched_on, settings_row
from apps.stafettlogg.enums import WishState
from apps.stafettlogg.models import LogWish
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors import wishes as selectors
from apps.stafettlogg.services.notices import tell


@transaction.atomic
def send_wish(*, actor: User, unit_id: UUID, child_name: str = "", text: str = "", now: datetime) -> LogWish:
    """Send the wish to the unit's leader (else the leader above). Raises `AccessDenied`, `RuleBroken`."""
    if not actor.is_citizen:
        raise AccessDenied(_("Bare foresatte og ungdommer kan sende et ønske."))
    today = timezone.localdate(now)
    unit = services_switched_on(today).filter(pk=unit_id, is_external=False).first()
    if unit is None:
        raise RuleBroken("unit_not_in_use", _("Velg en enhet som bruker stafettlogg."))
    wish = LogWish.objects.create(
        author=actor, unit=unit, child_name=child_name.strip(), text=text.strip(), sent_at=now
    )
    leaders = [leader.user for leader in holders.leader_book([unit], today=today).of(unit)]
    tell(leaders, "wish_received", key=f"wish {wish.pk}", page="stafettlogg:wishes", now=now)
    return wish


@transaction.atomic
def answer_wish(wish_id: UUID, *, actor: User, now: datetime) -> LogWish:
    """The leader has talked with the family. Raises `AccessDenied` for everyone else. Safe to repeat."""
    if wish_id not in {wish.pk for wish in selectors.wishes_for_leader(actor, timezone.localdate(now))}:
        raise AccessDenied(_("Bare lederen for enheten kan svare på ønsket."))
    wish = lock(LogWish, wish_id)
    if wish.state != WishState.ANSWERED:
        wish.state, wish.answered_by, wish.answered_at = WishState.ANSWERED, actor, now
        wish.save(update_fields=["state", "answered_by", "answered_at"])
    return wish


def remove_old_wishes(*, now: datetime) -> int:
    """Remove wishes that are older than the municipality's `wish_days`, answered or not. Returns how many.

    Whose wish nobody has answered is told, and may ask anew. The drafts and notices about wishes say nothing of whom
    they concern. Safe to repeat.
    """
    before = now - timedelta(days=settings_row().wish_days)
    with transaction.atomic():
        old = list(LogWish.objects.select_for_update(of=("self",)).filter(sent_at__lt=before).select_related("author"))
        for wish in old:
            if wish.state != WishState.ANSWERED:
                tell([wish.author], "wish_removed", key=f"wish {wish.pk}", page="stafettlogg:wish", now=now)
        LogWish.objects.filter(pk__in=[wish.pk for wish in old]).delete()
    return len(old)
