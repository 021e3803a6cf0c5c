"""The child's own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, FreeTextField
from apps.stafettlogg.forms.written import Line, WrittenForm

ONLY_WHAT_THE_CHILD_WANTS = _("Skriv bare det barnet vil at foreldrene skal lese.")
KNOWS_READERS = _("Barnet vet hvem som leser dette")
READERS = _("Foreldrene, ungdommen selv og de som er med i stafettloggen, leser det.")


class VoiceForm(WrittenForm):
    kept_with = {"text": "child_knows_readers"}  # safety.md S15

    text = FreeTextField(label=_("Hva sa barnet?"), help_text=ONLY_WHAT_THE_CHILD_WANTS, max_length=4000)
    told_to = Line(label=_("Hvem snakket med barnet?"), max_length=150)
    told_day = DateField(label=_("Når snakket dere sammen?"))
    child_knows_readers = forms.BooleanField(label=KNOWS_READERS, help_text=READERS)
