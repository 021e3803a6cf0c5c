"""The evaluation on one page: one tap per measure, the child's voice, the family's view, the decision."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import format_long
from apps.core.forms import DateField, FreeTextField
from apps.stafettlogg.enums import Decision, Effect
from apps.stafettlogg.forms.voices import KNOWS_READERS, ONLY_WHAT_THE_CHILD_WANTS
from apps.stafettlogg.forms.written import Line, WrittenForm
from apps.stafettlogg.rules.evaluations import decisions_at
from apps.stafettlogg.services.evaluations import EvaluationInput, VoiceInput

NEW, MISSING = "ny", "mangler"


class EvaluationForm(WrittenForm):
    """`measures` are those up for review, `voices` the child's words since the last evaluation."""

    held_day = DateField(label=gettext_lazy("Når evaluerte dere?"))
    voice_choice = forms.ChoiceField(label=gettext_lazy("Barnets stemme"), widget=forms.RadioSelect)
    voice_text = FreeTextField(
        label=gettext_lazy("Hva sa barnet?"), help_text=ONLY_WHAT_THE_CHILD_WANTS, max_length=4000, required=False
    )
    told_to = Line(label=gettext_lazy("Hvem snakket med barnet?"), max_length=150, required=False)
    told_day = DateField(label=gettext_lazy("Når snakket dere sammen?"), required=False)
    child_knows_readers = forms.BooleanField(label=KNOWS_READERS, required=False)
    no_voice_reason = Line(
        label=gettext_lazy("Hvorfor mangler barnets stemme?"),
        help_text=gettext_lazy("Skriv også når dere skal snakke med barnet."),
        required=False,
    )
    family_view = FreeTextField(
        label=gettext_lazy("Hva sier familien?"),
        help_text=gettext_lazy("Skriv det familien selv vil ha med."),
        max_length=4000,
        required=False,
    )
    summary = FreeTextField(label=gettext_lazy("Hva ble dere enige om?"), max_length=4000, required=False)
    decision = forms.ChoiceField(label=gettext_lazy("Hva gjør dere videre?"), widget=forms.RadioSelect)
    next_day = DateField(
        label=gettext_lazy("Neste evaluering"),
        help_text=gettext_lazy("La feltet stå tomt hvis dere avslutter."),
        required=False,
    )

    def __init__(self, *args, log, measures, voices, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = measures
        for measure in measures:
            self.fields[_effect_name(measure.pk)] = forms.ChoiceField(
                label=measure.title,
                choices=Effect.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Velg hvordan tiltaket «%(title)s» virker.") % {"title": measure.title}},
            )
        self.fields["decision"].choices = [(value, Decision(value).label) for value in decisions_at(log.level)]
        if log.child.is_expected:
            for name in ("voice_choice", "voice_text", "told_to", "told_day", "child_knows_readers", "no_voice_reason"):
                del self.fields[name]
            return
        self.fields["voice_choice"].choices = [
            *((str(voice.pk), _said(voice)) for voice in voices),
            (NEW, _("Skriv det barnet har sagt, her")),
            (MISSING, _("Barnets stemme mangler denne gangen")),
        ]

    @property
    def effect_fields(self) -> list:
        return [self[_effect_name(measure.pk)] for measure in self.measures]

    def clean(self):
        answers = super().clean()
        choice = answers.get("voice_choice")
        needed = {NEW: ("voice_text", "told_to", "told_day", "child_knows_readers"), MISSING: ("no_voice_reason",)}
        for name in needed.get(choice, ()):
            if not answers.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(_needed(self[name].label), code="required"))
        going_on = answers.get("decision") not in (None, Decision.CLOSE)
        if going_on and not answers.get("next_day") and "next_day" not in self.errors:
            self.add_error("next_day", forms.ValidationError(_("Velg dagen for neste evaluering."), code="required"))
        if answers.get("decision") == Decision.CLOSE:
            answers["next_day"] = None
        return answers

    def evaluation(self) -> EvaluationInput:
        """What was written, as the service takes it. Only for a valid form."""
        answers = self.cleaned_data
        choice = answers.get("voice_choice", MISSING)
        return EvaluationInput(
            held_day=answers["held_day"],
            decision=answers["decision"],
            effects={measure.pk: answers[_effect_name(measure.pk)] for measure in self.measures},
            next_day=answers["next_day"],
            voice=self._new_voice() if choice == NEW else None,
            voice_id=UUID(choice) if choice not in (NEW, MISSING) else None,
            no_voice_reason=answers.get("no_voice_reason", _("Barnet er ikke født ennå.")),
            family_view=answers["family_view"],
            summary=answers["summary"],
        )

    def _new_voice(self) -> VoiceInput:
        answers = self.cleaned_data
        return VoiceInput(
            text=answers["voice_text"],
            told_to=answers["told_to"],
            told_day=answers["told_day"],
            child_knows_readers=answers["child_knows_readers"],
        )


def _effect_name(measure_id: UUID) -> str:
    return f"effect_{measure_id}"


def _said(voice) -> str:
    text = voice.text if len(voice.text) <= 80 else voice.text[:80].rsplit(" ", 1)[0] + " …"
    return _("«%(text)s», %(day)s") % {"text": text, "day": format_long(voice.told_day)}


def _needed(label) -> str:
    return _("Fyll ut «%(label)s».") % {"label": label}
