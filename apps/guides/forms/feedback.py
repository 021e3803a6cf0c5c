from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FreeTextField, PortalForm
from apps.core.national_id import contains_national_id

FASTEST_SECONDS = 3
SLOWEST_SECONDS = 24 * 3600


class FeedbackForm(PortalForm, forms.Form):
    """Feedback on a page, also from people without sign-in.

    Spam is stopped without a third party. Who fills in a field people do not see is a robot, and gets the same receipt
    as a person. Who sends faster than one can write, or a day after the page was opened, is asked to send once more: it
    may be a person with a text ready or a tab left open, who then loses nothing of it.
    """

    text = FreeTextField(
        label=_("Hva mangler, er feil eller kan bli bedre?"),
        help_text=_("Ikke skriv navn på barn, foreldre eller ansatte."),
        max_length=2000,
    )
    answer_to = forms.EmailField(label=_("E-postadresse"), help_text=_("Bare hvis du vil ha svar."), required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["opened"].initial = _signed(timezone.now())

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if contains_national_id(text):
            raise forms.ValidationError(_("Teksten ser ut til å ha et fødselsnummer. Ta det bort før du sender."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.looks_like_robot() and not self._was_open_long_enough():
            # In its place a time that is good at once, for the second try.
            self.data = self.data.copy()
            self.data[self.add_prefix("opened")] = _signed(timezone.now() - timedelta(seconds=FASTEST_SECONDS))
            raise forms.ValidationError(_("Teksten er ikke sendt ennå. Send den en gang til."), code="again")
        return cleaned

    def looks_like_robot(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def _was_open_long_enough(self) -> bool:
        try:
            opened = signing.loads(self.cleaned_data.get("opened", ""), salt="feedback", max_age=SLOWEST_SECONDS)
        except signing.BadSignature:
            return False
        return timezone.now().timestamp() - opened >= FASTEST_SECONDS


def _signed(at) -> str:
    return signing.dumps(at.timestamp(), salt="feedback")


class HandleForm(PortalForm, forms.Form):
    note = forms.CharField(label=_("Hva gjorde du med den?"), widget=forms.Textarea, max_length=1000, required=False)
