from datetime import UTC, datetime, timedelta

import pytest

from apps.core.dates import end_of_day, local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, HandoverState, LogStatus
from apps.stafettlogg.models import Consent, Handover, LogAccess
from apps.stafettlogg.services import consents, handovers, participants
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log, open_window

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)


def now_holding(log, at):
    rows = access.current_rows_in([log.pk], at).filter(kind=AccessKind.HOLDER)
    return [row.user for row in rows]


def notices(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind).count()


@pytest.fixture
def unit():
    make_municipality(handover_days=14)
    return make_unit("Solbakken barnehage")


@pytest.fixture
def log(unit):
    return make_log(holder=make_employee(unit), now=NOW)


@pytest.fixture
def colleague(unit):
    return make_employee(unit, name="Ane Solheim")


def offer(log, person, at=NOW, **fields):
    return handovers.offer_handover(log.pk, to_membership=person.membership, actor=log.holder.user, now=at, **fields)


def test_offer_to_colleague_waits_for_her_answer(log, colleague):
    handover = offer(log, colleague, letter="Ring mor først.")

    assert (handover.state, handover.to_unit_id) == (HandoverState.OFFERED, log.unit_id)
    assert handover.expires_at == end_of_day(local_day(NOW) + timedelta(days=14))
    assert notices(colleague, "handover_offered") == 1
    assert now_holding(log, NOW) == [log.holder.user]


def test_accept_moves_the_stafettpinne_in_one_instant(log, colleague):
    old = log.holder.user
    handover = offer(log, colleague)
    at = NOW + timedelta(days=1)

    handovers.accept_handover(handover.pk, actor=colleague, now=at)

    log.refresh_from_db()
    assert log.holder.user == colleague
    assert now_holding(log, at - timedelta(microseconds=1)) == [old]
    assert now_holding(log, at) == [colleague]
    assert list(access.visible_logs(old, at)) == []
    assert notices(old, "handover_done") == 1
    assert notices(log.guardians[0].user, "new_holder") == 1


def test_accept_tells_the_leaders_of_both_units(log):
    leader_here = make_leader(log.unit)
    there = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    leader_there, ppt = make_leader(there), make_employee(there)
    open_window(log, there, now=NOW)

    handovers.accept_handover(offer(log, ppt).pk, actor=ppt, now=NOW)

    assert (notices(leader_here, "handover_done"), notices(leader_there, "handover_done")) == (1, 1)


def test_old_holder_stays_as_participant_when_she_asked_to(log, colleague):
    old = log.holder.user
    handover = offer(log, colleague, holder_stays=True)

    handovers.accept_handover(handover.pk, actor=colleague, now=NOW)

    assert access.row_for(old, log, NOW).kind == AccessKind.PARTICIPANT


def test_participant_who_accepts_has_one_row(log, colleague):
    invitation = participants.invite_unit(
        log.pk, unit=log.unit, to_membership=colleague.membership, actor=log.holder.user, now=NOW
    )
    participants.join(invitation.pk, membership=colleague.membership, actor=colleague, now=NOW)
    later = NOW + timedelta(hours=1)

    handovers.accept_handover(offer(log, colleague).pk, actor=colleague, now=later)

    rows = access.current_rows_in([log.pk], later).filter(user=colleague)
    assert [row.kind for row in rows] == [AccessKind.HOLDER]


def test_only_the_person_asked_may_accept(log, colleague):
    handover = offer(log, colleague)

    for actor in (log.holder.user, make_employee(log.unit), make_leader(log.unit), make_citizen()):
        with pytest.raises(AccessDenied):
            handovers.accept_handover(handover.pk, actor=actor, now=NOW)


def test_only_the_holder_may_offer(log, colleague):
    for actor in (colleague, make_leader(log.unit), log.guardians[0].user):
        with pytest.raises(AccessDenied):
            handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=actor, now=NOW)


