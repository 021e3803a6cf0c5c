"""Asking the family for consent. Asking never changes who sees a log: only answering does (`services.consents`)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import FAR_DAY, local_day
from apps.core.errors import RuleBroken
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.municipality.selectors import consent_age, consent_ages, is_switched_on, settings_row
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, ConsentState, EventKind
from apps.stafettlogg.models import Consent, ConsentRequest, Guardian, Log
from apps.stafettlogg.rules import consents as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules.purposes import check_purposes
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.selectors import respondents
from apps.stafettlogg.selectors.exceptions import asked_all_the_same, exempt_ids
from apps.stafettlogg.selectors.scopes import scopes_to_ask
from apps.stafettlogg.selectors.windows import Sharing, sharing_by_unit
from apps.stafettlogg.services import own_questions
from apps.stafettlogg.services.consent_rows import (
    ask_in_its_place,
    move_to,
    next_number,
    question_days,
    tell_respondents,
)
from apps.stafettlogg.services.events import record_event
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.notices import tell


@transaction.atomic
def ask_consent(
    log_id: UUID,
    *,
    unit_ids: Iterable[UUID],
    actor: User,
    now: datetime,
    own_guardian_ids: Mapping[UUID, Iterable[UUID]] | None = None,
    purposes: Mapping[UUID, str] | None = None,
    family_asked: bool = False,
    scopes: Mapping[UUID, str] | None = None,
) -> ConsentRequest:
    """Ask everyone who must answer for these units, in one round; who that is, is frozen on the request.

    Questions about the same units that nobody has answered are replaced; yeses already given keep counting until the
    new round is complete. `own_guardian_ids` says per unit which guardians are asked about themselves too, each in a
    request of her own (S3, `services.own_questions`). `scopes` says per unit how much of the log it is to read
    (docs/adr/0016); left out, as it does now, or as its kind does. `purposes` says per unit why it is asked for
    (docs/adr/0019). Soon after a no it takes that the family itself has asked for it (`family_asked`). Raises
    `AccessDenied`, `RuleBroken`.
    """
    log, unit_ids = lock(Log, log_id), list(unit_ids)
    access.check_can(actor, log, Action.INVITE, now)
    refused = Consent.objects.filter(log=log, unit__in=unit_ids, about=About.CHILD, state=ConsentState.REFUSED)
    no_days = [local_day(at) for at in refused.values_list("answered_at", flat=True) if at is not None]
    rules.check_may_ask_again(no_days, family_asked=family_asked, today=local_day(now))
    if not family_asked:
        own_questions.check_may_ask(log, own_guardian_ids or {}, today=local_day(now))
    return ask(
        log,
        unit_ids=unit_ids,
        actor=actor,
        now=now,
        own_guardian_ids=own_guardian_ids,
        scopes=scopes,
        purposes=purposes,
    )


def ask(
    log: Log,
    *,
    unit_ids: Iterable[UUID],
    actor: User,
    now: datetime,
    own_guardian_ids: Mapping[UUID, Iterable[UUID]] | None = None,
    scopes: Mapping[UUID, str] | None = None,
    purposes: Mapping[UUID, str] | None = None,
) -> ConsentRequest:
    """`ask_consent` for services that hold the lock on the log and have checked the access. Raises `RuleBroken`."""
    today = timezone.localdate(now)
    log_rules.check_is_open(log)
    log_rules.check_not_closing(log)
    units = _units(unit_ids, today=today)
    _check_own_log(log, units, today=today)
    check_purposes(log, units, purposes or {})
    text = selectors.current_text(now)
    if text is None:
        raise RuleBroken("no_consent_text", _("Kommunen har ikke lagt inn teksten om samtykke ennå."))
    give_family_rows(log, actor=actor, now=now)
    request = ConsentRequest.objects.create(
        log=log, number=next_number(log), asked_by=actor, asked_at=now, **question_days(log, today), text=text
    )
    asked_scopes = scopes_to_ask(log, units, now, chosen=scopes or {})
    for unit in units:
        purpose = (purposes or {}).get(unit.pk, "")
        _freeze(request, unit, scope=asked_scopes[unit.pk], purpose=purpose, now=now)
    record_event(log, EventKind.ASKED, actor=actor, now=now, object_id=request.pk)
    tell_respondents(request, now=now)
    own_questions.ask(log, own_guardian_ids or {}, actor=actor, now=now)
    return request


def _units(unit_ids, *, today) -> list[Unit]:
    wanted = set(unit_ids)
    units = sorted(Unit.objects.filter(pk__in=wanted), key=lambda unit: (unit.name, str(unit.pk)))
    if not units or len(units) != len(wanted):
        raise RuleBroken("units_missing", _("Velg minst én tjeneste."))
    if any(not unit.is_service or not is_switched_on(unit, today) for unit in units):
        raise RuleBroken("unit_not_in_use", _("En av tjenestene bruker ikke portalen. Velg på nytt."))
    return units


def _check_own_log(log: Log, units: list[Unit], *, today: date) -> None:
    if log.child.answers_alone:
        ages = consent_ages()
        for unit in units:
            own_logs.check_may_be_asked(unit, log.child, consent_age(unit.kind, ages), today=today)


def _freeze(request, unit, *, scope, purpose, now) -> None:
    log = request.log
    exempt = exempt_ids(log, now)
    asked = _who_answers(log, unit, exempt, now=now)
    rules.check_someone_answers(asked)
    # Whose yes is not needed may answer all the same (S27): nobody waits for it.
    with_exempt = _who_answers(log, unit, exempt - asked_all_the_same(log, now), now=now)
    for row in Consent.objects.filter(log=log, unit=unit, about=About.CHILD, state=ConsentState.WAITING):
        move_to(row, ConsentState.REPLACED, now=now)
    for respondent in [*asked, *(r for r in with_exempt if r not in asked)]:
        Consent.objects.create(
            request=request,
            log=log,
            unit=unit,
            guardian_id=respondent.guardian_id,
            is_youth=respondent.is_youth,
            scope=scope,
            purpose=purpose,
        )


def _who_answers(log, unit, exempt, *, now) -> list[rules.Respondent]:
    return rules.who_must_answer(
        child=log.child,
        guardians=Guardian.objects.filter(child_id=log.child_id).order_by("pk"),
        exempt=exempt,
        unit=unit,
        rule=consent_age(unit.kind, consent_ages()),
        today=timezone.localdate(now),
    )


def ask_alone(log: Log, guardian: Guardian, *, actor: User, now: datetime) -> None:
    """Ask one guardian what the others were asked before, as a part of that round: no one else is asked or told (S27).

    Only where the guardian's word would be needed, and has not been given or can still be. In the caller's transaction.
    """
    today = timezone.localdate(now)
    rounds: dict[ConsentRequest, list[tuple[Unit, str]]] = {}
    for sharing in sharing_by_unit(log, now).values():
        asked_in = _round_to_complete(log, sharing, guardian, today=today, now=now)
        if asked_in is not None:
            rounds.setdefault(asked_in, []).append((sharing.rows[0].unit, sharing.asked_scope))
    for asked_in, units in rounds.items():
        request = ConsentRequest.objects.create(
            log=log,
            number=next_number(log),
            asked_by=actor,
            asked_at=now,
            **question_days(log, today),
            text_id=asked_in.text_id,
            completes_id=asked_in.completes_id or asked_in.pk,
        )
        for unit, scope in units:
            same = {"request": request, "log": log, "unit": unit, "guardian": guardian, "scope": scope}
            Consent.objects.create(**same, purpose=purpose_in(asked_in, unit))
        record_event(log, EventKind.ASKED, actor=actor, now=now, guardian=guardian, object_id=request.pk)
        tell_respondents(request, now=now)


def _round_to_complete(log, sharing: Sharing, guardian, *, today, now) -> ConsentRequest | None:
    """A request of the unit's newest round, when the guardian's word is missing in it."""
    unit = sharing.rows[0].unit
    if unit.last_day < FAR_DAY:
        return None
    needed = {r.guardian_id for r in _who_answers(log, unit, (), now=now)}
    said = [row for row in sharing.asked if row.guardian_id == guardian.pk]
    if guardian.pk not in needed or any(not _is_out(row, today, now) for row in said):
        return None
    for row in said:
        move_to(row, ConsentState.REPLACED, now=now)
    return (sharing.asked or sharing.rows)[0].request


def purpose_in(request: ConsentRequest, unit: Unit) -> str:
    """Why the unit was asked for in this round."""
    asked = Consent.objects.filter(request=request, unit=unit, about=About.CHILD).exclude(purpose="").first()
    return asked.purpose if asked is not None else ""


def _is_out(row: Consent, today: date, now: datetime) -> bool:
    """A question that cannot be answered any more, or a yes that has run out."""
    if row.state == ConsentState.WAITING:
        return rules.is_lapsed(row.request, today)
    return row.expires_at is not None and row.expires_at <= now


def ask_again(log: Log, ended: Iterable[Consent], *, now: datetime) -> None:
    """Ask the same respondents again, in the same round, about what they have taken back. The log is locked.

    Nobody else is asked, so nobody else can see it (S1). Their time to answer begins anew. A service that is not in use
    any more is left out.
    """
    today = timezone.localdate(now)
    asked: dict[UUID, list[Consent]] = {}
    for row in ended:
        if row.unit.is_service and is_switched_on(row.unit, today) and not _was_asked_since(row):
            asked.setdefault(row.request_id, []).append(ask_in_its_place(row, now=row.ended_at or now))
    for waiting in asked.values():
        request = waiting[0].request
        for name, day in question_days(log, today).items():
            setattr(request, name, max(getattr(request, name), day))
        request.save(update_fields=["answer_day", "last_day"])
        rows = Consent.objects.filter(pk__in=[row.pk for row in waiting])
        tell(
            respondents.users_asked(log, rows, now),
            "consent_waiting",
            key=f"request {request.pk} again {now.isoformat()}",
            page="stafettlogg:parent_log",
            object_id=log.pk,
            due_day=request.answer_day,
            now=now,
        )


def _was_asked_since(row: Consent) -> bool:
    newer = Consent.objects.filter(
        log=row.log_id,
        unit=row.unit_id,
        guardian=row.guardian_id,
        is_youth=row.is_youth,
        about=row.about,
        request__number__gt=row.request.number,
    )
    return newer.exclude(state__in=[ConsentState.REPLACED, ConsentState.CANCELLED]).exists()


def ask_about(log: Log, unit: Unit, *, scope: str | None = None, purpose: str = "", actor: User, now: datetime) -> date:
    """See to it that the family is asked about the unit, and why; returns the last local day to wait for their answers.

    Nobody is asked twice: a question that still waits is the one that counts, and when all have said yes with written
    limits the holder's tick is what is missing (S12), not a question. One that is of another `scope` than this is asked
    anew. In the caller's transaction.
    """
    today = local_day(now)
    asked = sharing_by_unit(log, now).get(unit.pk)
    if asked is not None and scope in (None, asked.asked_scope):
        if asked.is_waiting and asked.asked[0].request.last_day >= today:
            return asked.asked[0].request.last_day
        if asked.limits_unread:
            return today + timedelta(days=settings_row().request_days)
    scopes = {unit.pk: scope} if scope is not None else None
    purposes = {unit.pk: purpose} if purpose else None
    return ask_consent(log.pk, unit_ids=[unit.pk], scopes=scopes, purposes=purposes, actor=actor, now=now).last_day
