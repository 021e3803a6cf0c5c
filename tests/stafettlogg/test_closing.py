from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.core.dates import end_of_day, local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications import kinds
from apps.notifications.models import Notice
from apps.notifications.selectors import reminders_due
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    Action,
    CloseReason,
    ConsentState,
    Decision,
    GoalStatus,
    HandoverState,
    InvitationState,
    LogStatus,
    Relation,
)
from apps.stafettlogg.models import Consent, ConsentWindow, Evaluation, Log
from apps.stafettlogg.selectors.closing import summary_of
from apps.stafettlogg.services import (
    closing,
    consent_questions,
    consents,
    deputies,
    family_closing,
    handovers,
    participants,
)
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_goal,
    make_guardian,
    make_log,
    make_participant,
)
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)


def evaluate(log, *, decision=Decision.CLOSE, at=NOW):
    return Evaluation.objects.create(
        log=log,
        held_day=local_day(at),
        decision=decision,
        level_before=log.level,
        level_after=log.level,
        is_final=decision == Decision.CLOSE,
        recorded_by=log.holder.user,
        recorded_at=at,
    )


def notices(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind).count()


@pytest.fixture
def log():
    return make_log(holder=make_employee(make_unit("Solbakken barnehage")), now=NOW)


def close(log, **fields):
    fields = {"reason": CloseReason.GOAL_REACHED, "actor": log.holder.user, "now": NOW} | fields
    return closing.close_log(log.pk, **fields)


def test_holder_closes_after_the_final_evaluation(log):
    evaluate(log)

    close(log)

    log.refresh_from_db()
    assert (log.status, log.close_reason, log.closed_by) == (
        LogStatus.CLOSED,
        CloseReason.GOAL_REACHED,
        log.holder.user,
    )
    assert notices(log.guardians[0].user, "log_closed_family") == 1


@pytest.mark.parametrize("decisions", [[], [Decision.CONTINUE], [Decision.CLOSE, Decision.CONTINUE]])
def test_without_a_final_evaluation_the_holder_cannot_close(log, decisions):
    for number, decision in enumerate(decisions):
        evaluate(log, decision=decision, at=NOW + timedelta(minutes=number))

    with pytest.raises(RuleBroken) as broken:
        close(log, now=NOW + timedelta(hours=1))

    assert broken.value.code == "final_evaluation_missing"


@pytest.mark.parametrize("reason", [CloseReason.QUIET, CloseReason.NO_CONSENT, "", "noe annet"])
def test_holder_gives_one_of_her_own_reasons(log, reason):
    evaluate(log)

    with pytest.raises(RuleBroken) as broken:
        close(log, reason=reason)

    assert broken.value.code == "reason_unknown"


def test_participant_leader_and_family_cannot_close_as_the_holder(log):
    evaluate(log)

    for actor in (make_participant(log, now=NOW), make_leader(log.unit), log.guardians[0].user):
        with pytest.raises(AccessDenied):
            close(log, actor=actor)


def test_after_closing_all_writing_stops_and_services_no_longer_see_it(log):
    employee = make_participant(log, make_unit("PP-tjenesten", kind=UnitKind.PPT), now=NOW)
    holder, guardian = log.holder.user, log.guardians[0].user
    evaluate(log)

    close(log)

    at = NOW + timedelta(seconds=1)
    log.refresh_from_db()
    assert list(access.visible_logs(employee, at)) == []
    assert list(access.visible_logs(holder, at)) == list(access.visible_logs(guardian, at)) == [log]
    assert [window.unit for window in ConsentWindow.objects.filter(log=log, valid_until__gt=at)] == [log.unit]
    for attempt in (
        lambda: participants.invite_unit(log.pk, unit=employee.membership.unit, actor=holder, now=at),
        lambda: handovers.offer_handover(log.pk, to_membership=employee.membership, actor=holder, now=at),
        lambda: consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=holder, now=at),
        lambda: family_closing.ask_to_close(log.pk, actor=guardian, now=at),
    ):
        with pytest.raises(RuleBroken):
            attempt()


def test_everything_that_waits_ends_with_the_log(log):
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)
    colleague = make_employee(log.unit)
    handover = handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=log.holder.user, now=NOW)
    deputy = deputies.appoint_deputy(
        log.pk,
        membership=colleague.membership,
        first_day=local_day(NOW),
        last_day=local_day(NOW),
        actor=make_leader(log.unit),
        now=NOW,
    )
    evaluate(log)

    close(log)

    for thing in (invitation, handover, deputy):
        thing.refresh_from_db()
    assert (invitation.state, handover.state, deputy.state) == (
        InvitationState.ENDED,
        HandoverState.WITHDRAWN,
        "ended",
    )
    assert not Consent.objects.filter(log=log, state=ConsentState.WAITING).exists()


def test_closed_log_cannot_be_closed_again(log):
    evaluate(log)
    close(log)

    with pytest.raises(RuleBroken) as broken:
        close(log, now=NOW + timedelta(seconds=1))

    assert broken.value.code == "log_state"


