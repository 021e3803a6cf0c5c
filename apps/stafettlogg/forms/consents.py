"""What the stafettholder fills in about consents: whom to ask, and answers on paper, aloud or on the screen."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import FreeTextField, PortalForm
from apps.core.rendering import Described
from apps.stafettlogg.enums import ConsentScope, Route
from apps.stafettlogg.forms.family import NO, YES, ServicesForm
from apps.stafettlogg.forms.own_logs import AsksAboutReaders
from apps.stafettlogg.forms.purposes import ChoosesPurposes
from apps.stafettlogg.forms.requests import described_service
from apps.stafettlogg.rules.guardians import LANGUAGES
from apps.stafettlogg.rules.scopes import named_with_scope
from apps.stafettlogg.selectors.consents import Asked
from apps.stafettlogg.selectors.own_logs import NOBODY
from apps.stafettlogg.services.scans import LARGEST, Scan


class PlainForm(PortalForm, forms.Form):
    """A page that asks once more: nothing to fill in."""


def scope_field() -> forms.ChoiceField:
    """How much of the log those who are asked about are to read."""
    return forms.ChoiceField(
        label=gettext_lazy("Hvor mye skal tjenestene lese?"),
        help_text=gettext_lazy(
            "Det står i spørsmålet, og familien svarer på det. Vil du endre det, må du spørre på nytt."
        ),
        choices=[
            (
                "",
                Described(
                    gettext_lazy("Som vanlig for tjenesten"),
                    gettext_lazy("Hele stafettloggen, når ikke annet står under navnet"),
                ),
            ),
            (
                ConsentScope.LOG,
                Described(
                    gettext_lazy("Hele stafettloggen"), gettext_lazy("Mål, tiltak, evalueringer og barnets stemme")
                ),
            ),
            (
                ConsentScope.MEASURES,
                Described(
                    gettext_lazy("Bare egne tiltak"),
                    gettext_lazy("Tiltakene til tjenesten, målene de hører til, neste dato og beskjeder til den"),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


class AskForm(PortalForm, ChoosesPurposes):
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Hvilke tjenester vil du spørre om?"), widget=forms.CheckboxSelectMultiple
    )
    scope = scope_field()
    own_guardians = forms.TypedMultipleChoiceField(
        coerce=UUID,
        label=gettext_lazy("Vil du også spørre noen om opplysninger om seg selv?"),
        help_text=gettext_lazy(
            "Den du velger, får et eget spørsmål om seg selv. Ingen andre ser det. "
            "Velger du ingen, spør vi bare om barnet."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    family_asked = forms.BooleanField(
        label=gettext_lazy("Familien har bedt oss spørre på nytt"),
        help_text=gettext_lazy("Trengs når noen har sagt nei de siste to ukene."),
        required=False,
    )

    def __init__(self, *args, units, hints, guardians, unreached=frozenset(), asks_why=(), **kwargs):
        """`units` to choose from; `asks_why`: those of them that get a purpose; `hints`: unit id → a line about how it
        stands now; `guardians` who may answer; `unreached`: ids of units where nobody uses the portal."""
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["services"].choices = [
            (key, described_service(unit, hints.get(unit.pk, ""), is_unreached=unit.pk in unreached))
            for key, unit in self.units.items()
        ]
        if guardians and any(unit.concerns_guardian for unit in units):
            self.fields["own_guardians"].choices = [(str(g.pk), g.name) for g in guardians]
        else:
            del self.fields["own_guardians"]
        self.ask_why(asks_why)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        self.check_why()
        return answers

    def unit_ids(self) -> list:
        return [self.units[key].pk for key in self.cleaned_data["services"]]

    def scopes(self) -> dict:
        """Per chosen unit how much of the log it is to read; nothing where that is as usual."""
        chosen = self.cleaned_data["scope"]
        return dict.fromkeys(self.unit_ids(), chosen) if chosen else {}

    def own_guardian_ids(self) -> dict:
        """Per chosen unit with a guardian's own information: those chosen; nothing when nobody is."""
        chosen = self.cleaned_data.get("own_guardians")
        if not chosen:
            return {}
        return {
            self.units[key].pk: chosen for key in self.cleaned_data["services"] if self.units[key].concerns_guardian
        }


