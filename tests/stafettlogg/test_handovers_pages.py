"""The pages of the stafettpinne, through the whole stack."""

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
    HandoverState,
)
from apps.stafettlogg.models import Handover, Log
from apps.stafettlogg.services import handovers
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.markup import markup
from tests.stafettlogg.factories import make_log, make_participant, open_window

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


def test_handing_over_step_by_step(client, log):
    ane = make_employee(log.unit, name="Ane Solheim")
    as_user(client, log.holder.user)

    assert "Solbakken barnehage" in markup(client.get(url("hand_over", log.pk)))
    assert "Ane Solheim" in markup(client.post(url("hand_over", log.pk), {"unit": log.unit_id}))
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
    waiting = markup(client.get(url("hand_over", log.pk)))
    assert "Venter på Ane Solheim" in waiting

    handover = Handover.objects.get()
    as_user(client, ane)
    page = client.get(url("handover", handover.pk))
    assert "Dette tar du over" in markup(page)
    assert "Ring mor først." in markup(page)
    accepted = client.post(url("handover", handover.pk))

    assert accepted["Location"] == url("detail", log.pk)
    assert Log.objects.get(pk=log.pk).holder.user == ane
    assert access.row_for(log.holder.user, log).kind == AccessKind.PARTICIPANT


def test_asked_person_sees_facts_and_no_content(client, log):
    log.reason, log.background = "Hemmelig begrunnelse", "Hemmelig bakgrunn"
    log.save()
    ane = make_employee(log.unit)
    handover = handovers.offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=timezone.now())

    page = markup(as_user(client, ane).get(url("handover", handover.pk)))

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
    assert "Jeg har for mange." in markup(as_user(client, log.holder.user).get(url("hand_over", log.pk)))
    employee = make_participant(log, ppt)
    seen = [markup(as_user(client, employee).get(url(name, log.pk))) for name in ("detail", "history", "participants")]
    client.force_login(log.guardians[0].user)
    seen += [markup(client.get(url(name, log.pk))) for name in ("parent_log", "family_history", "family_people")]
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

    assert "Velg hvem du spør" in markup(client.get(url("handover", handover.pk)))
    assert client.post(url("handover", handover.pk), {"person": ""}).status_code == 422
    client.post(url("handover", handover.pk), {"person": teacher.membership.pk})

    handover.refresh_from_db()
    assert handover.to_membership == teacher.membership
    assert client.get(url("handover", handover.pk)).status_code == 404
    assert as_user(client, teacher).get(url("handover", handover.pk)).status_code == 200


def test_offer_to_a_service_without_consent_says_that_the_family_is_asked(client, log, ppt):
    make_employee(ppt)
    as_user(client, log.holder.user)

    page = client.post(url("hand_over", log.pk), {"unit": ppt.pk})
    client.post(url("hand_over", log.pk), {"unit": ppt.pk, "person": "leder", "form_key": key()})

    assert "spør vi familien" in markup(page)
    assert Handover.objects.get().state == HandoverState.AWAITING_CONSENT
    assert "når alle som må svare, har sagt ja" in markup(client.get(url("hand_over", log.pk)))


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

    assert "Ingen svarte i tide" in markup(as_user(client, log.holder.user).get(url("hand_over", log.pk)))


def test_disqualified_holder_is_out_at_once(client, log):
    leader = make_leader(log.unit)
    holder = log.holder.user
    as_user(client, holder)

    page = client.get(url("disqualified", log.pk))
    client.post(url("disqualified", log.pk), {"form_key": key()})

    assert "Lederen over deg blir stafettholder" in markup(page)
    assert Log.objects.get(pk=log.pk).holder.user == leader
    assert client.get(url("detail", log.pk)).status_code == 404
    assert "Stafettpinnen kom til deg" in markup(as_user(client, leader).get(url("hand_over", log.pk)))


def test_disqualified_holder_without_a_leader_is_told_to_ring(client, log):
    page = as_user(client, log.holder.user).post(url("disqualified", log.pk), {"form_key": key()})

    assert "Ring kommunen" in markup(page)


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


def test_pages_meet_a_leader_without_a_reason_with_the_question_why(client, log):
    as_user(client, make_leader(log.unit))

    pages = {name: client.get(url(name, log.pk)) for name in ("participants", "hand_over", "close", "leave")}

    assert {page.status_code for page in pages.values()} == {200}
    assert all("Hvorfor vil du åpne stafettloggen" in markup(page) for page in pages.values())
