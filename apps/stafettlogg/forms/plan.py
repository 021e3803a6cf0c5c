"""What a person may write about goals and measures."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, FreeTextField
from apps.stafettlogg.enums import Place
from apps.stafettlogg.forms.written import Line, WrittenForm
from apps.stafettlogg.models import Measure
from apps.stafettlogg.rules.responsible import NAME, USER, names_in, users_in, who
from apps.stafettlogg.selectors.responsible import ResponsibleChoices
from apps.stafettlogg.services.plan import MeasureInput

# Called the same in the input and the model, and in the form too, where only who is responsible is chosen in one field.
_WRITTEN = [field.name for field in fields(MeasureInput)]


class ResponsibleField(forms.MultipleChoiceField):
    """Nobody, one or several."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if one]


class GoalForm(WrittenForm):
    title = Line(
        label=_("Mål"),
        help_text=_("Skriv hva barnet skal få til eller få mer av, for eksempel «Har noen å leke med hver dag»."),
    )


class MeasureForm(WrittenForm):
    title = Line(
        label=_("Tiltak"),
        help_text=_("Skriv hvem som gjør hva, og hvor ofte."),
        max_length=300,
    )
    place = forms.ChoiceField(label=_("Hvor"), choices=Place.choices, widget=forms.RadioSelect)
    responsible = ResponsibleField(
        label=_("Ansvarlig"), help_text=_("Velg én eller flere, eller vent med å velge."), required=False
    )
    unit = forms.TypedChoiceField(
        label=_("Hvilken tjeneste har tiltaket?"),
        help_text=_("En tjeneste som bare er med på egne tiltak, leser bare de tiltakene der du velger den."),
        coerce=UUID,
        empty_value=None,
        required=False,
    )
    due_day = DateField(label=_("Frist"), required=False)
    note = FreeTextField(label=_("Notat"), max_length=2000, required=False)

    def __init__(self, *args, choices: ResponsibleChoices, measure: Measure | None = None, **kwargs):
        """`choices` are those in the log now; who is responsible for `measure` may stay, also after leaving the log."""
        super().__init__(*args, **kwargs)
        offered: list[tuple[str, Any]] = [
            *((f"{USER}{person.user.pk}", f"{person.shown}, {person.line}") for person in choices.people),
            *((f"{NAME}{name}", name) for name in choices.guardian_names),
        ]
        self._offer_units(choices, measure)
        self._before = who(measure) if measure is not None else []
        gone = [one for one in self._before if one not in dict(offered)]
        words = _("Samme som før")
        offered += [(one, words if number == 1 else f"{words} ({number})") for number, one in enumerate(gone, start=1)]
        self.fields["responsible"].choices = offered

    def _offer_units(self, choices: ResponsibleChoices, measure: Measure | None) -> None:
        """Asked where there are several services; the one that has the measure may stay, also after leaving."""
        units = {unit.pk: unit.name for unit in choices.units}
        if measure is not None and measure.unit is not None:
            units.setdefault(measure.unit.pk, measure.unit.name)
        elif len(units) < 2:
            del self.fields["unit"]
            return
        self.fields["unit"].choices = [("", _("Ingen bestemt tjeneste")), *units.items()]

    def measure(self) -> MeasureInput:
        """What was written, as the service takes it. Only for a valid form."""
        chosen = self.cleaned_data["responsible"]
        stays = [one for one in self._before if one in chosen]  # who was first stays first
        first, *others = [*stays, *(one for one in chosen if one not in stays)] or [""]
        return MeasureInput(
            responsible_id=next(iter(users_in([first])), None),
            responsible_name="".join(names_in([first])),
            others="\n".join(others),
            unit_id=self.cleaned_data.get("unit"),
            **{name: value for name, value in self.cleaned_data.items() if name in _WRITTEN},
        )


def as_typed(measure: Measure) -> SimpleNamespace:
    """A stored measure in the words of `MeasureForm`, with its version: to fill it in, and to show a conflict."""
    return SimpleNamespace(
        responsible=who(measure),
        version=measure.version,
        unit=measure.unit_id or "",
        **{name: getattr(measure, name) for name in _WRITTEN},
    )
