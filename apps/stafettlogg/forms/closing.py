from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import PortalForm
from apps.stafettlogg.enums import CloseReason, GoalStatus
from apps.stafettlogg.rules.closing import HOLDER_REASONS

GOAL_ANSWERS = [
    (GoalStatus.REACHED, gettext_lazy("Nådd")),
    (GoalStatus.OPEN, gettext_lazy("Ikke nådd")),
    (GoalStatus.DROPPED, GoalStatus.DROPPED.label),
]


class CloseForm(PortalForm, forms.Form):
    """`goals` are those under way: one says of each what became of it."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Hvorfor avslutter dere?"),
        choices=[(reason.value, CloseReason(reason).label) for reason in HOLDER_REASONS],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, goals: Iterable[Any] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.goals = list(goals)
        for goal in self.goals:
            self.fields[_name(goal.pk)] = forms.ChoiceField(
                label=_("Målet «%(title)s»") % {"title": goal.title}, choices=GOAL_ANSWERS, widget=forms.RadioSelect
            )

    def goal_statuses(self) -> dict[UUID, str]:
        """What was chosen, by goal. Only for a valid form."""
        return {goal.pk: self.cleaned_data[_name(goal.pk)] for goal in self.goals}


def _name(goal_id: UUID) -> str:
    return f"goal_{goal_id}"
