"""The evaluation on one page: one tap per measure, the child's voice, the family's view, the decision."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import format_long
from apps.core.forms import DateField, FreeTextField
from apps.municipality.selectors import settings_row
from apps.stafettlogg.enums import Decision, Effect, MeasureStatus
from apps.stafettlogg.forms.voices import KNOWS_READERS, ONLY_WHAT_THE_CHILD_WANTS, READERS
from apps.stafettlogg.forms.written import Line, WrittenForm
from apps.stafettlogg.models import Measure
from apps.stafettlogg.rules.evaluations import decisions_at
from apps.stafettlogg.rules.plan import MEASURE_NEXT
from apps.stafettlogg.services.evaluations import EvaluationInput, VoiceInput

NEW, MISSING = "ny", "mangler"
_ASKED_FOR = {NEW: ("voice_text", "told_to", "told_day", "child_knows_readers"), MISSING: ("no_voice_reason",)}


class EvaluationForm(WrittenForm):
    """`measures` are those up for review, `voices` the child's words since the last evaluation."""

    kept_with = {"voice_text": "child_knows_readers"}  # safety.md S15

    held_day = DateField(label=gettext_lazy("Når evaluerte dere?"))
    voice_choice = forms.ChoiceField(
        label=gettext_lazy("Barnets stemme"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg om dere skriver det barnet har sagt, eller at det mangler nå.")},
    )
    voice_text = FreeTextField(
        label=gettext_lazy("Hva sa barnet?"), help_text=ONLY_WHAT_THE_CHILD_WANTS, max_length=4000
    )
    told_to = Line(label=gettext_lazy("Hvem snakket med barnet?"), max_length=150)
    told_day = DateField(label=gettext_lazy("Når snakket dere sammen?"))
    child_knows_readers = forms.BooleanField(label=KNOWS_READERS, help_text=READERS)
    no_voice_reason = Line(
        label=gettext_lazy("Hvorfor mangler barnets stemme?"),
        help_text=gettext_lazy("Skriv også når dere skal snakke med barnet."),
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
        help_text=gettext_lazy("Gjelder ikke hvis dere avslutter."),
        error_messages={"required": gettext_lazy("Velg dagen for neste evaluering.")},
    )

    def __init__(self, *args, log, measures, voices, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = measures
        for measure in measures:
            self._ask_about(measure)
        self.order_fields(["held_day", *(name for measure in measures for name in _names(measure.pk))])
        possible = decisions_at(log.level, lowest=settings_row().log_from_level)
        self.fields["decision"].choices = [(value, Decision(value).label) for value in possible]
        if log.child.is_expected:
            for name in ("voice_choice", *_ASKED_FOR[NEW], *_ASKED_FOR[MISSING]):
                del self.fields[name]
            return
        self.fields["voice_choice"].choices = [
            *((str(voice.pk), _said(voice)) for voice in voices),
            (NEW, _("Skriv det barnet har sagt, her")),
            (MISSING, _("Barnets stemme mangler denne gangen")),
        ]

    def _ask_about(self, measure: Measure) -> None:
        """How far it has come, and whether it works: what is not started cannot."""
        status, effect = _names(measure.pk)
        following = MEASURE_NEXT[measure.status] | {measure.status}
        self.fields[status] = forms.ChoiceField(
            label=gettext_lazy("Hvor langt har dere kommet?"),
            choices=[choice for choice in MeasureStatus.choices if choice[0] in following],
            initial=measure.status,
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Velg hvor langt dere har kommet med «%(title)s».") % {"title": measure.title}
            },
        )
        self.fields[effect] = forms.ChoiceField(
            label=gettext_lazy("Virker det?"),
            choices=Effect.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Velg hvordan tiltaket «%(title)s» virker.") % {"title": measure.title}},
        )

    @property
    def measure_fields(self) -> list:
        """(measure, status, effect) for the page."""
        return [(measure, *(self[name] for name in _names(measure.pk))) for measure in self.measures]

    def clean(self) -> dict[str, Any]:
        """What belongs to a choice that was not made is neither asked for nor kept."""
        answers = super().clean()
        for measure in self.measures:
            status, effect = _names(measure.pk)
            if answers.get(status) == MeasureStatus.NOT_STARTED:
                self._drop((effect,))
        for choice, names in _ASKED_FOR.items():
            if answers.get("voice_choice") != choice:
                self._drop(names)
        if answers.get("decision") == Decision.CLOSE:
            self._drop(("next_day",))
        return answers

    def _drop(self, names):
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data.pop(name, None)

    def evaluation(self) -> EvaluationInput:
        """What was written, as the service takes it. Only for a valid form."""
        answers = self.cleaned_data
        choice = answers.get("voice_choice", MISSING)
        asked = [(measure.pk, *_names(measure.pk)) for measure in self.measures]
        return EvaluationInput(
            held_day=answers["held_day"],
            decision=answers["decision"],
            effects={pk: answers[effect] for pk, _status, effect in asked if effect in answers},
            statuses={pk: answers[status] for pk, status, _effect in asked},
            next_day=answers.get("next_day"),
            voice=self._new_voice() if choice == NEW else None,
            voice_id=UUID(choice) if choice not in (NEW, MISSING) else None,
            no_voice_reason=answers.get("no_voice_reason", "") or self._unborn(),
            family_view=answers["family_view"],
            summary=answers["summary"],
        )

    def _unborn(self) -> str:
        return "" if "voice_choice" in self.fields else _("Barnet er ikke født ennå.")

    def _new_voice(self) -> VoiceInput:
        answers = self.cleaned_data
        return VoiceInput(
            text=answers["voice_text"],
            told_to=answers["told_to"],
            told_day=answers["told_day"],
            child_knows_readers=answers["child_knows_readers"],
        )


def _names(measure_id: UUID) -> tuple[str, str]:
    """The names of the two questions about a measure."""
    return f"status_{measure_id}", f"effect_{measure_id}"


def _said(voice) -> str:
    text = voice.text if len(voice.text) <= 80 else voice.text[:80].rsplit(" ", 1)[0] + " …"
    return _("«%(text)s», %(day)s") % {"text": text, "day": format_long(voice.told_day)}
