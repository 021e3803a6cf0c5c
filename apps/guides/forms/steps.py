"""Where a step leads: its decisions, links, tools and law references."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.localized_forms import LocalizedFormField
from apps.core.text import LocalizedText
from apps.guides import rules, selectors
from apps.guides.forms.rows import DraftForm


class _RefersForm(DraftForm):
    """A row that shows tools and law references by their keys. The order stands; what is new comes last."""

    def add_references(self) -> None:
        tools, laws = selectors.tool_choices(self._level_number()), selectors.law_choices()
        self.group(_("Verktøy"), {"tools": _keys_field(_("Verktøy på siden"), tools, self.instance.tools)})
        self.group(_("Lovene som gjelder"), {"laws": _keys_field(_("Lover på siden"), laws, self.instance.laws)})

    def _level_number(self) -> int | None:
        return None

    def values(self) -> dict:
        chosen = {name: self.cleaned_data[name] for name in ("tools", "laws")}
        return super().values() | {
            name: rules.in_known_order(getattr(self.instance, name), keys) for name, keys in chosen.items()
        }


class ThemeForm(_RefersForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_references()


class StepWaysForm(_RefersForm):
    """The decisions after a step, its links, tools and law references."""

    MOST = 12

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._targets = selectors.decision_targets()
        step = self.instance
        self.add_parts("decision", step.decisions, most=self.MOST, make=self._decision_fields, title=_decision_title)
        self.add_parts("link", step.links, most=self.MOST, make=_link_fields, title=_link_title)
        self.add_references()

    def _level_number(self) -> int:
        return self.instance.level.number

    def _decision_fields(self, decision: dict) -> dict:
        return {
            "label": LocalizedFormField(label=_("ordene på knappen"), required=False, initial=decision.get("label")),
            "help": LocalizedFormField(
                label=_("forklaring under"), required=False, multiline=True, initial=decision.get("help")
            ),
            "goes_to": forms.ChoiceField(
                label=_("fører til"),
                choices=[("", _("Velg et steg")), *self._targets],
                required=False,
                initial=decision.get("goes_to", ""),
                error_messages={"invalid_choice": _("Velg et steg som finnes i veilederen.")},
            ),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        step_keys = selectors.draft_step_keys()
        self.cleaned_decisions = self.parts(
            "decision", ("label", "help", "goes_to"), lambda **sent: _decision(step_keys, **sent)
        )
        self.cleaned_links = self.parts("link", ("title", "url_note", "url"), _link)
        return data

    def values(self) -> dict:
        return super().values() | {"decisions": self.cleaned_decisions, "links": self.cleaned_links}


def _decision_title(number: int, decision: dict) -> str | Promise:
    return _("Valg %(number)s") % {"number": number} if decision else _("Nytt valg")


def _link_title(number: int, link: dict) -> str | Promise:
    return _("Lenke %(number)s") % {"number": number} if link else _("Ny lenke")


def _decision(step_keys, *, label, help, goes_to) -> dict:
    label, explained = (LocalizedText.of(text).as_dict() for text in (label, help))
    return rules.decision(label=label, help_text=explained, goes_to=goes_to or "", step_keys=step_keys)


def _link(*, title, url_note, url) -> dict:
    return rules.link(title=LocalizedText.of(title).as_dict(), note=LocalizedText.of(url_note).as_dict(), url=url or "")


def _link_fields(link: dict) -> dict:
    return {
        "title": LocalizedFormField(label=_("navn"), required=False, initial=link.get("title")),
        "url_note": LocalizedFormField(
            label=_("hva leseren finner der"), required=False, multiline=True, initial=link.get("url_note")
        ),
        "url": forms.CharField(
            label=_("adresse"),
            help_text=_("Begynner med https://. Uten adresse viser vi bare navnet."),
            max_length=300,
            required=False,
            initial=link.get("url", ""),
        ),
    }


def _keys_field(label, choices, initial):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, initial=initial, widget=forms.CheckboxSelectMultiple
    )
