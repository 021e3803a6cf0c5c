"""G7: who has lost the right between the notice and its sending, gets nothing. Each question a notice kind asks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Membership
from apps.municipality.enums import UnitKind
from apps.notifications import kinds
from apps.stafettlogg.enums import CloseReason, LogStatus
from apps.stafettlogg.kinds import notices, still
from apps.stafettlogg.models import LogAccess
from apps.stafettlogg.services import consents, deputies, handovers, participants
from apps.stafettlogg.services.requests import cancel_request
from tests.factories import make_citizen, make_employee, make_leader, make_unit
from tests.stafettlogg.factories import make_guardian, make_log, make_participant, open_window

pytestmark = pytest.mark.django_db
SOMEONE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def leader():
    return make_leader(make_unit("Solbakken barnehage"))


@pytest.fixture
def log(leader):
    return make_log(holder=make_employee(leader.membership.unit))


def change(thing, **fields):
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save()


def end_row(user):
    for row in LogAccess.objects.filter(user=user):
        change(row, ends_at=timezone.now() - timedelta(microseconds=1))


def end_work(user):
    for place in Membership.objects.filter(user=user):
        change(place, last_day=timezone.localdate() - timedelta(days=1))


def test_every_kind_asks_before_it_is_sent():
    assert [kind.code for kind in notices.NOTICE_KINDS if kinds.get(kind.code) is not kind] == []
    given = [kind.code for kind in notices.NOTICE_KINDS if kind.may_still_get(make_citizen(), SOMEONE)]
    assert given == ["wish_removed"]  # nothing is left of the wish to ask about


@pytest.mark.parametrize("asks", [still.reads_log, still.reads_open_log])
def test_reader_who_lost_the_log_gets_nothing(asks, log):
    mother = log.guardians[0].user
    assert asks(mother, log.pk)

    end_row(mother)

    assert not asks(mother, log.pk)


def test_reader_of_a_closed_log_is_not_reminded_but_told(log):
    mother = log.guardians[0].user

    change(
        log,
        status=LogStatus.CLOSED,
        close_reason=CloseReason.FAMILY_WISH,
        closed_at=timezone.now(),
        closed_by=mother,
        evaluation_due_day=None,
    )

    assert (still.reads_open_log(mother, log.pk), still.reads_log(mother, log.pk)) == (False, True)


def test_reader_of_a_log_that_was_closed_quietly_is_told_nothing(log):
    mother = log.guardians[0].user

    change(
        log,
        status=LogStatus.CLOSED,
        close_reason=CloseReason.QUIET,
        closed_at=timezone.now(),
        closed_by=mother,
        evaluation_due_day=None,
    )

    assert not still.reads_log(mother, log.pk)


def test_holder_who_left_gets_nothing(log):
    holder = log.holder.user
    assert still.holds_log(holder, log.pk)

    end_work(holder)

    assert not still.holds_log(holder, log.pk)


def test_participant_never_gets_what_is_for_the_holder(log):
    assert not still.holds_log(make_participant(log), log.pk)


def test_question_is_reminded_of_until_it_is_answered():
    log = make_log(status=LogStatus.REQUESTED)
    mother = log.guardians[0]
    assert still.is_asked(mother.user, log.pk)

    consents.answer(
        log.consent_requests.get().pk,
        guardian_id=mother.pk,
        choices={log.unit_id: False},
        route="digital",
        actor=mother.user,
        now=timezone.now(),
    )

    assert not still.is_asked(mother.user, log.pk)


def test_receipt_goes_to_who_may_still_open_the_log(log):
    mother = log.guardians[0].user
    assert still.was_asked(mother, log.pk)

    end_row(mother)

    assert not still.was_asked(mother, log.pk)


def test_leader_who_left_gets_nothing(leader, log):
    assert still.leads_log(leader, log.pk)
    assert still.leads_somewhere(leader, None)

    end_work(leader)

    assert not still.leads_log(leader, log.pk)
    assert not still.leads_somewhere(leader, None)


def test_leader_of_another_unit_gets_nothing(log):
    assert not still.leads_log(make_leader(), log.pk)


def test_leader_who_is_family_in_the_log_gets_nothing(leader, log):
    change(leader, national_id_index=b"same person")
    make_guardian(log.child, national_id_index=b"same person")

    assert not still.leads_log(leader, log.pk)


def test_leader_is_told_nothing_of_a_removed_request(leader):
    request = make_log(status=LogStatus.REQUESTED, holder=make_employee(leader.membership.unit))
    assert still.leads_log(leader, request.pk)

    cancel_request(request.pk, actor=request.holder.user, now=timezone.now())

    assert not still.leads_log(leader, request.pk)


def test_what_is_for_employees_is_not_for_the_family(log):
    assert still.is_employee(log.holder.user, log.pk)
    assert not still.is_employee(log.guardians[0].user, log.pk)


def test_invitation_that_was_withdrawn_is_not_sent(log, now):
    therapist = make_employee(make_unit("PP-tjenesten", kind=UnitKind.PPT))
    unit = therapist.membership.unit
    open_window(log, unit, now=now)
    invitation = participants.invite_unit(
        log.pk, unit=unit, to_membership=therapist.membership, actor=log.holder.user, now=now
    )
    assert still.is_invited(therapist, invitation.pk)

    participants.withdraw_invitation(invitation.pk, actor=log.holder.user, now=now)

    assert not still.is_invited(therapist, invitation.pk)


def test_offer_that_was_withdrawn_is_not_sent(log, now):
    colleague = make_employee(log.unit)
    offer = handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=log.holder.user, now=now)
    assert still.is_offered(colleague, offer.pk)

    handovers.withdraw_handover(offer.pk, actor=log.holder.user, now=now)

    assert not still.is_offered(colleague, offer.pk)


def test_question_to_a_deputy_is_not_sent_when_the_days_are_over(leader, log, now):
    colleague = make_employee(log.unit)
    today = timezone.localdate(now)
    asked = deputies.appoint_deputy(
        log.pk, membership=colleague.membership, first_day=today, last_day=today, actor=leader, now=now
    )
    assert still.is_deputy_asked(colleague, asked.pk)

    end_work(colleague)

    assert not still.is_deputy_asked(colleague, asked.pk)
