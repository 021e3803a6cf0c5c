"""A foster parent's place is written down, said yes to, and ended (safety.md S36, docs/adr/0021)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.crypto import blind_index
from apps.core.dates import local_day
from apps.core.errors import AccessDenied
from apps.core.models import bump, lock
from apps.core.written import folded
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, CheckedHow, ConsentScope, Relation, Responsibility, Route
from apps.stafettlogg.models import CareDecision, Child, FosterPlace, Guardian, Log
from apps.stafettlogg.rules import foster as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.rules import own_logs
from apps.stafettlogg.rules.foster import Foster
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.selectors import care as care_selectors
from apps.stafettlogg.services.access import end_guardian
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.holders_leaving import leave_as_guardian
from apps.stafettlogg.services.notices import take_back, tell, tell_holders
from apps.stafettlogg.services.place_codes import end_codes

_HOLDERS_PAGE = "stafettlogg:guardians"


@transaction.atomic
def record_foster(log_id: UUID, given: Foster, *, actor: User, now: datetime) -> FosterPlace:
    """The holder writes down a foster parent under the decision that stands. She reads nothing by it: child welfare
    says yes first. An employee who is one has no role in the log from this instant (S18).

    Raises `AccessDenied`, `RuleBroken` (`foster_no_care`, `foster_is_guardian`, `foster_stands`, `log_state`,
    `guardians_not_asked`, `no_leader`).
    """
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    own_logs.check_guardians_are_asked(log.child)
    decision = care_selectors.standing(log)
    rules.check_care(decision, today=local_day(now))
    assert decision is not None  # checked
    guardian = _person(log, given, decision, actor=actor, now=now)
    place = FosterPlace(
        guardian=guardian,
        care=decision,
        scope=given.scope,
        is_hidden=given.is_hidden,
        recorded_by=actor,
        recorded_at=now,
    )
    _save(place, actor=actor)
    _note_on(log.child, actor=actor)
    leave_as_guardian(log, guardian, actor=actor, now=now)
    if decision.guardian is not None and decision.guardian.user is not None:
        asked = [decision.guardian.user]
        page = "stafettlogg:answer_foster"
        tell(asked, "foster_asked", key=f"foster {place.pk}", page=page, object_id=place.pk, now=now)
    return place


def _person(log: Log, given: Foster, decision: CareDecision, *, actor: User, now: datetime) -> Guardian:
    """Whoever has been a foster parent of this child is known again: by number, else by name."""
    index = blind_index(PERSON, given.national_id.digits) if given.national_id else ""
    known = next((row for row in log.child.guardians.all() if _is_same(row, given.name, index)), None)
    rules.check_person(known)
    guardian = known or Guardian(child=log.child, name=given.name.strip(), relation=Relation.FOSTER)
    rules.check_only_place(known is not None and known.foster_places.filter(ended_at=None).exists())
    guardian.email, guardian.phone = given.email.strip().lower(), given.phone.strip()
    guardian.language, guardian.needs_interpreter = given.language, given.needs_interpreter
    if given.national_id is not None:
        guardian.national_id, guardian.national_id_index = given.national_id.digits, index
    guardian.responsibility, guardian.checked_how = Responsibility.NONE, CheckedHow.DECISION
    guardian.checked_by, guardian.checked_at = actor, now
    guardian.place_last_day = decision.last_day
    guardian._history_user = actor
    guardian.save()
    return guardian


def _note_on(child: Child, *, actor: User) -> None:
    if not child.has_foster:
        child.has_foster = True
        child._history_user = actor
        bump(child).save(update_fields=["has_foster"])


def _is_same(row: Guardian, name: str, index: str) -> bool:
    if index and row.national_id_index:
        return row.national_id_index == index
    return folded(row.name) == folded(name)


@transaction.atomic
def answer_foster(
    place_id: UUID, *, says_yes: bool, scope: str = "", route: str = Route.DIGITAL, actor: User, now: datetime
) -> FosterPlace:
    """Child welfare says yes or no to what a foster parent reads; asked again it may say otherwise at any time.

    The one who answers for child welfare does it in the portal, or the holder writes down what was said (`route` paper
    or oral), and that one is told. A no counts in the next request. Raises `AccessDenied`, `RuleBroken` (`foster_over`,
    `foster_scope`, `foster_route`, `log_state`).
    """
    log, place = _locked(place_id)
    _check_may_answer(place, log, route=route, actor=actor, now=now)
    log_rules.check_is_open(log)
    rules.check_answer(place, scope or place.scope, today=local_day(now))
    place.scope = scope or place.scope
    place.yes_route, place.yes_by, place.yes_at = (route, actor, now) if says_yes else ("", None, None)
    _save(place, actor=actor)
    if says_yes:
        give_family_rows(log, actor=actor, now=now)
    else:
        _take_out(place, log, actor=actor, now=now)
    key = f"foster {place.pk} {now.isoformat()}"
    if route == Route.DIGITAL:
        tell_holders(log, "foster_answered", key=key, page=_HOLDERS_PAGE, now=now)
    else:
        answering = place.care.guardian.user if place.care.guardian is not None else None
        told = [answering] if answering is not None else []
        page = "stafettlogg:answer_foster"
        tell(told, "foster_written", key=key, page=page, object_id=place.pk, now=now)
    return place


def _check_may_answer(place: FosterPlace, log: Log, *, route: str, actor: User, now: datetime) -> None:
    if route != Route.DIGITAL:
        access.check_can(actor, log, Action.INVITE, now)
        rules.check_written_down(route)
        return
    if not care_selectors.answers_for(place.care, actor, local_day(now)):
        raise AccessDenied(_("Bare den som svarer for barnevernstjenesten, kan svare."))
    access.check_can(actor, log, Action.CONSENT, now)


@transaction.atomic
def hide_foster(place_id: UUID, *, is_hidden: bool, actor: User, now: datetime) -> FosterPlace:
    """A new decision says that the parents may not know of the foster parent, or that they may. Counts in the next
    request, also for what is older. Safe to repeat. Raises `AccessDenied`, `RuleBroken` (`foster_over`)."""
    log, place = _locked(place_id)
    access.check_can(actor, log, Action.INVITE, now)
    rules.check_answer(place, ConsentScope(place.scope), today=local_day(now))
    if place.is_hidden != is_hidden:
        place.is_hidden = is_hidden
        _save(place, actor=actor)
    return place


@transaction.atomic
def end_foster(place_id: UUID, *, actor: User, now: datetime) -> FosterPlace:
    """The child does not live there any more: the place is over in the next request. Safe to repeat.

    Raises `AccessDenied`.
    """
    log, place = _locked(place_id)
    access.check_can(actor, log, Action.INVITE, now)
    end_place(place, log, actor=actor, now=now)
    return place


def end_places(decision: CareDecision, log: Log, *, actor: User, now: datetime) -> None:
    """The placement is over: so is every place that came with the decision. The log is locked."""
    for place in FosterPlace.objects.filter(care=decision, ended_at=None).select_related("guardian__user"):
        end_place(place, log, actor=actor, now=now)


def end_place(place: FosterPlace, log: Log, *, actor: User, now: datetime) -> None:
    if place.ended_at is None:
        place.ended_by, place.ended_at = actor, now
        _save(place, actor=actor)
        _take_out(place, log, actor=actor, now=now)


def _take_out(place: FosterPlace, log: Log, *, actor: User, now: datetime) -> None:
    end_guardian(place.guardian, actor=actor, now=now)
    end_codes(place.guardian, now=now)
    if place.guardian.user is not None:
        take_back(place.guardian.user, [log.pk], now=now)


def _locked(place_id: UUID) -> tuple[Log, FosterPlace]:
    log_id = FosterPlace.objects.values_list("care__log", flat=True).get(pk=place_id)
    log = lock(Log, log_id)
    rows = FosterPlace.objects.select_for_update(of=("self",)).select_related("guardian__user", "care__guardian__user")
    return log, rows.get(pk=place_id)


def _save(place: FosterPlace, *, actor: User) -> None:
    place._history_user = actor
    place.save()
