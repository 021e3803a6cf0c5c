"""The words of the page about suspected violence. What the page consists of is never changed here (safety.md S13)."""

from django.utils.translation import gettext_lazy as _

from apps.core.localized_forms import LocalizedFormField
from apps.core.text import LocalizedText
from apps.guides import rules
from apps.guides.forms.rows import DraftForm


class GateForm(DraftForm):
    """One field for each text of the page, in the order of the page; nothing can be added, moved or taken away."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._names = {rules.gate_field(path): path for path in rules.gate_texts(self.instance.content)}
        groups: dict = {}
        for name, path in self._names.items():
            groups.setdefault(_group_title(path, self.instance.content), {})[name] = self._field(path)
        for title, fields in groups.items():
            self.group(title, fields)

    def _field(self, path: tuple):
        text = rules.gate_texts(self.instance.content)[path]
        return LocalizedFormField(label=LABELS[path[-1]], multiline=path[-1] not in ONE_LINE, initial=text)

    def values(self) -> dict:
        texts = {path: LocalizedText.of(self.cleaned_data[name]).as_dict() for name, path in self._names.items()}
        return {"content": rules.with_gate_texts(self.instance.content, texts)}


ONE_LINE = {"label", "label_help", "heading"}
LABELS = {
    "question": _("Spørsmålet"),
    "help": _("Hjelp til å svare"),
    "nothing_stored": _("Om at ingenting lagres"),
    "label": _("Svaret"),
    "label_help": _("Forklaring til svaret"),
    "heading": _("Overskrift"),
    "lead": _("Innledning"),
    "body": _("Tekst"),
    "log_page_addition": _("Når barnet har en stafettlogg"),
}


def _group_title(path: tuple, content: dict) -> str:
    if path[0] == "suspected_employee":
        return str(LocalizedText.of(content["suspected_employee"]["heading"]))
    if path[0] != "answers":
        return str(_("Spørsmålet og det som gjelder hele siden"))
    answer = content["answers"][path[1]]
    name = _("Svaret «%(answer)s»") % {"answer": LocalizedText.of(answer["label"])}
    if path[2] != "steps":
        return str(name)
    heading = LocalizedText.of(answer["steps"][path[3]]["heading"])
    return f"{name}, {path[3] + 1}. {heading}"
