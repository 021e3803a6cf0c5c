"""What guardians and youth fill in."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.day_boxes import KnownDayField
from apps.core.forms import FreeTextField, PortalForm
from apps.municipality.models import Unit
from apps.municipality.selectors import services_switched_on
from apps.stafettlogg.enums import Audience, CallWish
from apps.stafettlogg.forms.own_logs import AsksAboutReaders
from apps.stafettlogg.selectors.own_logs import NOBODY, AboutReaders

YES, NO = "ja", "nei"
NO_INTERPRETER, HAS_INTERPRETER, WANTS_INTERPRETER = "nei", "har", "vil"


class BirthDateForm(PortalForm, forms.Form):
    birth_date = KnownDayField(
        label=gettext_lazy("Barnets fødselsdato"), help_text=gettext_lazy("For eksempel 4 5 2021")
    )


class ServicesForm(PortalForm, forms.Form):
    """One yes or no for each service; nothing is chosen beforehand.

    `services` are `selectors.consent_questions.Service`; `chosen`: key → yes.
    """

    def __init__(self, *args, services, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.services = services
        for service in services:
            choice = chosen.get(service.key)
            self.fields[service.key] = forms.ChoiceField(
                label=service.label,
                choices=[(YES, service.yes_words), (NO, service.no_words)],
                widget=forms.RadioSelect,
                initial=None if choice is None else (YES if choice else NO),
                error_messages={"required": _("Velg ja eller nei for %(service)s.") % {"service": service.label}},
            )

    def cards(self) -> list:
        """(service, field) pairs for the page."""
        return [(service, self[service.key]) for service in self.services]

    def choices(self) -> dict[str, bool]:
        return {service.key: self.cleaned_data[service.key] == YES for service in self.services}


class LimitsForm(PortalForm, forms.Form):
    limits = FreeTextField(
        label=gettext_lazy("Skriv hva vi ikke skal dele"),
        help_text=gettext_lazy("For eksempel: Ikke del noe om søsken. Stafettholderen må følge det før vi deler noe."),
        max_length=2000,
        required=False,
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Trenger du tolk?"),
        help_text=gettext_lazy("Tolk er gratis. Barn skal ikke tolke."),
        widget=forms.RadioSelect,
        choices=[
            (NO_INTERPRETER, gettext_lazy("Nei, jeg trenger ikke tolk")),
            (HAS_INTERPRETER, gettext_lazy("Ja, og jeg har tolk med meg nå")),
            (WANTS_INTERPRETER, gettext_lazy("Ja, jeg vil snakke med noen med tolk før jeg svarer")),
        ],
    )


class AnswerForm(PortalForm, AsksAboutReaders):
    """The last page: the answer is in the button. A youth says here who at home may read (S26)."""

    def __init__(self, *args, about: AboutReaders = NOBODY, yes: Collection[UUID] = (), **kwargs):
        """`yes`: the services that get a yes when it is sent."""
        super().__init__(*args, **kwargs)
        self.yes = yes
        self.ask_about_readers(about)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        self.check_readers(self.yes)
        return answers


class ConfirmForm(PortalForm, forms.Form):
    """A page that asks once more: nothing to fill in."""


class EndForm(PortalForm, forms.Form):
    """Ending the log for all: it has been read what happens, and whether she wants to be rung about it (S30)."""

    call = forms.ChoiceField(
        label=gettext_lazy("Vil du at stafettholderen ringer deg?"),
        help_text=gettext_lazy("Du velger. Vi ringer ikke samme dag, og du trenger ikke ta telefonen."),
        choices=CallWish.choices,
        widget=forms.RadioSelect,
        initial=CallWish.NO,
    )
    call_how = forms.CharField(
        label=gettext_lazy("Når, og på hvilket nummer?"),
        help_text=gettext_lazy("Skriv et nummer det er trygt å ringe. Bare stafettholderen leser det."),
        max_length=200,
        required=False,
    )
    understood = forms.BooleanField(label=gettext_lazy("Jeg har lest hva som skjer"))


class CorrectionForm(PortalForm, forms.Form):
    text = FreeTextField(
        label=gettext_lazy("Hva er feil, og hva er riktig?"),
        help_text=gettext_lazy("Skriv gjerne hvor i stafettloggen det står."),
        max_length=4000,
    )


class FamilyMessageForm(PortalForm, forms.Form):
    """«Bare stafettholder» unless the writer chooses all (safety.md S2)."""

    keeps_drafts = True
    to = forms.ChoiceField(
        label=gettext_lazy("Hvem skal lese beskjeden?"),
        widget=forms.RadioSelect,
        initial=Audience.HOLDER,
    )
    text = FreeTextField(label=gettext_lazy("Beskjed"), max_length=4000)

    def __init__(self, *args, holder_name: str, to_all: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        everyone = [(Audience.ALL, _("Alle i stafettloggen"))] if to_all else []
        self.fields["to"].choices = [(Audience.HOLDER, _("Bare %(name)s") % {"name": holder_name}), *everyone]


class WishForm(PortalForm, forms.Form):
    keeps_drafts = True
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Hvem vil du spørre?"),
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("Velg barnehage, skole eller tjeneste"),
    )
    child_name = forms.CharField(
        label=gettext_lazy("Barnets fornavn"),
        max_length=80,
        required=False,
    )
    text = FreeTextField(
        label=gettext_lazy("Hva trenger dere hjelp til?"),
        help_text=gettext_lazy("Noen få ord er nok. Lederen for enheten leser det og tar kontakt."),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = services_switched_on(today).filter(is_external=False)


class FirstWishForm(WishForm):
    """The same, of one whom the portal knows nothing of: an electronic identity tells no name (safety.md S29)."""

    keeps_drafts = False
    field_order = ["name", "phone", "unit", "child_name", "text"]
    name = forms.CharField(
        label=gettext_lazy("Navnet ditt"),
        help_text=gettext_lazy("Navnet du bruker i barnehagen eller på skolen."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telefonnummeret ditt"),
        help_text=gettext_lazy("Lederen ringer deg på dette nummeret."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
