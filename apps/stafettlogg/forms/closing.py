from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import PortalForm
from apps.stafettlogg.enums import CloseReason
from apps.stafettlogg.rules.closing import HOLDER_REASONS


class CloseForm(PortalForm, forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Hvorfor avslutter dere?"),
        choices=[(reason.value, CloseReason(reason).label) for reason in HOLDER_REASONS],
        widget=forms.RadioSelect,
    )
