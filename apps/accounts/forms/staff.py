from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, PortalForm
from apps.municipality.enums import Right


class LanguageForm(PortalForm, forms.Form):
    language = forms.ChoiceField(label=_("Språk i portalen og i e-poster"), widget=forms.RadioSelect)

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, name) for code, name in settings.LANGUAGES if code in languages]


class NewPlaceForm(PortalForm, forms.Form):
    """`roles`: those the writer may give; `today` is proposed as the first day."""

    email = forms.EmailField(
        label=_("E-postadresse på jobb"),
        help_text=_("Den brukes til å logge inn."),
        error_messages={"invalid": _("Skriv e-postadressen slik: navn@eksempel.no.")},
    )
    name = forms.CharField(
        label=_("Navn"),
        max_length=150,
        help_text=_("Er personen allerede i portalen, beholder vi navnet som står der."),
    )
    role = forms.ChoiceField(label=_("Rolle"), widget=forms.RadioSelect)
    leads = forms.BooleanField(
        label=_("Personen skal lede enheten"),
        required=False,
        help_text=_(
            "Kryss av når du velger en rolle som leder. Da kan personen åpne stafettloggene i enheten med en grunn, og "
            "familiene ser det."
        ),
    )
    title = forms.CharField(
        label=_("Stilling"), max_length=80, required=False, help_text=_("For eksempel pedagogisk leder.")
    )
    first_day = DateField(label=_("Første dag"))
    last_day = DateField(label=_("Siste dag"), required=False, help_text=_("La stå tom for fast stilling."))

    def __init__(self, *args, roles, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(str(role.pk), str(role.name)) for role in roles]
        self.fields["first_day"].initial = today
        self.leading = {str(role.pk) for role in roles if role.has(Right.LEADER)}
        if not self.leading:
            del self.fields["leads"]
        if len(roles) == 1:
            self.fields["role"].initial = str(roles[0].pk)

    def clean(self) -> dict[str, Any]:
        """Asked twice: whoever leads may open every log of the unit with a reason."""
        answers = super().clean()
        is_leader = answers.get("role") in self.leading
        if is_leader and not answers.get("leads"):
            self.add_error("leads", _("Kryss av for at personen skal lede enheten, eller velg en annen rolle."))
        if answers.get("leads") and answers.get("role") and not is_leader:
            self.add_error("role", _("Velg en rolle som leder, eller fjern krysset for at personen skal lede."))
        return answers


class EndPlaceForm(PortalForm, forms.Form):
    last_day = DateField(
        label=_("Siste dag"), help_text=_("Tilgangen varer til og med denne dagen. Skriv gårsdagen for å stoppe nå.")
    )


class ProtectedIdentityForm(PortalForm, forms.Form):
    protected = forms.BooleanField(
        label=_("Vis aldri navnet"),
        required=False,
        help_text=_("Foreldre og kolleger ser rollen og tjenesten i stedet, overalt i portalen."),
    )