def test_one_offer_at_a_time(log, colleague):
    offer(log, colleague)

    with pytest.raises(RuleBroken) as broken:
        offer(log, make_employee(log.unit))

    assert broken.value.code == "handover_waiting"


def test_offer_to_the_holder_herself_is_refused(log):
    with pytest.raises(RuleBroken) as broken:
        handovers.offer_handover(log.pk, to_membership=log.holder.membership, actor=log.holder.user, now=NOW)

    assert broken.value.code == "already_holder"


def test_request_cannot_be_handed_over(unit, colleague):
    log = make_log(status=LogStatus.REQUESTED, holder=make_employee(unit), now=NOW)

    with pytest.raises(RuleBroken) as broken:
        offer(log, colleague)

    assert broken.value.code == "log_not_active"


def test_guardian_in_the_log_is_never_offered_it(unit):
    child = make_child()
    make_guardian(child, national_id_index="same-human")
    log = make_log(holder=make_employee(unit), child=child, now=NOW)
    parent_at_work = make_employee(unit, national_id_index="same-human")

    with pytest.raises(AccessDenied):
        offer(log, parent_at_work)


def test_decline_gives_the_holder_the_reason_and_keeps_her(log, colleague):
    handover = offer(log, colleague)

    handovers.decline_handover(handover.pk, reason="Jeg slutter til jul.", actor=colleague, now=NOW)

    handover.refresh_from_db()
    assert (handover.state, handover.decline_reason) == (HandoverState.DECLINED, "Jeg slutter til jul.")
    assert now_holding(log, NOW) == [log.holder.user]
    assert notices(log.holder.user, "handover_declined") == 1
    assert notices(log.guardians[0].user, "handover_declined") == 0


def test_decline_needs_a_reason(log, colleague):
    handover = offer(log, colleague)

    with pytest.raises(RuleBroken) as broken:
        handovers.decline_handover(handover.pk, reason="  ", actor=colleague, now=NOW)

    assert broken.value.code == "reason_missing"


def test_withdrawn_offer_cannot_be_accepted(log, colleague):
    handover = offer(log, colleague)
    handovers.withdraw_handover(handover.pk, actor=log.holder.user, now=NOW)

    with pytest.raises(RuleBroken) as broken:
        handovers.accept_handover(handover.pk, actor=colleague, now=NOW)

    assert broken.value.code == "handover_state"
    assert notices(colleague, "handover_withdrawn") == 1


def test_offer_is_answered_through_its_last_day_and_not_after(log, colleague):
    handover = offer(log, colleague)
    end = handover.expires_at

    assert list(access.handovers_for(colleague, end - timedelta(microseconds=1))) == [handover]
    assert list(access.handovers_for(colleague, end)) == []
    with pytest.raises(RuleBroken) as broken:
        handovers.accept_handover(handover.pk, actor=colleague, now=end)
    assert broken.value.code == "handover_lapsed"


def test_sweeper_lets_unanswered_offers_lapse_once(log, colleague):
    handover = offer(log, colleague)

    first = handovers.lapse_handovers(now=handover.expires_at)
    again = handovers.lapse_handovers(now=handover.expires_at)

    handover.refresh_from_db()
    assert (first, again, handover.state) == (1, 0, HandoverState.LAPSED)
    assert notices(log.holder.user, "handover_lapsed") == 1


def test_offer_to_unit_is_given_a_person_by_its_leader(log):
    there = make_unit("Skolen", kind=UnitKind.SCHOOL)
    leader, teacher = make_leader(there), make_employee(there)
    open_window(log, there, now=NOW)
    handover = handovers.offer_handover(log.pk, to_unit=there, actor=log.holder.user, now=NOW)
    assert notices(leader, "handover_to_appoint") == 1

    handovers.appoint(handover.pk, membership=teacher.membership, actor=leader, now=NOW + timedelta(days=2))
    handovers.accept_handover(handover.pk, actor=teacher, now=NOW + timedelta(days=3))

    log.refresh_from_db()
    assert (log.holder.user, log.holder.window.unit) == (teacher, there)


