"""Consents as they stand at an instant: who still has to answer, what each respondent said, what is shared."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.statements import statement
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import OPEN_STATUSES, About, ConsentScope, ConsentState, WindowBasis
from apps.stafettlogg.models import (
    Consent,
    ConsentAnswer,
    ConsentExceptionGrant,
    ConsentRequest,
    ConsentText,
    ConsentWindow,
    Guardian,
    Log,
)
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules.scopes import named_with_scope
from apps.stafettlogg.selectors import hidden_places
from apps.stafettlogg.selectors.family_state import state_on
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.own_words import answer_by
from apps.stafettlogg.selectors.where_we_are import Now, Step
from apps.stafettlogg.selectors.windows import Sharing, family_of, sharing_by_unit

# Which text says what (fixtures/consent/texts.json). A question points to the one about sharing.
TEXT_KEY = SHARING_CHILD = "sharing_child"
SHARING_OWN, YOUTH, PROCESSING = "sharing_own", "youth", "processing_info"


def current_text(now: datetime, key: str = TEXT_KEY) -> ConsentText | None:
    """The newest version of the text that was published at this instant."""
    return ConsentText.objects.filter(key=key, published_at__lte=now).order_by("-number").first()


def units_sharing(log: Log, now: datetime) -> list:
    """Units whose window stands open by consent at this instant, in name order. The same to every reader (S1)."""
    return [window.unit for window in sorted(_open_by_consent.rows(log.pk, now), key=_by_unit)]


def _by_unit(window: ConsentWindow) -> tuple[str, str]:
    return window.unit.name, str(window.unit_id)


@statement
def _open_by_consent(log_id: UUID, now: datetime) -> QuerySet[ConsentWindow]:
    return ConsentWindow.objects.filter(
        log=log_id, basis=WindowBasis.CONSENT, valid_from__lte=now, valid_until__gt=now
    ).select_related("unit")


def units_with_own_measures(log: Log, now: datetime) -> list:
    """Those of `units_sharing` that take part in their own measures alone (docs/adr/0016)."""
    windows = sorted(_open_by_consent.rows(log.pk, now), key=_by_unit)
    return [window.unit for window in windows if window.scope == ConsentScope.MEASURES]


def is_sharing(log: Log, unit: Unit, now: datetime) -> bool:
    """Whether this unit's window stands open by consent at this instant."""
    return ConsentWindow.objects.filter(
        log=log, unit=unit, basis=WindowBasis.CONSENT, valid_from__lte=now, valid_until__gt=now
    ).exists()


def purpose_of(log: Log, unit: Unit) -> str:
    """Why the family was asked about this service, when that was chosen; of the newest question."""
    asked = Consent.objects.filter(log=log, unit=unit, about=About.CHILD).exclude(purpose="")
    return asked.order_by("-request__number").values_list("purpose", flat=True).first() or ""


def is_no_to_log(answer: ConsentAnswer, log: Log) -> bool:
    """Whether this answer is a no to the service that asked: without its yes there is no log."""
    said = Consent.objects.filter(answer=answer, unit=log.unit_id, about=About.CHILD)
    return said.filter(state=ConsentState.REFUSED).exists()


@dataclass(frozen=True)
class Asked:
    """One thing to say yes or no to: may this service share about the child, or (`about` own) about the respondent
    (S3). The two are asked apart: `key` is the unit's id, with «-own» for what is about the respondent. `scope`: how
    much of the log the service is to read; `purpose`: why, when that was chosen.
    """

    unit: Any
    about: str
    scope: str = ConsentScope.LOG
    purpose: str = ""

    @property
    def is_own(self) -> bool:
        return self.about == About.OWN

    @property
    def key(self) -> str:
        return f"{self.unit.pk}-{self.about}" if self.is_own else str(self.unit.pk)


def asked_in(rows: Iterable[Consent]) -> list[Asked]:
    """What these rows of one respondent ask, by the service's name, the child first."""
    found = [Asked(row.unit, row.about, row.scope, row.purpose) for row in rows]
    return sorted(found, key=lambda asked: (asked.unit.name, str(asked.unit.pk), asked.is_own))


def as_choices(asked: Iterable[Asked], chosen: Mapping[str, bool], *, refuses: bool = False) -> dict:
    """`choices` and `own_choices` for `services.consents.answer`; `chosen`: key → yes. A full no refuses everything."""
    said = [(one, not refuses and chosen[one.key]) for one in asked]
    return {
        "choices": {one.unit.pk: yes for one, yes in said if not one.is_own},
        "own_choices": {one.unit.pk: yes for one, yes in said if one.is_own},
    }


