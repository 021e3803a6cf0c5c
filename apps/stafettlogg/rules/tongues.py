"""Languages a family is offered an interpreter in, in their own script (fixtures/consent/languages.json)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken

# Another language than those of the list, by the code the guardian's own list has for it.
OTHER = "zxx"
_FILE = Path("fixtures", "consent", "languages.json")
_OTHER_NAME = gettext_lazy("Annet språk")


@dataclass(frozen=True)
class Tongue:
    """`native` is in the language's own script; `direction` ltr or rtl. `name` is for staff, in their language."""

    code: str
    native: str
    direction: str
    name_nb: str
    name_nn: str

    @property
    def name(self) -> str:
        return self.name_nn if get_language() == "nn" else self.name_nb


@cache
def tongues() -> tuple[Tongue, ...]:
    """Those of the file, in its order."""
    rows = json.loads((settings.BASE_DIR / _FILE).read_text("utf-8"))
    return tuple(
        Tongue(row["code"], row["name_native"], row["direction"], row["name_nb"], row["name_nn"]) for row in rows
    )


def tongue_of(code: str) -> Tongue | None:
    """The language with this code; None for one that is not in the list, and for «Annet språk»."""
    return next((tongue for tongue in tongues() if tongue.code == code), None)


def name_of(code: str) -> str:
    """How staff read it; '' when nobody has said which."""
    found = tongue_of(code)
    if found is not None:
        return found.name
    return str(_OTHER_NAME).lower() if code == OTHER else ""


def check_tongue(code: str) -> None:
    """Raise `RuleBroken("unknown_language")` for a language that is not offered."""
    if code and code != OTHER and tongue_of(code) is None:
        raise RuleBroken("unknown_language", _("Velg et av språkene i lista."))
