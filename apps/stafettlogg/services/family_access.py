"""Linking guardians and youth to their own users, and giving them their rows. Never before the check (safety.md S8)."""

from datetime import date, datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.core.dates import age_on
from apps.municipality.selectors import DEFAULT_AGE
from apps.stafettlogg.enums import OPEN_STATUSES, AccessKind
from apps.stafettlogg.models import Child, Guardian, Log
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import guardians as rules
from apps.stafettlogg.selectors import foster, same_child
from apps.stafettlogg.selectors import guardians as selectors
from apps.stafettlogg.selectors.closing_wishes import have_left
from apps.stafettlogg.services.access import family_row


def give_family_rows(log: Log, *, actor: User | None, now: datetime) -> None:
    """Every guardian with access, and the youth, who has a user gets a row in this log. Safe to repeat.

    Nobody who is blocked in another record of the child (S4), and nobody at all when the child has a strictly
    confidential address there (S17): the holder of this log does not know it, and sees only that nobody has answered.
    In a log of the youth's own the guardians she has let in, once it is open, and no others (S26). Nor one who has left
    this log (S30), nor one from whom the place is hidden, who keeps the rows that are there (S34). A foster parent gets
    a row of her own kind while her place holds (S36).
    """
    today = timezone.localdate(now)
    child = log.child
    if log.status not in OPEN_STATUSES and not (log.is_closed and child.answers_alone):
        return
    on_paper = same_child.is_on_paper(child)
    kept_out = [*same_child.blocked(child, today=today), *same_child.hidden_from(child)]
    gone = have_left(log)
    is_minor = child.birth_date is None or age_on(child.birth_date, today) < consent_rules.ADULT_AGE
    if is_minor and not (child.answers_alone and log.is_request):
        for guardian in Guardian.objects.filter(child=child).select_related("user"):
            place = foster.place_of_guardian(guardian, log, today)
            if place is not None or rules.has_access(guardian, child, today=today):
                link(guardian, actor=actor)
                if (
                    guardian.user is None
                    or guardian.user_id in gone
                    or on_paper
                    or any(same_child.is_same_human(guardian, other) for other in kept_out)
                ):
                    continue
                family_row(
                    log=log,
                    user=guardian.user,
                    child=child,
                    kind=AccessKind.GUARDIAN if place is None else AccessKind.FOSTER,
                    actor=actor,
                    now=now,
                    last_day=guardian.place_last_day,
                )
    link_youth(child, actor=actor, today=today)
    if child.user is not None and child.user_id not in gone and not on_paper:
        family_row(log=log, user=child.user, child=child, kind=AccessKind.YOUTH, actor=actor, now=now)


def link(guardian: Guardian, *, actor: User | None) -> None:
    """Find the guardian's own citizen user by blind index (S29). Safe to repeat."""
    if guardian.user_id is not None:
        return
    user = selectors.citizen_for(guardian)
    if user is not None:
        guardian.user = user
        guardian._history_user = actor
        guardian.save(update_fields=["user"])


def link_youth(child: Child, *, actor: User | None, today: date) -> None:
    """Find the youth's own citizen user by blind index, from the age at which a youth answers, or in a log of her own.

    Safe to repeat.
    """
    if child.user_id is not None or not child.national_id_index or child.birth_date is None:
        return
    if age_on(child.birth_date, today) < DEFAULT_AGE and not child.answers_alone:
        return
    user = selectors.citizen_by_index(child.national_id_index)
    if user is not None:
        child.user = user
        child._history_user = actor
        child.save(update_fields=["user"])