def test_only_the_units_leader_appoints(log):
    there = make_unit("Skolen", kind=UnitKind.SCHOOL)
    teacher = make_employee(there)
    open_window(log, there, now=NOW)
    handover = handovers.offer_handover(log.pk, to_unit=there, actor=log.holder.user, now=NOW)

    for actor in (teacher, make_leader(log.unit), log.holder.user):
        with pytest.raises(AccessDenied):
            handovers.appoint(handover.pk, membership=teacher.membership, actor=actor, now=NOW)


def test_leader_says_no_for_the_unit(log):
    there = make_unit("Skolen", kind=UnitKind.SCHOOL)
    leader = make_leader(there)
    open_window(log, there, now=NOW)
    handover = handovers.offer_handover(log.pk, to_unit=there, actor=log.holder.user, now=NOW)

    handovers.decline_handover(handover.pk, reason="Barnet går på en annen skole.", actor=leader, now=NOW)

    handover.refresh_from_db()
    assert handover.state == HandoverState.DECLINED


def test_new_service_is_asked_about_first_and_told_when_everyone_has_said_yes(unit):
    child = make_child()
    guardians = [make_guardian(child), make_guardian(child)]
    log = make_log(holder=make_employee(unit), child=child, guardians=guardians, now=NOW)
    there = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    ppt = make_employee(there)

    handover = offer(log, ppt)
    assert handover.state == HandoverState.AWAITING_CONSENT
    assert notices(ppt, "handover_offered") == 0
    assert list(access.handovers_for(ppt, NOW)) == []

    give_consents(log, now=NOW, only=[guardians[0]])
    handover.refresh_from_db()
    assert handover.state == HandoverState.AWAITING_CONSENT

    later = NOW + timedelta(days=20)
    give_consents(log, now=later, only=[guardians[1]])
    handover.refresh_from_db()
    assert handover.state == HandoverState.OFFERED
    assert handover.expires_at == end_of_day(local_day(later) + timedelta(days=14))
    assert notices(ppt, "handover_offered") == 1
    handovers.accept_handover(handover.pk, actor=ppt, now=later)
    assert now_holding(log, later) == [ppt]


def test_family_is_not_asked_twice_about_the_same_service(log):
    there = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    ppt = make_employee(there)
    participants.invite_unit(log.pk, unit=there, actor=log.holder.user, now=NOW)

    offer(log, ppt)

    assert Consent.objects.filter(log=log, unit=there).count() == 1


def test_withdrawn_consent_stops_the_acceptance(log):
    there = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    ppt = make_employee(there)
    handover = offer(log, ppt)
    give_consents(log, now=NOW)
    guardian = log.guardians[0]

    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=[there.pk], actor=guardian.user, now=NOW)

    assert list(access.handovers_for(ppt, NOW)) == []
    with pytest.raises(RuleBroken) as broken:
        handovers.accept_handover(handover.pk, actor=ppt, now=NOW)
    assert broken.value.code == "sharing_stopped"


def test_someone_who_left_cannot_accept(log, colleague):
    handover = offer(log, colleague)
    colleague.membership.last_day = local_day(NOW)
    colleague.membership.save()

    with pytest.raises(AccessDenied):
        handovers.accept_handover(handover.pk, actor=colleague, now=NOW + timedelta(days=1))


def test_there_is_always_exactly_one_open_holder_row(log, colleague):
    first, second = log.holder.membership, colleague.membership
    for number, (giver, taker) in enumerate([(first, second), (second, first)]):
        at = NOW + timedelta(days=number)
        handover = handovers.offer_handover(log.pk, to_membership=taker, actor=giver.user, now=at)
        handovers.accept_handover(handover.pk, actor=taker.user, now=at)

        open_rows = LogAccess.objects.filter(content_object=log, kind=AccessKind.HOLDER, ends_at__gt=at)
        assert [row.user for row in open_rows] == [taker.user]

    assert Handover.objects.filter(log=log, state=HandoverState.ACCEPTED).count() == 2
