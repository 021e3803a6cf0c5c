"""«Dette gjenstår»: what must be done in one log, from what its page has read already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.core.statements import statement
from apps.notifications.scope import Scope
from apps.notifications.selectors import Task, tasks_in, waiting_for_letter
from apps.stafettlogg import access
from apps.stafettlogg.enums import About, ConsentState, HandoverState, InvitationState
from apps.stafettlogg.models import (
    CareDecision,
    ChildVoice,
    Consent,
    Correction,
    Handover,
    HiddenPlace,
    Invitation,
    Log,
    RepeatRequest,
)
from apps.stafettlogg.selectors.consents import HolderStatus, status_on
from apps.stafettlogg.selectors.evaluations import latest_evaluation
from apps.stafettlogg.selectors.guardians import used_codes
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.plan import measures_on
from apps.stafettlogg.selectors.tasks import consents, handovers, participants, plan, rows, windows
from apps.stafettlogg.selectors.tasks.what_logs_have import Has, what_logs_have
from apps.stafettlogg.selectors.voices import newest_voice

_WITH_DEADLINE = frozenset({"measure_due", "measure_overdue", "evaluation_due", "evaluation_overdue"})


def tasks_on(page: LogPage) -> list[Task]:
    """What the holder or deputy must do in an active log now, then what waits and comes. Empty for everyone else.

    From what the other sections of the page read too: the answers, the plan and the newest voice.
    """
    log, row, status, voice = page.log, page.row, page.once(status_on), page.once(newest_voice)
    if status is None or not access.is_holding(row) or not log.is_active or not access.sees_content(row):
        return []
    row.content_object = log
    measures = page.once(measures_on)
    scope = Scope(page.now, page.user, log=log, places=[row.membership])
    scope.give(
        {
            rows.own_rows: {log.pk: [row]},
            plan.measures: plan.in_hand(log, measures, today=scope.today),
            consents.waiting: consents.in_hand(status, log, today=scope.today),
        }
    )
    is_invited, is_offered, own_asked, *others = _seldom.first(log.pk, page.now)
    if own_asked:
        asked = consents.own_waiting_in(log, page.now, scope.today)
        scope.give({consents.waiting: [*consents.waiting(scope), *asked]})
    quiet = {
        participants.invitations_waiting: not is_invited,
        handovers.offers_waiting: not is_offered,
        windows.windows: windows.are_quiet(status.windows, log, scope),
    }
    scope.give({reading: [] for reading, is_quiet in quiet.items() if is_quiet})
    has = _has(log, measures, voice, status, others, now=page.now)
    scope.give({what_logs_have: {log.pk: has}})
    return tasks_in(scope).all


def _has(
    log: Log,
    measures: list,
    voice: ChildVoice | None,
    status: HolderStatus,
    others: Sequence[Any],
    *,
    now: datetime,
) -> Has:
    asked = log.evaluation_due_day is None or voice is not None
    latest = latest_evaluation(log) if asked else None
    been_asked_about, code_used, place_hidden, to_correct, to_post, care_ends, own_ends_at, own_limits = others
    return Has(
        measures=bool(measures),
        voice_at=voice.written_at if voice else None,
        evaluated_at=latest.recorded_at if latest else None,
        decided_to_close=latest is not None and latest.is_final,
        first_due=None,
        unread_limits=bool(status.unread_limits) or own_limits,
        been_asked_about=been_asked_about,
        code_to_confirm=code_used,
        place_hidden=place_hidden,
        to_correct=to_correct,
        to_post=to_post,
        care_ends=care_ends,
        own_ends_at=own_ends_at,
        letter_to_send=any(grant.has_letter(now) and grant.letter_sent_at is None for grant in status.exceptions),
    )


@statement
def _seldom(log_id: UUID, now: datetime) -> QuerySet[Log]:
    """What most logs have none of: an invitation or an offer without an answer, a guardian who is asked about herself,
    others who have asked about the child, a code that somebody has used, something to be corrected, a letter to post, a
    place that is hidden, a decision about the care, a guardian's yes about herself and limits to it.

    Where there is one the readings of the tasks say whether it still counts."""
    here = {"log": OuterRef("pk")}
    own = Consent.objects.filter(about=About.OWN, **here)
    given = own.filter(state=ConsentState.GIVEN)
    return Log.objects.filter(pk=log_id).values_list(
        Exists(Invitation.objects.filter(state=InvitationState.INVITED, **here)),
        Exists(Handover.objects.filter(state=HandoverState.OFFERED, **here)),
        Exists(own.filter(state=ConsentState.WAITING)),
        Exists(RepeatRequest.objects.filter(handled_at=None, **here)),
        Exists(used_codes(now).filter(guardian__child=OuterRef("child"))),
        Exists(HiddenPlace.objects.filter(origin=None, ended_at=None, **here)),
        Exists(Correction.objects.filter(settled_at=None, **here)),
        Exists(waiting_for_letter().filter(object_id=OuterRef("pk"))),
        Exists(CareDecision.objects.filter(ended_at=None, last_day__isnull=False, **here)),
        Subquery(given.filter(expires_at__gt=now).order_by("expires_at").values("expires_at")[:1]),
        Exists(given.filter(answer__limits_followed_at=None).exclude(answer__limits="")),
    )


# What one guardian has said, or a paper or an interpreter waits for, and what is hidden: never on a page that may be
# projected (S33).
ABOUT_ANSWERS = frozenset(
    {
        *(
            "answer_on_paper",
            "consent_out",
            "consent_unanswered",
            "correction",
            "interpreter",
            "letter_to_send",
            "limits_to_read",
            "own_expiring",
            "own_unanswered",
        ),
        *("place_hidden", "care_ending"),
    }
)


def log_section(page: LogPage) -> dict[str, Any] | None:
    """For the overview, which may be projected."""
    tasks = [task for task in page.once(tasks_on) if task.code not in ABOUT_ANSWERS]
    return {"tasks": tasks} if tasks else None


def tasks_about_answers(page: LogPage) -> list[Task]:
    """For the holder's own page about consent."""
    return [task for task in page.once(tasks_on) if task.code in ABOUT_ANSWERS]


def is_late(page: LogPage) -> bool:
    """As `due.is_late`, from what is read already; nobody but the holder has tasks here."""
    late = [task for task in page.once(tasks_on) if task.due_day is not None and task.due_day <= page.today]
    return any(task.code in _WITH_DEADLINE for task in late)
