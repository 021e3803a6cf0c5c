"""An exempt guardian signs in or is spoken with (safety.md S27): asked at once, and the exception ends within days."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import User
from apps.core.dates import FAR_AT, end_of_day, local_day
from apps.core.models import lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, LogStatus
from apps.stafettlogg.models import ConsentExceptionGrant, ContactAttempt, Guardian, Log
from apps.stafettlogg.rules import exceptions as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors.exceptions import in_force
from apps.stafettlogg.services.consent_questions import ask_alone
from apps.stafettlogg.services.notices import tell_holders
from apps.stafettlogg.services.windows import refresh_windows


@transaction.atomic
def write_contact(
    log_id: UUID, guardian_id: UUID, *, day: date, channel: str, was_reached: bool, actor: User, now: datetime
) -> ContactAttempt:
    """The holder writes down an attempt to reach a guardian, or that they spoke: never what was said.

    One who is said to be out of reach, and is spoken with, is asked, and the exception ends within days.
    Raises `AccessDenied`, `RuleBroken` (`contact_day`, `log_state`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    rules.check_contact_day(day, today=timezone.localdate(now))
    guardian = Guardian.objects.get(pk=guardian_id, child_id=log.child_id)
    written = ContactAttempt.objects.create(
        log=log,
        guardian=guardian,
        day=day,
        channel=channel,
        was_reached=was_reached,
        written_by=actor,
        written_at=now,
    )
    if was_reached:
        for grant in _silent(now).filter(log=log, guardian=guardian):
            if grant.signed_at is not None and rules.is_sign_of_life(day, local_day(grant.signed_at)):
                _ask_again(log, grant, actor=actor, now=now)
    return written


def ask_who_signed_in(*, now: datetime) -> int:
    """Ask each guardian who was said to be out of reach or dead and has signed in since. Safe to repeat.

    Returns how many.
    """
    found = _silent(now).filter(guardian__user__last_login__gt=F("signed_at"))
    pairs = found.filter(log__status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]).values_list("pk", "log_id")
    for grant_id, log_id in list(pairs):
        with transaction.atomic():
            log = lock(Log, log_id)
            for grant in _silent(now).filter(pk=grant_id):
                _ask_again(log, grant, actor=None, now=now)
    return len(pairs)


def _silent(now):
    """Exceptions that hold of guardians who should not be there to be heard from, and have not been."""
    return ConsentExceptionGrant.objects.select_related("guardian").filter(
        in_force(now), ground__in=rules.SILENT_GROUNDS, sign_of_life_at=None
    )


def _ask_again(log, grant, *, actor, now) -> None:
    """The guardian is asked, unless telling is dangerous. Until the exception ends nothing new is shared."""
    last_day = rules.last_day_after_sign_of_life(timezone.localdate(now), settings_row().sign_of_life_days)
    grant.sign_of_life_at, grant.ends_at = now, min(grant.ends_at or FAR_AT, end_of_day(last_day))
    grant.save(update_fields=["sign_of_life_at", "ends_at"])
    if not grant.untold_reason:
        ask_alone(log, grant.guardian, actor=actor or log.holder.user, now=now)
    refresh_windows(log, actor=actor, now=now)
    tell_holders(log, "exception_ending", key=f"exception {grant.pk}", page="stafettlogg:guardians", now=now)
