from datetime import UTC, datetime, timedelta

import pytest

from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, AddressProtection, Audience, EventKind, InvitationState
from apps.stafettlogg.models import LogEvent
from apps.stafettlogg.selectors.participants import people_in_log
from apps.stafettlogg.services import consent_questions, consents, participants
from tests.factories import make_employee, make_leader, make_membership, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_log,
    make_participant,
    open_window,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)


def notices(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind).count()


@pytest.fixture
def log():
    return make_log(holder=make_employee(make_unit("Solbakken barnehage")), now=NOW)


@pytest.fixture
def ppt():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


def invite(log, unit, **fields):
    return participants.invite_unit(log.pk, unit=unit, actor=log.holder.user, now=NOW, **fields)


def test_service_without_consent_waits_and_learns_nothing(log, ppt):
    leader, employee = make_leader(ppt), make_employee(ppt)

    invitation = invite(log, ppt, task="Språk", to_membership=employee.membership)

    assert invitation.state == InvitationState.AWAITING_CONSENT
    assert (notices(leader, "invitation"), notices(employee, "invitation")) == (0, 0)
    assert list(access.invitations_for(employee, NOW)) == []
    assert notices(log.guardians[0].user, "consent_waiting") == 2


def test_invitation_goes_out_when_the_consent_opens_and_the_person_joins(log, ppt):
    employee = make_employee(ppt)
    invitation = invite(log, ppt, to_membership=employee.membership)
    later = NOW + timedelta(days=5)

    give_consents(log, now=later)
    row = participants.join(invitation.pk, membership=employee.membership, actor=employee, now=later)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.access) == (InvitationState.JOINED, row)
    assert access.row_for(employee, log, later).kind == AccessKind.PARTICIPANT
    assert notices(employee, "invitation") == 1
    assert notices(log.holder.user, "participant_joined") == 1


def test_invitation_without_a_name_goes_to_the_leader_who_chooses(log, ppt):
    leader, employee = make_leader(ppt), make_employee(ppt)
    open_window(log, ppt, now=NOW)
    invitation = invite(log, ppt)
    assert list(access.invitations_for(leader, NOW)) == [invitation]
    assert list(access.invitations_for(employee, NOW)) == []

    participants.choose_person(invitation.pk, membership=employee.membership, actor=leader, now=NOW)
    participants.join(invitation.pk, membership=employee.membership, actor=employee, now=NOW)

    assert access.row_for(employee, log, NOW).kind == AccessKind.PARTICIPANT


def test_leader_may_join_herself(log, ppt):
    leader = make_leader(ppt)
    open_window(log, ppt, now=NOW)

    participants.join(invite(log, ppt).pk, membership=leader.membership, actor=leader, now=NOW)

    assert access.row_for(leader, log, NOW).kind == AccessKind.PARTICIPANT


def test_nobody_else_joins_for_someone(log, ppt):
    employee, other = make_employee(ppt), make_employee(ppt)
    open_window(log, ppt, now=NOW)
    invitation = invite(log, ppt, to_membership=employee.membership)

    with pytest.raises(AccessDenied):
        participants.join(invitation.pk, membership=other.membership, actor=other, now=NOW)
    with pytest.raises(AccessDenied):
        participants.join(invitation.pk, membership=employee.membership, actor=make_leader(ppt), now=NOW)


def test_guardian_in_the_log_never_joins(ppt):
    child = make_child()
    make_guardian(child, national_id_index="same-human")
    log = make_log(child=child, now=NOW)
    open_window(log, ppt, now=NOW)
    parent_at_work = make_employee(ppt, national_id_index="same-human")

    with pytest.raises(AccessDenied):
        invite(log, ppt, to_membership=parent_at_work.membership)


def test_leader_who_is_a_guardian_does_not_see_the_invitation(ppt):
    child = make_child()
    make_guardian(child, national_id_index="same-human")
    log = make_log(child=child, now=NOW)
    open_window(log, ppt, now=NOW)
    leader = make_leader(ppt, national_id_index="same-human")
    above = make_leader(make_unit("Oppvekst", kind=UnitKind.SECTOR))
    ppt.parent = above.membership.unit
    ppt.save()

    invitation = invite(log, ppt)

    assert list(access.invitations_for(leader, NOW)) == []
    assert (notices(leader, "invitation"), notices(above, "invitation")) == (0, 1)
    with pytest.raises(AccessDenied):
        participants.join(invitation.pk, membership=leader.membership, actor=leader, now=NOW)


