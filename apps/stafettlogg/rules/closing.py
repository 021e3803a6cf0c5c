"""When a stafettlogg may be closed, by whom and why."""

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import AccessKind, CloseReason, LogStatus
from apps.stafettlogg.models import Child, Log
from apps.stafettlogg.rules import logs

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


def check_quiet(child: Child) -> None:
    """«Avslutt stille» is for an expected child only (S9): raise `RuleBroken("quiet_only_expected")`."""
    if not child.is_expected:
        raise RuleBroken("quiet_only_expected", _("Du kan bare avslutte stille før barnet er født."))


def may_close_as_family(log: Log, kind: str) -> bool:
    """Whether someone with this kind of row may end the log for all: in a log of the youth's own she alone (S26)."""
    return kind == AccessKind.YOUTH or not log.child.answers_alone
