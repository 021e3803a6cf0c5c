"""Answering, withdrawing, disputing a consent. Each ends in `refresh_windows`, in the same transaction."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import add_months, end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.selectors import settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, ConsentState, EventKind, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, ConsentWithdrawal, Guardian, Log
from apps.stafettlogg.rules import consents as rules
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_threads as own_rules
from apps.stafettlogg.selectors import own_logs as own_log_selectors
from apps.stafettlogg.services import own_logs, own_threads, scans
from apps.stafettlogg.services.consent_rows import ask_in_its_place, move_to
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.exceptions_ending import end_exceptions
from apps.stafettlogg.services.notices import settle_question, tell_holders, tell_leaders, tell_respondent
from apps.stafettlogg.services.windows import refresh_windows

# No letters or digits that look alike: the reference is read aloud on the telephone.
_REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

# Where the notices lead.
_HOLDERS_PAGE, _FAMILY_PAGE = "stafettlogg:consents", "stafettlogg:parent_log"


@dataclass(frozen=True)
class Who:
    """A respondent of a log: the guardian, or the youth (`guardian` None)."""

    guardian: Guardian | None
    user: Any

    @property
    def of_rows(self) -> dict:
        return {"guardian": self.guardian} if self.guardian else {"is_youth": True}


@transaction.atomic
def answer(
    request_id: UUID,
    *,
    guardian_id: UUID | None,
    choices: Mapping[UUID, bool],
    own_choices: Mapping[UUID, bool] | None = None,
    route: str,
    actor: User,
    now: datetime,
    limits: str = "",
    used_interpreter: bool = False,
    language: str = "nb",
    witness_note: str = "",
    scan: scans.Scan | None = None,
    let_in: Mapping[UUID, str] | None = None,
    knows_readers: bool = False,
    changes: bool = False,
) -> ConsentAnswer:
    """Record one respondent's answer to everything that was asked; a no is a full answer.

    `guardian_id` None is the youth. `choices`: unit id → yes or no about the child; `own_choices`: the same about the
    guardian, asked in a request of her own: it changes nothing in the log, and a yes opens a thread (S3). Exactly what
    waits for the respondent must be answered. Digitally the respondent answers; on the employee's screen, on paper and
    orally the holder or deputy records. `let_in`: guardian id → `LetIn`, what a youth says of who may read a log of her
    own; `knows_readers`: she has been shown who reads the shared log that she lets her own health service into (S26).
    With `changes` the respondent answers anew what got a no, while the question is open.

    Raises `AccessDenied`, `RuleBroken` (`consent_state` when it is answered already, `readers_not_shown`).
    """
    request = ConsentRequest.objects.select_related("log").get(pk=request_id)
    log = lock(Log, request.log_id)
    who = _who(log, guardian_id)
    _check_may_answer(log, who, route=route, actor=actor, now=now)
    state = ConsentState.REFUSED if changes and route == Route.DIGITAL else ConsentState.WAITING
    rows = list(Consent.objects.filter(request=request, state=state, **who.of_rows).select_related("request", "unit"))
    chosen = {About.CHILD: dict(choices), About.OWN: dict(own_choices or {})}
    _check_answerable(log, request, rows, chosen, today=timezone.localdate(now))
    if route == Route.ORAL and not witness_note.strip():
        raise RuleBroken("witness_missing", _("Skriv hvem som var til stede, og hvordan svaret ble gitt."))
    if scan is not None and route != Route.PAPER:
        raise RuleBroken("scan_without_paper", _("Du kan bare legge ved et dokument når svaret er gitt på papir."))
    if who.guardian is None and not knows_readers:
        _check_readers_shown(log, [row.unit for row in rows if chosen[row.about][row.unit_id]], now=now)
    given = ConsentAnswer(
        request=request,
        guardian=who.guardian,
        is_youth=who.guardian is None,
        route=route,
        answered_at=now,
        recorded_by=actor,
        language=language,
        used_interpreter=used_interpreter,
        witness_note=witness_note.strip() if route == Route.ORAL else "",
        limits=limits.strip(),
        reference=_reference(),
        knows_readers=knows_readers and who.guardian is None,
    )
    if scan is not None:
        scans.attach(given, scan)
    given.save(force_insert=True)
    if let_in and who.guardian is None:
        own_logs.choose(log, let_in, actor=actor, now=now)
    if changes:
        rows = [ask_in_its_place(row, now=now) for row in rows]
    until = end_of_day(add_months(timezone.localdate(now), settings_row().consent_months))
    if request.about == About.OWN:
        until = own_rules.yes_ends_at(until, log.child.birth_date)
    for row in rows:
        _answer_row(row, given, yes=chosen[row.about][row.unit_id], until=until, now=now)
    _after_answer(log, who, given, actor=actor, now=now)
    return given


def _check_readers_shown(log, units, *, now) -> None:
    """A youth's own health service enters a log that guardians read only when she has been shown who they are (S26)."""
    asked = own_log_selectors.about_readers(log, units, now)
    if asked.names:
        raise RuleBroken(
            "readers_not_shown", _("Vis ungdommen hvem som leser stafettloggen, før hun eller han svarer.")
        )


