"""Why a leader opens a log: a choice, never text (safety.md S16)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.audit.enums import Ground
from apps.core.forms import PortalForm
from apps.core.rendering import Described
from apps.stafettlogg.rules.leaders import GROUNDS

_HINTS = {
    Ground.CONTROL: _("Du ser over alle stafettloggene i enheten."),
    Ground.ABSENCE: _("Noen må følge opp mens stafettholderen er borte."),
    Ground.HANDOVER: _("Du må vite hva den nye stafettholderen tar over."),
    Ground.SUPPORT: _("Stafettholderen har spurt deg om hjelp."),
    Ground.COMPLAINT: _("Familien har tatt kontakt med deg."),
}


class OpeningForm(PortalForm, forms.Form):
    ground = forms.ChoiceField(
        label=_("Hvorfor vil du åpne stafettloggen?"),
        choices=[(ground, Described(ground.label, _HINTS[ground])) for ground in GROUNDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvorfor du vil åpne stafettloggen.")},
    )
