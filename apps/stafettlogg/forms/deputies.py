"""Who stands in for the holder, and which days. Never why (safety.md S20)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership
from apps.core.errors import RuleBroken
from apps.core.forms import DateField, PortalForm
from apps.stafettlogg.rules import deputies as rules


class DeputyForm(PortalForm, forms.Form):
    """`colleagues` – the memberships to choose from; `cleaned_data["person"]` is one of them. `today` – local date."""

    person = forms.ChoiceField(
        label=_("Hvem skal være vikar?"), error_messages={"required": _("Velg hvem som skal være vikar.")}
    )
    first_day = DateField(label=_("Fra og med"))
    last_day = DateField(label=_("Til og med"), help_text=_("Vikaren har tilgang ut denne dagen."))

    def __init__(self, *args, colleagues, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self._colleagues = {str(place.pk): place for place in colleagues}
        self.fields["person"].choices = [
            ("", _("Velg en kollega")),
            *((pk, deputy_line(place)) for pk, place in self._colleagues.items()),
        ]

    def clean_person(self) -> Membership:
        return self._colleagues[self.cleaned_data["person"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "first_day" in data and "last_day" in data:
            try:
                rules.check_days(data["first_day"], data["last_day"], today=self.today)
            except RuleBroken as broken:
                self.add_error("last_day", str(broken))
        return data


def deputy_line(place: Membership) -> str:
    """«Ane Solheim, Barnehagelærer»; with a protected identity the role alone (S16)."""
    role = str(place.title or place.role)
    return role if place.user.protected_identity else f"{place.user.name}, {role}"
