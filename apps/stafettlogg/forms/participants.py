"""Inviting a service, and handing over to one: first the service, then who in it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Membership
from apps.core.forms import FreeTextField, PortalForm
from apps.municipality.models import Unit
from apps.stafettlogg.enums import ConsentScope
from apps.stafettlogg.forms.written import Line, WrittenForm
from apps.stafettlogg.rules.purposes import purposes_of

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
    purpose = forms.ChoiceField(
        help_text=gettext_lazy("Familien og tjenesten leser dette."),
        error_messages={"required": gettext_lazy("Velg hvorfor dere spør, fra lista.")},
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

    def __init__(self, *args, unit, places, scope, asked_for="", **kwargs):
        """`scope`: what the family is usually asked for here; None when they have said yes already. `asked_for`: the
        purpose they have said yes to, when one was chosen."""
        super().__init__(*args, **kwargs)
        self.place_in(unit=unit, places=places, leader_chooses=_("La lederen i tjenesten velge"))
        self._offer_purposes(unit, asked_for)
        if scope is None:
            del self.fields["scope"]
        else:
            self.fields["scope"].initial = scope

    def _offer_purposes(self, unit: Unit, asked_for: str) -> None:
        """A service with one purpose only is not asked about: it gets that one."""
        purposes = purposes_of(unit.kind)
        self._only = purposes[0].value if len(purposes) == 1 else ""
        if self._only:
            del self.fields["purpose"]
            return
        self.fields["purpose"].label = _("Hvorfor spør dere %(service)s?") % {"service": unit.name}
        self.fields["purpose"].choices = [("", _("Velg")), *((one.value, one.label) for one in purposes)]
        self.fields["purpose"].initial = asked_for

    def chosen_purpose(self) -> str:
        """Why the service is invited. Only for a valid form."""
        return self.cleaned_data.get("purpose") or self._only


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
