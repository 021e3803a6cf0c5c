from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from apps.core.forms import FreeTextField, PortalForm
from apps.core.localized_forms import LocalizedFormField, LocalizedWidget
from apps.core.text import LocalizedText, clean_html, contains_national_id

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


EXTENSIONS = {"Bold": True, "Italic": True, "BulletList": True, "OrderedList": True, "ListItem": True, "Link": True}


class RichWidget(LocalizedWidget):
    """One rich text editor per language; without JavaScript each is a text area with the HTML."""

    def __init__(self, attrs=None):
        super().__init__(attrs, multiline=True)
        self.widgets = [self._editor(widget.attrs) for widget in self.widgets]

    def _editor(self, attrs):
        return ProseEditorWidget(attrs=attrs, config={"extensions": EXTENSIONS}, preset="configurable")


class RichField(LocalizedFormField):
    """Cleans to a `LocalizedText` of safe HTML (core.text.clean_html)."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", RichWidget())
        super().__init__(**kwargs)

    def compress(self, values):
        texts = super().compress(values).as_dict()
        return LocalizedText({language: clean_html(text) for language, text in texts.items()})


class DraftForm(PortalForm, forms.ModelForm):
    """Edits one row of the draft. Fields named `*_html` get the editor."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name.endswith("_html"):
                old = self.fields[name]
                self.fields[name] = RichField(label=old.label, required=old.required)
            if name in LABELS:
                self.fields[name].label = LABELS[name]


LABELS = {
    "name": _("Navn"),
    "question": _("Spørsmålet nivået svarer på"),
    "who": _("Hvem er med"),
    "consent_note": _("Dette gjelder"),
    "deadline_days": _("Frist i dager"),
    "deadline_note": _("Forklaring til fristen"),
    "title": _("Tittel"),
    "short": _("Kort, til oversikten"),
    "purpose_html": _("Hensikt"),
    "how_html": _("Slik gjør du"),
    "questions_html": _("Spørsmål som hjelper"),
    "who_html": _("Hvem"),
    "documentation_html": _("Dokumentasjon"),
    "child_voice_html": _("Barnets stemme"),
    "extra_html": _("I tillegg for denne tjenesten"),
    "intro": _("Innledning"),
    "body_html": _("Tekst"),
    "reference": _("Henvisning"),
    "what": _("Hva den sier"),
    "needs_check": _("Må kontrolleres av jurist"),
    "reviewed_day": _("Sist gjennomgått"),
    "summary": _("Kort om verktøyet"),
    "footer": _("Nederst på arket"),
}


class PublishForm(PortalForm, forms.Form):
    what_changed = forms.CharField(
        label=_("Hva er endret?"),
        help_text=_("Leserne ser dette i lista over endringer."),
        widget=forms.Textarea,
        max_length=1000,
    )


class HandleForm(PortalForm, forms.Form):
    note = forms.CharField(label=_("Hva gjorde du med den?"), widget=forms.Textarea, max_length=1000, required=False)
