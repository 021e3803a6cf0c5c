"""Which days someone is away, and who stands in in each log she holds. Never why (safety.md S20)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, User
from apps.accounts.selectors import away_between
from apps.accounts.services import check_absence
from apps.core.errors import RuleBroken
from apps.core.forms import DateField, PortalForm
from apps.stafettlogg.forms.deputies import deputy_line
from apps.stafettlogg.rules import deputies as rules
from apps.stafettlogg.selectors.absences import HeldLog

SAME, NOBODY = "", "ingen"


class AbsenceForm(PortalForm, forms.Form):
    """`user` is away; `held` – the logs of hers that the writer may choose a deputy in.

    One deputy is chosen for all of them, and another where there are several. `cleaned_data["deputies"]` says who is
    to be asked, `kept` who stands in already: by log id.
    """

    first_day = DateField(label=_("Borte fra og med"))
    last_day = DateField(label=_("Til og med"), help_text=_("Den siste dagen borte."))
    person = forms.ChoiceField(label=_("Vikar"), required=False)

    def __init__(self, *args, user: User, held: Sequence[HeldLog], today: date, is_sent: bool = False, **kwargs):
        """`is_sent`: the days are for the service to check, which finds the result of a first press again."""
        super().__init__(*args, **kwargs)
        self.is_sent = is_sent
        self.user, self.held, self.today = user, held, today
        self.kept: dict[Any, Any] = {}
        colleagues = {place.user_id: place for line in held for place in line.choices}
        if not colleagues:
            del self.fields["person"]
            return
        people = [(str(place.user_id), deputy_line(place)) for place in colleagues.values()]
        self.fields["person"].choices = [(NOBODY, _("Ingen vikar nå")), *people]
        if len(held) > 1:
            self.fields["person"].label = _("Vikar for alle stafettloggene")
            self.fields["person"].help_text = _("Du kan velge en annen for hver av dem under.")
            for line in held:
                self.fields[self.name_of(line)] = self._own_field(line)

    @staticmethod
    def name_of(line: HeldLog) -> str:
        return f"vikar_{line.log.pk.hex}"

    def _own_field(self, line: HeldLog) -> forms.ChoiceField:
        people = [(str(place.user_id), deputy_line(place)) for place in line.choices]
        return forms.ChoiceField(
            label=_t("Vikar for stafettholderen til %(name)s") % {"name": line.name},
            choices=[(SAME, _("Samme som for alle")), (NOBODY, _("Ingen vikar nå")), *people],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["deputies"] = {}
        if "first_day" not in data or "last_day" not in data:
            return data
        try:
            if not self.is_sent:
                check_absence(self.user, data["first_day"], data["last_day"], today=self.today)
        except RuleBroken as broken:
            self.add_error("last_day", str(broken))
            return data
        wanted = [(line, *self._wanted(line)) for line in self.held]
        first_day = max(data["first_day"], self.today)
        away = away_between({place.user_id for _line, _field, place in wanted if place}, first_day, data["last_day"])
        for line, field, place in wanted:
            kept = line.stands_in(first_day, data["last_day"])
            if kept is not None:
                self.kept[line.log.pk] = kept
            elif place is not None and self._can(field, place, first_day, data["last_day"], place.user_id in away):
                data["deputies"][line.log.pk] = place
        return data

    def _wanted(self, line: HeldLog) -> tuple[str, Membership | None]:
        """The field that says who is to be asked in this log, and who it is; None for nobody."""
        own = self.name_of(line)
        field = own if self.cleaned_data.get(own) else "person"
        chosen = self.cleaned_data.get(field) or NOBODY
        place = line.choice(chosen)
        if place is None and chosen != NOBODY:
            words = _t("Den du har valgt, kan ikke være vikar for stafettholderen til %(name)s. Velg en annen der.")
            self.add_error(own if own in self.fields else "person", words % {"name": line.name})
        return field, place

    def _can(self, field, place, first_day, last_day, is_away) -> bool:
        try:
            rules.check_can_step_in(place, first_day, last_day, is_away=is_away)
        except RuleBroken as broken:
            if not self.has_error(field):
                self.add_error(field, str(broken))
            return False
        return True
