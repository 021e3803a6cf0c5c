"""When the child's own words may be written down (safety.md S15)."""

from datetime import date

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.stafettlogg.models import Child


def check_voice(child: Child, text: str, *, told_day: date, child_knows_readers: bool, today: date) -> None:
    """Raise `RuleBroken` unless there is a child who spoke, has spoken already, and knows who reads it.

    Codes: voice_unborn, voice_empty, voice_future, voice_readers_unknown.
    """
    if child.is_expected:
        raise RuleBroken("voice_unborn", _("Barnet er ikke født ennå."))
    if not text.strip():
        raise RuleBroken("voice_empty", _("Skriv det barnet har fortalt."))
    if told_day > today:
        raise RuleBroken("voice_future", _("Dagen for samtalen kan ikke være fram i tid."))
    if not child_knows_readers:
        raise RuleBroken(
            "voice_readers_unknown", _("Fortell barnet hvem som leser dette, og kryss av for det, før du lagrer.")
        )