def test_one_waiting_invitation_per_service(log, ppt):
    invite(log, ppt)

    with pytest.raises(RuleBroken) as broken:
        invite(log, ppt)

    assert broken.value.code == "already_invited"


def test_unit_that_has_not_started_cannot_be_invited(log):
    with pytest.raises(RuleBroken) as broken:
        invite(log, make_unit("Kulturskolen", kind=UnitKind.CULTURE_SCHOOL, switched_on_day=None))

    assert broken.value.code == "unit_not_on"


def test_person_must_work_in_the_service(log, ppt):
    with pytest.raises(RuleBroken) as broken:
        invite(log, ppt, to_membership=make_employee().membership)

    assert broken.value.code == "not_in_unit"


def test_person_in_the_log_is_not_invited_again(log, ppt):
    open_window(log, ppt, now=NOW)
    employee = make_participant(log, ppt, now=NOW)

    with pytest.raises(RuleBroken) as broken:
        invite(log, ppt, to_membership=employee.membership)

    assert broken.value.code == "already_in"


def test_decline_tells_the_holder_only(log, ppt):
    employee = make_employee(ppt)
    open_window(log, ppt, now=NOW)
    invitation = invite(log, ppt, to_membership=employee.membership)

    participants.decline(invitation.pk, actor=employee, now=NOW)

    assert notices(log.holder.user, "invitation_declined") == 1
    assert Notice.objects.filter(recipient=log.guardians[0].user, kind="invitation_declined").count() == 0


def test_withdrawn_invitation_cannot_be_joined(log, ppt):
    employee = make_employee(ppt)
    open_window(log, ppt, now=NOW)
    invitation = invite(log, ppt, to_membership=employee.membership)
    participants.withdraw_invitation(invitation.pk, actor=log.holder.user, now=NOW)

    with pytest.raises(RuleBroken) as broken:
        participants.join(invitation.pk, membership=employee.membership, actor=employee, now=NOW)

    assert broken.value.code == "invitation_state"


def test_withdrawn_consent_hides_the_invitation_at_once(log, ppt):
    employee = make_employee(ppt)
    invitation = invite(log, ppt, to_membership=employee.membership)
    give_consents(log, now=NOW)
    assert list(access.invitations_for(employee, NOW)) == [invitation]
    guardian = log.guardians[0]

    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=[ppt.pk], actor=guardian.user, now=NOW)

    assert list(access.invitations_for(employee, NOW)) == []
    with pytest.raises(RuleBroken) as broken:
        participants.join(invitation.pk, membership=employee.membership, actor=employee, now=NOW)
    assert broken.value.code == "sharing_stopped"


def test_participant_leaves_and_loses_access_at_once(log, ppt):
    employee = make_participant(log, ppt, now=NOW)

    participants.leave(log.pk, actor=employee, now=NOW)

    assert list(access.visible_logs(employee, NOW)) == []
    assert notices(log.holder.user, "participant_left") == 1


def test_person_who_has_changed_place_is_invited_and_joins_again(log, ppt):
    employee = make_participant(log, ppt, now=NOW - timedelta(days=9))
    employee.membership.last_day = (NOW - timedelta(days=2)).date()
    employee.membership.save()
    back = make_membership(employee, ppt, first_day=(NOW - timedelta(days=1)).date())

    invitation = participants.invite_unit(log.pk, unit=ppt, to_membership=back, actor=log.holder.user, now=NOW)
    row = participants.join(invitation.pk, membership=back, actor=employee, now=NOW)

    assert list(access.visible_logs(employee, NOW)) == [log]
    assert list(log.access_rows.filter(user=employee, ends_at__gt=NOW)) == [row]


