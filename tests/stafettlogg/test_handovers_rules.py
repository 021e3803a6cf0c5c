"""Every from × to pair of the tables of handovers, deputies and invitations."""

from itertools import product
from types import SimpleNamespace

import pytest

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import DeputyState, HandoverState, InvitationState
from apps.stafettlogg.rules import deputies, handovers, participants

ALLOWED = {
    (handovers, HandoverState): {
        ("awaiting_consent", "offered"),
        ("awaiting_consent", "withdrawn"),
        ("awaiting_consent", "lapsed"),
        ("offered", "accepted"),
        ("offered", "declined"),
        ("offered", "withdrawn"),
        ("offered", "lapsed"),
    },
    (deputies, DeputyState): {
        ("offered", "accepted"),
        ("offered", "declined"),
        ("offered", "ended"),
        ("accepted", "ended"),
    },
    (participants, InvitationState): {
        ("awaiting_consent", "invited"),
        ("awaiting_consent", "ended"),
        ("invited", "joined"),
        ("invited", "declined"),
        ("invited", "ended"),
        ("joined", "ended"),
    },
}
PAIRS = [
    (rules, before, after, (before, after) in allowed)
    for (rules, states), allowed in ALLOWED.items()
    for before, after in product(states.values, states.values)
]


@pytest.mark.parametrize(("rules", "before", "after", "allowed"), PAIRS)
def test_state_goes_only_where_the_table_says(rules, before, after, allowed):
    thing = SimpleNamespace(state=before)

    if allowed:
        rules.check_can_become(thing, after)
    else:
        with pytest.raises(RuleBroken):
            rules.check_can_become(thing, after)


@pytest.mark.parametrize(("rules", "states"), list(ALLOWED))
def test_every_state_is_in_the_table(rules, states):
    assert set(rules.NEXT) == set(states.values)
