"""Why a service is asked for: one choice for each service that is ticked, from a list (safety.md S5)."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from apps.municipality.models import Unit
from apps.stafettlogg.rules.purposes import purposes_of


class ChoosesPurposes(forms.Form):
    """A form that also asks why; `ask_why` gives it the fields, when the log is open. The services are in `services`.

    A service with one purpose only is not asked about: it gets that one.
    """

    fixed: dict[str, str] = {}
    chosen_one_by_one: Collection[str] = ()

    def ask_why(self, units: Iterable[Unit]) -> None:
        lists = {str(unit.pk): (unit, purposes_of(unit.kind)) for unit in units}
        self.fixed = {key: purposes[0] for key, (_unit, purposes) in lists.items() if len(purposes) == 1}
        self.chosen_one_by_one = [key for key in lists if key not in self.fixed]
        for key in self.chosen_one_by_one:
            unit, purposes = lists[key]
            field = forms.ChoiceField(
                label=_("Hvorfor spør dere %(service)s?") % {"service": unit.name},
                choices=[("", _("Velg")), *((purpose.value, purpose.label) for purpose in purposes)],
                required=False,
            )
            field.is_conditional = True  # type: ignore[attr-defined]  # `check_why` says when
            self.fields[_name(key)] = field

    @property
    def service_rows(self) -> list:
        """The box of each service, with the field for why, or None."""
        rows = []
        for box in self["services"].subwidgets:
            key = str(box.data["value"])
            rows.append((box, self[_name(key)] if key in self.chosen_one_by_one else None))
        return rows

    def check_why(self) -> None:
        """Called by `clean`: each service that is ticked has its purpose."""
        for key in self.cleaned_data.get("services", ()):
            name = _name(key)
            if key in self.chosen_one_by_one and not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Svar på «%(label)s»") % {"label": self.fields[name].label})

    def purposes(self) -> dict[UUID, str]:
        """Per ticked service why it is asked for."""
        ticked = self.cleaned_data["services"]
        said = {key: self.cleaned_data.get(_name(key), "") or self.fixed.get(key, "") for key in ticked}
        return {UUID(key): purpose for key, purpose in said.items() if purpose}


def _name(key: str) -> str:
    return f"hvorfor_{key}"
