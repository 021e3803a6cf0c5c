"""The request for a stafettlogg, nothing about why (safety.md S5). Its pages are in `request_pages`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.dates import age_on
from apps.core.day_boxes import KnownDayField
from apps.core.errors import RuleBroken
from apps.core.forms import ABOUT_ANOTHER, DateField, NationalIdField, PhoneField, PortalForm
from apps.core.rendering import Described
from apps.municipality.models import Unit
from apps.municipality.selectors import HEALTH_KINDS, consent_age, consent_ages
from apps.stafettlogg.enums import (
    GUARDIAN_RELATIONS,
    AddressProtection,
    AloneParagraph,
    CheckedHow,
    ConsentScope,
    Relation,
    Responsibility,
)
from apps.stafettlogg.forms.written import Line
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules.consents import ADULT_AGE
from apps.stafettlogg.rules.guardians import LANGUAGES
from apps.stafettlogg.rules.requests import check_names_and_days
from apps.stafettlogg.rules.scopes import scope_words, usual_scope
from apps.stafettlogg.services.guardians import GuardianInput
from apps.stafettlogg.services.requests import ChildInput

GUARDIANS = 4
# A day outside these is a slip of the pen.
OVERDUE, LONGEST_WAIT = timedelta(days=30), timedelta(days=300)
UNCHECKED = "unchecked"
_HOW = {
    CheckedHow.REGISTER: gettext_lazy("Ja. Jeg har slått opp i Folkeregisteret"),
    CheckedHow.OWN_SYSTEM: gettext_lazy("Ja. Det står i fagsystemet, hentet fra Folkeregisteret"),
    CheckedHow.DOCUMENT: gettext_lazy("Ja. Jeg har sett dokument fra foresatt"),
    CheckedHow.DECISION: gettext_lazy("Ja. Jeg har sett vedtak eller dom"),
}
# A foster parent is written down with the decision about the care (S36).
_RELATIONS = [(relation.value, relation.label) for relation in GUARDIAN_RELATIONS]
RESPONSIBILITY_CHOICES = [
    ("", gettext_lazy("Velg")),
    *_HOW.items(),
    (UNCHECKED, gettext_lazy("Nei, ikke kontrollert ennå")),
]


def guardian_fields() -> dict[str, Any]:
    """What is asked about one guardian; used here and where a guardian is added later."""
    return {
        "name": Line(label=_("Navn"), max_length=150, widget=forms.TextInput(attrs=ABOUT_ANOTHER)),
        "relation": forms.ChoiceField(label=_("Relasjon til barnet"), choices=[("", _("Velg")), *_RELATIONS]),
        "responsibility": forms.ChoiceField(
            label=_("Har du kontrollert foreldreansvaret?"),
            choices=RESPONSIBILITY_CHOICES,
            help_text=_(
                "En foresatt får ikke vite om dette og får ikke svare før du har kontrollert foreldreansvaret."
            ),
        ),
        "email": forms.EmailField(
            label=_("E-post"), required=False, max_length=254, widget=forms.EmailInput(attrs=ABOUT_ANOTHER)
        ),
        "phone": PhoneField(label=_("Telefon"), required=False),
        "language": forms.ChoiceField(label=_("Språk"), choices=LANGUAGES, initial="nb", required=False),
        "needs_interpreter": forms.BooleanField(label=_("Trenger tolk"), required=False),
        "national_id": NationalIdField(
            label=_("Fødselsnummer"),
            required=False,
            synthetic_ok=settings.SYNTHETIC_IDS,
            help_text=_(
                "Da kommer rett person inn i portalen. Uten må du gi den foresatte en kode. E-post er ikke nok."
            ),
        ),
    }


def guardian_input(answers: dict, prefix: str = "") -> GuardianInput:
    """What was written about one guardian, as the service takes it. Only for valid answers."""
    chosen = answers[f"{prefix}responsibility"]
    return GuardianInput(
        name=answers[f"{prefix}name"],
        relation=answers[f"{prefix}relation"],
        email=answers[f"{prefix}email"],
        phone=answers[f"{prefix}phone"],
        national_id=answers[f"{prefix}national_id"],
        language=answers[f"{prefix}language"] or "nb",
        needs_interpreter=answers[f"{prefix}needs_interpreter"],
        responsibility=Responsibility.UNCHECKED if chosen == UNCHECKED else Responsibility.CONFIRMED,
        checked_how="" if chosen == UNCHECKED else chosen,
    )


def alone_fields() -> dict[str, Any]:
    """That health personnel have decided that a youth of 12 to 16 answers alone: who, when, until when, by what (S26).
    No field for why."""
    return {
        "alone_by": forms.ChoiceField(
            label=_("Hvem har bestemt det?"),
            required=False,
            help_text=_("Autorisert helsepersonell i tjenesten."),
        ),
        "alone_day": DateField(label=_("Hvilken dag ble det bestemt?"), required=False),
        "alone_last_day": DateField(
            label=_("Til og med hvilken dag gjelder det?"), required=False, help_text=_("Høyst seks måneder.")
        ),
        "alone_paragraph": forms.ChoiceField(
            label=_("Hvilken paragraf bygger det på?"),
            choices=[("", _("Velg")), *AloneParagraph.choices],
            required=False,
            help_text=_("Skriv grunnen i journalen, ikke her."),
        ),
    }


class RequestForm(PortalForm, forms.Form):
    """The child, up to four guardians, the stafettholder and the services. A saved draft comes back filled in."""

    keeps_drafts = True
    given_name = Line(label=gettext_lazy("Fornavn"), max_length=80, required=False)
    family_name = Line(label=gettext_lazy("Etternavn"), max_length=80, required=False)
    birth_date = KnownDayField(label=gettext_lazy("Fødselsdato"), required=False)
    expected_day = DateField(label=gettext_lazy("Termin"), required=False)
    address_protection = forms.ChoiceField(
        label=gettext_lazy("Adressesperre"),
        choices=AddressProtection.choices,
        initial=AddressProtection.NONE,
        help_text=gettext_lazy("Spør foresatte, eller se i Folkeregisteret."),
    )
    no_others = forms.BooleanField(
        label=gettext_lazy("Folkeregisteret viser ingen andre med foreldreansvar"),
        required=False,
        help_text=gettext_lazy(
            "Kryss av når du har sett etter i dag. Kan du ikke slå opp, gjør stafettholderen det senere."
        ),
    )
    holder = forms.ChoiceField(
        label=gettext_lazy("Hvem skal være stafettholder?"),
        help_text=gettext_lazy("Foreslå den som kjenner barnet best. Stafettholderen følger opp svarene."),
    )
    services = forms.TypedMultipleChoiceField(
        coerce=UUID,
        label=gettext_lazy("Hvilke tjenester vil dere samarbeide med?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Familien svarer for hver tjeneste. Du kan be om flere senere."),
    )

    def __init__(self, *args, holders, services, today, unreached=frozenset(), strict_is_digital=False, **kwargs):
        """`holders`: memberships to choose from, the asker's own first. `services`: units; `unreached`: ids of those
        where nobody uses the portal. No draft is kept of a child who goes on paper (S17)."""
        self.kept_unless = {} if strict_is_digital else {"address_protection": AddressProtection.STRICT}
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["expected_day"].first_day = today - OVERDUE
        self.fields["expected_day"].last_day = today + LONGEST_WAIT
        self.fields["national_id"] = NationalIdField(
            label=_("Fødselsnummer"),
            required=False,
            synthetic_ok=settings.SYNTHETIC_IDS,
            help_text=_("Bare når du vet det. Vi lagrer det kryptert."),
        )
        self.holders = {str(row.pk): row for row in holders}
        self.fields["holder"].choices = [(key, _holder_label(row)) for key, row in self.holders.items()]
        self.fields["services"].choices = [
            (str(unit.pk), described_service(unit, _reads(unit), is_unreached=unit.pk in unreached))
            for unit in services
        ]
        for name in ("given_name", "family_name", "birth_date"):
            self.fields[name].widget.attrs |= ABOUT_ANOTHER
        for name in ("given_name", "birth_date", "expected_day"):
            self.fields[name].is_conditional = True
        if any(row.unit.kind in HEALTH_KINDS for row in self.holders.values()):
            self._add_alone_fields()
        for number in range(1, GUARDIANS + 1):
            for name, field in guardian_fields().items():
                # A young adult has no guardians, and few have four: `clean` says what is missing.
                field.is_conditional = field.required or name == "language"
                field.required = False
                self.fields[f"g{number}_{name}"] = field

    def _add_alone_fields(self) -> None:
        people = {row.user_id: row.user.name for row in self.holders.values() if row.unit.kind in HEALTH_KINDS}
        for name, field in alone_fields().items():
            field.is_conditional = True
            self.fields[name] = field
        self.fields["alone_by"].choices = [("", _("Velg")), *((str(pk), name) for pk, name in people.items())]

    @property
    def alone(self) -> list:
        """The bound fields of a decision that the youth answers alone; none outside health services."""
        return [self[name] for name in alone_fields() if name in self.fields]

    @property
    def has_alone(self) -> bool:
        return any(box.value() or box.errors for box in self.alone)

    @property
    def guardians(self) -> list[dict]:
        """Per guardian the bound fields by name, and whether something is written or wrong there."""
        groups = []
        for number in range(1, GUARDIANS + 1):
            fields = {name: self[f"g{number}_{name}"] for name in guardian_fields()}
            used = any(fields[name].value() for name in ("name", "relation", "responsibility"))
            wrong = any(bound.errors for bound in fields.values())
            groups.append({"number": number, "fields": fields, "is_used": used or wrong})
        return groups

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        try:
            check_names_and_days(
                given_name=answers.get("given_name", ""),
                birth_date=answers.get("birth_date"),
                expected_day=answers.get("expected_day"),
            )
        except RuleBroken as broken:
            if "birth_date" not in self.errors and "expected_day" not in self.errors:
                self.add_error("given_name" if broken.code == "name_missing" else "birth_date", str(broken))
            if broken.code == "born_or_expected" and not answers.get("expected_day") and not answers.get("given_name"):
                self.add_error("given_name", _("Skriv navnet på barnet."))
        for number in range(1, GUARDIANS + 1):
            self._clean_guardian(answers, number)
        self._clean_alone(answers)
        self._clean_someone(answers)
        return answers

    def _clean_alone(self, answers) -> None:
        """A decision is left out altogether, or is whole and one that counts."""
        missing = {
            "alone_by": _("Velg hvem som har bestemt det."),
            "alone_day": _("Skriv dagen det ble bestemt."),
            "alone_last_day": _("Skriv hvilken dag det gjelder til."),
            "alone_paragraph": _("Velg hvilken paragraf det bygger på."),
        }
        written = [name for name in missing if answers.get(name)]
        for name in missing:
            if written and not answers.get(name) and name not in self.errors:
                self.add_error(name, missing[name])
        decision, holder = self._decision(answers), self.holders.get(answers.get("holder", ""))
        if decision is None or holder is None:
            return
        try:
            own_logs.check_decision(
                decision, kind=holder.unit.kind, birth_date=answers.get("birth_date"), today=self.today
            )
        except RuleBroken as broken:
            self.add_error("alone_last_day" if broken.code == "decision_days" else "alone_by", str(broken))

    def _decision(self, answers) -> own_logs.Decision | None:
        if not all(answers.get(name) for name in alone_fields()):
            return None
        user = next(row.user for row in self.holders.values() if str(row.user_id) == answers["alone_by"])
        return own_logs.Decision(user, answers["alone_day"], answers["alone_last_day"], answers["alone_paragraph"])

    def _is_own(self, answers) -> bool:
        """Whether it becomes a log of the youth's own, where no guardian is asked."""
        holder = self.holders.get(answers.get("holder", ""))
        return holder is not None and own_logs.is_own(
            holder.unit.kind,
            consent_age(holder.unit.kind, consent_ages()),
            answers.get("birth_date"),
            has_decision=self._decision(answers) is not None,
            today=self.today,
        )

    def _clean_someone(self, answers) -> None:
        """A child has a guardian here, an expected child the pregnant woman; a young adult answers alone, as does a
        youth in her own health service."""
        numbers = range(1, GUARDIANS + 1)
        birth_date = answers.get("birth_date")
        is_adult = birth_date is not None and age_on(birth_date, self.today) >= ADULT_AGE
        if not is_adult and not self._is_own(answers) and not any(answers.get(f"g{number}_name") for number in numbers):
            if "g1_name" not in self.errors:
                self.add_error("g1_name", _("Skriv minst én foresatt."))
        elif answers.get("expected_day") and Relation.PREGNANT not in [answers.get(f"g{n}_relation") for n in numbers]:
            self.add_error("g1_relation", _("Velg «Gravid» for den som venter barnet."))

    def _clean_guardian(self, answers, number) -> None:
        """A guardian is left out altogether, or has name, relation and responsibility."""
        asked = {
            "name": _("Skriv navnet på foresatt %(number)s."),
            "relation": _("Velg hvilken relasjon foresatt %(number)s har til barnet."),
            "responsibility": _("Velg om du har kontrollert foreldreansvaret til foresatt %(number)s."),
        }
        written = [name for name in (*asked, "email", "phone", "national_id") if answers.get(f"g{number}_{name}")]
        for name, sentence in asked.items():
            field = f"g{number}_{name}"
            if written and not answers.get(field) and field not in self.errors:
                self.add_error(field, sentence % {"number": number})

    def child_input(self) -> ChildInput:
        answers = self.cleaned_data
        return ChildInput(
            given_name=answers["given_name"],
            family_name=answers["family_name"],
            birth_date=answers["birth_date"],
            expected_day=answers["expected_day"],
            national_id=answers["national_id"],
            address_protection=answers["address_protection"],
            alone=self._decision(answers),
        )

    def guardian_inputs(self) -> list[GuardianInput]:
        answers = self.cleaned_data
        numbers = [number for number in range(1, GUARDIANS + 1) if answers[f"g{number}_name"]]
        return [guardian_input(answers, f"g{number}_") for number in numbers]


def _holder_label(row) -> str:
    line = row.title or str(row.role)
    return _("%(name)s, %(line)s i %(unit)s") % {"name": row.user.name, "line": line, "unit": row.unit.name}


def _reads(unit: Unit) -> str:
    """Only where it is not all of the log: of what is usual nothing need be said."""
    scope = usual_scope(unit.kind)
    return capfirst(scope_words(scope)) if scope == ConsentScope.MEASURES else ""


def described_service(unit: Unit, hint: str = "", *, is_unreached: bool = False) -> Described | str:
    """The service with who is responsible for it, when that is someone outside, whether anyone there uses the portal,
    and how it stands now."""
    lines = [controller_of(unit)] if unit.is_external else []
    lines += [_("Bruker ikke portalen ennå. Ring dem")] if is_unreached else []
    lines += [hint] if hint else []
    return Described(unit.name, ". ".join(lines)) if lines else unit.name


def controller_of(unit: Unit) -> str:
    return _("Utenfor kommunen. Ansvarlig: %(name)s") % {"name": unit.controller_name}
