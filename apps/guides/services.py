"""Writing the guide: loading what a municipality starts from, editing the draft, publishing, feedback."""

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
    Level,
    Step,
    Theme,
    Tool,
    Variant,
)
from apps.municipality.enums import Right

Saved = TypeVar("Saved", bound=DraftRow)


def check_can_edit(user: User) -> None:
    """Raise `AccessDenied` unless the user has the coordinator's right."""
    if not has_right(user, Right.COORDINATOR):
        raise AccessDenied(_("Bare koordinator kan endre veilederen."))


@transaction.atomic
def load_start_content(*, now: datetime) -> GuideVersion | None:
    """Fill an empty draft from fixtures/guides and publish version 1. Does nothing when there are levels already."""
    if Level.objects.exists():
        return None
    for row in selectors.start_content("levels"):
        Level(**row).save()
    levels = {level.key: level for level in Level.objects.all()}
    for row in selectors.start_content("steps"):
        _step_from(row, levels[row["level"]]).save()
    steps = {step.key: step for step in Step.objects.all()}
    for row in selectors.start_content("variants"):
        extra = rules.as_paragraph_html(row["extra"])
        Variant(step=steps[row["step"]], kind=row["kind"], who=row.get("who") or {}, extra_html=extra).save()
    for order, row in enumerate(selectors.start_content("themes")):
        _theme_from(row, order).save()
    for row in selectors.start_content("laws"):
        LawReference(
            key=row["key"],
            title=row["title"],
            reference=row["reference"],
            what=row.get("what") or {},
            needs_check=row["verify"],
        ).save()
    for order, row in enumerate(selectors.start_content("tools")):
        fields = ("slug", "kind", "levels", "title", "summary", "intro", "sections", "footer")
        Tool(order=order, **{name: row[name] for name in fields if row.get(name) is not None}).save()
    GateText(content=selectors.start_content("gate")).save()
    return _publish(actor=None, what_changed=_("Første versjon."), now=now)


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
    return _publish(actor=actor, what_changed=what_changed.strip(), now=now)


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


def _publish(*, actor, what_changed: str, now: datetime) -> GuideVersion:
    number = (GuideVersion.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1
    return GuideVersion.objects.create(
        number=number,
        published_at=now,
        published_by=actor,
        what_changed=what_changed,
        content=selectors.draft_content(),
    )


def _step_from(row: dict, level: Level) -> Step:
    return Step(
        key=row["key"],
        level=level,
        number=row["number"],
        title=row["title"],
        short=row.get("short") or {},
        purpose_html=rules.as_paragraph_html(row.get("purpose")),
        how_html=rules.as_list_html(row.get("how") or [], ordered=True),
        questions_html=rules.as_list_html(row.get("support_questions") or [], ordered=False),
        who_html=rules.as_paragraph_html(row.get("who")),
        documentation_html=rules.as_paragraph_html(row.get("documentation")),
        child_voice_html=rules.as_paragraph_html(row.get("child_voice")),
        deadline_days=row.get("deadline_days"),
        deadline_note=row.get("deadline_note") or {},
        decisions=row.get("decisions") or [],
        links=row.get("links") or [],
        tools=row.get("tools") or [],
        laws=row.get("law") or [],
    )


def _theme_from(row: dict, order: int) -> Theme:
    body: dict[str, str] = {}
    for language in ("nb", "nn", "en"):
        parts = []
        for section in row["sections"]:
            heading, paragraphs = section["heading"].get(language), section["body"]
            texts = [paragraph.get(language) for paragraph in paragraphs]
            if heading and all(texts):
                parts.append(f"<h3>{rules.conditional_escape(heading)}</h3>")
                parts += [f"<p>{rules.conditional_escape(text)}</p>" for text in texts]
        if parts:
            body[language] = "".join(parts)
    return Theme(
        slug=row["slug"],
        order=order,
        title=row["title"],
        intro=row.get("intro") or {},
        body_html=body,
        tools=row.get("tools") or [],
        laws=row.get("law") or [],
    )
