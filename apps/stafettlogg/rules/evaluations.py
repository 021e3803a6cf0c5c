"""What an evaluation must hold before it is saved, and which level the decision leads to."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import Decision, MeasureStatus

HIGHEST_LEVEL = 3
_STEP = {Decision.LEVEL_UP: 1, Decision.LEVEL_DOWN: -1}


def level_after(decision: str, level: int, *, lowest: int) -> int:
    """The log's level after this decision. Raises `RuleBroken("level_top")` or `RuleBroken("level_bottom")`.

    `lowest` is the level from which the municipality offers a log. A log that was below it when the municipality
    changed its mind stays where it is, or goes up.
    """
    step = _STEP.get(decision, 0)
    if step > 0 and level >= HIGHEST_LEVEL:
        raise RuleBroken("level_top", _("Stafettloggen er allerede på det høyeste nivået."))
    if step < 0 and level <= lowest:
        raise RuleBroken("level_bottom", _("Stafettloggen er allerede på det laveste nivået."))
    return level + step


def decisions_at(level: int, *, lowest: int) -> list[str]:
    """The decisions that `level_after` allows from this level, in the order of the form."""
    return [choice for choice in Decision.values if _is_possible(choice, level, lowest)]


def _is_possible(decision: str, level: int, lowest: int) -> bool:
    try:
        level_after(decision, level, lowest=lowest)
    except RuleBroken:
        return False
    return True


def check_days(decision: str, *, held_day: date, next_day: date | None, today: date) -> None:
    """Raise `RuleBroken` with code held_future, next_day_missing, next_day_past or next_day_needless.

    All but closing needs the day of the next evaluation, today or later; closing has none.
    """
    if held_day > today:
        raise RuleBroken("held_future", _("Dagen for evalueringen kan ikke være fram i tid."))
    if decision == Decision.CLOSE:
        if next_day is not None:
            raise RuleBroken("next_day_needless", _("Ta bort dagen for neste evaluering når dere avslutter."))
        return
    if next_day is None:
        raise RuleBroken("next_day_missing", _("Velg dagen for neste evaluering."))
    if next_day <= held_day or next_day < today:
        raise RuleBroken("next_day_past", _("Neste evaluering må være etter denne, og ikke før i dag."))


def check_voice_or_reason(has_voice: bool, reason: str) -> None:
    """The child's voice is in every evaluation, or it says why not: `RuleBroken("voice_missing")` (safety.md S15)."""
    if not has_voice and not reason.strip():
        raise RuleBroken(
            "voice_missing", _("Ta med barnets stemme, eller skriv kort hvorfor barnets stemme mangler denne gangen.")
        )


def check_effects(measures: Iterable[UUID], effects: Iterable[UUID], statuses: Mapping[UUID, str]) -> None:
    """Every measure up for review gets one answer, no other does; what is not started can have no effect.

    Raises `RuleBroken("effects_missing")`.
    """
    found = set(measures)
    judged = {measure for measure in found if statuses.get(measure) != MeasureStatus.NOT_STARTED}
    if judged != set(effects) or set(statuses) - found:
        raise RuleBroken("effects_missing", _("Velg hvordan hvert tiltak virker. Tiltakene kan ha endret seg."))
