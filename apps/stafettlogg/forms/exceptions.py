"""What is filled in about exceptions: the ground, its proof, attempts to reach a guardian, signatures, the letter."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Membership
from apps.core.forms import DateField, PortalForm
from apps.stafettlogg.enums import ContactChannel, ExceptionGround, LetterRoute, UntoldReason
from apps.stafettlogg.forms.participants import place_label
from apps.stafettlogg.forms.written import Line
from apps.stafettlogg.rules.exceptions import SOURCES, Proof, longest_day

REACHED, NOT_REACHED = "snakket", "ikke"
TOLD = "brev"


class ExceptionForm(PortalForm, forms.Form):
    """The first step: why a guardian's yes is not needed (safety.md S7)."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Hva er grunnen?"), widget=forms.RadioSelect, choices=ExceptionGround.choices
    )


class ProofForm(PortalForm, forms.Form):
    """The second step: what the ground rests on (safety.md S27). The ground is hidden in it."""

    ground = forms.CharField(widget=forms.HiddenInput)
    step = forms.CharField(widget=forms.HiddenInput, initial="2")

    def __init__(self, *args: Any, ground: str, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.chosen = ground
        self.fields["ground"].initial = ground
        if ground in SOURCES:
            self.fields.update(_document(ground, today))
        if ground == ExceptionGround.DECEASED:
            self.fields["day"] = DateField(
                label=_("Datoen for dødsfallet"), help_text=_("Slik den står i Folkeregisteret."), last_day=today
            )
            return
        self.fields["last_day"] = _end(ground, today)
        self.fields["untold_reason"] = forms.ChoiceField(
            label=_("Kan den foresatte få vite om unntaket?"),
            help_text=_("Den foresatte skal få et brev. Er det farlig eller forbudt, må to ledere signere."),
            widget=forms.RadioSelect,
            choices=[(TOLD, _("Ja. Vi sender brev")), *((c.value, f"{_('Nei.')} {c.label}") for c in UntoldReason)],
        )

    def proof(self) -> Proof:
        said = self.cleaned_data
        return Proof(
            ground=self.chosen,
            source=said.get("source", ""),
            number=said.get("number", "").strip(),
            day=said.get("day"),
            last_day=said.get("last_day"),
            untold_reason="" if said.get("untold_reason") == TOLD else said.get("untold_reason", ""),
        )


def _document(ground, today) -> dict[str, forms.Field]:
    return {
        "source": forms.ChoiceField(
            label=_("Hva bygger unntaket på?")
            if ground == ExceptionGround.LACKS_CAPACITY
            else _("Hvem har bestemt det?"),
            widget=forms.RadioSelect,
            choices=[(source.value, source.label) for source in SOURCES[ground]],
        ),
        "number": Line(
            label=_("Nummer på dokumentet"),
            help_text=_("Bare nummeret. Ikke skriv hva det handler om."),
            max_length=60,
        ),
        "day": DateField(label=_("Dato på dokumentet"), last_day=today),
    }


def _end(ground, today) -> DateField:
    longest = longest_day(ground, today)
    return DateField(
        label=_("Unntaket varer til og med"),
        help_text=_("Ikke lenger enn dokumentet gjelder.") if ground in SOURCES else _("Høyst tre måneder."),
        first_day=today,
        last_day=longest,
    )


class ContactForm(PortalForm, forms.Form):
    """When someone tried to reach a guardian, or spoke with the guardian; never what was said (safety.md S27)."""

    day = DateField(label=gettext_lazy("Hvilken dag?"))
    channel = forms.ChoiceField(
        label=gettext_lazy("Hvordan?"), widget=forms.RadioSelect, choices=ContactChannel.choices
    )
    result = forms.ChoiceField(
        label=gettext_lazy("Fikk du kontakt?"),
        widget=forms.RadioSelect,
        choices=[(NOT_REACHED, gettext_lazy("Nei")), (REACHED, gettext_lazy("Ja, vi snakket sammen"))],
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["day"].last_day = today


class TwoSignForm(PortalForm, forms.Form):
    """Who signs as the second, and over a no when the data protection officer was heard (safety.md S27)."""

    second = forms.ChoiceField(label=gettext_lazy("Hvem signerer sammen med deg?"))
    dpo_heard_day = DateField(label=gettext_lazy("Hvilken dag snakket du med personvernombudet?"))

    def __init__(self, *args: Any, others: Iterable[Membership], has_said_no: bool, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = [(str(place.user_id), f"{place_label(place)}, {place.unit.name}") for place in others]
        self.fields["second"].choices = [("", _("Velg en leder fra en annen linje")), *people]
        self.fields["dpo_heard_day"].last_day = today
        if not has_said_no:
            del self.fields["dpo_heard_day"]


class LetterForm(PortalForm, forms.Form):
    """How the letter was sent: never where another guardian may open it (safety.md S27)."""

    route = forms.ChoiceField(
        label=gettext_lazy("Hvordan er brevet sendt?"), widget=forms.RadioSelect, choices=LetterRoute.choices
    )
