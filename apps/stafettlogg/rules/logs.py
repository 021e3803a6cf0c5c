"""The life of a log: requested → active → closed, with some days to undo a closing in, or a request that is removed."""

from datetime import date

from django.utils.translation import gettext as _

from apps.core.dates import age_on
from apps.core.errors import RuleBroken
from apps.stafettlogg.enums import OPEN_STATUSES, LogStatus
from apps.stafettlogg.models import Log

NEXT: dict[str, frozenset[str]] = {
    LogStatus.REQUESTED: frozenset({LogStatus.ACTIVE, LogStatus.REMOVED}),
    LogStatus.ACTIVE: frozenset({LogStatus.CLOSING, LogStatus.CLOSED}),
    LogStatus.CLOSING: frozenset({LogStatus.ACTIVE, LogStatus.CLOSED}),
    LogStatus.CLOSED: frozenset(),
    LogStatus.REMOVED: frozenset(),
}
OLDEST_AGE = 24


def check_can_become(log: Log, status: str) -> None:
    """Raise `RuleBroken("log_state")` unless the log may go to this status now."""
    if status not in NEXT[log.status]:
        raise RuleBroken("log_state", _("Det går ikke nå, fordi stafettloggen har skiftet status."))


def check_is_active(log: Log) -> None:
    """Raise `RuleBroken("log_not_active")` when nothing may be written: before consent and after closing (S5)."""
    if log.status != LogStatus.ACTIVE:
        raise RuleBroken("log_not_active", _("Her kan du ikke skrive nå. Stafettloggen er ikke åpen."))


def check_someone_reads(is_shared: bool) -> None:
    """Raise `RuleBroken("nobody_reads")` when no service may read what the family would write now (safety.md S11)."""
    if not is_shared:
        raise RuleBroken(
            "nobody_reads",
            _("Ingen tjeneste kan lese stafettloggen nå, fordi samtykket ikke gjelder. Ring oss heller."),
        )


def check_opened_for_text(log: Log, *, reason: str) -> None:
    """The log's first page is filled in after opening and is never emptied again: `RuleBroken("reason_missing")`."""
    check_is_active(log)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Skriv hvorfor dere har åpnet stafettloggen."))


def check_is_open(log: Log) -> None:
    """Raise `RuleBroken("log_state")` when the log is closed or removed: nobody answers any more."""
    if log.status not in OPEN_STATUSES:
        raise RuleBroken("log_state", _("Stafettloggen er avsluttet. Da kan du ikke endre dette."))


def check_not_closing(log: Log) -> None:
    """Raise `RuleBroken("log_closing")` while a closing may be undone: then the log is a shell (safety.md S30)."""
    if log.is_closing:
        raise RuleBroken("log_closing", _("Familien har bedt om å avslutte. Ingenting kan endres før det er avgjort."))


def check_child_age(birth_date: date | None, *, today: date) -> None:
    """The model is for expected children through 24 years. Raises `RuleBroken` (`birth_date_future`, `too_old`)."""
    if birth_date is None:
        return
    if birth_date > today:
        raise RuleBroken("birth_date_future", _("Fødselsdatoen kan ikke være fram i tid. Velg «Ventet barn»."))
    if age_on(birth_date, today) > OLDEST_AGE:
        raise RuleBroken("too_old", _("Stafettloggen er for barn og unge til og med 24 år."))
