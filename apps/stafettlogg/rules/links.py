"""Who is who (safety.md S29): the one-time code for a guardian's place, and whom it may link."""

from datetime import date

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import RuleBroken
from apps.stafettlogg.models import Child, Guardian
from apps.stafettlogg.rules.guardians import has_access

# The context of the hash of a code's secret part.
PLACE_CODE = "place_code"
# No letters or digits that look alike: 26 of them are more than 128 bits.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
HANDLE, SECRET, GROUP = 6, 26, 4
CODE_DAYS, TRIES = 14, 5


def shown(handle: str, secret: str) -> str:
    """The code in groups, as it is printed."""
    code = handle + secret
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def parts_of(code: str) -> tuple[str, str]:
    """The handle and the secret of a code as somebody typed it; two empty texts when it cannot be one."""
    letters = "".join(letter for letter in code.upper() if letter in LETTERS)
    return (letters[:HANDLE], letters[HANDLE:]) if len(letters) == HANDLE + SECRET else ("", "")


def check_may_get_code(guardian: Guardian, child: Child, *, is_foster: bool = False, today: date) -> None:
    """Raise `RuleBroken` (`not_checked`, `foster_no_yes`, `linked`) unless this guardian may be given a way in.
    `is_foster`: a foster parent whose place holds (S36)."""
    if guardian.is_foster and not is_foster:
        raise RuleBroken("foster_no_yes", _("Barnevernstjenesten må si ja først."))
    if not is_foster and not has_access(guardian, child, today=today):
        raise RuleBroken("not_checked", _("Kontroller foreldreansvaret først."))
    if guardian.user_id is not None:
        raise RuleBroken("linked", _("Den foresatte kan allerede logge inn og svare."))


def may_be_linked(guardian: Guardian, user: User) -> bool:
    """Whether this account can be this guardian's: signed in by a trusted identity whose number is not another's."""
    is_trusted = bool(user.national_id_index) and user.birth_year is not None
    numbers = {guardian.national_id_index, user.national_id_index} - {""}
    return user.is_citizen and user.is_active and is_trusted and len(numbers) == 1


def check_reason(reason: str) -> None:
    """Raise `RuleBroken("reason_missing")` when a link is cut without a reason."""
    if not reason:
        raise RuleBroken("reason_missing", _("Velg hvorfor koblingen skal brytes."))
