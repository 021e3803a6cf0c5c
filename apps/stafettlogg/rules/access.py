"""What each kind of access row allows, whoever holds it (docs/adr: one row is both grant and relation)."""

from apps.stafettlogg.enums import AccessKind, Action, ConsentScope, WindowBasis
from apps.stafettlogg.models import LogAccess

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
    # She answers nothing, ends nothing and sees no list of who has looked (S36).
    AccessKind.FOSTER: frozenset({Action.READ, Action.WRITE}),
    AccessKind.LEADER: frozenset({Action.READ}),
    AccessKind.ADVISER: frozenset({Action.READ, Action.ADVISE}),
}
# Before consent and in the shell afterwards: renew, hand over or end, but neither read nor write content (S5, S11).
WITHOUT_CONSENT = frozenset(
    {Action.READ, Action.INVITE, Action.SEE_ANSWERS, Action.HAND_OVER, Action.CLOSE, Action.SEE_READS}
)

# A service that takes part in its own measures reads those and writes to the holder about them (docs/adr/0016).
WITH_OWN_MEASURES = frozenset({Action.READ, Action.WRITE})


def may(kind: str, basis: str | None, scope: str | None = None) -> frozenset[str]:
    """What a row of this kind allows through a window of this basis and scope (`None`: the family's rows have none)."""
    if basis not in (None, WindowBasis.CONSENT):
        return MAY[kind] & WITHOUT_CONSENT
    return MAY[kind] & WITH_OWN_MEASURES if scope == ConsentScope.MEASURES else MAY[kind]


def may_by(row: LogAccess) -> frozenset[str]:
    """What this row, read by `access`, allows: never more than its own window is for."""
    return may(row.kind, row.basis_now, scope_of(row))


def scope_of(row: LogAccess) -> str:
    """How much of the log this row is for; the family's is for all that is the family's. A foster parent's is for her
    own measures, unless the place she has by it says more (`selectors.foster`)."""
    if row.kind == AccessKind.FOSTER:
        return ConsentScope.MEASURES
    return row.window.scope if row.window is not None else ConsentScope.LOG


def strength(row: LogAccess) -> tuple[bool, int]:
    """For ordering the rows of one person in one log: what is for all of it before what is for own measures."""
    return scope_of(row) == ConsentScope.LOG, len(MAY[row.kind])
