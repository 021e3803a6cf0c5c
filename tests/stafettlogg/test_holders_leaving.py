"""There is no moment without a holder (safety.md S21), and the clock alone moves the stafettpinne."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.accounts.access import units_led_by
from apps.core.dates import FAR_AT, FAR_DAY, local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, LogStatus
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.selectors.holders import effective_holder
from apps.stafettlogg.services import handovers, holders_leaving
from tests.factories import make_employee, make_leader, make_leader_role, make_membership, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
LAST_DAY = date(2026, 10, 30)
AFTER = local_midnight(LAST_DAY + timedelta(days=1))
SECOND = timedelta(seconds=1)


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage", parent=make_unit("Oppvekst", kind=UnitKind.SECTOR))


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


@pytest.fixture
def log(unit):
    return make_log(holder=make_employee(unit), now=NOW)


def end_place(user, last_day=LAST_DAY):
    for place in user.memberships.all():
        place.last_day = last_day
        place.save()


def holders_at(log, at):
    rows = access.current_rows_in([log.pk], at).filter(kind=AccessKind.HOLDER)
    return [row.user for row in rows]


def notices(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind).count()


def test_leader_holds_from_the_second_the_place_ends_without_any_job(log, leader):
    holder = log.holder.user
    end_place(holder)

    assert holders_leaving.plan_successions(now=NOW) == 1

    assert holders_at(log, AFTER - SECOND) == [holder]
    assert holders_at(log, AFTER) == [leader]
    assert list(access.visible_logs(leader, AFTER - SECOND)) == []
    assert list(access.visible_logs(leader, AFTER)) == [log]
    assert list(access.visible_logs(holder, AFTER)) == []
    assert effective_holder(log, AFTER).user == leader
    assert notices(leader, "holder_leaving") == 1


def test_plan_is_written_once(log, leader):
    end_place(log.holder.user)

    assert [holders_leaving.plan_successions(now=NOW + timedelta(minutes=10 * n)) for n in range(3)] == [1, 0, 0]
    assert LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER).count() == 2


def test_settling_points_the_log_to_the_leader_and_tells_once(log, leader):
    old = log.holder.user
    end_place(old)
    holders_leaving.plan_successions(now=NOW)

    assert holders_leaving.settle_ended_holders(now=AFTER - SECOND) == 0
    assert holders_leaving.settle_ended_holders(now=AFTER + SECOND) == 1
    assert holders_leaving.settle_ended_holders(now=AFTER + SECOND) == 0

    log.refresh_from_db()
    assert log.holder.user == leader
    assert notices(leader, "must_appoint") == 1
    assert notices(log.guardians[0].user, "new_holder") == 1


def test_an_end_that_was_known_too_late_leaves_no_gap(log, leader):
    holder = log.holder.user
    end_place(holder)
    late = AFTER + timedelta(hours=9)

    holders_leaving.plan_successions(now=late)
    holders_leaving.settle_ended_holders(now=late)

    rows = LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER).order_by("starts_at")
    assert [(row.user, row.ends_at) for row in rows] == [(holder, AFTER), (leader, FAR_AT)]
    assert rows[1].starts_at == AFTER
    assert holders_at(log, late) == [leader]


def test_closed_account_passes_the_log_to_the_leader_at_once(log, leader):
    holder = log.holder.user
    holder.is_active = False
    holder.save()

    holders_leaving.plan_successions(now=NOW)
    holders_leaving.settle_ended_holders(now=NOW)

    assert holders_at(log, NOW) == [leader]
    assert Log.objects.get(pk=log.pk).holder.user == leader


def test_end_that_is_taken_back_undoes_the_plan(log, leader):
    holder = log.holder.user
    end_place(holder)
    holders_leaving.plan_successions(now=NOW)
    end_place(holder, FAR_DAY)

    assert holders_leaving.plan_successions(now=NOW + SECOND) == 1

    assert holders_at(log, AFTER) == [holder]
    assert holders_leaving.plan_successions(now=NOW + 2 * SECOND) == 0


def test_moved_end_moves_the_plan(log, leader):
    holder = log.holder.user
    end_place(holder)
    holders_leaving.plan_successions(now=NOW)
    end_place(holder, LAST_DAY + timedelta(days=7))

    holders_leaving.plan_successions(now=NOW + SECOND)

    assert holders_at(log, AFTER + timedelta(days=7) - SECOND) == [holder]
    assert holders_at(log, AFTER + timedelta(days=7)) == [leader]


def test_leader_who_leaves_first_is_replaced_in_the_plan(log, leader, unit):
    above = make_leader(unit.parent)
    end_place(log.holder.user)
    holders_leaving.plan_successions(now=NOW)
    end_place(leader, LAST_DAY - timedelta(days=3))

    holders_leaving.plan_successions(now=NOW + SECOND)

    assert holders_at(log, AFTER) == [above]


def test_leader_who_holds_and_leaves_is_followed_by_the_leader_above(unit):
    above = make_leader(unit.parent)
    leader = make_leader(unit)
    log = make_log(holder=leader, now=NOW)
    end_place(leader)

    holders_leaving.plan_successions(now=NOW)

    assert holders_at(log, AFTER) == [above]
    assert effective_holder(log, AFTER).window.unit == unit


def test_holder_who_changes_role_in_the_unit_keeps_her_logs(log, unit):
    make_leader(unit)
    holder = log.holder.user
    end_place(holder)
    make_membership(holder, unit, role=make_leader_role(), first_day=LAST_DAY + timedelta(days=1))

    holders_leaving.plan_successions(now=NOW)
    holders_leaving.settle_ended_holders(now=AFTER)

    assert (holders_at(log, AFTER - SECOND), holders_at(log, AFTER)) == ([holder], [holder])
    assert notices(log.guardians[0].user, "new_holder") == 0


def test_leader_who_is_a_guardian_is_passed_over(unit):
    above = make_leader(unit.parent)
    make_leader(unit, national_id_index="same-human")
    child = make_child()
    make_guardian(child, national_id_index="same-human")
    log = make_log(holder=make_employee(unit), child=child, now=NOW)
    end_place(log.holder.user)

    holders_leaving.plan_successions(now=NOW)

    assert holders_at(log, AFTER) == [above]


def test_without_any_leader_the_row_stays_and_nothing_breaks(log):
    holder = log.holder.user
    end_place(holder)

    assert holders_leaving.plan_successions(now=NOW) == 0

    assert Log.objects.get(pk=log.pk).holder.user == holder
    assert holders_leaving.settle_ended_holders(now=AFTER) == 0


def test_requests_get_a_successor_too(unit, leader):
    log = make_log(status=LogStatus.REQUESTED, holder=make_employee(unit), now=NOW)
    end_place(log.holder.user, date(2026, 10, 20))

    holders_leaving.plan_successions(now=NOW)

    assert holders_at(log, local_midnight(date(2026, 10, 21))) == [leader]


def test_handover_before_the_end_makes_the_plan_void(log, leader, unit):
    colleague = make_employee(unit)
    holder = log.holder.user
    end_place(holder)
    holders_leaving.plan_successions(now=NOW)
    handover = handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=holder, now=NOW)

    handovers.accept_handover(handover.pk, actor=colleague, now=NOW + timedelta(days=1))

    assert holders_at(log, AFTER) == [colleague]
    assert holders_leaving.plan_successions(now=NOW + timedelta(days=2)) == 0
    assert list(access.visible_logs(leader, AFTER)) == []


def test_offer_made_before_the_end_is_still_open_after_it(log, leader, unit):
    colleague = make_employee(unit)
    holder = log.holder.user
    end_place(holder, date(2026, 10, 10))
    handover = handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=holder, now=NOW)
    holders_leaving.plan_successions(now=NOW)
    after = local_midnight(date(2026, 10, 11))
    holders_leaving.settle_ended_holders(now=after)

    handovers.accept_handover(handover.pk, actor=colleague, now=after + SECOND)

    assert holders_at(log, after) == [leader]
    assert holders_at(log, after + SECOND) == [colleague]


def test_disqualified_holder_passes_the_task_to_the_leader_at_once(log, leader):
    holder = log.holder.user

    holders_leaving.declare_disqualified(log.pk, actor=holder, now=NOW)

    assert holders_at(log, NOW) == [leader]
    assert list(access.visible_logs(holder, NOW)) == []
    assert notices(leader, "must_appoint") == 1


def test_disqualified_leader_passes_it_to_the_leader_above(unit):
    above = make_leader(unit.parent)
    leader = make_leader(unit)
    log = make_log(holder=leader, now=NOW)

    holders_leaving.declare_disqualified(log.pk, actor=leader, now=NOW)

    assert holders_at(log, NOW) == [above]


def test_disqualified_holder_without_a_leader_above_stays_until_there_is_one(log):
    with pytest.raises(RuleBroken) as broken:
        holders_leaving.declare_disqualified(log.pk, actor=log.holder.user, now=NOW)

    assert broken.value.code == "no_leader"
    assert holders_at(log, NOW) == [log.holder.user]


def test_disqualified_participant_leaves_and_her_leader_is_told(log):
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    leader = make_leader(ppt)
    employee = make_participant(log, ppt, now=NOW)

    holders_leaving.declare_disqualified(log.pk, actor=employee, now=NOW)

    assert list(access.visible_logs(employee, NOW)) == []
    assert notices(leader, "disqualified") == 1


def test_family_cannot_declare_itself_disqualified(log):
    with pytest.raises(AccessDenied):
        holders_leaving.declare_disqualified(log.pk, actor=log.guardians[0].user, now=NOW)


def test_planning_takes_the_same_queries_with_1_and_30_logs_already_planned(leader, unit, django_assert_num_queries):
    holder = make_employee(unit, last_day=LAST_DAY)
    make_log(holder=holder, now=NOW)
    holders_leaving.plan_successions(now=NOW)
    with django_assert_num_queries(1):
        holders_leaving.plan_successions(now=NOW)
    for _number in range(4):
        make_log(holder=holder, child=make_child(), now=NOW)
    holders_leaving.plan_successions(now=NOW)

    with django_assert_num_queries(1):
        holders_leaving.plan_successions(now=NOW)


def test_a_leaders_page_settles_the_logs_of_the_leaders_own_units_alone(log, leader, unit):
    elsewhere = make_unit("Fjordvik skole", parent=unit.parent)
    other_leader = make_leader(elsewhere, name="Tor Lie")
    other = make_log(holder=make_employee(elsewhere), now=NOW)
    for holder in (log.holder.user, other.holder.user):
        end_place(holder)

    holders_leaving.catch_up(units_led_by(leader), now=AFTER)

    log.refresh_from_db()
    other.refresh_from_db()
    assert log.holder.user == leader
    assert other.holder.user != other_leader
