from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, PortalForm


class WordForm(PortalForm, forms.Form):
    """Somebody's word for a point. `sentence` is what is ticked; `names_other`: who did it may be somebody else."""

    sure = forms.BooleanField(label="")
    name = forms.CharField(label=_("Hvem gjorde det?"), max_length=100)
    title = forms.CharField(
        label=_("Stilling"), max_length=100, required=False, help_text=_("For eksempel lege eller IT-ansvarlig.")
    )
    day = DateField(label=_("Hvilken dag?"))
    note = forms.CharField(label=_("Merknad"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, sentence, names_other, name, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = sentence
        self.fields["day"].initial = today
        self.fields["name"].initial = name
        if not names_other:
            del self.fields["name"]

    def content(self) -> dict[str, Any]:
        """For `services.readiness.vouch`."""
        return {name: self.cleaned_data[name] for name in ("name", "title", "day", "note") if name in self.cleaned_data}


class TrialEmailForm(PortalForm, forms.Form):
    email = forms.EmailField(
        label=_("Hvilken adresse skal e-posten gå til?"),
        help_text=_("Prøv også en adresse utenfor kommunen."),
    )


class TrialCodeForm(PortalForm, forms.Form):
    email = forms.EmailField(label=_("Adressen e-posten gikk til"))
    code = forms.CharField(label=_("Koden som står i e-posten"), max_length=10)


class OpenForm(PortalForm, forms.Form):
    """The last tick before the public comes in."""

    sure = forms.BooleanField(label="")

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = _("Jeg, %(name)s, har sett at alt stemmer") % {"name": name}
