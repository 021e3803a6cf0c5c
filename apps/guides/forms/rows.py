"""Editing one row of the draft: its texts, and lists of parts inside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from apps.core.errors import RuleBroken
from apps.core.forms import PortalForm
from apps.core.localized_forms import LocalizedFormField, LocalizedWidget
from apps.core.text import LocalizedText, clean_html

EXTENSIONS = {
    **{"Bold": True, "Italic": True, "BulletList": True, "ListItem": True},
    # What clean_html keeps: other headings would become paragraphs, other choices would be lost when saved.
    "Heading": {"levels": [3]},
    "OrderedList": {"enableListAttributes": False},
    "Link": {"enableTarget": False},
}


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

    def compress(self, values: Sequence[str]) -> LocalizedText:
        texts = super().compress(values).as_dict()
        return LocalizedText({language: clean_html(text) for language, text in texts.items()})


@dataclass(frozen=True)
class Group:
    """Fields under one title; open when something in it must be put right."""

    title: str
    fields: list

    @property
    def is_open(self) -> bool:
        return any(bound.errors for bound in self.fields)


class DraftForm(PortalForm, forms.ModelForm):
    """Edits one row of the draft. Fields named `*_html` get the editor. `values()` is what the service saves.

    A form with many fields puts them in `groups`, which the page shows one by one.
    """

    def __init__(self, *args, **kwargs):
        self._groups: list[tuple] = []
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            old = self.fields[name]
            if name.endswith("_html"):
                self.fields[name] = RichField(label=old.label, required=old.required)
            elif name in LONG:
                self.fields[name] = LocalizedFormField(label=old.label, required=old.required, multiline=True)
            if name in LABELS:
                self.fields[name].label = LABELS[name]
            if name in HELP:
                self.fields[name].help_text = HELP[name]

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def group(self, title: str | Promise, fields: dict) -> None:
        """Add these fields, shown together under `title`."""
        self.fields |= fields
        self._groups.append((title, list(fields)))

    @property
    def groups(self) -> list[Group]:
        return [Group(title, [self[name] for name in names]) for title, names in self._groups]

    @property
    def ungrouped(self) -> list:
        grouped = {name for _title, names in self._groups for name in names}
        return [bound for bound in self.visible_fields() if bound.name not in grouped]

    def add_parts(self, name: str, known: list, *, most: int, make: Callable[[dict], dict], title: Callable) -> None:
        """A list inside the row: fields «<name>1_…» for each of `known`, and for one new part.

        `make(part)` gives the fields of one part, `title(number, part)` what it is called. A part is taken away when
        its box is ticked, and stands where its number says. The hidden `<name>_count` travels with the form, so that
        one sent again after a conflict keeps every part it had.
        """
        sent = self.data.get(f"{name}_count", "")
        count = int(sent) if sent.isdecimal() else len(known) + 1
        count = min(count, most)
        self.fields[f"{name}_count"] = forms.Field(widget=forms.HiddenInput, initial=count, required=False)
        for number in range(1, count + 1):
            part = known[number - 1] if number <= len(known) else {}
            called = title(number, part)
            fields = make(part) | {"place": _place_field(number, most)}
            if part:
                fields["remove"] = forms.BooleanField(label=_("ta bort"), required=False)
            for key, field in fields.items():
                field.is_conditional = key in NEEDED
                field.label = _("%(part)s: %(field)s") % {"part": called, "field": field.label}
            self.group(_heading(called, part), {f"{name}{number}_{key}": field for key, field in fields.items()})

    def parts(self, name: str, keys: tuple, build: Callable[..., dict]) -> list[dict]:
        """The parts as they were sent, in order. `build(**cleaned)` may raise `RuleBroken` with a field's name as `at`.

        `keys[0]` is the text that a part cannot be without; a new part with none of the texts is no part.
        """
        found = []
        for number in range(1, self.fields[f"{name}_count"].initial + 1):
            sent = {key: self.cleaned_data.get(f"{name}{number}_{key}") for key in (*keys, "place", "remove")}
            is_new = f"{name}{number}_remove" not in self.fields
            if sent.pop("remove") or (is_new and not any(sent[key] for key in keys)):
                continue
            place = sent.pop("place") or number
            try:
                found.append((place, number, build(**sent)))
            except RuleBroken as broken:
                self.add_error(f"{name}{number}_{FIELD_OF.get(broken.code, keys[0])}", str(broken))
        return [part for _place, _number, part in sorted(found, key=lambda part: part[:2])]


def _place_field(number: int, most: int):
    return forms.IntegerField(
        label=_("plass i rekka"),
        min_value=1,
        max_value=most,
        required=False,
        initial=number,
        widget=forms.NumberInput(attrs={"data-width": "short"}),
    )


def _heading(called, part: dict) -> str:
    """«Del 2 · Hva har jeg sett?»"""
    text = str(LocalizedText.of(part.get("heading") or part.get("label") or part.get("title")))
    return f"{called} · {text}" if text else str(called)


# The field where a broken rule of a part is shown, when it is another than the first.
FIELD_OF = {"items_differ": "items", "leads_nowhere": "goes_to", "address_unsafe": "url"}
# What a part that is there cannot be without.
NEEDED = {"heading", "label", "title", "goes_to", "place"}
# Texts of more than a line.
LONG = {"intro", "footer", "what", "consent_note", "summary"}


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
    "reviewed_by": _("Hvem har gått gjennom teksten?"),
    "reviewed_day": _("Sist gjennomgått"),
    "summary": _("Kort om verktøyet"),
    "footer": _("Nederst på arket"),
}


HELP = {
    "reviewed_by": _("Skriv rollen, for eksempel kommunens jurist. Leserne ser rollen og dagen. Ikke skriv navn."),
    "reviewed_day": _(
        "La det stå tomt til noen har gått gjennom teksten. Endrer du teksten, tar vi bort rollen og dagen."
    ),
}


class PublishForm(PortalForm, forms.Form):
    what_changed = forms.CharField(
        label=_("Hva er endret?"),
        help_text=_("Leserne ser dette i lista over endringer."),
        widget=forms.Textarea,
        max_length=1000,
    )
