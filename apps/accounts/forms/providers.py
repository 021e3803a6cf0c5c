"""The settings of the employees' own sign-in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.accounts.enums import ProviderKind
from apps.accounts.models import StaffProvider
from apps.core.forms import PortalForm

FIELDS = ("kind", "name", "issuer", "client_id", "client_secret", "group_claim", "group", "is_on")


class StaffProviderForm(PortalForm, forms.Form):
    """`row`: the provider as it is, or None. The secret is never shown, and kept when nothing is written."""

    kind = forms.ChoiceField(label=_("Hva bruker kommunen?"), choices=ProviderKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Hva skal stå på knappen?"),
        help_text=_("For eksempel: jobbkontoen din. På knappen står «Logg inn med jobbkontoen din»."),
        max_length=60,
    )
    issuer = forms.URLField(
        label=_("Adressen til utstederen (issuer)"),
        help_text=_("Begynner med https. Oppskriften for hver av dem ligger i docs/sign-in."),
        max_length=300,
        assume_scheme="https",
    )
    client_id = forms.CharField(label=_("Klient-ID"), max_length=200)
    client_secret = forms.CharField(
        label=_("Hemmelighet"),
        help_text=_("Vises aldri igjen. La feltet stå tomt for å beholde den som er lagret."),
        max_length=300,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    group_claim = forms.CharField(
        label=_("Felt med grupper"),
        help_text=_("Bare når kommunen vil stenge for dem utenfor en gruppe. En gruppe gir aldri en rolle."),
        max_length=60,
        required=False,
    )
    group = forms.CharField(label=_("Gruppa som slipper inn"), max_length=200, required=False)
    is_on = forms.BooleanField(
        label=_("Ansatte kan logge inn slik nå"),
        help_text=_("E-post og passord virker fortsatt, så ingen er stengt ute når leverandøren er nede."),
        required=False,
    )

    def __init__(self, *args: Any, row: StaffProvider | None, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in FIELDS if name != "client_secret"} if row else {}
        version = row.version if row else None
        super().__init__(*args, initial={"kind": ProviderKind.ENTRA, **initial}, version=version, **kwargs)
        self.has_secret = row is not None

    def clean_issuer(self) -> str:
        """As the provider writes it itself: a slash at the end counts."""
        if settings.SECURE and not self.cleaned_data["issuer"].startswith("https://"):
            raise forms.ValidationError(_("Adressen må begynne med https."))
        return self.cleaned_data["issuer"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.has_secret and not answers.get("client_secret") and "client_secret" not in self.errors:
            self.add_error("client_secret", _("Skriv hemmeligheten du fikk da du registrerte portalen."))
        if bool(answers.get("group")) != bool(answers.get("group_claim")):
            self.add_error("group", _("Fyll ut både feltet og gruppa, eller ingen av dem."))
        return answers

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
