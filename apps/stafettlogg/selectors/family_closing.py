"""What the page says before one ends anything: who notices what (safety.md S30)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.dates import age_on
from apps.core.text import joined
from apps.municipality.selectors import DEFAULT_AGE
from apps.stafettlogg.enums import AccessKind
from apps.stafettlogg.models import Guardian, Log, LogAccess
from apps.stafettlogg.rules import closing as rules
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors.closing_wishes import have_left, sides_of
from apps.stafettlogg.selectors.consents import units_sharing
from apps.stafettlogg.selectors.contact import Contact
from apps.stafettlogg.selectors.exceptions import others_answer
from apps.stafettlogg.selectors.hidden_places import guardians_known


@dataclass(frozen=True)
class Noticed:
    """One line of «who notices what». `phone` is whom to ring before pressing."""

    who: str
    text: str
    phone: str = ""


@dataclass(frozen=True)
class EndingPage:
    """What ends, and who notices it: of the reader's own consents, and of the log for all (or her own part of it).
    `others_answer`: child welfare answers in the reader's place, so that nothing stops (S36)."""

    others: list[str]
    withdrawing: list[Noticed]
    closing: list[Noticed]
    scope: str
    needs_both: bool
    others_answer: bool = False


def ending_page(
    log: Log, row: LogAccess, reading: Reading, contact: Contact, *, phone: str, now: datetime
) -> EndingPage:
    """The rows come from who really is in the log now; `phone` is where the municipality can be asked."""
    today = timezone.localdate(now)
    others = _others(log, row, reading, today)
    services = reading.services(units_sharing(log, now))
    sides = sides_of(log, today)
    is_youth = row.kind == AccessKind.YOUTH
    is_passed_over = others_answer(row.user_id, log, now)
    scope = rules.scope_of(is_youth=is_youth, sides=sides, others_answer=is_passed_over)
    withdrawn = _("Mister tilgangen med en gang når du trekker samtykket for dem.")
    if is_passed_over:
        withdrawn = _("Kan fortsatt lese, fordi andre svarer for barnet nå.")
    return EndingPage(
        others=others,
        withdrawing=[
            *_those_who_read_on(others, log.child.full_name, phone),
            Noticed(_("Du"), _("Du kan fortsatt lese alt. Du får kvittering.")),
            Noticed(contact.given, _("Får vite det, og kan ringe deg.")),
            *_services(services, withdrawn),
        ],
        closing=[
            *_those_who_read_on(others, log.child.full_name, phone),
            Noticed(_("Du"), _("Du kan lese og laste ned alt, også etterpå.")),
            Noticed(contact.given, _("Får vite at det var deg. Du velger selv om du vil bli ringt.")),
            *_services(services, _("Mister tilgangen med en gang.")),
        ],
        scope=scope,
        needs_both=sides.guardians and sides.youth,
        others_answer=is_passed_over,
    )


def _others(log: Log, row: LogAccess, reading: Reading, today: date) -> list[str]:
    """The other guardians who read the log, and the youth: nobody who is blocked, has left or is the reader (S4)."""
    gone = have_left(log)
    guardians = Guardian.objects.filter(child=log.child_id).exclude(user=row.user_id).order_by("name", "pk")
    if log.child.answers_alone and row.kind != AccessKind.YOUTH:
        guardians = guardians.none()  # whom else she has let in is hers alone (S26)
    if reading.until is not None:
        guardians = guardians.filter(pk__in=guardians_known(log.child, reading.until))
    names = [
        guardian.name
        for guardian in guardians
        if guardian_rules.has_access(guardian, log.child, today=today) and guardian.user_id not in gone
    ]
    child = log.child
    if row.kind != AccessKind.YOUTH and child.birth_date is not None and age_on(child.birth_date, today) >= DEFAULT_AGE:
        names.append(child.full_name)
    return names


def _those_who_read_on(others: list[str], child: str, phone: str) -> list[Noticed]:
    """First of all: that the others go on reading what stands there. Of another guardian also whom to ring before one
    presses; the youth's own reading nobody asks to end."""
    still = _(
        "Leser fortsatt det som står her. Får ikke beskjed, men kan se at tjenestene ikke leser lenger, og kan forstå "
        "at det var deg."
    )
    more = _("Vil du ikke at %(name)s skal lese mer, må kommunen bestemme det. Ring før du trykker.")
    return [
        Noticed(name, still) if name == child else Noticed(name, f"{still} {more % {'name': name}}", phone)
        for name in others
    ]


def _services(names: list[str], text: str) -> list[Noticed]:
    return [Noticed(joined(names), text)] if names else []
