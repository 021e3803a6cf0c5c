"""One respondent of a log as the stafettholder sees it: what waits, what is given, what was answered."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.stafettlogg.enums import About, ConsentState
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, Guardian, InterpreterWish, Log
from apps.stafettlogg.rules import consents as rules
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import tongues
from apps.stafettlogg.selectors import holders
from apps.stafettlogg.selectors.consents import Asked, asked_in
from apps.stafettlogg.selectors.interpreters import newest_by_guardian

YOUTH = "ungdom"


@dataclass
class Waiting:
    """A question that waits for one respondent: the request, and what is asked in it."""

    request: ConsentRequest
    rows: list[Consent] = field(default_factory=list)
    is_lapsed: bool = False

    @property
    def asked(self) -> list[Asked]:
        return asked_in(self.rows)

    @property
    def units(self) -> list:
        """Each unit once, by name."""
        return list({asked.unit.pk: asked.unit for asked in self.asked}.values())

    @property
    def is_about_her(self) -> bool:
        return self.request.about == About.OWN


@dataclass
class Respondent:
    """`who` is the key in addresses: the guardian's id, or «ungdom». `given`: what has a yes that stands now.
    `interpreter`: the newest wish for one, arranged or not.
    """

    who: str
    name: str
    line: str
    guardian: Guardian | None
    has_user: bool
    waiting: list[Waiting] = field(default_factory=list)
    given: list[Asked] = field(default_factory=list)
    answers: list[ConsentAnswer] = field(default_factory=list)
    interpreter: InterpreterWish | None = None

    @property
    def interpreter_language(self) -> str:
        """The language of the interpreter that is wished for, in words; '' when it is not said."""
        return tongues.name_of(self.interpreter.language) if self.interpreter is not None else ""

    @property
    def guardian_id(self) -> UUID | None:
        return self.guardian.pk if self.guardian else None


def respondents_of(log: Log, now: datetime) -> list[Respondent]:
    """Everyone who was ever asked in this log, guardians by name and the youth last. For the holder alone (S1)."""
    rows = (
        Consent.objects.filter(log=log)
        .select_related("guardian", "unit", "request", "answer__recorded_by")
        .defer("answer__scan", "answer__witness_note", "answer__limits")
        .order_by("is_youth", "guardian__name", "guardian_id", "-request__number", "unit__name", "about")
    )
    found: dict = {}
    for row in rows:
        respondent = found.setdefault(row.guardian_id, None) or _new(row, log)
        found[row.guardian_id] = respondent
        _add(respondent, row, today=timezone.localdate(now))
    wishes = newest_by_guardian(log)
    for guardian_id, respondent in found.items():
        respondent.interpreter = wishes.get(guardian_id)
    return list(found.values())


def respondent_of(log: Log, who: str, now: datetime) -> Respondent | None:
    return next((respondent for respondent in respondents_of(log, now) if respondent.who == who), None)


def waiting_in(respondent: Respondent, request_id: UUID) -> Waiting | None:
    """The respondent's question in this request, while it may be answered; else None."""
    return next((w for w in respondent.waiting if w.request.pk == request_id and not w.is_lapsed), None)


def is_waiting(request_id: UUID, who: str, today: date) -> bool:
    """Whether the question still waits for this respondent, without loading anything about the child."""
    whose = {"is_youth": True} if who == YOUTH else {"guardian": who}
    rows = Consent.objects.filter(request=request_id, request__last_day__gte=today, state=ConsentState.WAITING, **whose)
    return rows.exists()


def users_asked(log: Log, rows: QuerySet[Consent], now: datetime) -> list:
    """Users whose own question is among these rows of the log, and who may open it: to tell them."""
    today = timezone.localdate(now)
    wanted = {log.child.user_id for row in rows if row.guardian_id is None}
    for guardian in (row.guardian for row in rows.select_related("guardian")):
        if guardian is not None and guardian_rules.has_access(guardian, log.child, today=today):
            wanted.add(guardian.user_id)
    return [user for user in holders.family_users(log, now) if user.pk in wanted]


def _new(row: Consent, log: Log) -> Respondent:
    if row.guardian is None:
        return Respondent(YOUTH, log.child.full_name, _("Ungdommen"), None, log.child.user_id is not None)
    guardian = row.guardian
    return Respondent(
        str(guardian.pk), guardian.name, guardian.get_relation_display(), guardian, guardian.user_id is not None
    )


def _add(respondent: Respondent, row: Consent, *, today) -> None:
    if row.state == ConsentState.WAITING:
        waiting = next((w for w in respondent.waiting if w.request.pk == row.request_id), None)
        if waiting is None:
            waiting = Waiting(row.request, is_lapsed=rules.is_lapsed(row.request, today))
            respondent.waiting.append(waiting)
        waiting.rows.append(row)
    if row.state == ConsentState.GIVEN:
        asked = Asked(row.unit, row.about)
        if asked not in respondent.given:
            respondent.given.append(asked)
    if row.answer is not None:
        row.answer.request = row.request
    if row.answer is not None and all(answer.pk != row.answer_id for answer in respondent.answers):
        respondent.answers.append(row.answer)