@dataclass(frozen=True)
class OpenQuestion:
    """What one respondent may answer now: one request, and the respondent's own rows of it. `guardian` is None for the
    youth."""

    request: ConsentRequest
    guardian: Guardian | None
    rows: list[Consent]

    @property
    def log(self) -> Log:
        return self.request.log

    @property
    def is_own(self) -> bool:
        """A request of her own, about herself (S3)."""
        return self.request.about == About.OWN

    @property
    def asked(self) -> list[Asked]:
        return asked_in(self.rows)

    @property
    def units(self) -> list:
        """Each unit once."""
        return list({row.unit_id: row.unit for row in self.rows}.values())


def waiting_rows(user: User, now: datetime, *, log_ids: Collection[UUID] | None = None) -> QuerySet[Consent]:
    """Questions that wait for this user's own answer, as a guardian (checked, not blocked) or the youth.

    With `log_ids` only in those logs: a page must not load a child it has not recorded the reading of.
    """
    today = timezone.localdate(now)
    here = Q() if log_ids is None else Q(log__in=log_ids)
    return (
        Consent.objects.filter(
            here,
            Q(guardian__user=user) | Q(is_youth=True, log__child__user=user),
            state=ConsentState.WAITING,
            request__cancelled_at__isnull=True,
            request__last_day__gte=today,
            log__status__in=OPEN_STATUSES,
            log__in=access.visible_logs(user, now),
        )
        .exclude(hidden_places.is_hidden("request__asked_at"))
        .select_related("request__text", "request__log__child", "request__log__unit", "unit", "guardian__child")
        .order_by("request__asked_at", "request__number", "request_id", "unit__name", "pk")
    )


def open_questions(user: User, now: datetime, *, log_ids: Collection[UUID] | None = None) -> list[OpenQuestion]:
    """The user's open questions (in these logs), oldest first. Holds nothing about any other respondent (S1)."""
    today = timezone.localdate(now)
    grouped: dict = {}
    for row in waiting_rows(user, now, log_ids=log_ids):
        guardian = row.guardian
        if guardian is None or guardian_rules.has_access(guardian, guardian.child, today=today):
            grouped.setdefault((row.request_id, row.guardian_id), []).append(row)
    return [OpenQuestion(rows[0].request, rows[0].guardian, rows) for rows in grouped.values()]


def _unread_limits(sharing: Iterable[Sharing]) -> list[ConsentAnswer]:
    """Answers with written limits that the holder has not ticked «Lest og fulgt» yet (S12), oldest first."""
    answers: dict = {}
    for row in (row for unit in sharing for row in unit.rows):
        if row.state == ConsentState.GIVEN and row.answer and row.answer.has_unread_limits:
            row.answer.guardian = row.guardian
            answers[row.answer_id] = row.answer
    return sorted(answers.values(), key=lambda answer: (answer.answered_at, str(answer.pk)))


def unread_own_limits(log: Log) -> list[ConsentAnswer]:
    """Limits a guardian has written about what is shared about herself, not ticked yet, oldest first."""
    rows = ConsentAnswer.objects.filter(request__log=log, request__about=About.OWN, limits_followed_at=None)
    given = rows.exclude(limits="").filter(consents__state=ConsentState.GIVEN).distinct()
    return list(given.select_related("guardian").defer("scan").order_by("answered_at", "pk"))


def with_unread_limits(log_ids: Collection[UUID]) -> set[UUID]:
    """Which of these logs wait for the holder to tick «Lest og fulgt». No query when there are none to ask about."""
    return set(_with_unread_limits.rows(log_ids)) if log_ids else set()


@statement
def _with_unread_limits(log_ids):
    rows = ConsentAnswer.objects.filter(request__log__in=log_ids, limits_followed_at__isnull=True)
    return rows.exclude(limits="").filter(consents__state=ConsentState.GIVEN).values_list("request__log", flat=True)


@dataclass(frozen=True)
class Column:
    """One respondent in the holder's table: a guardian, or the youth (`guardian` None)."""

    guardian: Guardian | None
    is_exempt: bool = False


