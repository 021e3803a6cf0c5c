"""Writing the guide: editing the draft, publishing, feedback."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.access import has_right
from apps.accounts.models import User
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.guides import rules, selectors
from apps.guides.enums import FeedbackState
from apps.guides.models import (
    DraftRow,
    Feedback,
    GateText,
    GuideVersion,
    LawReference,
    Step,
)
from apps.municipality.enums import Right

Saved = TypeVar("Saved", bound=DraftRow)


def check_can_edit(user: User) -> None:
    """Raise `AccessDenied` unless the user has the coordinator's right."""
    if not has_right(user, Right.COORDINATOR):
        raise AccessDenied(_("Bare koordinator kan endre veilederen."))


@transaction.atomic
def publish(*, actor: User, what_changed: str, now: datetime) -> GuideVersion:
    """Make the draft what everyone reads, as a new immutable version.

    Raises `AccessDenied` for others than the coordinator and `RuleBroken` ("what_changed_missing", "nothing_changed").
    """
    check_can_edit(actor)
    if not what_changed.strip():
        raise RuleBroken("what_changed_missing", _("Skriv hva du har endret."))
    step_keys = selectors.draft_step_keys()
    for step in Step.objects.select_related("level"):
        _check_step(step, step_keys)
    newest = GuideVersion.objects.first()
    if newest is not None and newest.content == selectors.draft_content():
        raise RuleBroken(
            "nothing_changed", _("Utkastet er likt den publiserte versjonen. Det er ingenting å publisere.")
        )
    return publish_draft(actor=actor, what_changed=what_changed.strip(), now=now)


@transaction.atomic
def save_draft_row(model: type[Saved], pk: UUID, *, values: dict, version: int, actor: User) -> Saved:
    """Save what is new in one row of the draft.

    Raises `AccessDenied`, `Conflict` when someone saved first, and `RuleBroken` for what the guide may not be.
    """
    check_can_edit(actor)
    row = lock(model, pk, version)
    if isinstance(row, GateText):
        rules.check_gate(row.content, values["content"])
    was = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, LawReference):
        _check_law(row, was)
    if isinstance(row, Step):
        _check_step(row, selectors.draft_step_keys())
    row._history_user = actor
    bump(row).save()
    return row


@transaction.atomic
def send_feedback(
    *, page_key: str, text: str, answer_to: str, author: User | AnonymousUser | None, now: datetime
) -> Feedback:
    """Keep what a reader wrote about a page. `author` only for signed-in staff; a citizen is never tied to it."""
    known = author if author is not None and author.is_authenticated and author.is_employee else None
    return Feedback.objects.create(page_key=page_key, text=text, answer_to=answer_to, author=known, sent_at=now)


@transaction.atomic
def handle_feedback(feedback_id: UUID, *, actor: User, note: str, now: datetime) -> Feedback:
    """Mark a feedback as handled. Safe to repeat: the first one stands."""
    check_can_edit(actor)
    feedback = Feedback.objects.select_for_update().get(pk=feedback_id)
    if feedback.state == FeedbackState.NEW:
        feedback.state = FeedbackState.HANDLED
        feedback.handled_by, feedback.handled_at, feedback.note = actor, now, note
        feedback.save(update_fields=["state", "handled_by", "handled_at", "note"])
    return feedback


def _check_law(law: LawReference, was: dict) -> None:
    """Who went through a text has not gone through the one that takes its place."""
    new = {name for name, value in was.items() if getattr(law, name) != value}
    if new & set(rules.TEXT_FIELDS["law"]) and not new & {"reviewed_by", "reviewed_day"}:
        law.reviewed_by, law.reviewed_day = "", None
    rules.check_review(law.reviewed_by, law.reviewed_day)


def _check_step(step: Step, step_keys: list[str]) -> None:
    rules.check_decisions(step.decisions, step_keys)
    rules.check_links(step.links)
    if step.level.number == 0:
        rules.check_tools_fit(0, step.tools, [slug for slug, _title in selectors.tool_choices(0)])


def publish_draft(*, actor: User | None, what_changed: str, now: datetime) -> GuideVersion:
    """The draft as it is, as the next version."""
    number = (GuideVersion.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1
    return GuideVersion.objects.create(
        number=number,
        published_at=now,
        published_by=actor,
        what_changed=what_changed,
        content=selectors.draft_content(),
    )
