"""What a municipality must answer before it can start, and what may be answered with."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.municipality.enums import LanguageForm

# The two names the model goes by, in every language of the portal.
MODELS = {
    "BTI": {
        "nb": "Bedre tverrfaglig innsats (BTI)",
        "nn": "Betre tverrfagleg innsats (BTI)",
        "en": "Better help together (BTI)",
    },
    "BTS": {
        "nb": "Bedre tverrfaglig samhandling (BTS)",
        "nn": "Betre tverrfagleg samhandling (BTS)",
        "en": "Better work together (BTS)",
    },
}
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True)
class StartAnswers:
    """What the municipality answers when it starts. What is left out stays empty, and red in «Klar til å åpne».

    `model` is a key of `MODELS`; `phones` the municipality's own numbers by the key of the row.
    """

    name: str = ""
    org_number: str = ""
    language_form: str = LanguageForm.BOKMAL.value
    model: str = "BTI"
    address: str = ""
    phone: str = ""
    email: str = ""
    contact_name: str = ""
    dpo_name: str = ""
    dpo_email: str = ""
    dpo_phone: str = ""
    phones: dict[str, str] = field(default_factory=dict)


def check_answers(answers: StartAnswers) -> None:
    """Raise `RuleBroken` for an answer that cannot be what it says."""
    if not answers.name.strip():
        raise RuleBroken("no_name", _("Skriv hva kommunen heter."))
    if answers.org_number and not is_org_number(answers.org_number):
        raise RuleBroken("org_number", _("Organisasjonsnummeret stemmer ikke. Det har ni siffer."))
    if answers.language_form not in LanguageForm.values:
        raise RuleBroken("language_form", _("Velg bokmål (nb) eller nynorsk (nn)."))
    if answers.model not in MODELS:
        raise RuleBroken("model", _("Velg BTI eller BTS."))
    for address in filter(None, (answers.email, answers.dpo_email)):
        check_address(address)


def check_address(address: str) -> None:
    """Raise `RuleBroken` for what is no e-mail address."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleBroken("email", _("Skriv e-postadressen slik: navn@eksempel.no.")) from error


def is_org_number(text: str) -> bool:
    """Nine digits, the last of which is the control digit (modulus 11)."""
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{9}", digits):
        return False
    control = -sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return control != 10 and control == int(digits[8])
