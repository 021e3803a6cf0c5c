"""A guardian's place is linked to an account by a code and a confirmation, and a link can be cut (safety.md S29)."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.crypto import blind_index
from apps.core.dates import end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, Action, ConsentState, LogStatus, Route
from apps.stafettlogg.models import Child, Consent, Guardian, LinkCut, Log, PlaceCode
from apps.stafettlogg.rules import links as rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.selectors import foster
from apps.stafettlogg.selectors import guardians as selectors
from apps.stafettlogg.services import own_questions
from apps.stafettlogg.services.access import end_guardian
from apps.stafettlogg.services.consent_questions import ask_alone
from apps.stafettlogg.services.consent_rows import move_to
from apps.stafettlogg.services.exceptions import check_may_sign
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.guardians import tell_waiting
from apps.stafettlogg.services.notices import take_back, tell_holders, tell_leaders
from apps.stafettlogg.services.place_codes import end_codes
from apps.stafettlogg.services.windows import refresh_windows


@transaction.atomic
def make_code(log_id: UUID, guardian_id: UUID, *, actor: User, now: datetime) -> str:
    """A code for this guardian's place, to be printed and handed over. It is shown this once: only its hash is kept.

    An earlier code ends. Raises `AccessDenied`, `RuleBroken` (`log_state`, `not_checked`, `linked`).
    """
    log, guardian = _locked(log_id, guardian_id, actor, now)
    today = timezone.localdate(now)
    rules.check_may_get_code(guardian, log.child, is_foster=foster.may_read(guardian, log, today), today=today)
    end_codes(guardian, now=now)
    handle, secret = (_letters(rules.HANDLE), _letters(rules.SECRET))
    PlaceCode.objects.create(
        guardian=guardian,
        handle=handle,
        secret_hash=blind_index(rules.PLACE_CODE, secret),
        made_by=actor,
        made_at=now,
        ends_at=end_of_day(timezone.localdate(now) + timedelta(days=rules.CODE_DAYS - 1)),
    )
    return rules.shown(handle, secret)


def _letters(number: int) -> str:
    return "".join(secrets.choice(rules.LETTERS) for _place in range(number))


@transaction.atomic
def use_code(code: str, *, actor: User, now: datetime) -> bool:
    """Whether the code is right and this account may use it. Nobody is linked by it: the holder is asked to confirm.

    A wrong secret counts as a try, and after five the code is over. Why it was not right is never told.
    """
    handle, secret = rules.parts_of(code)
    row = PlaceCode.objects.select_for_update(of=("self",)).filter(handle=handle).first() if handle else None
    if row is None or not row.is_open(now) or row.used_by_id is not None:
        return False
    is_right = hmac.compare_digest(row.secret_hash, blind_index(rules.PLACE_CODE, secret))
    if not is_right or not _is_free(row.guardian, actor):
        row.tries += 1
        row.ends_at = now if row.tries >= rules.TRIES else row.ends_at
        row.save(update_fields=["tries", "ends_at"])
        return False
    row.used_by, row.used_at = actor, now
    row.save(update_fields=["used_by", "used_at"])
    for log in _open_logs(row.guardian):
        tell_holders(log, "code_used", key=f"code {row.pk}", page="stafettlogg:guardians", now=now)
    return True


def _is_free(guardian: Guardian, user: User) -> bool:
    return rules.may_be_linked(guardian, user) and not selectors.is_another_here(guardian, user)


@transaction.atomic
def confirm_code(log_id: UUID, code_id: UUID, *, actor: User, now: datetime) -> Guardian:
    """The holder confirms that the one who used the code is the guardian: now the place is linked. Safe to repeat.

    Raises `AccessDenied`, `RuleBroken` (`code_over`, `log_state`).
    """
    row = PlaceCode.objects.select_related("guardian", "used_by").get(pk=code_id)
    log, guardian = _locked(log_id, row.guardian_id, actor, now)
    row = lock(PlaceCode, code_id)
    if row.confirmed_at is not None:
        return guardian
    if row.used_by is None or not row.is_open(now) or guardian.user_id is not None:
        raise RuleBroken("code_over", _("Koden gjelder ikke lenger. Lag en ny."))
    if not _is_free(guardian, row.used_by):
        raise RuleBroken("code_over", _("Koden gjelder ikke lenger. Lag en ny."))
    row.confirmed_by, row.confirmed_at = actor, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    guardian.user = row.used_by
    guardian._history_user = actor
    bump(guardian).save(update_fields=["user"])
    for one in _open_logs(guardian):
        give_family_rows(one, actor=actor, now=now)
        tell_waiting(one, now=now)
    return guardian


@transaction.atomic
def refuse_code(log_id: UUID, code_id: UUID, *, actor: User, now: datetime) -> None:
    """The holder says that the one who used the code is not the guardian: the code is over.

    Raises `AccessDenied`, `RuleBroken` (`log_state`).
    """
    row = PlaceCode.objects.get(pk=code_id)
    _log, guardian = _locked(log_id, row.guardian_id, actor, now)
    end_codes(guardian, now=now)


@transaction.atomic
def cut_link(log_id: UUID, guardian_id: UUID, *, reason: str, actor: User, now: datetime) -> Guardian:
    """Cut the place from the account it is linked to, in every log of the child. The leader is told.

    The account loses its rows and what it was told; what was answered through it counts no more from this instant, so
    that services meet the shell; the place's questions stand open for whoever is linked next. What was written by it
    stays, and is marked (`selectors.links`); what was private in it is not for who is linked next. That account is not
    linked here by itself again. Raises `AccessDenied`, `RuleBroken` (`reason_missing`, `not_linked`, `log_state`).
    """
    log, guardian = _locked(log_id, guardian_id, actor, now)
    rules.check_reason(reason)
    if guardian.user is None:
        raise RuleBroken("not_linked", _("Den foresatte er ikke koblet til noen innlogging."))
    user = guardian.user
    LinkCut.objects.create(guardian=guardian, user=user, reason=reason, cut_by=actor, cut_at=now)
    _note_on(log.child, actor=actor)
    end_guardian(guardian, actor=actor, now=now)
    take_back(user, Log.objects.filter(child=guardian.child_id).values_list("pk", flat=True), now=now)
    guardian.user, guardian.birth_date_confirmed_at, guardian.birth_date_attempts = None, None, 0
    guardian._history_user = actor
    bump(guardian).save(update_fields=["user", "birth_date_confirmed_at", "birth_date_attempts"])
    for one in _open_logs(guardian):
        own_units = _take_back_answers(one, guardian, user, now=now)
        ask_alone(one, guardian, actor=actor, now=now)
        own_questions.ask_anew(one, guardian, own_units, actor=actor, now=now)
        refresh_windows(one, actor=actor, now=now)
    key = f"guardian {guardian.pk} {now.isoformat()}"
    tell_leaders(log, "link_cut", key=key, page="stafettlogg:leader_decisions", now=now)
    return guardian


def _note_on(child: Child, *, actor: User) -> None:
    """From now on pages ask what was written through a link that was cut (`selectors.links`)."""
    if not child.has_cut_link:
        child.has_cut_link = True
        child._history_user = actor
        bump(child).save(update_fields=["has_cut_link"])


@transaction.atomic
def note_dpo_told(log_id: UUID, cut_id: UUID, *, actor: User, now: datetime) -> LinkCut:
    """A leader has told the data protection officer of what was read through a link that was cut. Safe to repeat.

    Raises `AccessDenied`, and `LinkCut.DoesNotExist` for a cut of another child's.
    """
    log = lock(Log, log_id)
    check_may_sign(actor, log, asked_by=None, now=now)
    cut = LinkCut.objects.select_for_update(of=("self",)).get(pk=cut_id, guardian__child=log.child_id)
    if cut.dpo_told_at is None:
        cut.dpo_told_by, cut.dpo_told_at = actor, now
        cut.save(update_fields=["dpo_told_by", "dpo_told_at"])
    return cut


def _take_back_answers(log: Log, guardian: Guardian, user: User, *, now) -> set[UUID]:
    """What was answered through the account stops counting. Gives the units where that was about the guardian's own."""
    rows = Consent.objects.filter(
        log=log,
        guardian=guardian,
        answer__route=Route.DIGITAL,
        answer__recorded_by=user,
        state__in=[ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN],
    )
    own_units = set()
    for row in rows:
        move_to(row, ConsentState.REPLACED, now=now)
        if row.about == About.OWN:
            own_units.add(row.unit_id)
    return own_units


def _open_logs(guardian: Guardian) -> list[Log]:
    logs = Log.objects.select_for_update(of=("self",)).filter(child=guardian.child_id)
    return list(logs.filter(status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]).order_by("pk"))


def _locked(log_id, guardian_id, actor, now) -> tuple[Log, Guardian]:
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.INVITE, now)
    log_rules.check_is_open(log)
    guardian = Guardian.objects.select_for_update(of=("self",)).filter(pk=guardian_id, child=log.child_id).first()
    if guardian is None:
        raise AccessDenied(_("Den foresatte er ikke i denne stafettloggen."))
    return log, guardian
