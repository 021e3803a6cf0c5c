from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import RuleBroken
from apps.core.localized_forms import LocalizedFormField
from apps.core.text import LocalizedText, language_codes
from apps.guides import rules
from apps.guides.forms.rows import DraftForm

PARTS = ("heading", "help", "items", "lines", "checkbox")


class ToolForm(DraftForm):
    """A tool with its sections, and room for one new."""

    MOST = 40

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_parts("part", self.instance.sections, most=self.MOST, make=_section_fields, title=_section_title)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.cleaned_sections = self.parts("part", PARTS, _section)
        try:
            rules.check_asks_for_no_child(self.instance.levels, self.cleaned_sections)
        except RuleBroken as broken:
            self.add_error(None, str(broken))
        return data

    def values(self) -> dict:
        return super().values() | {"sections": self.cleaned_sections}


def _section(*, heading, help, items, lines, checkbox) -> dict:
    texts = (LocalizedText.of(text).as_dict() for text in (heading, help, items))
    heading, explained, items = texts
    return rules.section(heading=heading, help_text=explained, items=items, lines=lines or 0, checkbox=bool(checkbox))


def _section_title(number: int, section: dict) -> str | Promise:
    return _("Del %(number)s") % {"number": number} if section else _("Ny del")


def _section_fields(section: dict) -> dict:
    lines = [LocalizedText.of(item) for item in section.get("items", [])]
    items = {code: "\n".join(text.get(code) for text in lines) for code in language_codes() if any(lines)}
    return {
        "heading": LocalizedFormField(label=_("overskrift"), required=False, initial=section.get("heading")),
        "help": LocalizedFormField(label=_("forklaring"), required=False, multiline=True, initial=section.get("help")),
        "items": LocalizedFormField(
            label=_("punkter"),
            help_text=_("Ett punkt på hver linje, like mange på hvert språk."),
            required=False,
            multiline=True,
            initial={code: text for code, text in items.items() if text.strip()},
        ),
        "checkbox": forms.BooleanField(
            label=_("punktene er bokser til å krysse av"), required=False, initial=section.get("checkbox", False)
        ),
        "lines": forms.IntegerField(
            label=_("linjer å skrive på"),
            min_value=0,
            max_value=40,
            required=False,
            initial=section.get("lines", 0),
            widget=forms.NumberInput(attrs={"data-width": "short"}),
        ),
    }
