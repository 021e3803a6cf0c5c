"""What is filled in about who has the care of a child (safety.md S36)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import DateField, PortalForm
from apps.stafettlogg.enums import CareEnd, CareKind
from apps.stafettlogg.forms.written import Line
from apps.stafettlogg.models import Guardian
from apps.stafettlogg.rules.care import SOURCES, Care, answers, longest_day

READ, READ_NOT = "ja", "nei"


class CareKindForm(PortalForm, forms.Form):
    """The first step: which decision it is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Hva slags vedtak er det?"), widget=forms.RadioSelect, choices=CareKind.choices
    )


class CareForm(PortalForm, forms.Form):
    """The second step: what the decision says. Its kind is hidden in it."""

    kind = forms.CharField(widget=forms.HiddenInput)
    step = forms.CharField(widget=forms.HiddenInput, initial="2")

    def __init__(self, *args: Any, kind: str, people: Iterable[Guardian], today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.chosen = kind
        self.fields["kind"].initial = kind
        self.fields["source"] = forms.ChoiceField(
            label=_("Hvem har bestemt det?"),
            widget=forms.RadioSelect,
            choices=[(source.value, source.label) for source in SOURCES[kind]],
        )
        self.fields["number"] = Line(
            label=_("Nummer på vedtaket eller dommen"),
            help_text=_("Bare nummeret. Ikke skriv hva det handler om."),
            max_length=60,
        )
        self.fields["day"] = DateField(label=_("Dato på vedtaket"), last_day=today)
        if kind != CareKind.RESPONSIBILITY:
            self.fields["last_day"] = DateField(
                label=_("Vedtaket gjelder til og med"), first_day=today, last_day=longest_day(kind, today)
            )
        if kind != CareKind.VOLUNTARY:
            self.fields["guardian"] = forms.ChoiceField(
                label=_("Hvem svarer for barnevernstjenesten?") if answers(kind) else _("Hvem gjelder det?"),
                widget=forms.RadioSelect,
                choices=[(str(guardian.pk), guardian.name) for guardian in people],
            )
        if answers(kind):
            self.fields["parents_read"] = forms.ChoiceField(
                label=_("Kan foreldrene lese stafettloggen?"),
                widget=forms.RadioSelect,
                choices=[
                    (READ, _("Ja. De får vite om vedtaket i et brev")),
                    (READ_NOT, _("Nei. Vedtaket begrenser det, og lederen sperrer dem")),
                ],
            )

    def care(self) -> Care:
        said = self.cleaned_data
        return Care(
            kind=self.chosen,
            source=said["source"],
            number=said["number"],
            day=said["day"],
            last_day=said.get("last_day"),
            guardian_id=said.get("guardian", ""),
            parents_read=said.get("parents_read", READ) == READ,
        )


class CareEndForm(PortalForm, forms.Form):
    """Why a decision does not hold any more."""

    reason = forms.ChoiceField(label=gettext_lazy("Hva har skjedd?"), widget=forms.RadioSelect, choices=CareEnd.choices)
