from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import PortalForm
from apps.municipality import selectors
from apps.municipality.enums import Right, UnitKind
from apps.municipality.models import PhoneNumber, Role, Unit

_DEEPER = "\u2003"


class UnitForm(PortalForm, forms.ModelForm):
    """`today` decides which units there are to lie under. The first unit is the municipality itself."""

    parent = forms.ModelChoiceField(
        label=_("Ligger under"),
        queryset=Unit.objects.none(),
        help_text=_("Lederen over leder også denne enheten."),
    )

    class Meta:
        model = Unit
        fields = [
            "name",
            "kind",
            "parent",
            "is_external",
            "controller_name",
            "agreement",
            "contact_name",
            "contact_phone",
            "contact_email",
        ]
        labels = {
            "name": _("Navn"),
            "kind": _("Type"),
            "is_external": _("Enheten er ikke en del av kommunen"),
            "controller_name": _("Behandlingsansvarlig"),
            "agreement": _("Avtale"),
            "contact_name": _("Kontaktperson"),
            "contact_phone": _("Telefon"),
            "contact_email": _("E-postadresse"),
        }
        help_texts = {
            "name": _("Navnet familiene kjenner. Det står i alle samtykker."),
            "kind": _("Typen avgjør samtykkealderen, og hva veilederen viser for enheten."),
            "is_external": _(
                "For eksempel privat barnehage, fastlege eller BUP. Familien ser det når den blir spurt om samtykke."
            ),
            "controller_name": _("Må fylles ut når enheten ikke er en del av kommunen."),
            "agreement": _("Hvilken avtale dere samarbeider etter."),
            "contact_name": _("Hvem dere ringer når dere lurer på noe om samarbeidet."),
            "contact_phone": _("Til enheten, ikke til en ansatts egen telefon."),
            "contact_email": _("Skriv aldri om et barn i e-post."),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        lines = selectors.possible_parents(self.instance, today)
        is_root = self.instance.kind == UnitKind.MUNICIPALITY or not lines
        if is_root:
            del self.fields["parent"]
        else:
            parent = self.fields["parent"]
            parent.queryset = Unit.objects.filter(pk__in=[line.unit.pk for line in lines])
            parent.choices = [("", _("Velg enhet"))] + [
                (str(line.unit.pk), _DEEPER * line.depth + line.unit.name) for line in lines
            ]
        kinds = [choice for choice in UnitKind.choices if (choice[0] == UnitKind.MUNICIPALITY) == is_root]
        self.fields["kind"].choices = kinds if is_root else [("", _("Velg type")), *kinds]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("is_external") and not (data.get("controller_name") or "").strip():
            self.add_error("controller_name", _("Skriv hvem som er behandlingsansvarlig."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """Namesakes are left to the service: a form sent twice must find what it made, not meet it as a namesake."""
        own = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return {*own, "parent"}

    def changes(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.fields}


class RoleForm(PortalForm, forms.ModelForm):
    rights = forms.MultipleChoiceField(
        label=_("Den som har rollen, kan"),
        choices=Right.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ingen av rettene åpner en logg av seg selv."),
    )

    class Meta:
        model = Role
        fields = ["name", "rights"]
        labels = {"name": _("Navn på rollen")}
        help_texts = {"name": _("Slik den ansatte og familiene ser den, for eksempel «Pedagogisk leder».")}


class PhoneForm(PortalForm, forms.ModelForm):
    class Meta:
        model = PhoneNumber
        fields = ["label", "number", "help", "order", "on_gate"]
        labels = {
            "label": _("Hvem svarer"),
            "number": _("Telefonnummer"),
            "help": _("Når skal du ringe"),
            "order": _("Plass i lista"),
            "on_gate": _("Vis nummeret på siden om mistanke om vold"),
        }
        help_texts = {
            "label": _("For eksempel «Politiet, ved akutt fare»."),
            "number": _("Prøv nummeret før du lagrer det."),
            "help": _("Én setning, for eksempel «Hele døgnet»."),
            "order": _("De laveste tallene står øverst."),
            "on_gate": _("Den siden må vise numre som svarer også om natta."),
        }

    def __init__(self, *args, **kwargs):
        """Only a number that nobody has typed in yet may be empty."""
        super().__init__(*args, **kwargs)
        self.fields["number"].required = True

    def changes(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
