"""What each kind of access row allows, whoever holds it (docs/adr: one row is both grant and relation)."""

from apps.stafettlogg.enums import AccessKind, Action, WindowBasis

_HOLDER = frozenset(
    {
        Action.READ,
        Action.WRITE,
        Action.VOICE,
        Action.PLAN,
        Action.EVALUATE,
        Action.INVITE,
        Action.SEE_ANSWERS,
        Action.HAND_OVER,
        Action.CLOSE,
        Action.PRINT,
        Action.SEE_READS,
    }
)
_FAMILY = frozenset({Action.READ, Action.WRITE, Action.CONSENT, Action.CLOSE, Action.PRINT, Action.SEE_READS})
MAY: dict[str, frozenset[str]] = {
    AccessKind.HOLDER: _HOLDER,
    AccessKind.DEPUTY: _HOLDER,
    AccessKind.PARTICIPANT: frozenset({Action.READ, Action.WRITE, Action.VOICE, Action.PRINT}),
    AccessKind.GUARDIAN: _FAMILY,
    AccessKind.YOUTH: _FAMILY,
    AccessKind.LEADER: frozenset({Action.READ}),
    AccessKind.ADVISER: frozenset({Action.READ, Action.ADVISE}),
}
# Before consent and in the shell afterwards: renew, hand over or end, but neither read nor write content (S5, S11).
WITHOUT_CONSENT = frozenset(
    {Action.READ, Action.INVITE, Action.SEE_ANSWERS, Action.HAND_OVER, Action.CLOSE, Action.SEE_READS}
)


def may(kind: str, basis: str | None) -> frozenset[str]:
    """What a row of this kind allows through a window of this basis (`None`: the family's rows have no window)."""
    return MAY[kind] if basis in (None, WindowBasis.CONSENT) else MAY[kind] & WITHOUT_CONSENT
