"""Asking for consent, answering, withdrawing. Each ends in `refresh_windows`, in the same transaction."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.dates import add_months, end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.municipality.selectors import consent_age, consent_ages, is_switched_on, settings_row
from apps.notifications.services import notify
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, ConsentState, EventKind, LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, Guardian, Log
from apps.stafettlogg.rules import consents as rules
from apps.stafettlogg.rules import guardians as guardian_rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.selectors import holders, respondents
from apps.stafettlogg.selectors.windows import exempt_ids
from apps.stafettlogg.services import scans
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.windows import expire_windows, refresh_windows

__all__ = [
    "Scan",
    "answer",
    "ask",
    "ask_consent",
    "dispute",
    "expire_windows",
    "follow_limits",
    "refresh_windows",
    "withdraw",
]
Scan = scans.Scan
# No letters or digits that look alike: the reference is read aloud on the telephone.
_REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Who:
    """A respondent of a log: the guardian, or the youth (`guardian` None)."""

    guardian: Guardian | None
    user: Any

    @property
    def of_rows(self) -> dict:
        return {"guardian": self.guardian} if self.guardian else {"is_youth": True}


@transaction.atomic
def ask_consent(
    log_id, *, unit_ids: Iterable[UUID], actor, now, own_guardian_ids: Mapping[UUID, Iterable[UUID]] | None = None
) -> ConsentRequest:
    """Ask everyone who must answer for these units, in one round; who that is, is frozen on the request.

    Questions about the same units that nobody has answered are replaced; yeses already given keep counting until the
    new round is complete. `own_guardian_ids` says per unit whose own information it is about (S3); left out, every
    guardian who is asked answers for herself too. Raises `AccessDenied`, `RuleBroken`.
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    return ask(log, unit_ids=unit_ids, actor=actor, now=now, own_guardian_ids=own_guardian_ids)


def ask(log: Log, *, unit_ids, actor, now, own_guardian_ids=None) -> ConsentRequest:
    """As `ask_consent`, for services that hold the lock and have checked the access."""
    today = timezone.localdate(now)
    log_rules.check_is_open(log)
    units = _units(unit_ids, today=today)
    text = selectors.current_text(now)
    if text is None:
        raise RuleBroken("no_consent_text", _("Kommunen har ikke lagt inn teksten om samtykke ennå."))
    give_family_rows(log, actor=actor, now=now)
    request = ConsentRequest.objects.create(
        log=log, number=_next_number(log), asked_by=actor, asked_at=now, last_day=_last_day(log, today), text=text
    )
    for unit in units:
        _freeze(request, unit, own=(own_guardian_ids or {}).get(unit.pk), now=now)
    record_event(log, EventKind.ASKED, actor=actor, now=now, object_id=request.pk)
    tell_respondents(request, now=now)
    return request


def _units(unit_ids, *, today) -> list[Unit]:
    wanted = set(unit_ids)
    units = sorted(Unit.objects.filter(pk__in=wanted), key=lambda unit: (unit.name, str(unit.pk)))
    if not units or len(units) != len(wanted):
        raise RuleBroken("units_missing", _("Velg minst én tjeneste."))
    if any(not unit.is_service or not is_switched_on(unit, today) for unit in units):
        raise RuleBroken("unit_not_in_use", _("En av tjenestene bruker ikke portalen. Velg på nytt."))
    return units


def _next_number(log) -> int:
    newest = ConsentRequest.objects.filter(log=log).order_by("-number").first()
    return newest.number + 1 if newest is not None else 1


def _last_day(log, today):
    if log.status == LogStatus.REQUESTED:
        return log.request_last_day
    return today + timedelta(days=settings_row().request_days)


def _freeze(request, unit, *, own, now) -> None:
    log = request.log
    asked = rules.who_must_answer(
        child=log.child,
        guardians=Guardian.objects.filter(child_id=log.child_id).order_by("pk"),
        exempt=exempt_ids(log),
        unit=unit,
        rule=consent_age(unit.kind, consent_ages()),
        own_guardian_ids=own,
        today=timezone.localdate(now),
    )
    rules.check_someone_answers([r for r in asked if r.about == About.CHILD])
    for row in Consent.objects.filter(log=log, unit=unit, state=ConsentState.WAITING):
        _move(row, ConsentState.REPLACED, now=now)
    for respondent in asked:
        Consent.objects.create(
            request=request,
            log=log,
            unit=unit,
            guardian_id=respondent.guardian_id,
            is_youth=respondent.is_youth,
            about=respondent.about,
        )


