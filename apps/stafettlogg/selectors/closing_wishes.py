"""Wishes of the family to end a log, and whose wish it takes (safety.md S30)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.statements import statement
from apps.municipality.selectors import consent_age, consent_ages
from apps.stafettlogg.enums import About, ConsentState, EndScope
from apps.stafettlogg.models import ClosingWish, Consent, Log
from apps.stafettlogg.rules import closing as rules


def own_wish(log: Log, user: User) -> ClosingWish | None:
    """The user's own wish to end the log for all, when it stands."""
    return ClosingWish.objects.filter(log=log, asked_by=user, scope=EndScope.ALL, undone_at=None).first()


def own_wishes_in(user_id: UUID, log_ids: Collection[UUID]) -> dict[UUID, ClosingWish]:
    """`own_wish` by log, in one query."""
    return {wish.log_id: wish for wish in _own_wishes_in.rows(user_id, list(log_ids))}


@statement
def _own_wishes_in(user_id: UUID, log_ids: list[UUID]) -> QuerySet[ClosingWish]:
    return ClosingWish.objects.filter(asked_by=user_id, log__in=log_ids, scope=EndScope.ALL, undone_at=None)


def standing_wishes(log: Log) -> list[ClosingWish]:
    """Wishes to end the log for all, the oldest first: for the holder, and for the leader who signs."""
    wishes = ClosingWish.objects.filter(log=log, scope=EndScope.ALL, undone_at=None)
    return list(wishes.select_related("guardian", "log__child").order_by("asked_at", "pk"))


def wishes_that_count(log: Log) -> list[ClosingWish]:
    """Those of the standing ones whose person has not said yes to the log again since."""
    given = Consent.objects.filter(log=log, state=ConsentState.GIVEN, about=About.CHILD)
    given = given.filter(unit=log.holder.window.unit_id)
    since = {row.guardian_id: row.answered_at for row in given if row.answered_at is not None}
    return [
        wish
        for wish in standing_wishes(log)
        if wish.guardian_id not in since or since[wish.guardian_id] <= wish.asked_at
    ]


def sides_of(log: Log, today: date) -> rules.Sides:
    """Who answers about consent for the log itself: the guardians, the youth, or both (S10)."""
    if log.child.answers_alone:  # a log of the youth's own (S26)
        return rules.Sides(guardians=False, youth=True)
    rule = consent_age(log.holder.window.unit.kind, consent_ages())
    return rules.sides_of(log.child.birth_date, rule, today=today)


def have_left(log: Log) -> set[UUID]:
    """Ids of users who have ended their own part of this log: they get no row in it again by themselves."""
    wishes = ClosingWish.objects.filter(log=log, scope=EndScope.OWN, undone_at=None)
    return set(wishes.values_list("asked_by_id", flat=True))
