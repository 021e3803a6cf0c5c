from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FreeTextField, PortalForm
from apps.core.text import contains_national_id

FASTEST_SECONDS = 3
SLOWEST_SECONDS = 24 * 3600


class FeedbackForm(PortalForm, forms.Form):
    """Feedback on a page, also from people without sign-in.

    Spam is stopped without a third party: a field people do not see, and a signed time that is neither too fresh nor a
    day old. The answer to a robot is the same receipt as to a person.
    """

    text = FreeTextField(
        label=_("Hva mangler, er feil eller kan bli bedre?"),
        help_text=_("Skriv ikke navn på barn, foreldre eller ansatte."),
        max_length=2000,
    )
    answer_to = forms.EmailField(label=_("E-postadresse"), help_text=_("Bare hvis du vil ha svar."), required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["opened"].initial = signing.dumps(timezone.now().timestamp(), salt="feedback")

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if contains_national_id(text):
            raise forms.ValidationError(_("Teksten ser ut til å ha et fødselsnummer. Ta det bort før du sender."))
        return text

    def looks_like_robot(self) -> bool:
        """True when the hidden field is filled, or the form was sent faster than a person can or after a day."""
        if self.cleaned_data.get("website"):
            return True
        try:
            opened = signing.loads(self.cleaned_data.get("opened", ""), salt="feedback", max_age=SLOWEST_SECONDS)
        except signing.BadSignature:
            return True
        return timezone.now().timestamp() - opened < FASTEST_SECONDS


class HandleForm(PortalForm, forms.Form):
    note = forms.CharField(label=_("Hva gjorde du med den?"), widget=forms.Textarea, max_length=1000, required=False)
