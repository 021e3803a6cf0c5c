"""Who may write to whom in a log (safety.md S2)."""

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import FAMILY_KINDS, AccessKind, Audience

_AT_HOME = FAMILY_KINDS | {AccessKind.FOSTER}
# The law gives a month to answer who asks to have something corrected.
CORRECTION_DAYS = 30


def check_audience(
    kind: str, audience: str, *, holding: bool, has_thread: bool, to_all: bool = True, has_unit: bool = False
) -> None:
    """Raise `RuleBroken("audience")` unless someone with this kind of row may write to these readers.

    The family writes to the holder alone or to all. Staff write to all, and parents read it; the holder also answers in
    one guardian's or the youth's private thread. Nobody writes to staff behind the parents' back. `to_all`: a guardian
    in a log of the youth's own may not write to all, since who they are at home is not his to know (S26). `has_unit`:
    it is to a service that takes part in its own measures, by the holder or by one who works there.
    """
    private = audience == Audience.HOLDER
    allowed = (
        (audience == Audience.ALL and to_all)
        or (private and kind in _AT_HOME)
        or (private and holding and has_thread)
        or (audience == Audience.UNIT and kind not in _AT_HOME and has_unit)
    )
    if not allowed:
        raise RuleBroken("audience", _("Du kan ikke skrive til disse leserne."))


def check_text(text: str) -> None:
    """Raise `RuleBroken("empty_text")` for a message without words."""
    if not text.strip():
        raise RuleBroken("empty_text", _("Skriv noe i beskjeden."))
