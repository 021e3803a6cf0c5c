from datetime import UTC, date, datetime, timedelta

import pytest

from apps.core.dates import local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, Action, DeputyState
from apps.stafettlogg.services import deputies, handovers
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 12), date(2026, 10, 16)
SECOND = timedelta(seconds=1)


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit)


@pytest.fixture
def ane(unit):
    return make_employee(unit, name="Ane Solheim")


@pytest.fixture
def log(unit):
    return make_log(holder=make_employee(unit), now=NOW)


def appoint(log, person, leader, first=FIRST, last=LAST, now=NOW):
    return deputies.appoint_deputy(
        log.pk, membership=person.membership, first_day=first, last_day=last, actor=leader, now=now
    )


def notices(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind).count()


def test_nothing_changes_until_she_accepts(log, leader, ane):
    deputy = appoint(log, ane, leader)

    assert deputy.state == DeputyState.OFFERED
    assert notices(ane, "deputy_asked") == 1
    assert list(access.visible_logs(ane, local_midnight(FIRST))) == []


def test_deputy_may_what_the_holder_may_from_the_first_through_the_last_day(log, leader, ane):
    deputies.accept_deputy(appoint(log, ane, leader).pk, actor=ane, now=NOW)

    starts, ends = local_midnight(FIRST), local_midnight(LAST + timedelta(days=1))
    seen = [bool(access.visible_logs(ane, at)) for at in (starts - SECOND, starts, ends - SECOND, ends)]
    assert seen == [False, True, True, False]
    assert access.can(ane, log, Action.HAND_OVER, starts)
    assert access.row_for(ane, log, starts).kind == AccessKind.DEPUTY


def test_deputy_for_a_period_that_has_begun_starts_now(log, leader, ane):
    deputies.accept_deputy(appoint(log, ane, leader, first=date(2026, 10, 7)).pk, actor=ane, now=NOW)

    assert list(access.visible_logs(ane, NOW)) == [log]


def test_family_holder_and_leader_are_told_when_she_accepts(log, leader, ane):
    deputies.accept_deputy(appoint(log, ane, leader).pk, actor=ane, now=NOW)

    told = [
        notices(log.guardians[0].user, "deputy_for_family"),
        notices(log.holder.user, "deputy_in_place"),
        notices(leader, "deputy_accepted"),
    ]
    assert told == [1, 1, 1]


def test_decline_tells_the_leader_alone(log, leader, ane):
    deputies.decline_deputy(appoint(log, ane, leader).pk, actor=ane, now=NOW)

    assert notices(leader, "deputy_declined") == 1
    assert Notice.objects.filter(recipient=log.guardians[0].user, kind__startswith="deputy").count() == 0


def test_only_the_holder_and_the_leader_of_her_unit_appoint(log, ane):
    for actor in (make_leader(make_unit()), ane, log.guardians[0].user):
        with pytest.raises(AccessDenied):
            appoint(log, ane, actor)


def test_leader_who_is_a_guardian_does_not_appoint(unit, ane):
    child = make_child()
    make_guardian(child, national_id_index="same-human")
    log = make_log(holder=make_employee(unit), child=child, now=NOW)

    with pytest.raises(AccessDenied):
        appoint(log, ane, make_leader(unit, national_id_index="same-human"))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(LAST, FIRST, "deputy_days"), (date(2026, 10, 1), date(2026, 10, 7), "deputy_days")],
)
def test_days_must_make_sense(log, leader, ane, first, last, code):
    with pytest.raises(RuleBroken) as broken:
        appoint(log, ane, leader, first=first, last=last)

    assert broken.value.code == code


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        (LAST, LAST + timedelta(days=3), True),
        (FIRST - timedelta(days=2), FIRST, True),
        (LAST + timedelta(days=1), LAST + timedelta(days=3), False),
    ],
)
def test_one_deputy_at_a_time(log, leader, unit, ane, first, last, overlaps):
    appoint(log, ane, leader)
    other = make_employee(unit)

    if overlaps:
        with pytest.raises(RuleBroken) as broken:
            appoint(log, other, leader, first=first, last=last)
        assert broken.value.code == "deputy_overlap"
    else:
        appoint(log, other, leader, first=first, last=last)


def test_deputy_works_in_the_unit_and_is_not_the_holder_or_a_guardian(unit, leader):
    child = make_child()
    make_guardian(child, national_id_index="same-human")
    log = make_log(holder=make_employee(unit), child=child, now=NOW)
    outsider = make_employee(make_unit("Skolen", kind=UnitKind.SCHOOL))
    parent_at_work = make_employee(unit, national_id_index="same-human")

    with pytest.raises(RuleBroken):
        appoint(log, outsider, leader)
    with pytest.raises(AccessDenied):
        appoint(log, parent_at_work, leader)
    with pytest.raises(RuleBroken):
        deputies.appoint_deputy(
            log.pk, membership=log.holder.membership, first_day=FIRST, last_day=LAST, actor=leader, now=NOW
        )


def test_holder_who_is_back_ends_the_deputy_at_once(log, leader, ane):
    deputy = appoint(log, ane, leader)
    deputies.accept_deputy(deputy.pk, actor=ane, now=NOW)
    at = local_midnight(FIRST) + SECOND

    deputies.end_deputy(deputy.pk, actor=log.holder.user, now=at)

    assert list(access.visible_logs(ane, at)) == []
    with pytest.raises(RuleBroken):
        deputies.end_deputy(deputy.pk, actor=leader, now=at)


def test_colleague_cannot_end_a_deputy(log, leader, ane, unit):
    deputy = appoint(log, ane, leader)

    with pytest.raises(AccessDenied):
        deputies.end_deputy(deputy.pk, actor=make_employee(unit), now=NOW)


def test_past_appointments_are_written_off_once(log, leader, ane):
    deputy = appoint(log, ane, leader)
    after = local_midnight(LAST + timedelta(days=1))

    assert [deputies.end_past_deputies(now=at) for at in (after - SECOND, after, after)] == [0, 1, 0]
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.ENDED


def test_deputy_ends_when_the_stafettpinne_changes_hands(log, leader, ane, unit):
    deputy = appoint(log, ane, leader, first=date(2026, 10, 8))
    deputies.accept_deputy(deputy.pk, actor=ane, now=NOW)
    new = make_employee(unit)
    handover = handovers.offer_handover(log.pk, to_membership=new.membership, actor=ane, now=NOW)

    handovers.accept_handover(handover.pk, actor=new, now=NOW + SECOND)

    deputy.refresh_from_db()
    assert deputy.state == DeputyState.ENDED
    assert list(access.visible_logs(ane, NOW + SECOND)) == []


def test_nobody_else_answers_for_the_deputy(log, leader, ane, unit):
    deputy = appoint(log, ane, leader)

    for actor in (leader, make_employee(unit), log.holder.user):
        with pytest.raises(AccessDenied):
            deputies.accept_deputy(deputy.pk, actor=actor, now=NOW)
