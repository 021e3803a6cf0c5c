"""What a person may write to find a log, and about why it is open."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import FreeTextField
from apps.stafettlogg.forms.written import WrittenForm
from apps.stafettlogg.selectors.log_list import CHANGED, FILTERS, NAME, URGENT

ORDERS = [(URGENT, _("Det som haster, først")), (NAME, _("Etter navn")), (CHANGED, _("Sist endret først"))]
LEVELS = [(1, _("Nivå 1")), (2, _("Nivå 2")), (3, _("Nivå 3"))]


class ListForm(forms.Form):
    """What the list shows. Sent by POST and kept in the session: no address holds a child's name (safety.md S22)."""

    which = forms.ChoiceField(choices=[(which, which) for which in FILTERS], required=False)
    q = forms.CharField(label=_("Søk etter et navn"), max_length=80, required=False, strip=True)
    order = forms.ChoiceField(label=_("Sorter"), choices=ORDERS, required=False)
    unit = forms.UUIDField(label=_("Enhet"), required=False)
    level = forms.TypedChoiceField(label=_("Nivå"), choices=LEVELS, coerce=int, empty_value=None, required=False)
    late = forms.BooleanField(label=_("Bare de som er over fristen"), required=False)

    def chosen(self) -> dict[str, Any]:
        """What was sent and is understood, ready for the session; what is not is as if it was not chosen."""
        self.is_valid()
        answers = {name: value for name, value in self.cleaned_data.items() if value and value != URGENT}
        return answers | ({"unit": str(answers["unit"])} if "unit" in answers else {})


class ReasonForm(WrittenForm):
    reason = FreeTextField(
        label=_("Hvorfor har dere åpnet stafettloggen?"),
        help_text=_("Skriv det dere er enige om, med ord familien kjenner seg igjen i. Familien leser dette."),
        max_length=4000,
    )
    background = FreeTextField(
        label=_("Hva har dere prøvd før?"),
        help_text=_("Skriv hva som virket, og hva som ikke virket."),
        max_length=4000,
        required=False,
    )