@dataclass
class UnitStatus:
    """One row of the holder's table: the unit, one list of consents per column, and the sharing."""

    unit: Any
    is_own: bool
    cells: list[list[Consent]]
    sharing: Sharing
    window: ConsentWindow | None

    def is_open(self, now: datetime) -> bool:
        return self.window is not None and self.window.basis == WindowBasis.CONSENT and self.window.is_open(now)


@dataclass
class HolderStatus:
    """Everything the stafettholder sees about the consents of a log. Never shown to anyone else (S1)."""

    columns: list[Column]
    units: list[UnitStatus]
    unread_limits: list[ConsentAnswer]
    guardians: list[Guardian]
    exceptions: list[ConsentExceptionGrant]
    windows: list[ConsentWindow]
    is_closed: bool

    @property
    def is_waiting(self) -> bool:
        return any(status.sharing.is_waiting for status in self.units)

    @property
    def log_was_refused(self) -> bool:
        """Someone said no to the stafettlogg itself; a no to another service keeps only that service out."""
        return any(status.is_own and status.sharing.was_refused for status in self.units)


def status_for_holder(log: Log, now: datetime) -> HolderStatus:
    family = family_of(log)
    sharing = sharing_by_unit(log, now, family=family)
    exempt = family.exempt_at(now)
    windows = _windows.rows(log.pk)
    by_unit = {window.unit_id: window for window in windows}
    asked = [row for unit in sharing.values() for row in unit.asked]
    columns = [Column(g, g.pk in exempt) for g in family.guardians if any(row.guardian_id == g.pk for row in asked)]
    if any(row.is_youth for row in asked):
        columns.append(Column(None))
    own_id = log.holder.window.unit_id
    units = [
        UnitStatus(
            unit=unit.unit,
            is_own=unit_id == own_id,
            cells=[[row for row in unit.asked if row.guardian_id == _id(column.guardian)] for column in columns],
            sharing=unit,
            window=by_unit.get(unit_id),
        )
        for unit_id, unit in sharing.items()
    ]
    units.sort(key=lambda status: (not status.is_own, status.unit.name, str(status.unit.pk)))
    unread = _unread_limits(sharing.values())
    return HolderStatus(columns, units, unread, family.guardians, family.exceptions, windows, log.is_closed)


@statement
def _windows(log_id: UUID) -> QuerySet[ConsentWindow]:
    return ConsentWindow.objects.filter(log=log_id).select_related("unit")


def _id(guardian):
    return guardian.pk if guardian is not None else None


def status_on(page: LogPage) -> HolderStatus | None:
    """Who has answered what, for those who hold the log alone (S1)."""
    return status_for_holder(page.log, page.now) if page.is_holding else None


def is_read(page: LogPage) -> bool:
    """Whether the holder's unit may read the log now: else nothing is shared, and nobody reads what one writes."""
    if not page.log.is_active:
        return False
    return any(unit.pk == page.log.holder.window.unit_id for unit in units_sharing(page.log, page.now))


def log_section(page: LogPage) -> dict[str, Any] | None:
    """The services that may read; whoever holds the log has the answers instead."""
    windows = [] if page.is_holding else sorted(_open_by_consent.rows(page.log.pk, page.now), key=_by_unit)
    return {"units": [named_with_scope(window.unit.name, window.scope) for window in windows]} if windows else None


def where_now(page: LogPage) -> Now | None:
    """The reader's own question first; else that nothing is shared, in the words that are true for the reader."""
    questions, state = open_questions(page.user, page.now, log_ids=[page.log.pk]), page.once(state_on)
    if not questions and state.shares:
        return None
    if not questions:
        title = _("Vi venter på svar") if state.chip == "venter" else _("Vi deler ingenting")
        return Now(state.say, [Step("now", title, _("Nå"), icon="hourglass")])
    lead = state.say
    if state.shares:
        lead = _("Vi venter på svar fra deg om hvem vi kan samarbeide med. Vi gjør det vi har avtalt imens.")
    request, title = questions[0].request, _("Du svarer på spørsmålet om samtykke")
    if questions[0].is_own:
        title = _("Du svarer på et spørsmål om deg selv")
        lead = state.say if not state.shares else _("Vi venter på svar fra deg. Vi gjør det vi har avtalt imens.")
    step = Step(
        "now",
        title,
        _("Nå. %(answer_by)s") % {"answer_by": answer_by(request, local_day(page.now))},
        _("Du har ikke svart."),
        "hourglass",
        reverse("stafettlogg:answer", args=[page.log.pk, request.pk]),
        _("Les og svar"),
    )
    return Now(lead, [step])
