"""What is filled in about a foster parent (safety.md S36)."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.forms import ABOUT_ANOTHER, FreeTextField, NationalIdField, PhoneField, PortalForm
from apps.core.rendering import Described
from apps.stafettlogg.enums import ConsentScope, Route
from apps.stafettlogg.forms.written import Line
from apps.stafettlogg.rules.foster import WRITTEN_DOWN, Foster
from apps.stafettlogg.rules.guardians import LANGUAGES

NO, HIDDEN, SHOWN = "nei", "ja", "nei"

_OWN = Described(
    gettext_lazy("Bare tiltak hun eller han har ansvar for"),
    gettext_lazy("Tiltakene, målene de hører til, neste møte og beskjeder med stafettholderen"),
)
_ALL = Described(
    gettext_lazy("Mål, tiltak og evalueringer"),
    gettext_lazy("Aldri det foreldrene har svart eller skriver til stafettholderen"),
)


class FosterForm(PortalForm, forms.Form):
    """A foster parent, as the stafettholder writes her down."""

    name = Line(label=gettext_lazy("Navn"), max_length=150, widget=forms.TextInput(attrs=ABOUT_ANOTHER))
    scope = forms.ChoiceField(
        label=gettext_lazy("Hva skal fosterforelderen lese?"),
        help_text=gettext_lazy("Barnevernstjenesten svarer ja eller nei på det."),
        choices=[(ConsentScope.MEASURES, _OWN), (ConsentScope.LOG, _ALL)],
        widget=forms.RadioSelect,
        initial=ConsentScope.MEASURES,
    )
    hidden = forms.ChoiceField(
        label=gettext_lazy("Sier vedtaket at foreldrene ikke skal få vite hvem det er?"),
        choices=[
            (
                HIDDEN,
                Described(
                    gettext_lazy("Ja. Foreldrene ser ikke at det finnes en fosterforelder her"),
                    gettext_lazy("Ikke skriv navn, sted eller kommune i mål, tiltak eller beskjeder"),
                ),
            ),
            (SHOWN, gettext_lazy("Nei. Foreldrene ser navnet, ikke adressen")),
        ],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-post"), required=False, max_length=254, widget=forms.EmailInput(attrs=ABOUT_ANOTHER)
    )
    phone = PhoneField(label=gettext_lazy("Telefon"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Språk"), choices=LANGUAGES, initial="nb", required=False)
    needs_interpreter = forms.BooleanField(label=gettext_lazy("Trenger tolk"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["national_id"] = NationalIdField(
            label=_("Fødselsnummer"),
            required=False,
            synthetic_ok=settings.SYNTHETIC_IDS,
            help_text=_("Uten fødselsnummer må du gi fosterforelderen en kode. Vi lagrer aldri adressen her."),
        )

    def foster(self) -> Foster:
        """What was written, as the service takes it. Only for a valid form."""
        said = self.cleaned_data
        return Foster(
            name=said["name"],
            national_id=said["national_id"],
            email=said["email"],
            phone=said["phone"],
            language=said["language"] or "nb",
            needs_interpreter=said["needs_interpreter"],
            scope=said["scope"],
            is_hidden=said["hidden"] == HIDDEN,
        )


class FosterAnswerForm(PortalForm, forms.Form):
    """Child welfare's yes or no."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Hva kan fosterforelderen lese?"),
        choices=[(ConsentScope.MEASURES, _OWN), (ConsentScope.LOG, _ALL), (NO, gettext_lazy("Ingenting"))],
        widget=forms.RadioSelect,
    )

    def answered(self) -> dict[str, Any]:
        """`says_yes` and `scope`, as the service takes them. Only for a valid form."""
        answer = self.cleaned_data["answer"]
        return {"says_yes": answer != NO, "scope": "" if answer == NO else answer}


class FosterWrittenForm(FosterAnswerForm):
    """The same, as the stafettholder heard or read it."""

    route = forms.ChoiceField(
        label=gettext_lazy("Hvordan svarte barnevernstjenesten?"),
        choices=[(route.value, Route(route).label) for route in WRITTEN_DOWN],
        widget=forms.RadioSelect,
    )


class FosterMessageForm(PortalForm, forms.Form):
    """What a foster parent writes to the stafettholder."""

    keeps_drafts = True
    text = FreeTextField(label=gettext_lazy("Beskjed"), max_length=4000)
