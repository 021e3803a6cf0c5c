from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, PortalForm


class CloseUnitForm(PortalForm, forms.Form):
    last_day = DateField(
        label=_("Siste dag"), help_text=_("Enheten er med til og med denne dagen. Skriv gårsdagen for å stoppe nå.")
    )
