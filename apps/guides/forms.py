from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from apps.core.errors import RuleBroken
from apps.core.forms import FreeTextField, PortalForm
from apps.core.localized_forms import LocalizedFormField, LocalizedWidget
from apps.core.text import LocalizedText, clean_html, contains_national_id, language_codes
from apps.guides import rules

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
    """Edits one row of the draft. Fields named `*_html` get the editor. `values()` is what the service saves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name.endswith("_html"):
                old = self.fields[name]
                self.fields[name] = RichField(label=old.label, required=old.required)
            if name in LABELS:
                self.fields[name].label = LABELS[name]

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class ToolForm(DraftForm):
    """A tool with its sections, and room for one new.

    A section is taken away when its box is ticked, and stands where its number says. `part_count` travels with it,
    so that a form sent again after a conflict keeps every section it had.
    """

    MOST = 40

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = self._count()
        self.fields["part_count"] = forms.IntegerField(widget=forms.HiddenInput, initial=self.count, required=False)
        known = self.instance.sections
        for number in range(1, self.count + 1):
            self.fields |= _section_fields(number, known[number - 1] if number <= len(known) else {})

    def _count(self) -> int:
        sent = self.data.get("part_count", "")
        return min(int(sent), self.MOST) if sent.isdigit() else min(len(self.instance.sections) + 1, self.MOST)

    def clean(self):
        data = super().clean()
        found = []
        for number in range(1, self.count + 1):
            if data.get(f"part{number}_remove"):
                continue
            heading, explained, items = (self._text(number, name) for name in ("heading", "help", "items"))
            is_new = f"part{number}_remove" not in self.fields
            if is_new and not (heading or explained or items):
                continue
            try:
                section = rules.section(
                    heading=heading,
                    help_text=explained,
                    items=items,
                    lines=data.get(f"part{number}_lines") or 0,
                    checkbox=bool(data.get(f"part{number}_checkbox")),
                )
            except RuleBroken as broken:
                field = "heading" if broken.code == "heading_missing" else "items"
                self.add_error(f"part{number}_{field}", str(broken))
            else:
                found.append((data.get(f"part{number}_place") or number, number, section))
        sections = [section for _place, _number, section in sorted(found, key=lambda part: part[:2])]
        try:
            rules.check_asks_for_no_child(self.instance.levels, sections)
        except RuleBroken as broken:
            self.add_error(None, str(broken))
        self.cleaned_sections = sections
        return data

    def _text(self, number: int, name: str) -> dict:
        return LocalizedText.of(self.cleaned_data.get(f"part{number}_{name}")).as_dict()

    def values(self) -> dict:
        return super().values() | {"sections": self.cleaned_sections}


def _section_fields(number: int, section: dict) -> dict:
    lines = [LocalizedText.of(item) for item in section.get("items", [])]
    items = {code: "\n".join(text.get(code) for text in lines) for code in language_codes() if any(lines)}
    name = _("Del %(number)s") % {"number": number} if section else _("Ny del")
    fields = {
        "heading": LocalizedFormField(
            label=_("%(part)s: overskrift") % {"part": name}, required=False, initial=section.get("heading")
        ),
        "help": LocalizedFormField(
            label=_("%(part)s: forklaring") % {"part": name},
            required=False,
            multiline=True,
            initial=section.get("help"),
        ),
        "items": LocalizedFormField(
            label=_("%(part)s: punkter") % {"part": name},
            help_text=_("Ett punkt på hver linje, like mange på hvert språk."),
            required=False,
            multiline=True,
            initial={code: text for code, text in items.items() if text.strip()},
        ),
        "checkbox": forms.BooleanField(
            label=_("%(part)s: punktene er bokser til å krysse av") % {"part": name},
            required=False,
            initial=section.get("checkbox", False),
        ),
        "lines": forms.IntegerField(
            label=_("%(part)s: linjer å skrive på") % {"part": name},
            min_value=0,
            max_value=40,
            required=False,
            initial=section.get("lines", 0),
            widget=forms.NumberInput(attrs={"data-width": "short"}),
        ),
        "place": forms.IntegerField(
            label=_("%(part)s: plass på arket") % {"part": name},
            min_value=1,
            max_value=ToolForm.MOST,
            required=False,
            initial=number,
            widget=forms.NumberInput(attrs={"data-width": "short"}),
        ),
    }
    if section:
        fields["remove"] = forms.BooleanField(label=_("%(part)s: ta bort denne delen") % {"part": name}, required=False)
    return {f"part{number}_{key}": field for key, field in fields.items()}


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