def tell_respondents(request: ConsentRequest, *, now) -> None:
    """Tell everyone who has a waiting question and may open it. Safe to repeat."""
    rows = Consent.objects.filter(request=request, state=ConsentState.WAITING)
    for user in respondents.users_asked(request.log, rows, now):
        notify(
            recipient=user,
            kind="consent_waiting",
            key=f"request {request.pk}",
            url_name="stafettlogg:parent_log",
            object_id=request.log_id,
            due_day=request.last_day,
            now=now,
        )


@transaction.atomic
def answer(
    request_id,
    *,
    guardian_id,
    choices: Mapping[UUID, bool],
    own_choices: Mapping[UUID, bool] | None = None,
    route: str,
    actor,
    now,
    limits: str = "",
    used_interpreter: bool = False,
    language: str = "nb",
    witness_note: str = "",
    scan: Scan | None = None,
) -> ConsentAnswer:
    """Record one respondent's answer to everything she was asked; a no is a full answer.

    `guardian_id` None is the youth. `choices`: unit id → yes or no about the child; `own_choices`: the same about
    herself, asked and answered apart (S3). Exactly what waits for her must be answered. Digitally only the respondent
    herself; on the employee's screen, on paper and orally the holder or deputy records. Raises `AccessDenied`,
    `RuleBroken` (`consent_state` when it is answered already).
    """
    request = ConsentRequest.objects.select_related("log").get(pk=request_id)
    log = lock(Log, request.log_id)
    who = _who(log, guardian_id)
    _check_may_answer(log, who, route=route, actor=actor, now=now)
    rows = list(Consent.objects.filter(request=request, state=ConsentState.WAITING, **who.of_rows))
    chosen = {About.CHILD: dict(choices), About.OWN: dict(own_choices or {})}
    _check_answerable(log, request, rows, chosen, today=timezone.localdate(now))
    if route == Route.ORAL and not witness_note.strip():
        raise RuleBroken("witness_missing", _("Skriv hvem som var til stede, og hvordan svaret ble gitt."))
    if scan is not None and route != Route.PAPER:
        raise RuleBroken("scan_without_paper", _("Du kan bare legge ved et dokument når svaret er gitt på papir."))
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
    )
    if scan is not None:
        scans.attach(given, scan)
    given.save(force_insert=True)
    until = end_of_day(add_months(timezone.localdate(now), settings_row().consent_months))
    for row in rows:
        _answer_row(row, given, yes=chosen[row.about][row.unit_id], until=until, now=now)
    _after_answer(log, who, given, actor=actor, now=now)
    return given


def _answer_row(row, given, *, yes, until, now) -> None:
    row.answer, row.answered_at = given, now
    row.expires_at = until if yes else None
    _move(row, ConsentState.GIVEN if yes else ConsentState.REFUSED, now=None)
    if not yes:
        older = Consent.objects.filter(
            log=row.log_id,
            unit=row.unit_id,
            guardian=row.guardian_id,
            is_youth=row.is_youth,
            about=row.about,
            state=ConsentState.GIVEN,
        ).exclude(pk=row.pk)
        for earlier in older:
            _move(earlier, ConsentState.REPLACED, now=now)


def _after_answer(log, who, given, *, actor, now) -> None:
    record_event(
        log,
        EventKind.ANSWERED,
        actor=actor,
        now=now,
        guardian=who.guardian,
        about_youth=who.guardian is None,
        object_id=given.pk,
    )
    _tell_respondent(log, who, "consent_receipt", key=f"answer {given.pk}", now=now)
    _tell_holding(log, "consent_answered", key=f"answer {given.pk}", now=now)
    if given.limits:
        _tell_holding(log, "limits_to_follow", key=f"answer {given.pk}", now=now)
    refresh_windows(log, actor=actor, now=now)


def _who(log, guardian_id) -> Who:
    """The respondent; a guardian of another child is not found, as anything that does not exist."""
    if guardian_id is None:
        return Who(None, log.child.user)
    guardian = Guardian.objects.select_related("user").get(pk=guardian_id, child_id=log.child_id)
    return Who(guardian, guardian.user)


def _check_may_answer(log, who, *, route, actor, now) -> None:
    """She herself, while she has access; or the holder or deputy who was with her. Never about a blocked guardian."""
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
        raise RuleBroken("consent_state", _("Dette spørsmålet er allerede besvart eller trukket."))
    if rules.is_lapsed(request, today):
        raise RuleBroken("question_lapsed", _("Fristen for å svare har gått ut. Du kan bli spurt på nytt."))
    if any(set(said) != {row.unit_id for row in rows if row.about == about} for about, said in chosen.items()):
        raise RuleBroken("choices_missing", _("Svar ja eller nei for hver tjeneste."))


