"""The sweeper: what time alone changes is written down, and everyone is reminded once. Safe to run at any time."""

from collections.abc import Callable
from datetime import datetime

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from apps.municipality import services as municipality
from apps.notifications.services import remind, settle_done
from apps.stafettlogg.services import (
    closing,
    coming_of_age,
    deputies,
    family_closing,
    handovers,
    holders_leaving,
    participants,
    repeats,
    requests,
    signs_of_life,
    units,
    windows,
    wishes,
)

logger = structlog.get_logger(__name__)


class SweepFailed(Exception):
    """Some steps failed; the others are done. The next sweep tries again."""


def keep_phones(*, now: datetime) -> int:
    """The error pages have the telephone numbers also where nobody has changed them since the portal was installed."""
    return int(municipality.keep_phones())


# In this order: first who holds and what is still open, then the reminders about it.
STEPS: tuple[Callable[..., int], ...] = (
    holders_leaving.plan_successions,
    holders_leaving.settle_ended_holders,
    windows.expire_windows,
    signs_of_life.ask_who_signed_in,
    coming_of_age.ask_new_adults,
    repeats.tell_of_repeats,
    repeats.tell_of_alike,
    repeats.tell_of_two_logs,
    requests.remove_expired_requests,
    wishes.remove_old_wishes,
    handovers.turn_from_those_who_left,
    participants.turn_from_those_who_left,
    handovers.lapse_handovers,
    deputies.end_past_deputies,
    closing.close_ended_shells,
    family_closing.close_due_logs,
    units.note_closed_units,
    remind,
    settle_done,
    keep_phones,
)


def sweep(*, now: datetime) -> dict[str, int]:
    """Do every step; a step that fails does not stop the others. Returns how many things each did.

    Raises `SweepFailed` at the end when a step failed, so that the worker shows it, and `SoftTimeLimitExceeded` at
    once: the worker is about to end this process.
    """
    done, failed = {}, []
    for step in STEPS:
        try:
            done[step.__name__] = step(now=now)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            failed.append(step.__name__)
            logger.error("sweep_step_failed", step=step.__name__, code=type(error).__name__)
    if failed:
        raise SweepFailed(", ".join(failed))
    return done
