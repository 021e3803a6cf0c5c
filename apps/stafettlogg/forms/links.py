"""A code that links a guardian's place to an account, and cutting the link (safety.md S29)."""

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.forms import PortalForm
from apps.stafettlogg.enums import LinkCutReason


class CodeForm(PortalForm, forms.Form):
    """What a guardian types from the paper."""

    code = forms.CharField(
        label=gettext_lazy("Koden på arket"),
        help_text=gettext_lazy("Store og små bokstaver er like. Du kan sløyfe strekene."),
        max_length=80,
    )


class FirstCodeForm(CodeForm):
    """The same, of one whom the portal knows nothing of."""

    field_order = ["name", "code"]
    name = forms.CharField(
        label=gettext_lazy("Navnet ditt"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class CutForm(PortalForm, forms.Form):
    """Why the link is cut: from a list, so that nothing is written about the guardian."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Hvorfor skal koblingen brytes?"), widget=forms.RadioSelect, choices=LinkCutReason.choices
    )
