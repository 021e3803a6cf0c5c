"""Why a leader may open a log, and for how long: a choice, never text about the child (safety.md S16, S19)."""

from django.utils.translation import gettext as _

from apps.audit.enums import Ground
from apps.core.errors import RuleBroken

OPENING_MINUTES = 60
GROUNDS = (Ground.CONTROL, Ground.ABSENCE, Ground.HANDOVER, Ground.SUPPORT, Ground.COMPLAINT)


def check_ground(ground: str) -> None:
    """Raise `RuleBroken("leader_ground")` for anything that is not on the leader's list."""
    if ground not in GROUNDS:
        raise RuleBroken("leader_ground", _("Velg hvorfor du vil åpne stafettloggen."))
