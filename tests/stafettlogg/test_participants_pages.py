"""The pages of participants and invitations, through the whole stack."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.enums import Ground, ReadAction
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    InvitationState,
)
from apps.stafettlogg.models import Consent, Invitation
from apps.stafettlogg.services import consent_questions, participants
from tests.core.sending import hidden_in
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.markup import markup
from tests.stafettlogg.factories import give_consents, make_child, make_log, make_participant, open_window

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"stafettlogg:{name}", args=args)


def key():
    return str(uuid.uuid4())


def as_user(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def log():
    make_municipality()
    return make_log(holder=make_employee(make_unit("Solbakken barnehage"), name="Kari Holm"))


@pytest.fixture
def ppt():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


def test_list_names_everyone_and_is_in_the_read_audit(client, log, ppt):
    make_participant(log, ppt, name="Jonas Eide")

    page = as_user(client, log.holder.user).get(url("participants", log.pk))

    assert page.status_code == 200
    assert "Jonas Eide" in markup(page)
    assert [(r.what, r.ground) for r in ReadEvent.objects.all()] == [("participants", Ground.HOLDER)]


def test_participant_sees_no_invitations_and_no_way_to_remove(client, log, ppt):
    employee = make_participant(log, ppt)
    participants.invite_unit(log.pk, unit=make_unit("Kulturskolen"), actor=log.holder.user, now=timezone.now())

    page = markup(as_user(client, employee).get(url("participants", log.pk)))

    assert "Kulturskolen" not in page
    assert url("invite", log.pk) not in page
    assert url("leave", log.pk) in page


def test_inviting_takes_two_steps_and_no_address_holds_the_service(client, log, ppt):
    jonas = make_employee(ppt, name="Jonas Eide")
    as_user(client, log.holder.user)

    first = client.post(url("invite", log.pk), {"unit": ppt.pk})
    assert "Jonas Eide" in markup(first)
    sent = client.post(
        url("invite", log.pk),
        {
            "unit": ppt.pk,
            "person": jonas.membership.pk,
            "purpose": "language",
            "task": "Kartlegge språk",
            "form_key": key(),
        },
    )

    assert sent.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.unit, invitation.to_membership, invitation.task) == (ppt, jonas.membership, "Kartlegge språk")
    assert invitation.purpose == "language"
    assert set(Consent.objects.filter(log=log, unit=ppt).values_list("purpose", flat=True)) == {"language"}
    assert invitation.state == InvitationState.AWAITING_CONSENT


def test_after_a_yes_the_invitation_has_the_purpose_the_family_read(client, log, ppt):
    jonas = make_employee(ppt, name="Jonas Eide")
    consent_questions.ask_consent(
        log.pk, unit_ids=[ppt.pk], purposes={ppt.pk: "learning"}, actor=log.holder.user, now=timezone.now()
    )
    give_consents(log)
    as_user(client, log.holder.user)

    form = client.post(url("invite", log.pk), {"unit": ppt.pk}).context["form"]
    data = {"unit": ppt.pk, "person": jonas.membership.pk, "task": "", "form_key": key()}
    nothing = client.post(url("invite", log.pk), data | {"purpose": ""})
    client.post(url("invite", log.pk), data | {"purpose": "learning"})

    assert form["purpose"].value() == "learning"
    assert (nothing.status_code, list(nothing.context["form"].errors)) == (422, ["purpose"])
    asked = markup(as_user(client, jonas).get(url("invitation", Invitation.objects.get().pk)))
    assert "For å hjelpe Emma med å lære" in asked


def test_draft_of_the_second_step_comes_back_where_it_was_written(client, log, ppt):
    make_employee(ppt)
    as_user(client, log.holder.user)
    hidden = hidden_in(client.post(url("invite", log.pk), {"unit": ppt.pk}))

    client.post(reverse("core:save_draft"), hidden | {"unit": ppt.pk, "person": "leder", "task": "Kartlegge språk"})

    page = markup(client.get(url("invite", log.pk)))
    assert "Inviter PP-tjenesten" in page
    assert "Kartlegge språk" in page


def test_inviting_twice_with_the_same_form_invites_once(client, log, ppt):
    make_employee(ppt)
    as_user(client, log.holder.user)
    data = {"unit": ppt.pk, "person": "leder", "purpose": "language", "task": "", "form_key": key()}

    answers = [client.post(url("invite", log.pk), data).status_code for _number in range(2)]

    assert (answers, Invitation.objects.count()) == ([302, 302], 1)


def test_invite_shows_what_is_wrong(client, log, ppt):
    make_employee(ppt)
    as_user(client, log.holder.user)

    nothing = client.post(url("invite", log.pk), {"unit": ""})
    nobody = client.post(url("invite", log.pk), {"unit": ppt.pk, "person": "", "form_key": key()})
    client.post(url("invite", log.pk), {"unit": ppt.pk, "person": "leder", "purpose": "language", "form_key": key()})
    again = client.post(
        url("invite", log.pk), {"unit": ppt.pk, "person": "leder", "purpose": "language", "form_key": key()}
    )

    assert [page.status_code for page in (nothing, nobody, again)] == [422, 422, 422]
    assert "Vent på svaret" in markup(again)


def test_service_where_nobody_uses_the_portal_is_not_invited(client, log, ppt):
    """The family would be asked for a yes that leads nowhere, and the invitation would wait for ever."""
    office = make_unit("Solvik legesenter", kind=UnitKind.DOCTOR)
    make_employee(ppt)
    as_user(client, log.holder.user)

    page = markup(client.get(url("invite", log.pk)))
    refused = client.post(url("invite", log.pk), {"unit": office.pk, "person": "leder", "form_key": key()})

    assert "Ingen i disse bruker portalen ennå. Ring dem: Solvik legesenter" in page
    assert f'value="{office.pk}"' not in page
    assert (refused.status_code, Invitation.objects.count()) == (422, 0)


def test_external_service_is_shown_with_its_own_responsibility(client, log):
    bup = make_unit("BUP", kind=UnitKind.BUP, is_external=True, controller_name="Fjord sykehus HF")
    make_employee(bup)

    page = as_user(client, log.holder.user).post(url("invite", log.pk), {"unit": bup.pk})

    assert "Fjord sykehus HF" in markup(page)


def test_invited_person_sees_the_first_name_and_joins(client, log, ppt):
    open_window(log, ppt)
    jonas = make_employee(ppt)
    invitation = participants.invite_unit(
        log.pk, unit=ppt, to_membership=jonas.membership, actor=log.holder.user, now=timezone.now()
    )
    as_user(client, jonas)

    listed, page = client.get(url("invitations")), client.get(url("invitation", invitation.pk))
    joined = client.post(url("invitation", invitation.pk), {"svar": "ja"})

    assert "Emma" in markup(listed)
    assert "Vik" not in markup(page)
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
    assert "Ingen har invitert deg nå" in markup(as_user(client, make_employee()).get(url("invitations")))


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
    assert "Jonas Eide kan ikke lenger lese" in markup(page)
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
    assert "Gi stafettpinnen videre før du går ut" in markup(page)


@pytest.mark.parametrize("who", ["the one who is named", "the leader"])
def test_one_of_several_invitations_opens_and_reads_no_other_child(client, ppt, who):
    """A busy service is asked about many children: the page of one needs nothing of the others."""
    asked, leader = make_employee(ppt), make_leader(ppt)
    logs = [make_log(child=make_child(name)) for name in ("Kanarifugl", "Sisikfugl")]
    for log in logs:
        open_window(log, ppt)
        participants.invite_unit(
            log.pk, unit=ppt, to_membership=asked.membership, actor=log.holder.user, now=timezone.now()
        )
    first, second = (Invitation.objects.get(log=log) for log in logs)
    as_user(client, asked if who == "the one who is named" else leader)

    page = client.get(url("invitation", first.pk))
    declined = client.post(url("invitation", second.pk), {"svar": "nei"})

    assert (page.status_code, declined.status_code) == (200, 302)
    assert ("Kanarifugl" in markup(page), "Sisikfugl" in markup(page)) == (True, False)
    assert [row.log_id for row in ReadEvent.objects.filter(what="invitation")] == [logs[0].pk, logs[1].pk]
    assert Invitation.objects.get(pk=second.pk).state == InvitationState.DECLINED
