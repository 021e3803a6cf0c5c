"""What a guardian or youth sees of a log beside its content: the own answers, and who works there (S1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.dates import format_long, local_day
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, AccessKind, ConsentState, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, Guardian, Log, LogAccess, OwnThread
from apps.stafettlogg.rules import purposes
from apps.stafettlogg.rules.access import scope_of
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.rules.scopes import named_with_scope, scope_words
from apps.stafettlogg.selectors import hidden_places
from apps.stafettlogg.selectors.consent_questions import about_you
from apps.stafettlogg.selectors.exceptions import is_exempt
from apps.stafettlogg.selectors.names import place_line
from apps.stafettlogg.selectors.own_threads import own_threads_in
from apps.stafettlogg.selectors.own_words import is_over, known, newest_words, own_rows_in

_NO = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


def own_guardian(log: Log, row: LogAccess) -> Guardian | None:
    """The reader as guardian; None for the youth."""
    if row.kind != AccessKind.GUARDIAN:
        return None
    return Guardian.objects.filter(child=log.child_id, user=row.user_id).first()


def _own(log: Log, row: LogAccess) -> dict:
    """The filter for the reader's own rows, among rows about respondents."""
    if row.kind == AccessKind.YOUTH:
        return {"is_youth": True}
    return {"guardian__user": row.user_id}


@dataclass(frozen=True)
class Word:
    """One word of the reader: about the child, or (`about_her`) about the reader. `kind` is yes, no or wait."""

    about_her: bool
    kind: str
    words: str
    stands: bool


@dataclass(frozen=True)
class OwnConsent:
    """What the reader has said about one service: about the child, or apart from it (`about_her`) about herself (S3).
    `why` is what the service was asked for, when that was chosen. `thread`: what she and the service write, when a yes
    about herself has ever opened it.
    """

    unit: Unit
    name: str
    said: Word
    can_withdraw: bool
    why: str
    thread: OwnThread | None = None

    @property
    def about_her(self) -> bool:
        return self.said.about_her

    @property
    def said_no(self) -> bool:
        return self.said.kind == "no"


def own_consents(log: Log, row: LogAccess, reading: Reading, now: datetime) -> list[OwnConsent]:
    """The reader's own words about the child for each service, and then those about herself, the newest ones."""
    newest = newest_words(known(own_rows_in(row.user_id, [log.pk]), reading), now)
    said_no = any(consent.state in _NO for consent in newest.values() if consent.about == About.CHILD)
    # What is shared over a no is not said not to be (S27).
    passed_over = said_no and is_exempt(row.user_id, log, now)
    guardian_id = next((consent.guardian_id for consent in newest.values() if consent.about == About.OWN), None)
    threads = own_threads_in(log, guardian_id) if guardian_id is not None else {}
    found = [
        _own_consent(log, consent, reading, now, passed_over=passed_over, threads=threads)
        for consent in newest.values()
    ]
    return sorted(found, key=lambda one: one.about_her)


def _own_consent(log, consent: Consent, reading: Reading, now: datetime, *, passed_over: bool, threads) -> OwnConsent:
    said, unit = _word(consent, log, now, passed_over=passed_over), consent.unit
    can_withdraw = said.stands and not log.is_closed
    if said.about_her:
        name = about_you(reading.service(unit))
        return OwnConsent(unit, name, said, can_withdraw, "", threads.get(unit.pk))
    why = purposes.in_words(consent.purpose, log.child, youth=consent.is_youth)
    return OwnConsent(unit, named_with_scope(reading.service(unit), consent.scope), said, can_withdraw, why)


def _word(consent: Consent, log: Log, now: datetime, *, passed_over: bool) -> Word:
    kind, about_her = "wait", consent.about == About.OWN
    words = _("Du har ikke svart")
    closed = is_over(consent, now)
    # Each is set with the state that is asked about before it is used.
    expires_at, ended_at = consent.expires_at or now, consent.ended_at or now
    stands = consent.state == ConsentState.GIVEN and expires_at > now and not closed
    if consent.state == ConsentState.GIVEN and closed:
        words = _("Ja, men tjenesten er lagt ned siden. Samtykket gjelder ikke lenger")
    elif stands and log.is_closed:
        kind, words = "yes", _("Ja, til stafettloggen ble avsluttet")
    elif stands:
        last_day = local_day(expires_at) - timedelta(days=1)
        kind, words = "yes", _("Ja, til %(day)s") % {"day": format_long(last_day)}
    elif consent.state == ConsentState.GIVEN:
        words = _("Samtykket gikk ut %(day)s") % {"day": format_long(local_day(expires_at))}
    elif consent.state == ConsentState.REFUSED and passed_over and not about_her:
        kind, words = "no", _("Nei")
    elif consent.state == ConsentState.REFUSED:
        kind, words = "no", _("Nei. Vi deler ikke noe om deg") if about_her else _("Nei. Vi deler ikke noe")
    elif consent.state == ConsentState.WITHDRAWN:
        kind = "no"
        words = _("Trukket %(day)s") % {"day": format_long(local_day(ended_at))}
    elif local_day(now) > consent.request.last_day:
        words = _("Fristen gikk ut uten at du svarte")
    return Word(about_her, kind, words, stands)


def own_answers(log: Log, row: LogAccess) -> list[ConsentAnswer]:
    """The reader's own receipts, newest first, without the scanned paper."""
    answers = ConsentAnswer.objects.filter(request__log=log, **_own(log, row))
    return list(answers.select_related("request__text", "recorded_by").defer("scan").order_by("-answered_at", "pk"))


def own_answer(log: Log, row: LogAccess, answer_id: UUID) -> ConsentAnswer | None:
    return next((answer for answer in own_answers(log, row) if answer.pk == answer_id), None)


def may_dispute(answer: ConsentAnswer) -> bool:
    """Whether an employee wrote the answer down, so that the one it is said to be from may deny it (S12)."""
    return answer.route != Route.DIGITAL and answer.disputed_at is None


@dataclass(frozen=True)
class PersonInLog:
    """Someone who may read the log now. `line` is role and service, `reads` how much of it; `outside` says who is
    responsible outside."""

    name: str
    line: str
    reads: str
    outside: str = ""
    is_holder: bool = False


def staff_in(log: Log, reading: Reading, now: datetime) -> list[PersonInLog]:
    """Employees with a current row, the holder first; nobody from a service that is hidden from the reader (S34)."""
    people: dict = {}
    rows = list(access.current_rows_in([log.pk], now).order_by("starts_at", "pk"))
    for row in hidden_places.staff_known(rows, log, reading.until):
        if access.is_family(row) or row.kind == AccessKind.LEADER or not access.sees_content(row):
            continue
        if reading.hides(row.user_id) and not access.is_holding(row):
            continue
        if row.user_id not in people or access.is_holding(row):
            people[row.user_id] = _person(row, reading)
    return sorted(people.values(), key=lambda person: (not person.is_holder, person.line, person.name))


def _person(row: LogAccess, reading: Reading) -> PersonInLog:
    line, unit = place_line(row), row.membership.unit
    name = reading.staff(name=row.user.name, line=line, protected=row.user.protected_identity)
    outside = unit.controller_name if unit.is_external and not reading.hides_places else ""
    is_holder = access.is_holding(row)
    words = "" if name == line else reading.line(line)
    if is_holder:
        words = ". ".join(part for part in (row.get_kind_display(), words) if part)
    return PersonInLog(name, words, scope_words(scope_of(row)), outside, is_holder)
