"""A guardian or youth asks for an interpreter with one press, in her own language; the holder ticks «Avtalt»."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import lock
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action
from apps.stafettlogg.models import Guardian, InterpreterWish, Log
from apps.stafettlogg.rules import tongues
from apps.stafettlogg.selectors.interpreters import own_interpreter
from apps.stafettlogg.services.notices import tell_holders

# What the guardian's own list of languages calls those that have another code here.
_CODE_OF_GUARDIAN = {"prs": "fa"}


@transaction.atomic
def ask_for_interpreter(log_id: UUID, *, actor: User, language: str = "", now: datetime) -> InterpreterWish:
    """The actor wants to talk with an interpreter before answering. Asked again, the newest language counts.

    Raises `AccessDenied`, `RuleBroken` (`unknown_language`).
    """
    tongues.check_tongue(language)
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.CONSENT, now)
    guardian = Guardian.objects.filter(child=log.child_id, user=actor).first()
    wish = own_interpreter(log, actor)
    if wish is None:
        wish = InterpreterWish(log=log, guardian=guardian, is_youth=guardian is None, asked_by=actor, asked_at=now)
    wish.language = language or wish.language
    wish.save()
    _note(guardian, needs=True, language=language, actor=actor)
    key = f"log {log.pk} user {actor.pk} {timezone.localdate(now)}"
    tell_holders(log, "interpreter_needed", key=key, page="stafettlogg:consents", now=now)
    return wish


@transaction.atomic
def take_back(log_id: UUID, *, actor: User, now: datetime) -> None:
    """The actor needs no interpreter after all. Safe to repeat. Raises `AccessDenied`."""
    log = lock(Log, log_id)
    access.check_can(actor, log, Action.CONSENT, now)
    wish = own_interpreter(log, actor)
    if wish is not None:
        wish.taken_back_at = now
        wish.save(update_fields=["taken_back_at"])
        _note(wish.guardian, needs=False, language="", actor=actor)


@transaction.atomic
def arrange(wish_id: UUID, *, actor: User, now: datetime) -> InterpreterWish:
    """The holder ticks «Avtalt». Safe to repeat. Raises `AccessDenied`."""
    wish = InterpreterWish.objects.get(pk=wish_id)
    log = lock(Log, wish.log_id)
    access.check_can(actor, log, Action.SEE_ANSWERS, now)
    if wish.arranged_at is None:
        wish.arranged_at, wish.arranged_by = now, actor
        wish.save(update_fields=["arranged_at", "arranged_by"])
    return wish


def _note(guardian: Guardian | None, *, needs: bool, language: str, actor: User) -> None:
    """So that it stands with the guardian too, where the holder writes it down by hand."""
    if guardian is None:
        return
    guardian.needs_interpreter = needs
    guardian.language = _CODE_OF_GUARDIAN.get(language, language) or guardian.language
    guardian._history_user = actor
    guardian.save(update_fields=["needs_interpreter", "language"])
