"""Each request has a record of its own of the child (S6). Here the records of one and the same child are found.

What is found is for the portal's own use: to give the holder of an older log a task, and to keep out whoever must not
come in. It is never shown to the one who asks. A log of the youth's own is no «other log» to anybody (S26): only what
keeps people out (blocks, protection) finds it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.core.written import folded
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import OPEN_STATUSES, AddressProtection, LogStatus, Relation
from apps.stafettlogg.models import Child, Guardian, HiddenPlace, Log
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import requests as rules

OPEN = OPEN_STATUSES


def records_of(child: Child) -> set:
    """Ids of this and the other records of one child: the same blind index, or the same name and birth date.

    An expected child is found by the pregnant woman: the blind index, or the name and the same expected day.
    """
    ids = set(_expected(child)) if child.is_expected else set(_born(child))
    if child.national_id_index:
        ids |= set(Child.objects.filter(national_id_index=child.national_id_index).values_list("pk", flat=True))
    return ids | {child.pk}


def _born(child: Child) -> Iterable:
    if not child.folded_name:
        return []
    return Child.objects.filter(folded_name=child.folded_name, birth_date=child.birth_date).values_list("pk", flat=True)


def _expected(child: Child) -> Iterable:
    known = Guardian.objects.filter(relation=Relation.PREGNANT, child__birth_date=None)
    for woman in child.guardians.filter(relation=Relation.PREGNANT):
        if woman.national_id_index:
            yield from known.filter(national_id_index=woman.national_id_index).values_list("child_id", flat=True)
        for name, child_id in known.filter(child__expected_day=child.expected_day).values_list("name", "child_id"):
            if folded(name) == folded(woman.name):
                yield child_id


def other_open_logs_of(child: Child) -> QuerySet[Log]:
    """Open shared logs and requests about the same child in its other records."""
    return Log.objects.filter(child__in=records_of(child) - {child.pk}, child__answers_alone=False, status__in=OPEN)


def other_logs_of(child: Child, *, only_requests: bool) -> QuerySet[Log]:
    """Logs about the same child in its other records, also closed ones; or only those that are not yet opened."""
    logs = Log.objects.filter(child__in=records_of(child) - {child.pk}).exclude(status=LogStatus.REMOVED).order_by("pk")
    return logs.filter(status=LogStatus.REQUESTED) if only_requests else logs


def has_log_in_sight(user: User, child: Child, now: datetime) -> bool:
    """Whether the user already sees an open log or request of this kind about this child. Always one query.

    A log of the youth's own and a shared one are two: neither stands in the way of the other (S26).
    """
    logs = access.visible_logs(user, now).filter(child__in=records_of(child), status__in=OPEN)
    return logs.filter(child__answers_alone=child.answers_alone).exists()


def with_namesakes(logs: QuerySet[Log]) -> QuerySet[Log]:
    """The logs among these worth looking closer at: some other open log may be about the same child. One query."""
    others = Log.objects.filter(status__in=OPEN, child__answers_alone=False).exclude(pk=OuterRef("pk"))
    named = others.filter(
        child__folded_name=OuterRef("child__folded_name"), child__birth_date=OuterRef("child__birth_date")
    )
    indexed = others.filter(child__national_id_index=OuterRef("child__national_id_index"))
    return logs.filter(child__answers_alone=False).filter(
        Exists(named)
        | Q(child__national_id_index__gt="") & Exists(indexed)
        | Q(child__birth_date=None) & Exists(others.filter(child__birth_date=None))
    )


def pairs_alike(made: Sequence[Log]) -> list[tuple[Log, Log]]:
    """Each of these logs with another open one that may be about the same born child: one of the names has a given name
    more, the day of birth is the same, and so is a guardian. Two queries, however many; never a log of a youth's own.

    Nothing but a task follows from it: it may be another child.
    """
    made = [log for log in made if log.child.birth_date is not None and not log.child.answers_alone]
    days = {log.child.birth_date for log in made}
    others = Log.objects.filter(status__in=OPEN, child__answers_alone=False, child__birth_date__in=days)
    by_day: dict[date | None, list[Log]] = {}
    for other in others.select_related("child").order_by("requested_at", "pk"):
        by_day.setdefault(other.child.birth_date, []).append(other)
    pairs = [
        (other, log)
        for log in made
        for other in by_day.get(log.child.birth_date, [])
        if other.pk != log.pk and is_name_alike(log.child, other.child)
    ]
    guardians: dict = {}
    children = {log.child_id for pair in pairs for log in pair}
    for guardian in Guardian.objects.filter(child__in=children) if children else []:
        guardians.setdefault(guardian.child_id, []).append(guardian)
    return [
        (other, log)
        for other, log in pairs
        if any(
            is_same_human(one, another)
            for one in guardians.get(log.child_id, [])
            for another in guardians.get(other.child_id, [])
        )
    ]


def is_name_alike(one: Child, other: Child) -> bool:
    """One of the names is the other with a name more: «Anne Lise Berg» and «Anne Lise Marie Berg». Never where two
    numbers say that they are two."""
    if one.national_id_index and other.national_id_index:
        return False
    names = [set(child.folded_name.split()) for child in (one, other)]
    shorter, longer = sorted(names, key=len)
    return len(shorter) > 1 and shorter < longer


def protection_of(child: Child) -> str:
    """The strictest address protection that any record of this child has (S17)."""
    return protection_and_end(child)[0]


def protection_and_end(child: Child) -> tuple[str, datetime | None]:
    """The strictest protection of any record of this child, and when one was last ended in any of them (S17)."""
    known = list(
        Child.objects.filter(pk__in=records_of(child)).values_list("address_protection", "protection_ends__signed_at")
    )
    ends = [ended_at for _protection, ended_at in known if ended_at is not None]
    return rules.strictest([child.address_protection, *(row[0] for row in known)]), max(ends, default=None)


def is_on_paper(child: Child) -> bool:
    """Whether nobody is asked in the portal: some record of the child has a strictly confidential address (S17)."""
    return protection_of(child) == AddressProtection.STRICT and not settings_row().strictly_confidential_digital


def blocked(child: Child, *, today: date) -> list[Guardian]:
    """Guardians who are blocked in any record of the child (S4)."""
    return list(Guardian.objects.filter(child__in=records_of(child), blocked_last_day__gte=today))


def hidden_from(child: Child) -> list[Guardian]:
    """Guardians from whom the place is hidden in any record of the child (S34)."""
    rows = HiddenPlace.objects.filter(guardian__child__in=records_of(child), ended_at=None)
    return [row.guardian for row in rows.select_related("guardian")]


def is_same_born_child(one: Child, other: Child) -> bool:
    """As `records_of` finds them, for two records at hand. An expected child is never one of them (S9), nor the record
    of a log of the youth's own (S26)."""
    if one.is_expected or other.is_expected or one.answers_alone or other.answers_alone:
        return False
    if one.national_id_index and one.national_id_index == other.national_id_index:
        return True
    return bool(one.folded_name) and (one.folded_name, one.birth_date) == (other.folded_name, other.birth_date)


def are_both_known(one: Log, other: Log, *, today: date) -> bool:
    """Two logs about one born child, and everybody who is written down as a guardian in either may read both: then it
    is no secret in the family that there are two (S6). One who is unchecked, blocked or in one alone keeps it one."""
    if not is_same_born_child(one.child, other.child):
        return False
    sides = [list(Guardian.objects.filter(child=log.child_id)) for log in (one, other)]
    may_read = [
        [g for g in side if guardian_rules.has_access(g, log.child, today=today)]
        for side, log in zip(sides, (one, other), strict=True)
    ]
    return all(
        any(is_same_human(guardian, reader) for reader in readers)
        for side in sides
        for readers in may_read
        for guardian in side
    )


def is_same_human(one: Guardian, other: Guardian) -> bool:
    if one.user_id is not None and one.user_id == other.user_id:
        return True
    if one.national_id_index and other.national_id_index:
        return one.national_id_index == other.national_id_index
    return folded(one.name) == folded(other.name)
