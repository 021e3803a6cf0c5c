"""Decisions about the care of a child, for those who hold the log and for its leader (safety.md S36)."""

from datetime import date
from uuid import UUID

from apps.accounts.models import User
from apps.stafettlogg import access
from apps.stafettlogg.enums import ANSWERING_KINDS, Relation, Responsibility
from apps.stafettlogg.models import CareDecision, Guardian, Log


def decisions_of(log: Log) -> list[CareDecision]:
    """Those that hold, the newest first."""
    rows = CareDecision.objects.filter(log=log, ended_at=None).select_related("guardian", "recorded_by")
    return list(rows.order_by("-recorded_at", "pk"))


def standing(log: Log) -> CareDecision | None:
    """The one that says who has the care now; None when the parents have it."""
    return next((decision for decision in decisions_of(log) if decision.lasts), None)


def who_can_answer(child_id: UUID) -> list[Guardian]:
    """Those written down as child welfare, by name."""
    rows = Guardian.objects.filter(child=child_id, relation=Relation.CHILD_WELFARE)
    return list(rows.exclude(responsibility=Responsibility.NONE).order_by("name", "pk"))


def parents_of(child_id: UUID) -> list[Guardian]:
    """Guardians with responsibility who are not child welfare, by name."""
    rows = Guardian.objects.filter(child=child_id, responsibility=Responsibility.CONFIRMED)
    return list(rows.exclude(relation=Relation.CHILD_WELFARE).order_by("name", "pk"))


def answers_for(decision: CareDecision, user: User, today: date) -> bool:
    """Whether this person is the one who answers for child welfare by the decision today."""
    guardian = decision.guardian
    return (
        decision.ended_at is None
        and not decision.is_past(today)
        and decision.kind in ANSWERING_KINDS
        and guardian is not None
        and guardian.user_id == user.pk
    )


def works_in(guardian: Guardian, log: Log) -> bool:
    """Whether this human stands in the log as an employee; found by blind index (S18)."""
    rows = access.current_rows_in([log.pk])
    staff = [row.user for row in rows if not access.is_family(row)]
    return any(
        user.pk == guardian.user_id or (user.national_id_index and user.national_id_index == guardian.national_id_index)
        for user in staff
    )


def to_be_kept_out(log: Log, today: date) -> list[tuple[CareDecision, Guardian]]:
    """Parents who may not read by a decision, and whom the leader has not blocked yet (S4)."""
    limiting = CareDecision.objects.filter(log=log, ended_at=None, parents_read=False, kind__in=ANSWERING_KINDS)
    return [
        (decision, parent)
        for decision in limiting
        for parent in parents_of(log.child_id)
        if not parent.is_blocked(today) and not decision.is_past(today)
    ]