def _answer_row(row, given, *, yes, until, now) -> None:
    row.answer, row.answered_at = given, now
    row.expires_at = until if yes else None
    move_to(row, ConsentState.GIVEN if yes else ConsentState.REFUSED, now=None)
    if not yes or row.about == About.OWN:
        # While a new round waits the earlier yes counts; a no in it stops that yes at once. About herself she is the
        # only one who is asked: her newest word is the one that counts.
        older = Consent.objects.filter(
            log=row.log_id,
            unit=row.unit_id,
            guardian=row.guardian_id,
            is_youth=row.is_youth,
            about=row.about,
            state=ConsentState.GIVEN,
        ).exclude(pk=row.pk)
        for earlier in older:
            move_to(earlier, ConsentState.REPLACED, now=now)


def _after_answer(log, who, given, *, actor, now) -> None:
    is_own = given.request.about == About.OWN
    if not is_own:  # what is about herself is outside the timeline (S3)
        record_event(
            log,
            EventKind.ANSWERED,
            actor=actor,
            now=now,
            guardian=who.guardian,
            about_youth=who.guardian is None,
            object_id=given.pk,
        )
    key = f"answer {given.pk}"
    settle_question(who.user, given.request_id, now=now)
    tell_respondent(log, "consent_receipt", guardian=who.guardian, key=key, page=_FAMILY_PAGE, now=now)
    tell_holders(log, "consent_answered", key=key, page=_HOLDERS_PAGE, now=now)
    if given.limits and given.consents.filter(state=ConsentState.GIVEN).exists():
        tell_holders(log, "limits_to_follow", key=key, page=_HOLDERS_PAGE, now=now)
    if is_own:
        own_threads.follow_answers(log, who.guardian, now=now)
        return
    end_exceptions(log, who.guardian, now=now)
    refresh_windows(log, actor=actor, now=now)


def _who(log, guardian_id) -> Who:
    """The respondent; a guardian of another child is not found, as anything that does not exist."""
    if guardian_id is None:
        return Who(None, log.child.user)
    guardian = Guardian.objects.select_related("user").get(pk=guardian_id, child_id=log.child_id)
    return Who(guardian, guardian.user)


def _check_may_answer(log, who, *, route, actor, now) -> None:
    """Raise `AccessDenied` unless the actor is the respondent, with access, or the holder or deputy who writes it down.

    Nobody answers for a guardian who is blocked or not checked.
    """
    guardian = who.guardian
    if guardian is not None and not guardian_rules.has_access(guardian, log.child, today=timezone.localdate(now)):
        raise AccessDenied(_("Foreldreansvaret er ikke kontrollert, eller den foresatte er sperret."))
    if route == Route.DIGITAL:
        if who.user is None or who.user.pk != actor.pk:
            raise AccessDenied(_("Bare den som er spurt, kan svare."))
        access.check_can(actor, log, Action.CONSENT, now)
    else:
        access.check_can(actor, log, Action.INVITE, now)


def _check_answerable(log, request, rows, chosen, *, today) -> None:
    log_rules.check_is_open(log)
    if request.cancelled_at is not None or not rows:
        raise RuleBroken("consent_state", _("Noen har allerede svart på dette spørsmålet, eller det er trukket."))
    if rules.is_lapsed(request, today):
        raise RuleBroken("question_lapsed", _("Fristen for å svare har gått ut. Du kan bli spurt på nytt."))
    if any(set(said) != {row.unit_id for row in rows if row.about == about} for about, said in chosen.items()):
        raise RuleBroken("choices_missing", _("Svar ja eller nei for hver tjeneste."))


