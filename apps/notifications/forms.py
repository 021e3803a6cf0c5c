from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import PortalForm
from apps.notifications.enums import EmailPreference


class PreferenceForm(PortalForm, forms.Form):
    email = forms.ChoiceField(
        label=_("Hvordan vil du ha varsler på e-post?"),
        help_text=_("E-posten sier aldri hvem eller hva det gjelder. I portalen får du alltid alle varsler."),
        choices=EmailPreference.choices,
        widget=forms.RadioSelect,
    )
