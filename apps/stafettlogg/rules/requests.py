"""What a request for a log needs before anyone is asked (safety.md S5–S7, S17)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from apps.accounts.models import Membership
from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import AddressProtection, ProtectionEndGround

_STRICTNESS: list[str] = [AddressProtection.NONE, AddressProtection.CONFIDENTIAL, AddressProtection.STRICT]


def strictest(protections: Iterable[str]) -> str:
    return max(protections, key=_STRICTNESS.index)


def check_no_own_log(has_one: bool) -> None:
    """Raise `RuleBroken("has_one")` when the asker sees a log of the child. Tells nothing the asker does not see."""
    if has_one:
        raise RuleBroken("has_one", _("Du har allerede en stafettlogg om dette barnet. Du finner den i lista di."))


def check_digital_allowed(address_protection: str, *, strict_is_digital: bool) -> None:
    """«Strengt fortrolig adresse» has no digital log unless the municipality opened for it (S17): use paper."""
    if address_protection == AddressProtection.STRICT and not strict_is_digital:
        raise RuleBroken(
            "paper_route",
            _("Barnet har strengt fortrolig adresse. Da bruker dere stafettloggen på papir."),
        )


def check_stricter(before: str, after: str) -> None:
    """Protection is only made stricter here: `RuleBroken("protection_lower")`. What was hidden stays hidden (S17)."""
    if strictest([before, after]) == before:
        raise RuleBroken("protection_lower", _("Barnet har allerede dette vernet. Du kan bare gjøre det strengere."))


def check_less_strict(before: str, after: str) -> None:
    """Only a protection that is there is ended, wholly or in part: `RuleBroken("protection_not_lower")` (S17)."""
    if _STRICTNESS.index(after) >= _STRICTNESS.index(before):
        raise RuleBroken("protection_not_lower", _("Barnet har ikke et vern som blir mindre med dette."))


def check_end_ground(ground: str) -> None:
    if ground not in ProtectionEndGround:
        raise RuleBroken("protection_end_ground_missing", _("Velg hvordan du vet at vernet er opphevet."))


def check_names_and_days(*, given_name: str, birth_date: date | None, expected_day: date | None) -> None:
    """A born child has a name and a birth date; an expected one the day it is expected, and never both."""
    if (birth_date is None) == (expected_day is None):
        raise RuleBroken("born_or_expected", _("Skriv fødselsdatoen, eller terminen når barnet ikke er født."))
    if birth_date is not None and not given_name.strip():
        raise RuleBroken("name_missing", _("Skriv navnet på barnet."))


def check_holder_place(membership: Membership, proposed: Membership) -> None:
    """The proposed stafettholder works in the unit that asks: `RuleBroken("holder_other_unit")` otherwise."""
    if proposed.unit_id != membership.unit_id:
        raise RuleBroken("holder_other_unit", _("Stafettholderen må høre til enheten som ber om stafettloggen."))


def check_has_leader(leaders: Sequence[Membership]) -> None:
    """A unit holds logs when somebody there or above takes over from who leaves, else `RuleBroken("no_leader")`."""
    if not leaders:
        raise RuleBroken(
            "no_leader",
            _("Enheten har ingen leder i portalen, så ingen kan ta over etter deg. Si fra til koordinatoren."),
        )
