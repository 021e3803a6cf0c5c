"""When someone is reminded: whole local days before (positive) or after what is due."""

from datetime import date, timedelta

MEASURE_DAYS_BEFORE = 3
EVALUATION_DAYS_BEFORE = 7
REQUEST_DAYS_BEFORE_REMOVAL = 7
EXPIRED_SHOWN_DAYS = 30
SHELL_DAYS_BEFORE = (7, 1)
INVITATION_DAYS = (3, 7)


def reached_before(due_day: date, thresholds: tuple[int, ...], *, today: date) -> int | None:
    """The nearest reached of thresholds like (30, 14, 3) days before the due day; None when none is, or it has passed.

    A sweep that was away for weeks tells once, about the nearest, not once for each it missed.
    """
    days_left = (due_day - today).days
    if days_left < 0:
        return None
    return min((days for days in thresholds if days_left <= days), default=None)


def reached_after(since_day: date, thresholds: tuple[int, ...], *, today: date) -> int | None:
    """The latest reached of thresholds like (3, 7) days since; None before the first."""
    return max((days for days in thresholds if since_day + timedelta(days=days) <= today), default=None)
