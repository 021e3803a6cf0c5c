"""Inviting a service, and handing over to one: first the service, then who in it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Membership
from apps.core.forms import FreeTextField, PortalForm
from apps.municipality.models import Unit
from apps.stafettlogg.enums import ConsentScope
from apps.stafettlogg.forms.written import Line, WrittenForm

LEADER_CHOOSES = "leder"


def place_label(membership: Membership) -> str:
    """«Ane Solheim, Pedagogisk leder»; only the role for someone with a protected identity (S16)."""
    role = membership.title or str(membership.role)
    return role if membership.user.protected_identity else f"{membership.user.name}, {role}"


class ServiceForm(PortalForm, forms.Form):
    """The first step: which service."""

    unit = forms.ChoiceField(label=gettext_lazy("Hvilken tjeneste?"))

    def __init__(self, *args, units, unreached="", **kwargs):
        """`units` to choose from; `unreached`: a sentence about those one cannot choose."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].help_text = unreached
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [("", _("Velg en tjeneste")), *((pk, u.name) for pk, u in self.units.items())]

    def chosen(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class _InUnit(PortalForm):
    """The second step knows its service (hidden) and the people there (`places`, memberships)."""

    def place_in(self, *, unit, places, leader_chooses: str = ""):
        self.places = {str(place.pk): place for place in places}
        self.fields["unit"].initial = unit.pk
        choices = [(pk, place_label(place)) for pk, place in self.places.items()]
        if leader_chooses:
            choices.insert(0, (LEADER_CHOOSES, leader_chooses))
        self.fields["person"].choices = choices

    def membership(self):
        """The person chosen; None when the leader is to choose."""
        return self.places.get(self.cleaned_data["person"])


class InviteForm(_InUnit, WrittenForm):
    unit = forms.CharField(widget=forms.HiddenInput)
    person = forms.ChoiceField(
        label=gettext_lazy("Hvem inviterer du?"),
        help_text=gettext_lazy("Bare den du velger, og lederen, får vite hvilket barn det gjelder."),
    )
    task = Line(
        label=gettext_lazy("Hva skal de bidra med?"),
        help_text=gettext_lazy("For eksempel: Kartlegge språk. Familien kan lese det."),
        required=False,
    )

    scope = forms.ChoiceField(
        label=gettext_lazy("Hvor mye skal tjenesten lese?"),
        help_text=gettext_lazy("Vi spør familien om dette."),
        choices=ConsentScope.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, unit, places, scope, **kwargs):
        """`scope`: what the family is usually asked for here; None when they have said yes already."""
        super().__init__(*args, **kwargs)
        self.place_in(unit=unit, places=places, leader_chooses=_("La lederen i tjenesten velge"))
        if scope is None:
            del self.fields["scope"]
        else:
            self.fields["scope"].initial = scope


class OfferForm(_InUnit, WrittenForm):
    unit = forms.CharField(widget=forms.HiddenInput)
    person = forms.ChoiceField(label=gettext_lazy("Hvem skal ta over?"))
    letter = FreeTextField(
        label=gettext_lazy("Hva bør den som tar over, vite?"),
        help_text=gettext_lazy("Skriv slik at familien kan lese det."),
        max_length=2000,
        required=False,
    )
    holder_stays = forms.BooleanField(
        label=gettext_lazy("Jeg vil fortsatt være med som deltaker"),
        help_text=gettext_lazy("Ellers mister du tilgangen, og tiltakene dine må få en ny ansvarlig."),
        required=False,
    )

    def __init__(self, *args, unit, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.place_in(unit=unit, places=places, leader_chooses=_("La lederen i tjenesten velge"))


class PersonForm(PortalForm, forms.Form):
    """The leader names who is asked."""

    person = forms.ChoiceField(label=gettext_lazy("Hvem spør du?"))

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        self.fields["person"].choices = [
            ("", _("Velg en person")),
            *((pk, place_label(place)) for pk, place in self.places.items()),
        ]

    def membership(self) -> Membership:
        return self.places[self.cleaned_data["person"]]


class DeclineForm(WrittenForm):
    reason = Line(
        label=gettext_lazy("Hvorfor takker du nei?"),
        help_text=gettext_lazy("Bare den som har stafettpinnen, leser det. Familien får ikke vite det."),
        max_length=300,
    )
