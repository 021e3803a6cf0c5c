"""What staff may write to the others in a log."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import FreeTextField
from apps.stafettlogg.enums import Audience
from apps.stafettlogg.forms.written import WrittenForm
from apps.stafettlogg.selectors.messages import Thread

ALL, YOUTH = "all", "youth"


class MessageForm(WrittenForm):
    """`threads` are those the holder may answer alone; empty for everyone else, who then write to all."""

    text = FreeTextField(label=gettext_lazy("Beskjed"), max_length=4000)
    to = forms.ChoiceField(label=gettext_lazy("Hvem skal lese beskjeden?"), widget=forms.RadioSelect, initial=ALL)

    def __init__(self, *args, threads: list[Thread], **kwargs):
        super().__init__(*args, **kwargs)
        if not threads:
            del self.fields["to"]
            return
        self.fields["to"].choices = [
            (ALL, Audience.ALL.label),
            *((thread.key, _("Bare %(name)s og du") % {"name": thread.name}) for thread in threads),
        ]

    def readers(self) -> dict:
        """The keyword arguments of `services.messages.write_message` that say who reads. Only for a valid form."""
        to = self.cleaned_data.get("to", ALL)
        if to == ALL:
            return {"audience": Audience.ALL}
        if to == YOUTH:
            return {"audience": Audience.HOLDER, "thread_youth": True}
        return {"audience": Audience.HOLDER, "thread_guardian_id": to}
