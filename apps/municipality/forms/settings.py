"""The settings row in sections, each a form of its own; and the words and consent ages that belong to it."""

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.forms import PortalForm
from apps.municipality import rules
from apps.municipality.enums import UnitKind
from apps.municipality.models import Municipality


class SectionForm(PortalForm, forms.ModelForm):
    """`title` and `text` stand on the overview and on the section's own page."""

    title: str | Promise = ""
    text: str | Promise = ""
    icon = ""

    def changes(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class GeneralForm(SectionForm):
    title, icon = _("Kommunen"), "buildings"
    text = _("Navn, adresse og hvem folk kan kontakte.")

    practice_url = forms.URLField(
        label=_("Lenke til øvingsversjonen"),
        required=False,
        assume_scheme="https",
        help_text=_("Der kan ansatte prøve seg med oppdiktede barn."),
    )

    class Meta:
        model = Municipality
        fields = [
            *("name", "org_number", "address", "phone", "email", "contact_name"),
            *("coordinating_name", "coordinating_phone", "archive_name", "practice_url"),
        ]
        labels = {
            "name": _("Kommunens navn"),
            "org_number": _("Organisasjonsnummer"),
            "address": _("Adresse"),
            "phone": _("Sentralbord"),
            "email": _("E-postadresse"),
            "contact_name": _("Kontaktperson for portalen"),
            "coordinating_name": _("Kontakt i koordinerende enhet"),
            "coordinating_phone": _("Telefonen til koordinerende enhet"),
            "archive_name": _("Arkivtjenesten"),
        }
        help_texts = {
            "name": _("Står øverst på alle sider og i e-postene."),
            "org_number": _("Ni siffer. Står nederst på alle sider."),
            "address": _("Står nederst på alle sider."),
            "phone": _("Folk ringer dette nummeret når de ikke vet hvem de skal spørre."),
            "email": _("Hit skriver folk om portalen. Ikke skriv adressen til en person som kan slutte."),
            "contact_name": _("Den folk spør etter om portalen. Navnet står på hjelpesiden."),
            "coordinating_name": _("Den de ansatte spør når et barn trenger hjelp fra mange."),
            "coordinating_phone": _("Nummeret til enheten, ikke til en ansatts egen telefon."),
            "archive_name": _("Hvem som tar imot det kommunen skal ta vare på."),
        }


class ModelNameForm(SectionForm):
    title, icon = _("Modell og nivå"), "compass"
    text = _("Hva dere kaller modellen, og fra hvilket nivå dere tilbyr en logg.")

    log_from_level = forms.TypedChoiceField(
        label=_("Fra hvilket nivå tilbyr dere en logg?"),
        coerce=int,
        choices=[(level, _("Nivå %(level)d") % {"level": level}) for level in (1, 2, 3)],
        widget=forms.RadioSelect,
        help_text=_("En ny logg begynner på dette nivået. På nivåene før lagrer portalen ingenting om barnet."),
    )

    class Meta:
        model = Municipality
        fields = ["model_name", "model_short", "log_from_level"]
        labels = {"model_name": _("Modellens navn"), "model_short": _("Forkortelse")}
        help_texts = {
            "model_name": _("Hele navnet, for eksempel Bedre tverrfaglig innsats. Står ved siden av kommunens navn."),
            "model_short": _("For eksempel BTI eller BTS."),
        }


class DeadlinesForm(SectionForm):
    title, icon = _("Frister"), "calendar"
    text = _("Hvor lang tid det går før vi minner noen på noe. Fristene i veilederen endrer du i veilederen.")

    class Meta:
        model = Municipality
        fields = ["first_meeting_days", "evaluation_weeks", "handover_days"]
        labels = {
            "first_meeting_days": _("Dager fra loggen åpner til første møte"),
            "evaluation_weeks": _("Uker fra et tiltak begynner til dere vurderer det"),
            "handover_days": _("Dager til å svare på et tilbud om stafettpinnen"),
        }
        help_texts = {
            "first_meeting_days": _("Innen da skal dere ha blitt enige om mål og tiltak."),
            "evaluation_weeks": _("Portalen foreslår datoen. Dere kan velge en annen når dere evaluerer."),
            "handover_days": _("Uten svar faller tilbudet bort, og stafettholderen beholder pinnen."),
        }


class ConsentForm(SectionForm):
    title, icon = _("Samtykke"), "handshake"
    text = _("Hvor lenge et samtykke varer, og når vi minner om det.")

    class Meta:
        model = Municipality
        fields = [
            "consent_months",
            "consent_reminder_days",
            "answer_days",
            "request_days",
            "wish_days",
            "shell_days",
            "closing_days",
            "sign_of_life_days",
        ]
        labels = {
            "consent_months": _("Måneder et samtykke varer"),
            "consent_reminder_days": _("Dager før vi minner den som ikke har svart"),
            "answer_days": _("Dager familien får på å svare"),
            "request_days": _("Dager før vi fjerner en forespørsel som mangler svar"),
            "wish_days": _("Dager før vi fjerner et ønske om stafettlogg fra en familie"),
            "shell_days": _("Dager før vi avslutter en logg uten samtykke"),
            "sign_of_life_days": _("Dager før et unntak er over når vi hører fra den foresatte"),
            "closing_days": _("Dager familien kan angre at loggen lukkes for alle"),
        }
        help_texts = {
            "consent_months": _("Gjelder svar som gis fra nå av. Vi minner om å fornye 30, 14 og 3 dager før."),
            "consent_reminder_days": _("Å ikke svare er også lov. Ingen logg åpner av seg selv."),
            "answer_days": _(
                "Det er fristen familien ser. De kan svare også etterpå, helt til vi fjerner forespørselen."
            ),
            "request_days": _("Da står bare dette igjen: hvem som svarte hva, og når."),
            "wish_days": _("Gjelder også ønsker enheten har svart på."),
            "shell_days": _("Så lenge ser stafettholderen bare navn og datoer, og kan be om nytt samtykke."),
            "sign_of_life_days": _(
                "Gjelder den som ikke var til å få tak i, og som logger inn eller tar kontakt. Høyst 14. "
                "Vi spør med en gang, og unntaket er over ved midnatt en søndag innen da, eller når svaret kommer."
            ),
            "closing_days": _("Delingen stopper med en gang. Bare den som ba om å avslutte, kan angre."),
        }


class PrivacyForm(SectionForm):
    title, icon = _("Personvern"), "shield"
    text = _("Personvernombudet, og hva foreldre ser om de ansatte.")

    class Meta:
        model = Municipality
        fields = [
            "dpo_name",
            "dpo_email",
            "dpo_phone",
            "show_staff_names",
            "strictly_confidential_digital",
        ]
        labels = {
            "dpo_name": _("Personvernombud"),
            "dpo_email": _("E-postadressen til ombudet"),
            "dpo_phone": _("Telefonen til ombudet"),
            "show_staff_names": _("Foreldre ser navnet på ansatte"),
            "strictly_confidential_digital": _("Barn med strengt fortrolig adresse kan ha digital logg"),
        }
        help_texts = {
            "dpo_name": _("Står på personvernsiden og i samtykkene."),
            "dpo_email": _("Hit skriver foreldre om hvordan kommunen bruker opplysninger."),
            "dpo_phone": _("La feltet stå tomt hvis ombudet ikke svarer på telefon."),
            "show_staff_names": _("Ellers ser de rollen og tjenesten. Ansatte med skjult navn vises aldri med navn."),
            "strictly_confidential_digital": _(
                "Bare når personvernombudet har sagt ja. Ellers viser vi veien på papir."
            ),
        }


class LanguagesForm(SectionForm):
    title, icon = _("Språk"), "language"
    text = _("Hvilke språk portalen har.")

    languages = forms.MultipleChoiceField(
        label=_("Portalen finnes på"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Står nederst på alle sider. De som har valgt et språk dere tar bort, får bokmål."),
    )

    class Meta:
        model = Municipality
        fields = ["languages", "language_form"]
        labels = {"language_form": _("Kommunen skriver")}
        help_texts = {"language_form": _("Det møter den som ikke har valgt språk. Velg et språk dere har krysset av.")}
        widgets = {"language_form": forms.RadioSelect}


SECTIONS = {
    "kommunen": GeneralForm,
    "modell": ModelNameForm,
    "frister": DeadlinesForm,
    "samtykke": ConsentForm,
    "personvern": PrivacyForm,
    "sprak": LanguagesForm,
}


FORM_LABELS = {
    "indefinite": _("Én, ubestemt"),
    "definite": _("Én, bestemt"),
    "plural": _("Flere, ubestemt"),
    "plural_definite": _("Flere, bestemt"),
}


class WordsForm(PortalForm, forms.Form):
    """One word in every form and language. `words` is language → `rules.Words`; `version` of the settings row."""

    def __init__(self, *args, words, **kwargs):
        super().__init__(*args, **kwargs)
        self.languages = [(code, name) for code, name in settings.LANGUAGES if code in words]
        for code, name in self.languages:
            for form in rules.FORMS:
                self.fields[f"{form}_{code}"] = forms.CharField(
                    label=FORM_LABELS[form],
                    max_length=60,
                    initial=getattr(words[code], form),
                    widget=forms.TextInput(attrs={"lang": code}),
                    error_messages={
                        "required": _("Fyll ut «%(form)s» på %(language)s.")
                        % {"form": FORM_LABELS[form], "language": name.lower()}
                    },
                )

    def by_language(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(code, name, bound fields) for the page."""
        return [(code, name, [self[f"{form}_{code}"] for form in rules.FORMS]) for code, name in self.languages]

    def words(self) -> dict[str, rules.Words]:
        return {
            code: rules.Words(*(self.cleaned_data[f"{form}_{code}"] for form in rules.FORMS))
            for code, _name in self.languages
        }


class ConsentAgesForm(PortalForm, forms.Form):
    """`ages` is kind → `rules.ConsentAge`, for every kind of service; `version` of the settings row."""

    def __init__(self, *args, ages, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = list(ages)
        for kind, age in ages.items():
            self.fields[f"age_{kind.value}"] = forms.IntegerField(
                label=_("Fra alder, %(kind)s") % {"kind": kind.label},
                min_value=12,
                max_value=18,
                initial=age.age,
                widget=forms.NumberInput(attrs={"data-width": "short"}),
                error_messages={
                    "required": _("Skriv alderen for «%(kind)s».") % {"kind": kind.label},
                    "invalid": _("Skriv alderen for «%(kind)s» som et tall.") % {"kind": kind.label},
                    "min_value": _("Alderen for «%(kind)s» må være mellom 12 og 18 år.") % {"kind": kind.label},
                    "max_value": _("Alderen for «%(kind)s» må være mellom 12 og 18 år.") % {"kind": kind.label},
                },
            )
            self.fields[f"guardians_{kind.value}"] = forms.BooleanField(
                label=_("Også de foresatte, %(kind)s") % {"kind": kind.label},
                required=False,
                initial=age.guardians_needed,
            )

    def by_kind(self) -> list[tuple[UnitKind, forms.BoundField, forms.BoundField]]:
        """(kind, age field, guardians field) for the page."""
        return [(kind, self[f"age_{kind.value}"], self[f"guardians_{kind.value}"]) for kind in self.kinds]

    def ages(self) -> dict[str, rules.ConsentAge]:
        return {
            kind.value: rules.ConsentAge(
                self.cleaned_data[f"age_{kind.value}"], self.cleaned_data[f"guardians_{kind.value}"]
            )
            for kind in self.kinds
        }