@transaction.atomic
def withdraw(log_id, *, guardian_id, unit_ids: Iterable[UUID] | None, actor, now) -> int:
    """Take back one respondent's yes for these units (None: for all). Returns how many consents. Safe to repeat.

    She does it herself at any time, or the holder records that she said or wrote it: also one who is blocked, whose
    yes about herself stands until she takes it back. The services lose the log at once.
    """
    log = lock(Log, log_id)
    who = _who(log, guardian_id)
    if who.user is not None and who.user.pk == actor.pk:
        _check_may_answer(log, who, route=Route.DIGITAL, actor=actor, now=now)
    else:
        access.check_can(actor, log, Action.INVITE, now)
    rows = Consent.objects.filter(log=log, state=ConsentState.GIVEN, **who.of_rows).select_related("unit")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    return _take_back(log, who, list(rows), actor=actor, now=now)


def _take_back(log, who, rows, *, actor, now) -> int:
    for row in rows:
        _move(row, ConsentState.WITHDRAWN, now=now)
    for name in sorted({row.unit.name for row in rows}):
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
        _tell_respondent(log, who, "consent_withdrawn", key=f"log {log.pk} {now.isoformat()}", now=now)
        _tell_holding(log, "consent_answered", key=f"withdrawn {log.pk} {now.isoformat()}", now=now)
        refresh_windows(log, actor=actor, now=now)
    return len(rows)


@transaction.atomic
def follow_limits(answer_id, *, actor, now) -> ConsentAnswer:
    """The holder ticks «Lest og fulgt» on written limits; sharing may then begin (S12). Safe to repeat."""
    found = ConsentAnswer.objects.select_related("request").get(pk=answer_id)
    log = lock(Log, found.request.log_id)
    access.check_can(actor, log, Action.INVITE, now)
    if found.limits_followed_at is None:
        found.limits_followed_at, found.limits_followed_by = now, actor
        found.save(update_fields=["limits_followed_at", "limits_followed_by"])
        refresh_windows(log, actor=actor, now=now)
    return found


@transaction.atomic
def dispute(answer_id, *, actor, now) -> ConsentAnswer:
    """«Jeg har ikke gitt dette»: what the answer allowed stops at once; holder and leader are told. Safe to repeat."""
    found = ConsentAnswer.objects.select_related("request").get(pk=answer_id)
    log = lock(Log, found.request.log_id)
    who = _who(log, found.guardian_id)
    if who.user is None or who.user.pk != actor.pk:
        raise AccessDenied(_("Bare den svaret gjelder, kan si fra om dette."))
    access.check_past_door(actor, log.pk)
    if found.disputed_at is not None:
        return found
    found.disputed_at = now
    found.save(update_fields=["disputed_at"])
    rows = found.consents.filter(state=ConsentState.GIVEN).select_related("unit")
    _take_back(log, who, list(rows), actor=actor, now=now)
    _tell_holding(log, "consent_disputed", key=f"answer {found.pk}", now=now)
    for leader in holders.leaders_of_holder(log, today=timezone.localdate(now)):
        _tell(log, leader.user, "consent_disputed_leader", key=f"answer {found.pk}", url_name="list", now=now)
    return found


def _move(row: Consent, state: str, *, now) -> None:
    rules.check_can_become(row, state)
    row.state = state
    row.ended_at = now
    row.save(update_fields=["state", "answer", "answered_at", "expires_at", "ended_at"])


def _reference() -> str:
    letters = "".join(secrets.choice(_REFERENCE_LETTERS) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _tell(log, user, kind, *, key, url_name, now) -> None:
    notify(recipient=user, kind=kind, key=key, url_name=f"stafettlogg:{url_name}", object_id=log.pk, now=now)


def _tell_respondent(log, who, kind, *, key, now) -> None:
    """Not one who may not know of the log any more (S4)."""
    guardian = who.guardian
    may_know = guardian is None or guardian_rules.has_access(guardian, log.child, today=timezone.localdate(now))
    if who.user is not None and may_know:
        _tell(log, who.user, kind, key=key, url_name="parent_log", now=now)


def _tell_holding(log, kind, *, key, now) -> None:
    for user in holders.holding_users(log, now):
        _tell(log, user, kind, key=key, url_name="consents", now=now)
