from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, LocalizedFormField, PortalForm
from apps.core.text import LocalizedText, language_codes
from apps.stafettlogg.models import ConsentText


class TextDraftForm(PortalForm, forms.Form):
    """The next version of a text. `text` is what it starts from: the draft there is, else the version that holds.

    Paragraphs are parted by an empty line.
    """

    title = LocalizedFormField(label=_("Overskrift"), max_length=150)
    words = LocalizedFormField(
        label=_("Teksten"),
        multiline=True,
        help_text=_("Det viktigste først, i ti korte setninger. La det stå en tom linje mellom avsnittene."),
    )
    statement = LocalizedFormField(
        label=_("Setningen de svarer på"),
        multiline=True,
        required=False,
        help_text=_("Ordene i klammer fyller portalen ut: {name}, {unit}, {services} og {until}."),
    )
    valid_from_day = DateField(
        label=_("Gjelder fra"),
        required=False,
        help_text=_("Tidligst dagen etter at begge har godkjent. La stå tom for så snart som mulig."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, text: ConsentText | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edition"].initial = text.edition if text is not None and text.is_draft else 0
        if text is not None:
            self.fields["title"].initial = text.title
            self.fields["statement"].initial = text.statement
            self.fields["valid_from_day"].initial = text.valid_from_day if text.is_draft else None
            self.fields["words"].initial = LocalizedText(
                {
                    code: "\n\n".join(paragraph[code] for paragraph in text.paragraphs if paragraph.get(code))
                    for code in language_codes()
                }
            )

    def paragraphs(self) -> list[dict[str, str]]:
        """The paragraphs, each in the languages that have it."""
        by_language: dict[str, list[str]] = {}
        for code, words in self.cleaned_data["words"].as_dict().items():
            parts = [" ".join(part.split()) for part in words.replace("\r\n", "\n").split("\n\n")]
            by_language[code] = [part for part in parts if part]
        longest = max(map(len, by_language.values()), default=0)
        return [{code: parts[at] for code, parts in by_language.items() if at < len(parts)} for at in range(longest)]

    def content(self) -> dict[str, Any]:
        """For `services.texts.save_draft`."""
        names = ("title", "statement", "valid_from_day", "edition")
        return {name: self.cleaned_data[name] for name in names} | {"paragraphs": self.paragraphs()}


class AdviceForm(PortalForm, forms.Form):
    """The data protection officer's word."""

    words = forms.CharField(
        label=_("Rådet ditt"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("De som godkjenner, leser det. Du bestemmer ikke, men rådet ditt blir stående."),
    )


class ApprovalForm(PortalForm, forms.Form):
    """One of the two approvals. `name` and `role` say who ticks."""

    sure = forms.BooleanField(label="")

    def __init__(self, *args, name: str, role: str, number: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = _("Jeg, %(name)s, %(role)s, godkjenner versjon %(number)d") % {
            "name": name,
            "role": role.lower(),
            "number": number,
        }
