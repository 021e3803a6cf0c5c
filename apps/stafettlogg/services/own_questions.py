"""Asking a guardian about herself: a request of her own, unseen by everyone else at home (safety.md S3, docs/adr/0020).

Neither asking nor her answer changes who sees the log: her yes opens a thread (`services.own_threads`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.dates import local_day
from apps.core.errors import RuleBroken
from apps.core.models import lock
from apps.municipality.models import Unit
from apps.municipality.selectors import is_switched_on
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, ConsentState
from apps.stafettlogg.models import Consent, ConsentRequest, Guardian, Log, OwnThread
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_threads as rules
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services.consent_rows import move_to, next_number, question_days, tell_respondents
from apps.stafettlogg.services.family_access import give_family_rows


@transaction.atomic
def ask_own(
    log_id: UUID,
    *,
    unit_id: UUID,
    guardian_ids: Iterable[UUID],
    actor: User,
    now: datetime,
    family_asked: bool = False,
) -> list[ConsentRequest]:
    """Ask these guardians whether one service may share about themselves, each in a request of her own.

    Soon after a no it takes that she has asked for it herself (`family_asked`). Raises `AccessDenied`, `RuleBroken`
    (`not_own`, `nobody_answers`, `asked_too_soon`, `unit_not_in_use`, `log_state`, `closing`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    log_rules.check_not_closing(log)
    own = {unit_id: list(guardian_ids)}
    if not family_asked:
        check_may_ask(log, own, today=local_day(now))
    give_family_rows(log, actor=actor, now=now)
    made = ask(log, own, actor=actor, now=now)
    rules.check_someone_to_ask(made)
    return made


def check_may_ask(log: Log, own: Mapping[UUID, Iterable[UUID]], *, today: date) -> None:
    """Raise `RuleBroken("asked_too_soon")` when one of them has said no about herself in the last days."""
    for unit_id, guardian_ids in own.items():
        said_no = Consent.objects.filter(
            log=log, unit=unit_id, guardian__in=list(guardian_ids), about=About.OWN, state=ConsentState.REFUSED
        )
        days = [local_day(at) for at in said_no.values_list("answered_at", flat=True) if at is not None]
        consent_rules.check_may_ask_again(days, family_asked=False, today=today)


def ask(log: Log, own: Mapping[UUID, Iterable[UUID]], *, actor: User, now: datetime) -> list[ConsentRequest]:
    """`ask_own` about several services at once, for services that hold the lock on the log and have checked the access.

    One who cannot be asked now is left out; a question she has not answered is replaced, a yes stands until she has.
    """
    if not own:
        return []
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=own)}
    for unit in units.values():
        rules.check_concerns_guardian(unit)
        if not is_switched_on(unit, local_day(now)):
            raise RuleBroken("unit_not_in_use", _("En av tjenestene bruker ikke portalen. Velg på nytt."))
    known = Guardian.objects.filter(child_id=log.child_id).order_by("name", "pk")
    asked = [
        (guardian, sorted((units[pk] for pk in own if guardian.pk in set(own[pk])), key=lambda unit: unit.name))
        for guardian in rules.may_be_asked(log.child, known, today=local_day(now))
    ]
    return [_ask_one(log, guardian, hers, actor=actor, now=now) for guardian, hers in asked if hers]


def _ask_one(log: Log, guardian: Guardian, units: list[Unit], *, actor: User, now: datetime) -> ConsentRequest:
    text = selectors.current_text(now, selectors.SHARING_OWN) or selectors.current_text(now)
    if text is None:
        raise RuleBroken("no_consent_text", _("Kommunen har ikke lagt inn teksten om samtykke ennå."))
    days = question_days(log, local_day(now))
    request = ConsentRequest.objects.create(
        log=log, number=next_number(log), asked_by=actor, asked_at=now, text=text, about=About.OWN, **days
    )
    for unit in units:
        same = {"log": log, "unit": unit, "guardian": guardian}
        for row in Consent.objects.filter(**same, about=About.OWN, state=ConsentState.WAITING):
            move_to(row, ConsentState.REPLACED, now=now)
        Consent.objects.create(**same, request=request, about=About.OWN)
        OwnThread.objects.get_or_create(**same, defaults={"made_at": now})
    tell_respondents(request, now=now)
    return request


def ask_anew(log: Log, guardian: Guardian, unit_ids: Iterable[UUID], *, actor: User, now: datetime) -> None:
    """Ask one guardian again about these, after what was answered in her name stopped counting (S29). The log is
    locked. A service that is not in use any more is left out."""
    units = Unit.objects.filter(pk__in=list(unit_ids))
    in_use = [unit for unit in units if is_switched_on(unit, local_day(now))]
    ask(log, {unit.pk: [guardian.pk] for unit in in_use}, actor=actor, now=now)
