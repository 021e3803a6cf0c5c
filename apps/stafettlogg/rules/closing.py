"""When a stafettlogg may be closed, by whom and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.dates import end_of_day
from apps.core.errors import RuleBroken
from apps.municipality.selectors import ConsentAge
from apps.stafettlogg.enums import AccessKind, CloseReason, EndScope, GoalStatus, LogStatus
from apps.stafettlogg.models import Child, ClosingWish, Log
from apps.stafettlogg.rules import consents, logs

# What the holder chooses between; the others follow from how it was closed.
HOLDER_REASONS = (
    CloseReason.GOAL_REACHED,
    CloseReason.FAMILY_WISH,
    CloseReason.OTHER_PLAN,
    CloseReason.MOVED,
    CloseReason.ADULT,
)

# Who is named in the summary: those who did the work, not a leader who looked.
SUMMARY_KINDS = (AccessKind.HOLDER, AccessKind.DEPUTY, AccessKind.PARTICIPANT, AccessKind.ADVISER)


def check_can_close(log: Log) -> None:
    """Raise `RuleBroken("log_state")` unless the log is open. A request is withdrawn or refused instead."""
    if log.status == LogStatus.CLOSED:
        raise RuleBroken("log_state", _("Stafettloggen er allerede avsluttet."))
    logs.check_can_become(log, LogStatus.CLOSED)


def needs_final_evaluation(*, sharing_open: bool) -> bool:
    """While the log can be written in, the holder closes it with a final evaluation; in the shell nobody can (S11)."""
    return sharing_open


def check_final_evaluation(*, has_final: bool, sharing_open: bool) -> None:
    """Raise `RuleBroken("final_evaluation_missing")` when the holder closes an open log without it."""
    if needs_final_evaluation(sharing_open=sharing_open) and not has_final:
        raise RuleBroken(
            "final_evaluation_missing", _("Gjør den siste evalueringen først, sammen med familien. Da kan du avslutte.")
        )


def check_goals_answered(open_goals: Iterable[UUID], answers: Mapping[UUID, str]) -> None:
    """Raise `RuleBroken("goals_left")` unless each goal under way, and no other, has an answer of its own."""
    if set(open_goals) != set(answers) or not set(answers.values()) <= set(GoalStatus.values):
        raise RuleBroken("goals_left", _("Velg hva som blir av hvert mål. Målene kan ha endret seg."))


def check_quiet(child: Child) -> None:
    """«Avslutt stille» is for an expected child only (S9): raise `RuleBroken("quiet_only_expected")`."""
    if not child.is_expected:
        raise RuleBroken("quiet_only_expected", _("Du kan bare avslutte stille før barnet er født."))


def may_close_as_family(log: Log, kind: str) -> bool:
    """Whether someone with this kind of row may end the log for all: in a log of the youth's own she alone (S26)."""
    return kind == AccessKind.YOUTH or not log.child.answers_alone


@dataclass(frozen=True)
class Sides:
    """Whose yes the log itself needs: the guardians', the youth's, or both."""

    guardians: bool
    youth: bool


def sides_of(birth_date: date | None, rule: ConsentAge, *, today: date) -> Sides:
    return Sides(
        guardians=consents.guardians_answer(birth_date, rule, today=today),
        youth=consents.youth_answers(birth_date, rule, today=today),
    )


def scope_of(*, is_youth: bool, sides: Sides, others_answer: bool = False) -> str:
    """One whose side does not answer ends only her own part: the log is the others' (S30). So does a parent in whose
    place child welfare answers (`others_answer`, S36)."""
    if others_answer:
        return EndScope.OWN
    return EndScope.ALL if (sides.youth if is_youth else sides.guardians) else EndScope.OWN


def all_sides_asked(wishes: Iterable[ClosingWish], *, sides: Sides) -> bool:
    """Where both youth and guardians answer, closing for all needs both; else one word is enough (S30)."""
    asked = {wish.is_youth for wish in wishes}
    needed = {is_youth for is_youth, answers in ((True, sides.youth), (False, sides.guardians)) if answers}
    return bool(asked) and needed <= asked


def closes_at(today: date, *, days: int) -> datetime:
    """The instant a closing asked for today takes effect: it may be undone through the last of these days."""
    return end_of_day(today + timedelta(days=days))


def check_not_asked(wish: ClosingWish | None) -> None:
    """Raise `RuleBroken("closing_asked")` when the same person has asked already."""
    if wish is not None:
        raise RuleBroken("closing_asked", _("Du har allerede bedt om å avslutte stafettloggen."))


def check_is_closing(log: Log) -> None:
    """Raise `RuleBroken("not_closing")` unless the family has asked to close the log and may still undo it."""
    if not log.is_closing:
        raise RuleBroken("not_closing", _("Familien har ikke bedt om å avslutte, eller har angret."))


def check_holder_asked(wishes: Iterable[ClosingWish]) -> None:
    """Raise `RuleBroken("holder_has_not_asked")` unless the holder has asked the leader to close at once."""
    if not any(wish.hurry_asked_at is not None for wish in wishes):
        raise RuleBroken("holder_has_not_asked", _("Stafettholderen har ikke bedt om at loggen lukkes nå."))
