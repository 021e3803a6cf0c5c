"""Form field and widget for text in several languages: one box for each language, with the language as its label."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.text import FALLBACK_LANGUAGE, LocalizedText, language_codes


class LocalizedWidget(forms.MultiWidget):
    """One text box or text area per language; named `<name>_nb`, `<name>_nn`, …"""

    template_name = "core/widgets/localized.html"
    use_fieldset = True

    def __init__(self, attrs=None, *, multiline=False):
        widget = forms.Textarea if multiline else forms.TextInput
        names = dict(settings.LANGUAGES)
        super().__init__({code: widget(attrs={"lang": code, "data-language": names[code]}) for code in names}, attrs)

    def decompress(self, value: Any) -> list[str]:
        text = LocalizedText.of(value)
        return [text.get(code) for code in language_codes()]


class LocalizedFormField(forms.MultiValueField):
    """Cleans to a `LocalizedText`. A required field needs bokmål; the other languages may wait."""

    default_error_messages = {"nb_missing": _("Skriv teksten på bokmål.")}

    def __init__(self, *, max_length=None, multiline=False, **kwargs):
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        kwargs.setdefault("widget", LocalizedWidget(multiline=multiline))
        fields = [forms.CharField(max_length=max_length, required=False) for _code in language_codes()]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: Sequence[str]) -> LocalizedText:
        return LocalizedText(dict(zip(language_codes(), values, strict=False)))

    def clean(self, value: Any) -> LocalizedText:
        text = super().clean(value)
        if self.required and not text.get(FALLBACK_LANGUAGE):
            raise forms.ValidationError(self.error_messages["nb_missing"], code="nb_missing")
        return text
