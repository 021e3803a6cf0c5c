"""Who at home may read: asked of the youth on her answer, and whenever she wants; and the decision that she answers
alone, made anew (safety.md S26)."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.core.forms import PortalForm
from apps.core.text import joined
from apps.stafettlogg.enums import LetIn
from apps.stafettlogg.forms.requests import alone_fields
from apps.stafettlogg.rules.own_logs import Decision
from apps.stafettlogg.selectors.own_logs import NOBODY, AboutReaders

KNOWS = "knows_readers"


class AsksAboutReaders(forms.Form):
    """A form that also asks who at home may read; `ask_about_readers` gives it the fields. `is_written_down`: an
    employee fills it in, with what the youth has said."""

    about = NOBODY
    is_written_down = False

    def ask_about_readers(self, about: AboutReaders) -> None:
        self.about = about
        for guardian in about.choose:
            self.fields[_name(guardian.pk)] = _reader_field(guardian, is_new=about.is_new)
            if self.is_written_down:
                self.fields[_name(guardian.pk)].help_text = ""
        if about.names:
            label = _("Jeg vet at %(names)s leser det som står i denne stafettloggen")
            self.fields[KNOWS] = forms.BooleanField(label=label % {"names": joined(about.names)}, required=False)

    @property
    def reader_boxes(self) -> list:
        names = [*(_name(guardian.pk) for guardian in self.about.choose), *([KNOWS] if self.about.names else [])]
        return [self[name] for name in names]

    def check_readers(self, yes: Collection[UUID]) -> None:
        """Called by `clean`, with the services that got a yes: a full no says nothing of who reads."""
        if not yes:
            return
        for guardian in self.about.choose:
            if not self.cleaned_data.get(_name(guardian.pk)):
                self.add_error(_name(guardian.pk), _("Velg ja eller nei for %(name)s.") % {"name": guardian.name})
        if self.about.names and self.about.own_units & set(yes) and not self.cleaned_data.get(KNOWS):
            self.add_error(KNOWS, _("Kryss av for at du vet hvem som leser. Eller velg nei for tjenesten."))

    def about_who_reads(self) -> dict:
        """For `services.consents.answer`."""
        chosen = {guardian.pk: self.cleaned_data.get(_name(guardian.pk)) for guardian in self.about.choose}
        let_in = {guardian_id: said for guardian_id, said in chosen.items() if said}
        return {"let_in": let_in, "knows_readers": bool(self.cleaned_data.get(KNOWS))}


def _name(guardian_id: UUID) -> str:
    return f"leser_{guardian_id}"


def _reader_field(guardian, *, is_new: bool) -> forms.ChoiceField:
    since = _("Ja") if is_new else LetIn.SINCE.label
    choices = [(LetIn.NO, _("Nei")), (LetIn.SINCE, since)]
    if not is_new:
        choices.append((LetIn.ALL, LetIn.ALL.label))
    words = {"relation": guardian.get_relation_display().lower(), "name": guardian.name}
    field = forms.ChoiceField(
        label=_("Skal %(name)s (%(relation)s) få lese?") % words,
        choices=choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Bare du og den som er stafettholder, vet hva du svarer. Du kan endre det når du vil."),
    )
    field.is_conditional = True  # type: ignore[attr-defined]  # `check_readers` says when
    return field


class ReadersForm(PortalForm, AsksAboutReaders):
    """Every guardian of a log of the youth's own, with what she has said so far."""

    def __init__(self, *args, about: AboutReaders, is_written_down: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_written_down = is_written_down
        self.ask_about_readers(about)
        for guardian in about.choose:
            field = self.fields[_name(guardian.pk)]
            field.required, field.initial = True, guardian.let_in
            field.error_messages["required"] = _("Velg ja eller nei for %(name)s.") % {"name": guardian.name}

    def choices(self) -> dict[UUID, str]:
        return self.about_who_reads()["let_in"]


class DecisionForm(PortalForm, forms.Form):
    """That health personnel have decided anew that a youth of 12 to 16 answers alone. No field for why."""

    def __init__(self, *args, people: Mapping[str, Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        for name, field in alone_fields().items():
            field.required = True
            self.fields[name] = field
        names = [(key, place.user.name) for key, place in people.items()]
        self.fields["alone_by"].choices = [("", _("Velg")), *names]

    def decision(self) -> Decision:
        answers = self.cleaned_data
        by = self.people[answers["alone_by"]].user
        return Decision(by, answers["alone_day"], answers["alone_last_day"], answers["alone_paragraph"])