@pytest.fixture
def expected():
    child = make_child(given_name="", family_name="", birth_date=None, expected_day=date(2027, 1, 15))
    mother = make_guardian(child, relation=Relation.PREGNANT)
    return make_log(holder=make_employee(), child=child, guardians=[mother], now=NOW)


def test_quiet_closing_stops_every_reminder_and_tells_nobody(expected):
    expected.evaluation_due_day = local_day(NOW)
    expected.save()
    assert [due.code for due in reminders_due(NOW)] == ["evaluation_due"]
    before = Notice.objects.count()

    closing.close_quietly(expected.pk, actor=expected.holder.user, now=NOW)

    assert reminders_due(NOW) == []
    assert Notice.objects.count() == before
    assert Log.objects.get(pk=expected.pk).close_reason == CloseReason.QUIET


def test_what_was_queued_before_a_quiet_closing_is_not_sent(expected):
    mother = expected.guardians[0].user
    told = Notice.objects.filter(recipient=mother)
    codes = sorted(told.values_list("kind", flat=True))
    assert "log_opened_family" in codes

    closing.close_quietly(expected.pk, actor=mother, now=NOW)

    still = [notice.kind for notice in told if kinds.get(notice.kind).may_still_get(mother, notice.object_id)]
    assert still in ([], ["consent_receipt"])


def test_quiet_closing_of_a_request_removes_it():
    child = make_child(given_name="", family_name="", birth_date=None, expected_day=date(2027, 1, 15))
    make_guardian(child, relation=Relation.PREGNANT)
    log = make_log(status=LogStatus.REQUESTED, child=child, now=NOW)

    closing.close_quietly(log.pk, actor=log.holder.user, now=NOW)

    assert Log.objects.get(pk=log.pk).status == LogStatus.REMOVED


def test_quiet_closing_is_for_an_expected_child_only(log):
    with pytest.raises(RuleBroken) as broken:
        closing.close_quietly(log.pk, actor=log.holder.user, now=NOW)

    assert broken.value.code == "quiet_only_expected"


@pytest.fixture
def shell(log):
    make_municipality(shell_days=30)
    guardian = log.guardians[0]
    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=NOW)
    log.refresh_from_db()
    return log


def test_shell_is_closed_when_its_days_are_over_and_not_before(shell):
    leader = make_leader(shell.unit)
    end = end_of_day(local_day(NOW) + timedelta(days=30))

    counts = [closing.close_ended_shells(now=at) for at in (end - timedelta(seconds=1), end, end)]

    shell.refresh_from_db()
    assert counts == [0, 1, 0]
    assert (shell.status, shell.close_reason, shell.closed_by) == (LogStatus.CLOSED, CloseReason.NO_CONSENT, None)
    told = [notices(shell.holder.user, "log_closed"), notices(leader, "log_closed")]
    assert [*told, notices(shell.guardians[0].user, "log_closed_family")] == [1, 1, 1]


def test_holder_may_close_the_shell_without_an_evaluation(shell):
    assert not access.can(shell.holder.user, shell, Action.EVALUATE, NOW)

    close(shell)

    assert Log.objects.get(pk=shell.pk).is_closed


def test_renewed_consent_keeps_the_log_open(shell):
    later = NOW + timedelta(hours=1)
    consent_questions.ask_consent(shell.pk, unit_ids=[shell.unit_id], actor=shell.holder.user, now=later)
    give_consents(shell, now=later)

    assert closing.close_ended_shells(now=NOW + timedelta(days=60)) == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [(GoalStatus.REACHED, "Nådd"), (GoalStatus.OPEN, "Ikke nådd"), (GoalStatus.DROPPED, "Ikke lenger aktuelt")],
)
def test_closing_says_what_becomes_of_each_goal(log, status, words):
    goal = make_goal(log, now=NOW)
    evaluate(log)

    close(log, goals={goal.pk: status})

    log.refresh_from_db()
    assert [line.status for line in summary_of(log, now=NOW).goals] == [words]
    page = signed_in(log.holder.user).get(reverse("stafettlogg:plan", args=[log.pk])).text
    assert words in page


@pytest.mark.parametrize("answers", [{}, {"x": "reached"}, {"goal": "glemt"}])
def test_log_is_not_closed_while_a_goal_has_no_answer(log, answers):
    goal = make_goal(log, now=NOW)
    evaluate(log)

    with pytest.raises(RuleBroken) as broken:
        close(log, goals={goal.pk if name == "goal" else uuid4(): status for name, status in answers.items()})

    assert broken.value.code == "goals_left"
    log.refresh_from_db()
    assert log.is_active


def test_page_asks_what_becomes_of_each_goal(log):
    goal = make_goal(log, "Emma har noen å leke med", now=NOW)
    evaluate(log)
    client, page = signed_in(log.holder.user), reverse("stafettlogg:close", args=[log.pk])

    asked = client.get(page).text
    missing = client.post(page, {"reason": "goal"})
    client.post(page, {"reason": "goal", f"goal_{goal.pk}": "reached"})

    assert "Målet «Emma har noen å leke med»" in asked
    assert missing.status_code == 422
    log.refresh_from_db()
    goal.refresh_from_db()
    assert (log.status, goal.status) == (LogStatus.CLOSED, GoalStatus.REACHED)
