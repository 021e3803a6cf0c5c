"""How Django's forms look here: `FORM_RENDERER`, the bound field it hands to templates, and choices with a hint."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

_REPLACED = {
    "django/forms/widgets/radio.html": "core/widgets/choices.html",
    "django/forms/widgets/checkbox_select.html": "core/widgets/choices.html",
    "django/forms/widgets/clearable_file_input.html": "core/widgets/file.html",
}


class Described:
    """A choice with a line of help under it: `choices = [("yes", Described(_("Ja"), _("Vi deler målene"))), …]`.

    Both texts may be lazy; the value behaves as its label everywhere else.
    """

    def __init__(self, label, hint):
        self.label = label
        self.hint = hint

    def __str__(self):
        return str(self.label)

    def __eq__(self, other):
        return isinstance(other, Described) and (str(self), str(self.hint)) == (str(other), str(other.hint))

    def __hash__(self):
        return hash((str(self), str(self.hint)))


class PortalBoundField(BoundField):
    """What `core/field.html` asks of a field, beside Django's own."""

    @property
    def kind(self) -> str:
        """`checkbox` (one box with its own label), `choices`, `group` (several boxes) or `box`."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        return "group" if widget.use_fieldset else "box"

    @property
    def is_optional(self) -> bool:
        """True when the label must say «Valgfritt»; a single check box says by itself what leaving it open means.

        A field that is needed in some cases has `is_conditional = True` on it, and the form's `clean` says when.
        """
        needed = self.field.required or self.field.disabled or getattr(self.field, "is_conditional", False)
        return not needed and self.kind != "checkbox"

    @property
    def is_pair(self) -> bool:
        """Two short choices, such as yes and no, stand side by side."""
        return self.kind == "choices" and len(self.subwidgets) == 2

    @property
    def limit(self) -> int | None:
        """The most characters a text area takes, when that is few enough to be worth saying; else None."""
        longest = getattr(self.field, "max_length", None)
        return longest if isinstance(self.field.widget, forms.Textarea) and longest and longest <= 4000 else None

    @property
    def describedby(self) -> str:
        """The ids of the hint and the error, in the order they are read."""
        parts = [f"{self.auto_id}_helptext"] if self.help_text else []
        if self.errors:
            parts.append(f"{self.auto_id}_error")
        return " ".join(parts)

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the box itself, or the first of several."""
        if self.id_for_label:
            return self.id_for_label
        for part in self.subwidgets:
            for one in part.data.get("subwidgets") or [part.data]:
                if one.get("attrs", {}).get("id"):
                    return one["attrs"]["id"]
        return self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if self.kind == "choices":
            attrs.pop("aria-invalid", None)
        elif self.kind != "checkbox" and not widget.is_hidden and "class" not in widget.attrs:
            attrs.setdefault("class", "p-input")
        return attrs


class PortalRenderer(TemplatesSetting):
    """Fields as in templates/core/field.html, whole forms as in templates/core/form.html."""

    form_template_name = "core/form.html"
    field_template_name = "core/field.html"
    formset_template_name = "core/formset.html"
    bound_field_class = PortalBoundField

    def get_template(self, template_name: str) -> Any:
        return super().get_template(_REPLACED.get(template_name, template_name))
