"""The words of the page that asks who asks. What the page consists of is never changed here (safety.md S13)."""

from django.utils.translation import gettext_lazy as _

from apps.core.localized_forms import LocalizedFormField
from apps.core.text import LocalizedText
from apps.guides import rules
from apps.guides.forms.rows import DraftForm


class GateForm(DraftForm):
    """One field for each text of one piece, in the order of the page; nothing can be added, moved or taken away."""

    piece = rules.QUESTIONS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        texts = rules.gate_texts(self.instance.content)
        self._texts = {path: text for path, text in texts.items() if rules.piece_of(path) == self.piece}
        self._names = {rules.gate_field(path): path for path in self._texts}
        groups: dict = {}
        for name, path in self._names.items():
            groups.setdefault(_group_title(path, self.instance.content), {})[name] = self._field(path)
        for title, fields in groups.items():
            self.group(title, fields)

    def _field(self, path: tuple):
        word = "items" if isinstance(path[-1], int) else path[-1]
        return LocalizedFormField(label=LABELS[word], multiline=word not in ONE_LINE, initial=self._texts[path])

    def values(self) -> dict:
        texts = {path: LocalizedText.of(self.cleaned_data[name]).as_dict() for name, path in self._names.items()}
        return {"content": rules.with_gate_texts(self.instance.content, texts)}


ONE_LINE = {"eyebrow", "label", "label_help", "heading", "yes", "no", "when", "help"}
LABELS = {
    "nothing_stored": _("Om at ingenting lagres"),
    "eyebrow": _("Lite ord over overskriften"),
    "label": _("Svaret"),
    "label_help": _("Forklaring til svaret"),
    "heading": _("Overskrift"),
    "lead": _("Innledning"),
    "yes": _("Svaret som åpner siden"),
    "no": _("Svaret som stopper"),
    "stop": _("Når siden ikke skal brukes"),
    "note": _("Om sporene siden etterlater"),
    "items": _("Punkt"),
    "when": _("Når det skjer"),
    "body": _("Tekst"),
    "help": _("Ved telefonnummeret"),
}


def _group_title(path: tuple, content: dict) -> str:
    """«2. Har barnet en stafettlogg?»"""
    if path[0] in ("nothing_stored", "now"):
        return str(_("Det som gjelder hele siden"))
    if path[0] in ("who", "work"):
        return str(LocalizedText.of(content[path[0]]["heading"]))
    page, rest = content[path[0]][path[1]], path[2:]
    part = page["parts"][rest[1]] if rest[0] == "parts" else page
    heading = str(LocalizedText.of(part["heading"]))
    return heading if part is page else f"{rest[1] + 1}. {heading}"


def gate_form(piece: str) -> type[GateForm]:
    """The form of one of `rules.PIECES`."""
    return type("GateForm", (GateForm,), {"piece": piece})
