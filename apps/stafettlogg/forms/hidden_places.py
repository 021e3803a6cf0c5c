"""What is filled in when the place is hidden from a guardian, and when it is shown again (safety.md S34)."""

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import PortalForm
from apps.stafettlogg.enums import WordFrom


class HidePlaceForm(PortalForm, forms.Form):
    """Who has said that it must be hidden; no field for what has happened."""

    word_from = forms.ChoiceField(
        label=gettext_lazy("Hvem har sagt fra?"), widget=forms.RadioSelect, choices=WordFrom.choices
    )


class ShowPlaceForm(PortalForm, forms.Form):
    """The one who is protected has been told."""

    is_told = forms.BooleanField(
        label=gettext_lazy("Den som er beskyttet, vet at alt blir vist igjen"),
        error_messages={"required": gettext_lazy("Si fra til den som er beskyttet, og kryss av for det.")},
    )