class RecordForm(PortalForm, AsksAboutReaders):
    """An answer given on paper or aloud, written down by the stafettholder: a yes or no for everything that waits."""

    is_written_down = True
    route = forms.ChoiceField(
        label=gettext_lazy("Hvordan ble svaret gitt?"),
        widget=forms.RadioSelect,
        choices=[
            (Route.PAPER, Described(gettext_lazy("På papir"), gettext_lazy("Papiret er signert"))),
            (
                Route.ORAL,
                Described(
                    gettext_lazy("Muntlig"), gettext_lazy("I møte eller på telefon. Skriv hvem som var til stede")
                ),
            ),
        ],
    )
    scan = forms.FileField(
        label=gettext_lazy("Bilde eller PDF av papiret"),
        help_text=gettext_lazy("PDF, JPG eller PNG på høyst 5 MB. Vi lagrer filen kryptert."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    witness_note = FreeTextField(
        label=gettext_lazy("Når svaret er muntlig: hvem var til stede?"),
        help_text=gettext_lazy("For eksempel: I møtet 3. mars, med tolk og kontaktlærer. Hun fikk teksten lest opp."),
        max_length=500,
        required=False,
    )
    limits = FreeTextField(
        label=gettext_lazy("Er det noe de ikke vil dele?"),
        help_text=gettext_lazy("Skriv det slik den foresatte sa eller skrev det."),
        max_length=2000,
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Hvilket språk snakket dere?"), choices=LANGUAGES, initial="nb")
    used_interpreter = forms.BooleanField(label=gettext_lazy("Tolk var med"), required=False)

    def __init__(self, *args, asked, is_youth=False, about=NOBODY, **kwargs):
        """`asked`: what waits for the respondent (`selectors.consents.Asked`); `about`: who at home may read (S26)."""
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        if is_youth:
            self.fields["limits"].help_text = _("Skriv det slik ungdommen sa eller skrev det.")
            self.fields["limits"].label = _("Er det noe ungdommen ikke vil dele?")
        self.asked_fields = {one.key: f"unit_{one.key}" for one in asked}
        for one in asked:
            label = _said(one) if one.is_own else named_with_scope(one.unit.name, one.scope)
            self.fields[self.asked_fields[one.key]] = forms.ChoiceField(
                label=label,
                choices=[(YES, _("Ja")), (NO, _("Nei"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Velg ja eller nei for %(service)s.") % {"service": label}},
            )
        self.ask_about_readers(about)
        self.order_fields(self.asked_fields.values())

    @property
    def asked_boxes(self) -> list:
        return [self[name] for name in self.asked_fields.values()]

    def choices(self) -> dict[str, bool]:
        """Key of what was asked → yes."""
        return {key: self.cleaned_data[name] == YES for key, name in self.asked_fields.items()}

    def clean_scan(self) -> Scan | None:
        upload = self.cleaned_data["scan"]
        if upload is None:
            return None
        if upload.size > LARGEST:
            raise forms.ValidationError(_("Filen er for stor. Den kan være på høyst 5 MB."))
        return Scan(upload.read())

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("route") == Route.ORAL and not answers.get("witness_note", "").strip():
            self.add_error("witness_note", _("Skriv hvem som var til stede, og hvordan svaret ble gitt."))
        if answers.get("route") == Route.ORAL and answers.get("scan"):
            self.add_error("scan", _("Du kan bare legge ved et dokument når svaret er gitt på papir."))
        self.check_readers({one.unit.pk for one in self.asked if answers.get(self.asked_fields[one.key]) == YES})
        return answers


class AskOwnForm(PortalForm, forms.Form):
    """Ask guardians about themselves: one service, and each who is chosen gets a question of her own (S3)."""

    unit = forms.ChoiceField(label=gettext_lazy("Hvilken tjeneste gjelder det?"), widget=forms.RadioSelect)
    guardians = forms.TypedMultipleChoiceField(
        coerce=UUID,
        label=gettext_lazy("Hvem vil du spørre?"),
        help_text=gettext_lazy("Hver får et eget spørsmål. Ingen andre får vite om det, heller ikke at du spurte."),
        widget=forms.CheckboxSelectMultiple,
    )
    family_asked = forms.BooleanField(
        label=gettext_lazy("Den jeg spør, har selv bedt om det"),
        help_text=gettext_lazy("Trengs når hun eller han har sagt nei de siste to ukene."),
        required=False,
    )

    def __init__(self, *args, units, guardians, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(unit.pk), unit.name) for unit in units]
        self.fields["guardians"].choices = [(str(guardian.pk), guardian.name) for guardian in guardians]

    def unit_id(self) -> UUID:
        return UUID(self.cleaned_data["unit"])


class WithdrawalForm(PortalForm, forms.Form):
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Hva har hun eller han trukket?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, given, **kwargs):
        """`given`: what has a yes that stands (`selectors.consents.Asked`)."""
        super().__init__(*args, **kwargs)
        self.given = {one.key: one for one in given}
        self.fields["units"].choices = [(key, _said(one)) for key, one in self.given.items()]

    def taken_back(self) -> dict[str, list[UUID]]:
        """Ids of the services, by whose information the yes was about."""
        found: dict[str, list[UUID]] = {}
        for key in self.cleaned_data["units"]:
            found.setdefault(self.given[key].about, []).append(self.given[key].unit.pk)
        return found


def _said(one: Asked) -> str:
    if one.is_own:
        return _("%(service)s, om den foresatte selv") % {"service": one.unit.name}
    return one.unit.name


class ScreenForm(ServicesForm, AsksAboutReaders):
    """The respondent's own answer on the employee's screen; `about`: who at home may read, asked of a youth (S26)."""

    limits = FreeTextField(
        label=gettext_lazy("Er det noe vi ikke skal dele?"),
        help_text=gettext_lazy("For eksempel: Ikke del noe om søsken. Stafettholderen må følge det før vi deler noe."),
        max_length=2000,
        required=False,
    )
    used_interpreter = forms.BooleanField(label=gettext_lazy("Jeg har tolk med meg nå"), required=False)

    def __init__(self, *args, about=NOBODY, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_about_readers(about)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        self.check_readers({one.asked.unit.pk for one in self.services if answers.get(one.key) == YES})
        return answers
