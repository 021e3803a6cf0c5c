"""Texts with an owner: the coordinator drafts, the data protection officer advises, the jurist and the system owner
approve, and from the day it holds families are asked with it. What was answered before keeps its words."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.access import has_right
from apps.accounts.models import User
from apps.core.dates import local_day, local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import lock
from apps.core.text import LocalizedText, language_codes
from apps.municipality.enums import Right
from apps.municipality.selectors.readiness import check_two_people
from apps.stafettlogg.models import ConsentText, TextApproval
from apps.stafettlogg.rules import texts as rules
from apps.stafettlogg.selectors.texts import KEYS


@transaction.atomic
def save_draft(
    key: str,
    *,
    title: LocalizedText,
    paragraphs: list[dict[str, str]],
    statement: LocalizedText,
    valid_from_day: date | None,
    edition: int,
    actor: User,
    now: datetime,
) -> ConsentText:
    """Write the draft of the next version. A change takes every approval of the draft away.

    `edition` is the one the writer saw (0: there was no draft). Raises `AccessDenied`, `RuleBroken`.
    """
    today = local_day(now)
    _check_coordinator(actor, today)
    if key not in KEYS:
        raise RuleBroken("unknown_text", _("Det er ingen slik tekst."))
    rules.check_paragraphs(paragraphs, language_codes())
    rules.check_valid_from(valid_from_day, today=today)
    newest = ConsentText.objects.select_for_update().filter(key=key).order_by("-number").first()
    draft = newest if newest is not None and newest.is_draft else None
    if (draft.edition if draft else 0) != edition:
        raise RuleBroken("edition_changed", _("En annen har endret utkastet. Last siden på nytt."))
    if draft is None:
        number = (ConsentText.objects.filter(key=key).aggregate(most=Max("number"))["most"] or 0) + 1
        draft = ConsentText(key=key, number=number, edition=0)
    draft.title, draft.paragraphs, draft.statement = title, paragraphs, statement
    draft.valid_from_day, draft.edition = valid_from_day, draft.edition + 1
    draft.drafted_by, draft.drafted_at = actor, now
    draft.full_clean(validate_constraints=False)
    draft.save()
    return draft


@transaction.atomic
def discard_draft(key: str, *, actor: User, now: datetime) -> None:
    """Throw the draft away, with what was said of it. Safe to repeat. Raises `AccessDenied`."""
    _check_coordinator(actor, local_day(now))
    for draft in ConsentText.objects.select_for_update().filter(key=key, published_at__isnull=True):
        for approval in draft.approvals.all():
            approval.delete()
        draft.delete()


@transaction.atomic
def say(text_id: UUID, *, role: Right, edition: int, words: str = "", actor: User, now: datetime) -> TextApproval:
    """Approve an edition of a text, or advise on it. Safe to repeat: what was said first stands.

    With both approvals a draft is published from the day it holds. Raises `AccessDenied`, `RuleBroken`
    («edition_changed»: it is another text by now; «same_person»).
    """
    today = local_day(now)
    if role not in (Right.DPO, *rules.APPROVERS) or not has_right(actor, role, today):
        raise AccessDenied(_("Dette kan bare den som har rollen."))
    text = lock(ConsentText.objects.all(), text_id)
    if text.edition != edition:
        raise RuleBroken("edition_changed", _("Teksten er endret siden du åpnet siden. Les den på nytt."))
    there = {each.role: each for each in text.approvals.filter(edition=edition)}
    if role.value in there:
        return there[role.value]
    if role == Right.DPO and not words.strip():
        raise RuleBroken("no_advice", _("Skriv rådet ditt, eller at du ikke har noen innvending."))
    if role in rules.APPROVERS:
        for other in (there.get(each.value) for each in rules.APPROVERS if each != role):
            if other is not None:
                check_two_people(other.by_id, actor.pk)
    said = TextApproval.objects.create(
        text=text, edition=edition, role=role.value, by=actor, name=actor.name, words=words.strip(), said_at=now
    )
    if text.is_draft and rules.is_approved({role.value, *there}):
        text.valid_from_day = rules.publishing_day(text.valid_from_day, today=today)
        text.published_at = local_midnight(text.valid_from_day)
        text.save()
    return said


def _check_coordinator(actor: User, today: date) -> None:
    if not has_right(actor, Right.COORDINATOR, today):
        raise AccessDenied(_("Bare koordinatoren kan skrive utkast."))
