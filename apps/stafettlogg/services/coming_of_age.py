"""At 18 the young adult is asked anew: the guardians' yes ended at the midnight of the birthday (safety.md S10)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.core.dates import age_on, birthday, local_midnight
from apps.core.models import lock
from apps.municipality.selectors import is_switched_on
from apps.stafettlogg.enums import About, LogStatus, WindowBasis
from apps.stafettlogg.models import ConsentRequest, ConsentWindow, Log
from apps.stafettlogg.rules.consents import ADULT_AGE
from apps.stafettlogg.services import consent_questions


def ask_new_adults(*, now: datetime) -> int:
    """Ask each young adult about the services that saw the log until the birthday. Returns how many. Safe to repeat.

    Once, and not when the stafettholder has asked since the birthday. One who has no user is not asked here: the holder
    learns that the sharing stopped, and asks on paper or in the meeting.
    """
    today = timezone.localdate(now)
    found = Log.objects.filter(
        status=LogStatus.ACTIVE, child__user__isnull=False, child__birth_date__year__lte=today.year - ADULT_AGE
    ).order_by("pk")
    adults = [
        pk for pk, born in found.values_list("pk", "child__birth_date") if born and age_on(born, today) >= ADULT_AGE
    ]
    return sum(_ask_once(log_id, now=now) for log_id in adults)


@transaction.atomic
def _ask_once(log_id, *, now: datetime) -> int:
    log = lock(Log, log_id)
    born = log.child.birth_date
    if log.status != LogStatus.ACTIVE or born is None:
        return 0
    grown_up_at = local_midnight(birthday(born, ADULT_AGE))
    units = _units_until(log, grown_up_at, today=timezone.localdate(now))
    asked = ConsentRequest.objects.filter(log=log, about=About.CHILD, asked_at__gte=grown_up_at).exists()
    if asked or not units:
        return 0
    consent_questions.ask(log, unit_ids=units, actor=log.holder.user, now=now)
    return 1


def _units_until(log: Log, grown_up_at: datetime, *, today) -> list:
    """The holder's service and those whose window stood until the birthday, as far as they use the portal."""
    windows = ConsentWindow.objects.filter(
        log=log, basis__in=(WindowBasis.CONSENT, WindowBasis.CLOSING), valid_until__gte=grown_up_at
    ).select_related("unit")
    return [window.unit_id for window in windows if window.unit.is_service and is_switched_on(window.unit, today)]
