"""The receipt of one answer about consent, as its giver sees it; of what is about herself a receipt apart (S3)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.dates import format_long, last_day_of
from apps.stafettlogg.enums import About, ConsentState, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, Log
from apps.stafettlogg.rules import purposes
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.scopes import scope_words
from apps.stafettlogg.selectors.consent_questions import (
    Service,
    about_you,
    in_order,
    shown_name,
    signed_for,
    statements,
    valid_until,
)
from apps.stafettlogg.selectors.consents import Asked
from apps.stafettlogg.selectors.names import unit_name


@dataclass(frozen=True)
class ReceiptLine:
    """`why` is what the service was asked for, when that was chosen."""

    name: str
    kind: str
    words: str
    why: str


@dataclass(frozen=True)
class Receipt:
    """One answer as its giver sees it. `said_yes` when anything got a yes; `said` what was signed; `is_own`: it is
    about herself (S3)."""

    answer: ConsentAnswer
    lines: list[ReceiptLine]
    said: list[str]
    said_yes: bool
    last_day: date | None
    is_own: bool


def given_by(answer: ConsentAnswer, *, place: str) -> str:
    """Who answered: the account it was given through, else the one whose answer was written down (S29)."""
    return answer.recorded_by.name if answer.route == Route.DIGITAL else place


def receipt(log: Log, answer: ConsentAnswer, reading: Reading, *, name: str) -> Receipt:
    """What was answered then, also when it has been withdrawn or replaced since."""
    services, chosen, lines = [], {}, {}
    rows = list(Consent.objects.filter(answer=answer).select_related("unit"))
    for row in rows:
        asked = Asked(row.unit, row.about, row.scope, row.purpose)
        services.append(Service(asked, shown_name(row.unit, reading), row.unit_id == log.unit_id, []))
        chosen[asked.key] = row.expires_at is not None
        why = purposes.in_words(row.purpose, log.child, youth=answer.is_youth)
        lines[asked.key] = _receipt_line(row, reading, why)
    services.sort(key=in_order)
    yes = signed_for(services, chosen)
    last_day = min((_last_day(row) for row in rows if row.expires_at is not None), default=None)
    said = []
    if last_day is not None:
        said = statements(
            answer.request,
            yes,
            name=name,
            unit=unit_name(log, reading),
            is_youth=answer.is_youth,
            last_day=last_day,
            now=answer.answered_at,
        )
    shown_lines = [lines[service.key] for service in services]
    return Receipt(answer, shown_lines, said, bool(yes), last_day, answer.request.about == About.OWN)


def _last_day(row: Consent) -> date:
    """The last day of a yes, as it was told then; about herself it may end with her place at home."""
    if row.about == About.OWN and row.expires_at is not None:
        return last_day_of(row.expires_at)
    return valid_until(timezone.localdate(row.answered_at))


def _receipt_line(row: Consent, reading: Reading, why: str) -> ReceiptLine:
    name, about_her = reading.service(row.unit), row.about == About.OWN
    name = about_you(name) if about_her else name
    if row.expires_at is None:
        words = _("Nei. Vi deler ikke noe om deg") if about_her else _("Nei. Vi deler ikke noe")
        return ReceiptLine(name, "no", words, why)
    last_day = _last_day(row)
    words = _("Ja, til %(day)s") % {"day": format_long(last_day)}
    if not about_her:
        words = f"{words}. {capfirst(scope_words(row.scope))}"
    if row.state == ConsentState.WITHDRAWN:
        words = _("Ja, men trukket %(day)s") % {"day": format_long(timezone.localdate(row.ended_at))}
    return ReceiptLine(name, "yes" if row.state != ConsentState.WITHDRAWN else "no", words, why)