def test_holder_cannot_just_leave(log):
    with pytest.raises(RuleBroken) as broken:
        participants.leave(log.pk, actor=log.holder.user, now=NOW)

    assert broken.value.code == "holder_cannot_leave"


def test_holder_removes_a_participant_who_is_told(log, ppt):
    employee = make_participant(log, ppt, now=NOW)
    row = access.row_for(employee, log, NOW)

    participants.remove(row.pk, actor=log.holder.user, now=NOW)

    assert list(access.visible_logs(employee, NOW)) == []
    assert notices(employee, "participant_removed") == 1
    with pytest.raises(RuleBroken):
        participants.remove(row.pk, actor=log.holder.user, now=NOW)


def test_participant_removes_nobody(log, ppt):
    employee, other = make_participant(log, ppt, now=NOW), make_participant(log, ppt, now=NOW)
    row = access.row_for(other, log, NOW)

    with pytest.raises(AccessDenied):
        participants.remove(row.pk, actor=employee, now=NOW)


def test_list_shows_who_is_in_and_since_when(log, ppt):
    ppt.is_external, ppt.controller_name = True, "Fjordregionen IKS"
    ppt.save()
    employee = make_participant(log, ppt, name="Jonas Eide", title="Rådgiver", now=NOW)

    people = people_in_log(log, access.row_for(employee, log, NOW), now=NOW)

    assert [(p.name, p.unit_name, p.controller) for p in people] == [
        (log.holder.user.name, "Solbakken barnehage", ""),
        ("Jonas Eide", "PP-tjenesten", "Fjordregionen IKS"),
    ]


def family_row(log):
    return access.row_for(log.guardians[0].user, log, NOW)


def test_parents_see_role_and_service_of_a_protected_employee(log, ppt):
    make_participant(log, ppt, name="Jonas Eide", title="Rådgiver", protected_identity=True, now=NOW)

    person = people_in_log(log, family_row(log), now=NOW)[1]

    assert (person.name, person.unit_name) == ("Rådgiver, PP-tjenesten", "PP-tjenesten")


def test_parents_see_roles_when_the_municipality_says_so(log):
    make_municipality(show_staff_names=False)

    person = people_in_log(log, family_row(log), now=NOW)[0]

    assert person.name == "Ansatt, Solbakken barnehage"


def test_protected_address_hides_names_and_services_from_parents(log):
    log.child.address_protection = AddressProtection.CONFIDENTIAL
    log.child.save()

    person = people_in_log(log, family_row(log), now=NOW)[0]

    assert (person.name, person.unit_name, person.line) == ("En ansatt", "", "")


def test_a_service_that_knows_a_guardian_is_seen_by_all_who_were_asked_about_it(ppt):
    child = make_child()
    mother, father = make_guardian(child), make_guardian(child)
    log = make_log(child=child, guardians=[mother, father], now=NOW)
    nav = make_unit("NAV Solvik", kind=UnitKind.NAV)
    employee = make_employee(nav)
    consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=NOW
    )
    give_consents(log, now=NOW)
    invitation = invite(log, nav, to_membership=employee.membership)
    participants.join(invitation.pk, membership=employee.membership, actor=employee, now=NOW)

    seen = {
        guardian: [p.unit_name for p in people_in_log(log, access.row_for(guardian.user, log, NOW), now=NOW)]
        for guardian in (mother, father)
    }

    assert seen == {mother: [log.unit.name, "NAV Solvik"], father: [log.unit.name, "NAV Solvik"]}
    lines = LogEvent.objects.filter(log=log, kind__in=[EventKind.INVITED, EventKind.JOINED])
    assert {line.audience for line in lines} == {Audience.ALL}


def test_list_has_the_same_number_of_queries_with_1_and_30(log, ppt, django_assert_num_queries):
    make_participant(log, ppt, now=NOW)
    row = access.row_for(log.holder.user, log, NOW)
    with django_assert_num_queries(1):
        assert len(people_in_log(log, row, now=NOW)) == 2
    for _number in range(29):
        make_participant(log, ppt, now=NOW)

    with django_assert_num_queries(1):
        assert len(people_in_log(log, row, now=NOW)) == 31
