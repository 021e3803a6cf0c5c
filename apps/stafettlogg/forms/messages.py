"""What staff may write to the others in a log."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import FreeTextField
from apps.municipality.models import Unit
from apps.stafettlogg.enums import Audience
from apps.stafettlogg.forms.written import WrittenForm
from apps.stafettlogg.selectors.messages import Thread

ALL, YOUTH, UNIT = "all", "youth", "unit:"


class MessageForm(WrittenForm):
    """`threads` are those the holder may answer alone, `units` the services with their own measures; both empty for
    everyone else, who then write to those they may."""

    to = forms.ChoiceField(label=gettext_lazy("Hvem skal lese beskjeden?"), widget=forms.RadioSelect, initial=ALL)
    text = FreeTextField(label=gettext_lazy("Beskjed"), max_length=4000)

    def __init__(self, *args, threads: list[Thread], units: Iterable[Unit] = (), **kwargs):
        super().__init__(*args, **kwargs)
        units = list(units)
        if not threads and not units:
            del self.fields["to"]
            return
        self.fields["to"].choices = [
            (ALL, Audience.ALL.label),
            *((thread.key, _("Bare %(name)s og du") % {"name": thread.name}) for thread in threads),
            *((f"{UNIT}{unit.pk}", _("%(name)s, du og familien") % {"name": unit.name}) for unit in units),
        ]

    def readers(self) -> dict:
        """The keyword arguments of `services.messages.write_message` that say who reads. Only for a valid form."""
        to = self.cleaned_data.get("to", "")
        if not to:
            return {}
        if to == ALL:
            return {"audience": Audience.ALL}
        if to.startswith(UNIT):
            return {"audience": Audience.UNIT, "unit_id": to.removeprefix(UNIT)}
        if to == YOUTH:
            return {"audience": Audience.HOLDER, "thread_youth": True}
        return {"audience": Audience.HOLDER, "thread_guardian_id": to}
