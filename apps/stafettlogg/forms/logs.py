from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """Sent by POST, so that no address holds a child's name (safety.md S22)."""

    q = forms.CharField(label=_("Søk etter et navn"), max_length=80, required=False, strip=True)
