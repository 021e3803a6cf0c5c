"""What a person may write to find a log, and about why it is open."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FreeTextField
from apps.stafettlogg.forms.written import WrittenForm


class SearchForm(forms.Form):
    """Sent by POST, so that no address holds a child's name (safety.md S22)."""

    q = forms.CharField(label=_("Søk etter et navn"), max_length=80, required=False, strip=True)


class ReasonForm(WrittenForm):
    reason = FreeTextField(
        label=_("Hvorfor har dere åpnet stafettloggen?"),
        help_text=_("Skriv det dere er enige om, med ord familien kjenner seg igjen i. Familien leser dette."),
        max_length=4000,
    )
    background = FreeTextField(
        label=_("Hva har dere prøvd før?"),
        help_text=_("Skriv hva som virket, og hva som ikke virket."),
        max_length=4000,
        required=False,
    )
