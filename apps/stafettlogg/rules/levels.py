"""Which level fits the number of services in a log, as the action guide has it."""

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken

ONE_SERVICE, SEVERAL_SERVICES = 1, 2


def level_that_fits(level: int, *, services: int, lowest: int) -> int:
    """Level 1 is one service, level 2 several; 0 and 3 are chosen by people, and nothing goes below `lowest`."""
    if level == ONE_SERVICE and services > 1:
        return SEVERAL_SERVICES
    if level == SEVERAL_SERVICES and services == 1:
        return max(ONE_SERVICE, lowest)
    return level


def check_is_asked(level: int, *, now_at: int, fits: int) -> None:
    """Raise `RuleBroken("level_not_asked")` unless the level is the one that fits or the one the log is at."""
    if level not in (now_at, fits):
        raise RuleBroken("level_not_asked", _("Nivået er endret mens du så på det."))
