"""What the stafettholder and the leader fill in about guardians."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.day_boxes import KnownDayField
from apps.core.forms import ABOUT_ANOTHER, DateField, NationalIdField, PhoneField, PortalForm
from apps.stafettlogg.enums import AddressProtection, BlockGround, CheckedHow, ProtectionEndGround
from apps.stafettlogg.forms.requests import guardian_fields, guardian_input
from apps.stafettlogg.forms.written import Line
from apps.stafettlogg.rules.guardians import LANGUAGES
from apps.stafettlogg.services.guardians import GuardianInput

HAS, HAS_NOT = "har", "har_ikke"


class GuardianForm(PortalForm, forms.Form):
    """One more guardian."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(guardian_fields())

    def guardian(self) -> GuardianInput:
        return guardian_input(self.cleaned_data)


class ContactForm(PortalForm, forms.Form):
    """How to reach a guardian."""

    versioned = True
    email = forms.EmailField(
        label=gettext_lazy("E-post"), required=False, max_length=254, widget=forms.EmailInput(attrs=ABOUT_ANOTHER)
    )
    phone = PhoneField(label=gettext_lazy("Telefon"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Språk"), choices=LANGUAGES)
    needs_interpreter = forms.BooleanField(label=gettext_lazy("Trenger tolk"), required=False)


class CheckForm(PortalForm, forms.Form):
    """Whether a guardian has responsibility, and how it was checked (safety.md S8)."""

    responsibility = forms.ChoiceField(
        label=gettext_lazy("Hva viste kontrollen?"),
        widget=forms.RadioSelect,
        choices=[(HAS, gettext_lazy("Har foreldreansvar")), (HAS_NOT, gettext_lazy("Har ikke foreldreansvar"))],
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Hvordan har du kontrollert det?"), widget=forms.RadioSelect, choices=CheckedHow.choices
    )


class ProtectionForm(PortalForm, forms.Form):
    """That the child has got a protected address (safety.md S17)."""

    protection = forms.ChoiceField(
        label=gettext_lazy("Hvilket vern har barnet fått?"),
        widget=forms.RadioSelect,
        choices=[(choice.value, choice.label) for choice in (AddressProtection.CONFIDENTIAL, AddressProtection.STRICT)],
    )


class ProtectionEndForm(PortalForm, forms.Form):
    """That the address is less protected from now on, signed by the leader (safety.md S17)."""

    became = forms.ChoiceField(label=gettext_lazy("Hvilket vern har barnet nå?"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=gettext_lazy("Hvordan vet du det?"), widget=forms.RadioSelect, choices=ProtectionEndGround.choices
    )

    def __init__(self, *args, was, **kwargs):
        super().__init__(*args, **kwargs)
        lower = [AddressProtection.NONE]
        if was == AddressProtection.STRICT:
            lower.insert(0, AddressProtection.CONFIDENTIAL)
        self.fields["became"].choices = [(choice.value, choice.label) for choice in lower]


class BlockForm(PortalForm, forms.Form):
    """A guardian who may not see the log (safety.md S4)."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Hva er grunnlaget?"), widget=forms.RadioSelect, choices=BlockGround.choices
    )
    decision_number = Line(
        label=gettext_lazy("Nummer på vedtaket eller dommen"),
        help_text=gettext_lazy("Bare nummeret. Ikke skriv hva det handler om."),
        max_length=60,
    )
    last_day = DateField(label=gettext_lazy("Sperren varer til og med"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].first_day = today


class BirthForm(PortalForm, forms.Form):
    """The expected child is born."""

    given_name = Line(label=gettext_lazy("Fornavn"), max_length=80, widget=forms.TextInput(attrs=ABOUT_ANOTHER))
    family_name = Line(
        label=gettext_lazy("Etternavn"), max_length=80, required=False, widget=forms.TextInput(attrs=ABOUT_ANOTHER)
    )
    birth_date = KnownDayField(label=gettext_lazy("Fødselsdato"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].last_day = today
        self.fields["national_id"] = NationalIdField(
            label=_("Fødselsnummer"),
            required=False,
            synthetic_ok=settings.SYNTHETIC_IDS,
            help_text=_("Bare når du vet det. Vi lagrer det kryptert."),
        )
