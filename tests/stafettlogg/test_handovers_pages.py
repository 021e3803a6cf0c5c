"""The pages of participants, the stafettpinne and closing, through the whole stack."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.enums import Ground, ReadAction
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    AccessKind,
    CloseReason,
    Decision,
    HandoverState,
    InvitationState,
    LogStatus,
    Relation,
)
from apps.stafettlogg.models import Evaluation, Handover, Invitation, Log
from apps.stafettlogg.services import handovers, participants
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant, open_window

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"stafettlogg:{name}", args=args)


def key():
    return str(uuid.uuid4())


def as_user(client, user):
    client.force_login(user)
    return client


def text(response):
    return response.content.decode()


@pytest.fixture
def log():
    make_municipality()
    return make_log(holder=make_employee(make_unit("Solbakken barnehage"), name="Kari Holm"))


@pytest.fixture
def ppt():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


# Participants -------------------------------------------------------------------------------------------------------


def test_list_names_everyone_and_is_in_the_read_audit(client, log, ppt):
    make_participant(log, ppt, name="Jonas Eide")

    page = as_user(client, log.holder.user).get(url("participants", log.pk))

    assert page.status_code == 200
    assert "Jonas Eide" in text(page)
    assert [(r.what, r.ground) for r in ReadEvent.objects.all()] == [("participants", Ground.HOLDER)]


def test_participant_sees_no_invitations_and_no_way_to_remove(client, log, ppt):
    employee = make_participant(log, ppt)
    participants.invite_unit(log.pk, unit=make_unit("Kulturskolen"), actor=log.holder.user, now=timezone.now())

    page = text(as_user(client, employee).get(url("participants", log.pk)))

    assert "Kulturskolen" not in page
    assert url("invite", log.pk) not in page
    assert url("leave", log.pk) in page


def test_inviting_takes_two_steps_and_no_address_holds_the_service(client, log, ppt):
    jonas = make_employee(ppt, name="Jonas Eide")
    as_user(client, log.holder.user)

    first = client.post(url("invite", log.pk), {"unit": ppt.pk})
    assert "Jonas Eide" in text(first)
    sent = client.post(
        url("invite", log.pk),
        {"unit": ppt.pk, "person": jonas.membership.pk, "task": "Kartlegge språk", "form_key": key()},
    )

    assert sent.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.unit, invitation.to_membership, invitation.task) == (ppt, jonas.membership, "Kartlegge språk")
    assert invitation.state == InvitationState.AWAITING_CONSENT


def test_inviting_twice_with_the_same_form_invites_once(client, log, ppt):
    as_user(client, log.holder.user)
    data = {"unit": ppt.pk, "person": "leder", "task": "", "form_key": key()}

    answers = [client.post(url("invite", log.pk), data).status_code for _number in range(2)]

    assert (answers, Invitation.objects.count()) == ([302, 302], 1)


def test_invite_shows_what_is_wrong(client, log, ppt):
    as_user(client, log.holder.user)

    nothing = client.post(url("invite", log.pk), {"unit": ""})
    nobody = client.post(url("invite", log.pk), {"unit": ppt.pk, "person": "", "form_key": key()})
    client.post(url("invite", log.pk), {"unit": ppt.pk, "person": "leder", "form_key": key()})
    again = client.post(url("invite", log.pk), {"unit": ppt.pk, "person": "leder", "form_key": key()})

    assert [page.status_code for page in (nothing, nobody, again)] == [422, 422, 422]
    assert "Vent på svaret" in text(again)


def test_external_service_is_shown_with_its_own_responsibility(client, log):
    bup = make_unit("BUP", kind=UnitKind.BUP, is_external=True, controller_name="Fjord sykehus HF")

    page = as_user(client, log.holder.user).post(url("invite", log.pk), {"unit": bup.pk})

    assert "Fjord sykehus HF" in text(page)


def test_invited_person_sees_the_first_name_and_joins(client, log, ppt):
    open_window(log, ppt)
    jonas = make_employee(ppt)
    invitation = participants.invite_unit(
        log.pk, unit=ppt, to_membership=jonas.membership, actor=log.holder.user, now=timezone.now()
    )
    as_user(client, jonas)

    listed, page = client.get(url("invitations")), client.get(url("invitation", invitation.pk))
    joined = client.post(url("invitation", invitation.pk), {"svar": "ja"})

    assert "Emma" in text(listed)
    assert "Vik" not in text(page)
    assert joined["Location"] == url("detail", log.pk)
    assert [(r.action, r.ground) for r in ReadEvent.objects.order_by("pk")[:2]] == [
        (ReadAction.LISTED, Ground.INVITED),
        (ReadAction.OPENED, Ground.INVITED),
    ]


def test_leader_chooses_who_is_asked(client, log, ppt):
    open_window(log, ppt)
    leader, jonas = make_leader(ppt), make_employee(ppt, name="Jonas Eide")
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=timezone.now())
    as_user(client, leader)

    client.post(url("invitation", invitation.pk), {"person": jonas.membership.pk})
    wrong = client.post(url("invitation", invitation.pk), {"person": ""})

    invitation.refresh_from_db()
    assert (invitation.to_membership, wrong.status_code) == (jonas.membership, 422)


def test_declining_an_invitation(client, log, ppt):
    open_window(log, ppt)
    leader = make_leader(ppt)
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=timezone.now())

    as_user(client, leader).post(url("invitation", invitation.pk), {"svar": "nei"})

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.DECLINED


def test_invitation_is_not_there_for_others(client, log, ppt):
    open_window(log, ppt)
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=timezone.now())

    answers = {
        who: as_user(client, user).get(url("invitation", invitation.pk)).status_code
        for who, user in [
            ("colleague", make_employee(ppt)),
            ("holder", log.holder.user),
            ("guardian", log.guardians[0].user),
            ("other leader", make_leader(make_unit())),
        ]
    }

    assert set(answers.values()) == {404}


def test_family_is_led_home_from_the_invitations(client, log):
    assert as_user(client, log.guardians[0].user).get(url("invitations"))["Location"] == url("children")


def test_nobody_invited_gets_a_calm_page(client, log):
    assert "Ingen har invitert deg nå" in text(as_user(client, make_employee()).get(url("invitations")))


def test_holder_withdraws_an_invitation_of_this_log_only(client, log, ppt):
    other = make_log(child=make_child("Noah"))
    here = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=timezone.now())
    there = participants.invite_unit(other.pk, unit=ppt, actor=other.holder.user, now=timezone.now())
    as_user(client, log.holder.user)

    client.post(url("withdraw_invitation", log.pk, here.pk))
    foreign = client.post(url("withdraw_invitation", log.pk, there.pk))

    here.refresh_from_db()
    assert (here.state, foreign.status_code) == (InvitationState.ENDED, 404)


def test_removing_asks_once_more(client, log, ppt):
    jonas = make_participant(log, ppt, name="Jonas Eide")
    row = access.row_for(jonas, log)
    as_user(client, log.holder.user)
    address = url("remove_participant", log.pk, row.pk)

    page = client.get(address)
    assert "Jonas Eide kan ikke lenger lese" in text(page)
    assert access.visible_logs(jonas).exists()
    client.post(address, {"form_key": key()})

    assert not access.visible_logs(jonas).exists()
    assert client.get(address).status_code == 404


def test_leaving_asks_once_more(client, log, ppt):
    jonas = make_participant(log, ppt)
    as_user(client, jonas)

    assert client.get(url("leave", log.pk)).status_code == 200
    client.post(url("leave", log.pk), {"form_key": key()})

    assert not access.visible_logs(jonas).exists()


def test_holder_who_tries_to_leave_is_told_to_hand_over(client, log):
    page = as_user(client, log.holder.user).post(url("leave", log.pk), {"form_key": key()})

    assert page.status_code == 403
    assert "Gi stafettpinnen videre før du går ut" in text(page)


# The stafettpinne ---------------------------------------------------------------------------------------------------


def test_handing_over_step_by_step(client, log):
    ane = make_employee(log.unit, name="Ane Solheim")
    as_user(client, log.holder.user)

    assert "Solbakken barnehage" in text(client.get(url("hand_over", log.pk)))
    assert "Ane Solheim" in text(client.post(url("hand_over", log.pk), {"unit": log.unit_id}))
    client.post(
        url("hand_over", log.pk),
        {
            "unit": log.unit_id,
            "person": ane.membership.pk,
            "letter": "Ring mor først.",
            "holder_stays": "on",
            "form_key": key(),
        },
    )
    waiting = text(client.get(url("hand_over", log.pk)))
    assert "Venter på Ane Solheim" in waiting

    handover = Handover.objects.get()
    as_user(client, ane)
    page = client.get(url("handover", handover.pk))
    assert "Dette tar du over" in text(page)
    assert "Ring mor først." in text(page)
    accepted = client.post(url("handover", handover.pk))

    assert accepted["Location"] == url("detail", log.pk)
    assert Log.objects.get(pk=log.pk).holder.user == ane
    assert access.row_for(log.holder.user, log).kind == AccessKind.PARTICIPANT


def test_asked_person_sees_facts_and_no_content(client, log):
    log.reason, log.background = "Hemmelig begrunnelse", "Hemmelig bakgrunn"
    log.save()
    ane = make_employee(log.unit)
    handover = handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=timezone.now())

    page = text(as_user(client, ane).get(url("handover", handover.pk)))

    assert "Emma, " in page
    assert "Hemmelig" not in page
    assert [(r.action, r.ground, r.log_id) for r in ReadEvent.objects.all()] == [
        (ReadAction.OPENED, Ground.OFFERED, log.pk)
    ]


def test_declining_gives_a_reason_to_the_holder_alone(client, log, ppt):
    ane = make_employee(log.unit, name="Ane Solheim")
    handover = handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=timezone.now())
    as_user(client, ane)

    empty = client.post(url("decline_handover", handover.pk), {"reason": ""})
    client.post(url("decline_handover", handover.pk), {"reason": "Jeg har for mange."})

    assert empty.status_code == 422
    assert "Jeg har for mange." in text(as_user(client, log.holder.user).get(url("hand_over", log.pk)))
    employee = make_participant(log, ppt)
    seen = [text(as_user(client, employee).get(url(name, log.pk))) for name in ("detail", "history", "participants")]
    client.force_login(log.guardians[0].user)
    seen += [text(client.get(url(name, log.pk))) for name in ("parent_log", "family_history", "family_people")]
    assert not any("Jeg har for mange." in page for page in seen)


def test_withdrawing_an_offer(client, log):
    ane = make_employee(log.unit)
    handover = handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=timezone.now())
    as_user(client, log.holder.user)

    client.post(url("withdraw_handover", log.pk))
    again = client.post(url("withdraw_handover", log.pk))

    handover.refresh_from_db()
    assert (handover.state, again.status_code) == (HandoverState.WITHDRAWN, 302)
    assert as_user(client, ane).get(url("handover", handover.pk)).status_code == 404


def test_leader_of_the_asked_unit_names_a_person_or_says_no(client, log):
    school = make_unit("Skolen", kind=UnitKind.SCHOOL)
    leader, teacher = make_leader(school), make_employee(school)
    open_window(log, school)
    handover = handovers.offer_handover(log.pk, to_unit=school, actor=log.holder.user, now=timezone.now())
    as_user(client, leader)

    assert "Velg hvem du spør" in text(client.get(url("handover", handover.pk)))
    assert client.post(url("handover", handover.pk), {"person": ""}).status_code == 422
    client.post(url("handover", handover.pk), {"person": teacher.membership.pk})

    handover.refresh_from_db()
    assert handover.to_membership == teacher.membership
    assert client.get(url("handover", handover.pk)).status_code == 404
    assert as_user(client, teacher).get(url("handover", handover.pk)).status_code == 200


def test_offer_to_a_service_without_consent_says_that_the_family_is_asked(client, log, ppt):
    as_user(client, log.holder.user)

    page = client.post(url("hand_over", log.pk), {"unit": ppt.pk})
    client.post(url("hand_over", log.pk), {"unit": ppt.pk, "person": "leder", "form_key": key()})

    assert "spør vi familien" in text(page)
    assert Handover.objects.get().state == HandoverState.AWAITING_CONSENT
    assert "når alle som må svare, har sagt ja" in text(client.get(url("hand_over", log.pk)))


def test_second_offer_from_an_old_page_is_told_why(client, log):
    ane, other = make_employee(log.unit), make_employee(log.unit)
    now = timezone.now()
    as_user(client, log.holder.user)
    client.post(url("hand_over", log.pk), {"unit": log.unit_id})
    handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=now)

    page = client.post(
        url("hand_over", log.pk), {"unit": log.unit_id, "person": other.membership.pk, "form_key": key()}
    )

    assert page.status_code == 200
    assert Handover.objects.count() == 1


def test_wrong_person_is_422(client, log):
    as_user(client, log.holder.user)

    pages = [
        client.post(url("hand_over", log.pk), {"unit": "noe annet"}),
        client.post(url("hand_over", log.pk), {"unit": log.unit_id, "person": "ukjent", "form_key": key()}),
    ]

    assert [page.status_code for page in pages] == [422, 422]


def test_lapsed_offer_is_told_to_the_holder(client, log):
    ane = make_employee(log.unit)
    now = timezone.now()
    handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=now)
    handovers.lapse_handovers(now=now + timedelta(days=30))

    assert "Ingen svarte i tide" in text(as_user(client, log.holder.user).get(url("hand_over", log.pk)))


def test_disqualified_holder_is_out_at_once(client, log):
    leader = make_leader(log.unit)
    holder = log.holder.user
    as_user(client, holder)

    page = client.get(url("disqualified", log.pk))
    client.post(url("disqualified", log.pk), {"form_key": key()})

    assert "Lederen over deg blir stafettholder" in text(page)
    assert Log.objects.get(pk=log.pk).holder.user == leader
    assert client.get(url("detail", log.pk)).status_code == 404
    assert "Stafettpinnen kom til deg" in text(as_user(client, leader).get(url("hand_over", log.pk)))


def test_disqualified_holder_without_a_leader_is_told_to_ring(client, log):
    page = as_user(client, log.holder.user).post(url("disqualified", log.pk), {"form_key": key()})

    assert "Ring kommunen" in text(page)


def test_leader_who_opened_with_a_reason_has_no_task_to_give_up(client, log):
    leader = make_participant(log, log.unit, user=make_leader(log.unit), kind=AccessKind.LEADER)

    assert as_user(client, leader).get(url("disqualified", log.pk)).status_code == 403


def test_leader_page_finds_what_the_sweeper_has_not_written_yet(client, log):
    leader = make_leader(log.unit)
    holder = log.holder.user
    holder.is_active = False
    holder.save()
    as_user(client, leader)

    client.get(url("leader"))

    assert client.get(url("detail", log.pk)).status_code == 200
    assert access.row_for(leader, log).kind == AccessKind.HOLDER


# Closing ------------------------------------------------------------------------------------------------------------


def evaluate(log):
    return Evaluation.objects.create(
        log=log,
        held_day=timezone.localdate(),
        decision=Decision.CLOSE,
        level_before=1,
        level_after=1,
        is_final=True,
        summary="Det gikk godt.",
        recorded_by=log.holder.user,
        recorded_at=timezone.now(),
    )


def test_closing_first_asks_for_the_evaluation(client, log):
    as_user(client, log.holder.user)

    page = client.get(url("close", log.pk))
    refused = client.post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})

    assert url("evaluate", log.pk) in text(page)
    assert refused.status_code == 422
    assert Log.objects.get(pk=log.pk).is_active


def test_closing_and_the_summary(client, log):
    evaluate(log)
    as_user(client, log.holder.user)

    empty = client.post(url("close", log.pk), {"reason": ""})
    client.post(url("close", log.pk), {"reason": CloseReason.GOAL_REACHED})
    receipt = client.get(url("close", log.pk))
    summary = client.get(url("summary_pdf", log.pk))

    assert empty.status_code == 422
    assert "Stafettloggen er avsluttet" in text(receipt)
    assert summary.content[:5] == b"%PDF-"
    assert summary["Content-Disposition"] == 'attachment; filename="sammendrag.pdf"'
    assert ReadEvent.objects.filter(action=ReadAction.DOWNLOADED, what="summary-pdf").count() == 1


def test_summary_is_for_those_who_work_in_the_log(client, log, ppt):
    answers = {
        who: as_user(client, user).get(url("summary_pdf", log.pk)).status_code
        for who, user in [
            ("participant", make_participant(log, ppt)),
            ("guardian", log.guardians[0].user),
            ("leader", make_participant(log, log.unit, user=make_leader(log.unit), kind=AccessKind.LEADER)),
            ("stranger", make_employee()),
        ]
    }

    assert answers == {"participant": 200, "guardian": 404, "leader": 403, "stranger": 404}


def test_request_is_not_closed_but_withdrawn(client):
    log = make_log(status=LogStatus.REQUESTED)

    assert as_user(client, log.holder.user).get(url("close", log.pk)).status_code == 403


def test_quiet_closing_is_offered_before_birth_only(client, log):
    child = make_child("", "", birth_date=None, expected_day=timezone.localdate() + timedelta(days=90))
    expected = make_log(child=child, guardians=[make_guardian(child, relation=Relation.PREGNANT)])
    as_user(client, expected.holder.user)

    assert url("close_quietly", expected.pk) in text(client.get(url("close", expected.pk)))
    assert client.get(url("close_quietly", expected.pk)).status_code == 200
    client.post(url("close_quietly", expected.pk), {"form_key": key()})

    assert Log.objects.get(pk=expected.pk).close_reason == CloseReason.QUIET
    born = as_user(client, log.holder.user).get(url("close_quietly", log.pk))
    assert born["Location"] == url("close", log.pk)


def test_participant_cannot_close(client, log, ppt):
    assert as_user(client, make_participant(log, ppt)).get(url("close", log.pk)).status_code == 403


# Two people reading the same thing ---------------------------------------------------------------------------------


def test_pages_meet_a_leader_without_a_reason_with_the_question_why(client, log):
    as_user(client, make_leader(log.unit))

    pages = {name: client.get(url(name, log.pk)) for name in ("participants", "hand_over", "close", "leave")}

    assert {page.status_code for page in pages.values()} == {200}
    assert all("Hvorfor vil du åpne stafettloggen" in text(page) for page in pages.values())
