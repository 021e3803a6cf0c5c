"""Who was asked to take over, join or stand in has left: the question goes to a leader, and the asker is told."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import DeputyState, HandoverState, InvitationState
from apps.stafettlogg.models import Deputy, Handover, Invitation
from apps.stafettlogg.services import deputies, handovers, participants
from apps.stafettlogg.services.reminders import sweep
from tests.factories import make_employee, make_leader, make_membership, make_unit
from tests.stafettlogg.factories import make_log, open_window

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def unit():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


@pytest.fixture
def log(unit):
    log = make_log(holder=make_employee(make_unit("Solbakken")), now=NOW - DAY)
    open_window(log, unit, now=NOW - DAY)
    return log


def leave(person):
    for place in person.memberships.all():
        place.last_day = TODAY - DAY
        place.save()


def told(user):
    return sorted(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def offer(log, person):
    return handovers.offer_handover(
        log.pk, to_membership=person.membership, actor=log.holder.user, now=NOW - timedelta(hours=1)
    )


def invite(log, person):
    return participants.invite_unit(
        log.pk,
        unit=person.membership.unit,
        to_membership=person.membership,
        actor=log.holder.user,
        now=NOW - timedelta(hours=1),
    )


def test_offer_goes_to_the_leader_and_the_holder_is_told_the_same_day(log, unit):
    mona, leader = make_employee(unit), make_leader(unit)
    offered = offer(log, mona)
    leave(mona)

    sweep(now=NOW)
    sweep(now=NOW + timedelta(minutes=10))

    assert list(access.handovers_for(leader, NOW)) == [offered]
    assert Handover.objects.get().state == HandoverState.OFFERED
    assert (told(leader), told(log.holder.user).count("asked_has_left")) == (["handover_to_appoint"], 1)


def test_offer_to_a_service_without_a_leader_lapses_and_the_holder_is_told(log, unit):
    mona = make_employee(unit)
    offer(log, mona)
    leave(mona)

    sweep(now=NOW)

    assert Handover.objects.get().state == HandoverState.LAPSED
    assert told(log.holder.user).count("asked_has_left") == 1


def test_invitation_goes_to_the_leader_and_the_holder_is_told_the_same_day(log, unit):
    mona, leader = make_employee(unit), make_leader(unit)
    invited = invite(log, mona)
    leave(mona)

    sweep(now=NOW)
    sweep(now=NOW + timedelta(minutes=10))

    assert list(access.invitations_for(leader, NOW)) == [invited]
    assert (told(leader).count("invitation"), told(log.holder.user).count("asked_has_left")) == (1, 1)


def test_invitation_of_a_service_without_a_leader_ends_and_the_holder_is_told(log, unit):
    mona = make_employee(unit)
    invite(log, mona)
    leave(mona)

    sweep(now=NOW)

    assert Invitation.objects.get().state == InvitationState.ENDED
    assert told(log.holder.user).count("asked_has_left") == 1


def test_who_is_switched_off_has_left_too(log, unit):
    mona, leader = make_employee(unit), make_leader(unit)
    offer(log, mona)
    mona.is_active = False
    mona.save()

    sweep(now=NOW)

    assert access.handovers_for(leader, NOW).count() == 1


def test_new_role_in_the_same_service_is_no_leaving(log, unit):
    mona = make_employee(unit)
    make_leader(unit)
    offer(log, mona)
    leave(mona)
    place = make_membership(mona, unit, first_day=TODAY)

    sweep(now=NOW)

    assert Handover.objects.get().to_membership == place
    assert access.handovers_for(mona, NOW).count() == 1
    assert "asked_has_left" not in told(log.holder.user)


def test_who_is_still_there_keeps_the_question(log, unit):
    mona = make_employee(unit, last_day=TODAY)
    make_leader(unit)
    offer(log, mona)
    invite(log, make_employee(unit, last_day=TODAY))

    sweep(now=NOW)

    assert (Handover.objects.get().to_membership, Invitation.objects.get().state) == (mona.membership, "invited")


@pytest.mark.parametrize("accepts", [True, False])
def test_deputy_who_leaves_is_one_no_more_and_the_leader_asks_another(log, accepts):
    leader, deputy = make_leader(log.unit), make_employee(log.unit)
    asked = deputies.appoint_deputy(
        log.pk, membership=deputy.membership, first_day=TODAY, last_day=TODAY + 9 * DAY, actor=leader, now=NOW - DAY
    )
    if accepts:
        deputies.accept_deputy(asked.pk, actor=deputy, now=NOW - DAY)
    leave(deputy)

    sweep(now=NOW)

    assert Deputy.objects.get().state not in (DeputyState.OFFERED, DeputyState.ACCEPTED)
    assert told(leader).count("deputy_has_left") == 1
