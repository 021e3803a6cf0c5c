"""Guardians: added, checked, lost, blocked, exempted, and the birth of an expected child (safety.md S4, S7, S8, S9)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.crypto import blind_index
from apps.core.dates import FAR_DAY, local_midnight
from apps.core.errors import RuleBroken
from apps.core.models import bump, lock
from apps.core.national_id import NationalId
from apps.core.text import casefold
from apps.core.written import folded
from apps.municipality.selectors import consent_age, consent_ages
from apps.stafettlogg import access
from apps.stafettlogg.enums import GUARDIAN_RELATIONS, About, Action, ConsentState, Relation, Responsibility
from apps.stafettlogg.models import Child, Consent, ConsentRequest, Guardian, Log
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import guardians as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors import consents as consent_selectors
from apps.stafettlogg.selectors import guardians as selectors
from apps.stafettlogg.selectors.exceptions import exempt_ids
from apps.stafettlogg.services.consent_questions import ask
from apps.stafettlogg.services.consent_rows import tell_respondents
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.guardians_leaving import leave_out
from apps.stafettlogg.services.holders_leaving import leave_as_guardian
from apps.stafettlogg.services.notices import tell_leaders
from apps.stafettlogg.services.place_codes import end_codes
from apps.stafettlogg.services.windows import refresh_all, refresh_windows


@dataclass(frozen=True)
class GuardianInput:
    """A guardian as an employee writes one down. `checked_how` is needed unless responsibility is unchecked."""

    name: str
    relation: str
    email: str = ""
    phone: str = ""
    national_id: NationalId | None = None
    language: str = "nb"
    needs_interpreter: bool = False
    responsibility: str = Responsibility.UNCHECKED
    checked_how: str = ""

    @property
    def national_id_index(self) -> str:
        return blind_index(rules.PERSON, self.national_id.digits) if self.national_id else ""


def save_guardian(child: Child, given: GuardianInput, *, actor: User, now: datetime) -> Guardian:
    """Write a guardian of this child, or let the one who is there already (by blind index, else name) be checked again.

    What is known about someone never changes here: only empty fields are filled in. Inside the caller's transaction.
    """
    guardian = _known(child, given)
    if guardian is None:
        guardian = Guardian(child=child, name=given.name.strip(), relation=given.relation)
    if not guardian.email:
        guardian.email = given.email.strip().lower()
    guardian.phone = guardian.phone or given.phone.strip()
    if given.national_id and not guardian.national_id_index:
        guardian.national_id = given.national_id.digits
        guardian.national_id_index = given.national_id_index
    guardian.language, guardian.needs_interpreter = given.language, given.needs_interpreter
    if given.responsibility != Responsibility.UNCHECKED:
        _check(guardian, given.responsibility, given.checked_how, actor=actor, now=now)
    guardian._history_user = actor
    guardian.save()
    return guardian


def _known(child, given) -> Guardian | None:
    for guardian in child.guardians.exclude(relation=Relation.FOSTER):
        if given.national_id_index and guardian.national_id_index:
            if guardian.national_id_index == given.national_id_index:
                return guardian
        elif folded(guardian.name) == folded(given.name):
            return guardian
    return None


def _check(guardian, responsibility, how, *, actor, now) -> None:
    rules.check_how(how)
    guardian.responsibility = responsibility
    guardian.checked_how, guardian.checked_by, guardian.checked_at = how, actor, now
    # Whoever has been checked again may try the birth date again.
    guardian.birth_date_attempts = 0


_CHECKED_FIELDS = ("responsibility", "checked_how", "checked_by", "checked_at", "birth_date_attempts")


def _locked(log_id, actor, now) -> Log:
    """The log, locked: the holder's or deputy's, and not closed."""
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    return log


@transaction.atomic
def add_guardian(log_id: UUID, given: GuardianInput, *, actor: User, now: datetime) -> Guardian:
    """The holder writes down one more guardian. Unchecked, a guardian gets no access, notice or question (S8).

    Raises `AccessDenied`, `RuleBroken` (`mother_first`, `checked_how_missing`, `log_state`, `no_leader`).
    """
    log = _locked(log_id, actor, now)
    if given.responsibility == Responsibility.CONFIRMED:
        _check_after_birth(log, given.relation)
    guardian = save_guardian(log.child, given, actor=actor, now=now)
    leave_as_guardian(log, guardian, actor=actor, now=now)
    _take_in(log, guardian, actor=actor, now=now)
    return guardian


@transaction.atomic
def change_contact(
    log_id: UUID,
    guardian_id: UUID,
    *,
    actor: User,
    now: datetime,
    email: str,
    phone: str,
    language: str,
    needs_interpreter: bool,
    version: int,
) -> Guardian:
    """Correct how to reach a guardian. A code that was sent to another address is over (S29).

    Raises `Conflict` when someone saved first.
    """
    log = _locked(log_id, actor, now)
    guardian = lock(Guardian.objects.filter(child=log.child_id), guardian_id, version)
    if (guardian.email, guardian.phone) != (email.strip().lower(), phone.strip()):
        end_codes(guardian, now=now)
    guardian.email, guardian.phone = email.strip().lower(), phone.strip()
    guardian.language, guardian.needs_interpreter = language, needs_interpreter
    guardian._history_user = actor
    bump(guardian).save(update_fields=["email", "phone", "language", "needs_interpreter"])
    give_family_rows(log, actor=actor, now=now)
    tell_waiting(log, now=now)
    return guardian


@transaction.atomic
def confirm_responsibility(log_id: UUID, guardian_id: UUID, *, how: str, actor: User, now: datetime) -> Guardian:
    """The holder has checked that this guardian has responsibility: access and every question that waits follow.

    Sharing that went on without the guardian stops until that guardian has answered too (S7). Safe to repeat.
    Raises `RuleBroken` (`mother_first` after a birth, S9).
    """
    log = _locked(log_id, actor, now)
    guardian = lock(Guardian.objects.filter(child=log.child_id, relation__in=GUARDIAN_RELATIONS), guardian_id)
    if guardian.responsibility != Responsibility.CONFIRMED:
        _check_after_birth(log, guardian.relation)
    _check(guardian, Responsibility.CONFIRMED, how, actor=actor, now=now)
    guardian._history_user = actor
    bump(guardian).save(update_fields=[*_CHECKED_FIELDS])
    _take_in(log, guardian, actor=actor, now=now)
    return guardian


def _check_after_birth(log, relation) -> None:
    """A child who was asked about before birth: the mother answers a new request before anyone else comes in (S9)."""
    child = log.child
    mother = child.guardians.filter(relation=Relation.PREGNANT, responsibility=Responsibility.CONFIRMED).first()
    if child.is_expected or mother is None or relation == Relation.PREGNANT:
        return
    known = Child.history.filter(id=child.pk, birth_date__isnull=False).order_by("history_date", "history_id").first()
    since = known.history_date if known is not None else local_midnight(child.birth_date)
    agreed = Consent.objects.filter(log=log, guardian=mother, state=ConsentState.GIVEN, about=About.CHILD)
    rules.check_mother_has_agreed(agreed.filter(request__asked_at__gte=since).exists())


def _take_in(log, guardian, *, actor, now) -> None:
    give_family_rows(log, actor=actor, now=now)
    again = _ask_in_newest_rounds(log, guardian, now=now)
    if again:
        ask(log, unit_ids=again, actor=actor, now=now)
    tell_waiting(log, now=now)
    refresh_windows(log, actor=actor, now=now)


def _ask_in_newest_rounds(log, guardian, *, now) -> set:
    """Add the guardian to the newest round of each unit where that guardian's word is needed today.

    Gives the ids of the units where the guardian was taken out of that round before (lost, blocked): there everyone is
    asked anew.
    """
    today, ages, exempt = timezone.localdate(now), consent_ages(), exempt_ids(log, now)
    again = set()
    for verdict in consent_selectors.sharing_by_unit(log, now).values():
        if not verdict.asked or verdict.unit.last_day < FAR_DAY:  # nobody is asked about a unit that closes
            continue
        needed = consent_rules.who_must_answer(
            child=log.child,
            guardians=[guardian],
            exempt=exempt,
            unit=verdict.unit,
            rule=consent_age(verdict.unit.kind, ages),
            today=today,
        )
        for respondent in needed:
            if respondent.guardian_id is None:
                continue
            row, _is_new = Consent.objects.get_or_create(
                request=verdict.asked[0].request,
                unit=verdict.unit,
                guardian=guardian,
                about=About.CHILD,
                defaults={"log": log},
            )
            if row.state in (ConsentState.REPLACED, ConsentState.CANCELLED):
                again.add(verdict.unit.pk)
    return again


def tell_waiting(log: Log, *, now: datetime) -> None:
    """Tell everyone who has a question waiting in this log and has not been told. Safe to repeat."""
    for request in ConsentRequest.objects.filter(log=log, consents__state=ConsentState.WAITING).distinct():
        tell_respondents(request, now=now)


@transaction.atomic
def lose_responsibility(log_id: UUID, guardian_id: UUID, *, how: str, actor: User, now: datetime) -> Guardian:
    """The guardian has no responsibility (any more): access, questions and notices end at once. The leader is told.

    Raises `AccessDenied`, `RuleBroken` (`checked_how_missing`, `log_state`).
    """
    log = _locked(log_id, actor, now)
    guardian = lock(Guardian.objects.filter(child=log.child_id, relation__in=GUARDIAN_RELATIONS), guardian_id)
    _check(guardian, Responsibility.NONE, how, actor=actor, now=now)
    guardian._history_user = actor
    bump(guardian).save(update_fields=[*_CHECKED_FIELDS])
    refresh_all(leave_out(guardian, actor=actor, now=now), actor=actor, now=now)
    key = f"guardian {guardian.pk} {now.isoformat()}"
    tell_leaders(log, "responsibility_lost", key=key, page="stafettlogg:list", now=now)
    return guardian


@transaction.atomic
def register_birth(
    log_id: UUID,
    *,
    given_name: str,
    family_name: str,
    birth_date: date,
    national_id: NationalId | None,
    actor: User,
    now: datetime,
) -> Child:
    """The expected child is born. Nothing passes to anyone: every guardian but the mother must be checked anew (S9).

    Raises `AccessDenied`, `RuleBroken` (`born_already`, `name_missing`, `birth_date_future`, `log_state`).
    """
    log = _locked(log_id, actor, now)
    child = lock(Child, log.child_id)
    if not child.is_expected:
        raise RuleBroken("born_already", _("Fødselen er allerede registrert."))
    if not given_name.strip():
        raise RuleBroken("name_missing", _("Skriv navnet på barnet."))
    log_rules.check_child_age(birth_date, today=timezone.localdate(now))
    name_child(child, given_name, family_name, national_id)
    child.birth_date = birth_date
    child._history_user, child._history_date = actor, now
    bump(child).save()
    for guardian in child.guardians.exclude(relation__in=[Relation.PREGNANT, Relation.FOSTER]):
        guardian.responsibility = Responsibility.UNCHECKED
        guardian._history_user = actor
        bump(guardian).save(update_fields=["responsibility"])
    refresh_windows(log, actor=actor, now=now)
    return child


def name_child(child: Child, given_name: str, family_name: str, national_id: NationalId | None) -> None:
    """Set the names and what they are found by, on the unsaved object."""
    child.given_name, child.family_name = given_name.strip(), family_name.strip()
    child.search_name, child.folded_name = casefold(child.full_name), folded(child.full_name)
    if national_id is not None:
        child.national_id = national_id.digits
        child.national_id_index = blind_index(rules.PERSON, national_id.digits)


def link_waiting_guardians(*, now: datetime) -> int:
    """Give guardians and youth who now have a user of their own what waits for them. Safe to repeat.

    Run every minute: a parent who has just signed in with her number finds the question there. Returns how many logs it
    was.
    """
    count = 0
    for log_id in selectors.logs_with_new_users():
        with transaction.atomic():
            log = lock(Log, log_id)
            give_family_rows(log, actor=None, now=now)
            tell_waiting(log, now=now)
            count += 1
    return count


@transaction.atomic
def note_no_others(log_id: UUID, *, actor: User, now: datetime) -> Log:
    """The holder has looked today: the register shows nobody else with parental responsibility (S29). Safe to repeat.

    A document that one guardian shows proves nothing about another. Raises `AccessDenied`, `RuleBroken` (`log_state`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    log.no_others_day, log.no_others_by = timezone.localdate(now), actor
    log._history_user = actor
    bump(log).save(update_fields=["no_others_day", "no_others_by"])
    return log
