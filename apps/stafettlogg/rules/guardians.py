"""Guardians: responsibility that is checked (S8), blocking (S4), and the expected child (S9)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import LetIn, Relation, Responsibility
from apps.stafettlogg.models import Child, Guardian

# The context of blind indexes of people, shared with accounts.User: the same human is found as both (S18).
PERSON = "person"
# Languages a guardian may need an interpreter in, by code; the portal itself speaks fewer.
LANGUAGES = [
    ("nb", gettext_lazy("Bokmål")),
    ("nn", gettext_lazy("Nynorsk")),
    ("se", gettext_lazy("Nordsamisk")),
    ("en", gettext_lazy("Engelsk")),
    ("ar", gettext_lazy("Arabisk")),
    ("fa", gettext_lazy("Dari eller persisk")),
    ("ku", gettext_lazy("Kurdisk")),
    ("lt", gettext_lazy("Litauisk")),
    ("ps", gettext_lazy("Pashto")),
    ("pl", gettext_lazy("Polsk")),
    ("ro", gettext_lazy("Rumensk")),
    ("ru", gettext_lazy("Russisk")),
    ("so", gettext_lazy("Somali")),
    ("es", gettext_lazy("Spansk")),
    ("nsl", gettext_lazy("Norsk tegnspråk")),
    ("th", gettext_lazy("Thai")),
    ("ti", gettext_lazy("Tigrinja")),
    ("tr", gettext_lazy("Tyrkisk")),
    ("de", gettext_lazy("Tysk")),
    ("uk", gettext_lazy("Ukrainsk")),
    ("vi", gettext_lazy("Vietnamesisk")),
    ("zxx", gettext_lazy("Et annet språk")),
]


def has_access(guardian: Guardian, child: Child, *, today: date) -> bool:
    """Whether this guardian may read the child's logs: checked, not blocked; before birth the pregnant woman alone.

    One whose place comes with a decision only while it holds (S36). A log of the youth's own only after her yes to
    this one (S26).
    """
    return (
        guardian.responsibility == Responsibility.CONFIRMED
        and not guardian.is_blocked(today)
        and guardian.has_place(today)
        and (not child.is_expected or guardian.relation == Relation.PREGNANT)
        and (not child.answers_alone or guardian.let_in != LetIn.NO)
    )


def check_how(how: str) -> None:
    """Responsibility is recorded with how it was checked (S8): raise `RuleBroken("checked_how_missing")` without."""
    if not how:
        raise RuleBroken("checked_how_missing", _("Velg hvordan du har kontrollert foreldreansvaret."))


def check_block(*, ground: str, decision_number: str, last_day: date | None, today: date) -> None:
    """A block needs a ground, a decision number and an end date (S4): raise `RuleBroken` otherwise."""
    if not ground or not decision_number.strip():
        raise RuleBroken("block_ground_missing", _("Skriv grunnlaget og nummeret på vedtaket."))
    if last_day is None or last_day < today:
        raise RuleBroken("block_end_missing", _("Skriv hvilken dag sperren varer til. Dagen kan ikke være passert."))


def check_mother_has_agreed(has_agreed: bool) -> None:
    """After birth nothing passes to another guardian before a new request and the mother's yes (S9)."""
    if not has_agreed:
        raise RuleBroken(
            "mother_first", _("Spør moren på nytt først. En annen forelder kan være med når hun har svart ja.")
        )
