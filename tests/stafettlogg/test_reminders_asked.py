"""What waits for someone who is asked: the stafettpinne, invitations, being deputy; and what leaders are told."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core.dates import local_day
from apps.municipality.enums import UnitKind
from apps.notifications.selectors import reminders_due, tasks_for
from apps.stafettlogg.enums import GoalStatus, MeasureStatus, Place
from apps.stafettlogg.models import Goal, Measure
from apps.stafettlogg.services import (
    deputies,
    handovers,
    holders_leaving,
    participants,
)
from tests.factories import make_absence, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    make_log,
    open_window,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
TODAY = local_day(NOW)


def days(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def unit():
    make_municipality(consent_reminder_days=7, handover_days=14, evaluation_weeks=30)
    return make_unit("Solbakken barnehage")


@pytest.fixture
def log(unit):
    return make_log(holder=make_employee(unit), now=NOW)


def make_measure(log, *, due_day, responsible=None, status=MeasureStatus.ONGOING, goal_status=GoalStatus.OPEN):
    goal = Goal.objects.create(log=log, title="Et mål", status=goal_status, created_by=log.holder.user, created_at=NOW)
    return Measure.objects.create(
        goal=goal,
        log=log,
        title="Lek ute",
        place=Place.HOME,
        responsible=responsible,
        due_day=due_day,
        status=status,
        created_by=log.holder.user,
        created_at=NOW,
    )


def due_at(at):
    """(code, who) of everything somebody is to be reminded of."""
    return sorted((due.code, due.recipient.name) for due in reminders_due(at))


def tasks(user, at=NOW):
    return [task.code for task in tasks_for(user, at)]


def test_offered_stafettpinne_reminds_after_3_and_7_days_and_stands_on_the_page_at_once(log, unit):
    ane = make_employee(unit, name="Ane Solheim")
    handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=NOW)

    keys = {number: [due.key.rsplit(" ", 1)[1] for due in reminders_due(days(number))] for number in (2, 3, 6)}

    assert keys == {2: [], 3: ["3"], 6: ["3"]}
    assert due_at(days(7)) == sorted([("handover_unanswered", log.holder.user.name), ("handover_waiting", ane.name)])
    assert tasks(ane) == ["handover_waiting"]
    assert due_at(days(15)) == []


def test_offer_to_a_unit_reminds_its_leader(log):
    there = make_unit("Skolen", kind=UnitKind.SCHOOL)
    leader = make_leader(there)
    open_window(log, there, now=NOW)
    handovers.offer_handover(log.pk, to_unit=there, actor=log.holder.user, now=NOW)

    assert due_at(days(3)) == [("handover_waiting", leader.name)]
    assert tasks(leader) == ["handover_waiting"]


def test_invitation_reminds_after_3_and_7_days(log):
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    leader, jonas = make_leader(ppt), make_employee(ppt)
    open_window(log, ppt, now=NOW)
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)
    assert due_at(days(3)) == [("invitation_waiting", leader.name)]

    participants.choose_person(invitation.pk, membership=jonas.membership, actor=leader, now=days(3))

    assert due_at(days(7)) == [("invitation_waiting", jonas.name)]
    assert (tasks(leader, days(4)), tasks(jonas, days(4))) == ([], ["invitation_waiting"])


def test_deputy_who_has_not_answered_is_reminded_on_the_first_day(log, unit):
    ane = make_employee(unit)
    deputies.appoint_deputy(
        log.pk,
        membership=ane.membership,
        first_day=TODAY + timedelta(days=2),
        last_day=TODAY + timedelta(days=4),
        actor=make_leader(unit),
        now=NOW,
    )

    assert {number: bool(due_at(days(number))) for number in (1, 2, 4, 5)} == {1: False, 2: True, 4: True, 5: False}
    assert tasks(ane) == ["deputy_waiting"]


def test_absent_holder_is_a_task_for_her_leader_until_someone_is_asked(log, unit):
    leader, ane = make_leader(unit), make_employee(unit)
    make_absence(log.holder.user, first_day=TODAY, last_day=TODAY + timedelta(days=5))
    assert due_at(NOW) == [("holder_absent", leader.name)]
    assert tasks(leader) == ["holder_absent"]

    deputies.appoint_deputy(
        log.pk,
        membership=ane.membership,
        first_day=TODAY,
        last_day=TODAY + timedelta(days=5),
        actor=leader,
        now=NOW,
    )

    assert due_at(NOW) == [("deputy_waiting", ane.name)]
    assert tasks(leader) == []


def test_absent_leader_who_holds_is_a_task_for_the_leader_above(unit):
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR)
    unit.parent = sector
    unit.save()
    above, leader = make_leader(sector), make_leader(unit)
    make_log(holder=leader, now=NOW)
    make_absence(leader, first_day=TODAY)

    assert due_at(NOW) == [("holder_absent", above.name)]


def test_leader_who_got_the_stafettpinne_is_told_to_appoint(log, unit):
    leader = make_leader(unit)
    holders_leaving.declare_disqualified(log.pk, actor=log.holder.user, now=NOW)
    assert sorted(tasks(leader)) == ["plan_missing", "reason_missing", "still_to_appoint"]
    assert due_at(days(2)) == []
    assert due_at(days(3)) == [("still_to_appoint", leader.name)]

    ane = make_employee(unit)
    handovers.offer_handover(log.pk, to_membership=ane.membership, actor=leader, now=days(3))

    assert due_at(days(4)) == []
