"""Who at home may read, as a youth is asked about it (safety.md S26)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.core.dates import age_on, format_long
from apps.municipality.models import Unit
from apps.municipality.selectors import HEALTH_KINDS, consent_age, consent_ages
from apps.stafettlogg.enums import Responsibility
from apps.stafettlogg.models import Child, Guardian, Log, LogAccess
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import own_logs as rules
from apps.stafettlogg.rules.names import Reading


@dataclass(frozen=True)
class AboutReaders:
    """What a youth's answer must say of who reads at home.

    `choose`: guardians she lets into a log of her own or not, one by one; `is_new` when there is nothing to read yet.
    `names`: who reads the shared log, and `own_units` the services of hers among those she is asked about there.
    """

    choose: list[Guardian]
    is_new: bool
    names: list[str]
    own_units: frozenset[UUID]


NOBODY = AboutReaders([], True, [], frozenset())


def about_readers(log: Log, units: Iterable[Unit], now: datetime) -> AboutReaders:
    """For the youth's answer about these services."""
    today = timezone.localdate(now)
    if log.child.answers_alone:
        return AboutReaders(guardians_to_choose(log, today), log.opened_at is None, [], frozenset())
    own = own_units(log, units, today)
    return AboutReaders([], True, names_of_readers(log, today) if own else [], own)


def guardians_to_choose(log: Log, today: date) -> list[Guardian]:
    """The guardians written down in a log of the youth's own, by name; nobody in a shared one, or from 18."""
    child = log.child
    if not child.answers_alone or child.birth_date is None or age_on(child.birth_date, today) >= rules.ADULT_AGE:
        return []
    found = Guardian.objects.filter(child=child.pk).exclude(responsibility=Responsibility.NONE).order_by("name", "pk")
    return [guardian for guardian in found if not guardian.is_blocked(today)]


def own_units(log: Log, units: Iterable[Unit], today: date) -> frozenset[UUID]:
    """Those of these services that are the youth's own, in a log that guardians read."""
    ages, born = consent_ages(), log.child.birth_date
    found = (unit for unit in units if rules.is_own(unit.kind, consent_age(unit.kind, ages), born, today=today))
    return frozenset(unit.pk for unit in found)


def names_of_readers(log: Log, today: date) -> list[str]:
    """Guardians who may read the log, by name."""
    guardians = Guardian.objects.filter(child=log.child_id).order_by("name", "pk")
    return [guardian.name for guardian in guardians if guardian_rules.has_access(guardian, log.child, today=today)]


def may_decide(log: Log, today: date) -> dict[str, Membership]:
    """Who in the holder's health service may have decided that the youth answers alone: by id, ordered by name."""
    unit = log.holder.window.unit
    rows = Membership.objects.filter(
        unit=unit, first_day__lte=today, last_day__gte=today, user__is_active=True
    ).select_related("user")
    people = {str(row.user_id): row for row in rows.order_by("user__name", "pk")}
    return people if unit.kind in HEALTH_KINDS else {}


def decision_in_words(child: Child) -> str:
    """Who decided that a youth of 12 to 16 answers alone, when, until when and by what; '' where nobody did."""
    if child.alone_decided_by is None or child.alone_decided_day is None or child.alone_last_day is None:
        return ""
    words = _(
        "%(name)s bestemte %(day)s at ungdommen svarer alene. Det gjelder til og med %(last_day)s. %(paragraph)s."
    )
    return words % {
        "name": Reading(family=False).person(child.alone_decided_by),
        "day": format_long(child.alone_decided_day),
        "last_day": format_long(child.alone_last_day),
        "paragraph": child.get_alone_paragraph_display(),
    }


def parents_read_this(log: Log, row: LogAccess, today: date) -> bool:
    """Whether one from a health service is about to write where the parents of a child of 12 or more read (S26)."""
    born, place = log.child.birth_date, row.membership
    if log.child.answers_alone or born is None or place is None or place.unit.kind not in HEALTH_KINDS:
        return False
    return rules.DECISION_AGE <= age_on(born, today) < rules.ADULT_AGE
