from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import PortalForm
from apps.core.rendering import Described
from apps.notifications.enums import EmailPreference


class PreferenceForm(PortalForm, forms.Form):
    email = forms.ChoiceField(
        label=_("Hvordan vil du ha varsler?"),
        help_text=_("E-post og brev sier aldri hvem eller hva det gjelder. I portalen får du alltid alle varsler."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, is_citizen: bool, **kwargs):
        """A letter is for families: the stafettholder sends it."""
        super().__init__(*args, **kwargs)
        letter = Described(EmailPreference.LETTER.label, _("Stafettholderen sender det. Det kan ta noen dager"))
        self.fields["email"].choices = [
            (choice.value, letter if choice == EmailPreference.LETTER else choice.label)
            for choice in EmailPreference
            if is_citizen or choice != EmailPreference.LETTER
        ]
