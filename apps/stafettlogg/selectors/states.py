"""The transition tables of this app, for docs/states.md and for tests."""

from django.db.models import TextChoices

from apps.stafettlogg import enums
from apps.stafettlogg.rules import consents, deputies, handovers, logs, participants, plan


def transition_tables() -> list[tuple[str, type[TextChoices], dict]]:
    """(heading, choices, table from state to the states it may go to)."""
    return [
        ("Log", enums.LogStatus, logs.NEXT),
        ("Consent", enums.ConsentState, consents.NEXT),
        ("Invitation", enums.InvitationState, participants.NEXT),
        ("Handover", enums.HandoverState, handovers.NEXT),
        ("Deputy", enums.DeputyState, deputies.NEXT),
        ("Goal", enums.GoalStatus, plan.GOAL_NEXT),
        ("Measure", enums.MeasureStatus, plan.MEASURE_NEXT),
    ]