@transaction.atomic
def withdraw(
    log_id: UUID,
    *,
    guardian_id: UUID | None,
    unit_ids: Iterable[UUID] | None,
    about: str = About.CHILD,
    actor: User,
    now: datetime,
) -> int:
    """Take back one respondent's yes for these units (None: for all). Returns how many consents. Safe to repeat.

    What was said about the child and what a guardian said of herself are taken back apart (`about`, S3).

    The respondent does it at any time, or the holder records that it was said or written: also by a blocked guardian,
    whose own yes stands until it is taken back. The services lose the log at once, and an exception from this guardian
    is over (S27). Raises `AccessDenied`.
    """
    log = lock(Log, log_id)
    who = _who(log, guardian_id)
    if who.user is not None and who.user.pk == actor.pk:
        _check_may_answer(log, who, route=Route.DIGITAL, actor=actor, now=now)
    else:
        access.check_can(actor, log, Action.INVITE, now)
    rows = Consent.objects.filter(log=log, about=about, state=ConsentState.GIVEN, **who.of_rows).select_related("unit")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    return _take_back(log, who, list(rows), about=about, actor=actor, now=now)


def _take_back(log, who, rows, *, about, actor, now) -> int:
    taken_back = _withdrawal(log, who, actor=actor, now=now) if rows else None
    for row in rows:
        row.withdrawal = taken_back
        move_to(row, ConsentState.WITHDRAWN, now=now)
    for name in sorted({row.unit.name for row in rows if about == About.CHILD}):
        record_event(
            log,
            EventKind.SHARING_STOPPED,
            actor=actor,
            now=now,
            guardian=who.guardian,
            about_youth=who.guardian is None,
            unit_name=name,
        )
    if rows:
        own, theirs = f"log {log.pk} {now.isoformat()}", f"withdrawn {log.pk} {now.isoformat()}"
        if about == About.OWN:
            own, theirs = f"{own} {about}", f"{theirs} {about}"
        tell_respondent(log, "consent_withdrawn", guardian=who.guardian, key=own, page=_FAMILY_PAGE, now=now)
        tell_holders(log, "consent_answered", key=theirs, page=_HOLDERS_PAGE, now=now)
    if about == About.OWN:
        own_threads.follow_answers(log, who.guardian, now=now)
        return len(rows)
    # Also with nothing to take back: whoever says stop is no longer passed over (S27).
    if end_exceptions(log, who.guardian, now=now) or rows:
        refresh_windows(log, actor=actor, now=now)
    return len(rows)


def _withdrawal(log, who, *, actor, now) -> ConsentWithdrawal:
    """The receipt, in the respondent's own language."""
    return ConsentWithdrawal.objects.create(
        log=log,
        guardian=who.guardian,
        is_youth=who.guardian is None,
        withdrawn_at=now,
        recorded_by=actor,
        language=who.user.language if who.user is not None else "nb",
        reference=_reference(),
    )


@transaction.atomic
def follow_limits(answer_id: UUID, *, actor: User, now: datetime) -> ConsentAnswer:
    """The holder ticks «Lest og fulgt» on written limits; sharing may then begin (S12). Safe to repeat.

    Raises `AccessDenied`.
    """
    found = ConsentAnswer.objects.select_related("request").get(pk=answer_id)
    log = lock(Log, found.request.log_id)
    access.check_can(actor, log, Action.INVITE, now)
    if found.limits_followed_at is None:
        found.limits_followed_at, found.limits_followed_by = now, actor
        found.save(update_fields=["limits_followed_at", "limits_followed_by"])
        if found.request.about == About.OWN:
            own_threads.follow_answers(log, found.guardian, now=now)
        else:
            refresh_windows(log, actor=actor, now=now)
    return found


@transaction.atomic
def dispute(answer_id: UUID, *, actor: User, now: datetime) -> ConsentAnswer:
    """«Jeg har ikke gitt dette»: what the answer allowed stops at once; holder and leader are told. Safe to repeat.

    Raises `AccessDenied` unless the answer is said to be the actor's.
    """
    found = ConsentAnswer.objects.select_related("request").get(pk=answer_id)
    log = lock(Log, found.request.log_id)
    who = _who(log, found.guardian_id)
    if who.user is None or who.user.pk != actor.pk:
        raise AccessDenied(_("Bare den svaret gjelder, kan si fra om dette."))
    access.check_birth_date_given(actor, log.pk)
    if found.disputed_at is not None:
        return found
    found.disputed_at = now
    found.save(update_fields=["disputed_at"])
    rows = found.consents.filter(state=ConsentState.GIVEN).select_related("unit")
    _take_back(log, who, list(rows), about=found.request.about, actor=actor, now=now)
    tell_holders(log, "consent_disputed", key=f"answer {found.pk}", page=_HOLDERS_PAGE, now=now)
    tell_leaders(log, "consent_disputed_leader", key=f"answer {found.pk}", page="stafettlogg:list", now=now)
    return found


def _reference() -> str:
    letters = "".join(secrets.choice(_REFERENCE_LETTERS) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"
