"""What each kind of access row allows, whoever holds it (docs/adr: one row is both grant and relation)."""

from apps.stafettlogg.enums import AccessKind, Action

_HOLDER = frozenset(
    {
        Action.READ,
        Action.WRITE,
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
_FAMILY = frozenset(
    {Action.READ, Action.WRITE, Action.CONSENT, Action.CLOSE, Action.PRINT, Action.SEE_READS}
)
MAY: dict[str, frozenset[str]] = {
    AccessKind.HOLDER: _HOLDER,
    AccessKind.DEPUTY: _HOLDER,
    AccessKind.PARTICIPANT: frozenset({Action.READ, Action.WRITE, Action.PRINT}),
    AccessKind.GUARDIAN: _FAMILY,
    AccessKind.YOUTH: _FAMILY,
    AccessKind.LEADER: frozenset({Action.READ}),
    AccessKind.ADVISER: frozenset({Action.READ, Action.ADVISE}),
}
LEADER_OPENING_MINUTES = 60
