"""S36: how a foster parent comes in and goes out, and what a parent's withdrawal does while child welfare answers."""

import pytest
import time_machine
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.core.crypto import blind_index
from apps.core.dates import end_of_day
from apps.core.errors import RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import Audience, ConsentState, Relation
from apps.stafettlogg.models import CareDecision, Consent, FosterPlace, Guardian
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import links
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee
from tests.fostering import NOW, UNTIL, Case, change
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW)
        yield clock


@pytest.mark.parametrize("end", ["placement", "place", "decision"])
def test_s36_the_place_ends_with_the_placement_in_the_next_request(end, clock):
    case = Case()
    case.has_place()
    assert case.gets("foster_log").status_code == 200

    if end == "placement":
        decision = CareDecision.objects.get()
        page = page_of("end_care", case.log.pk, decision.pk)
        assert signed_in(case.ane).post(page, {"reason": "returned"}).status_code == 302
    elif end == "place":
        assert signed_in(case.ane).post(page_of("foster_end", case.log.pk, case.place.pk)).status_code == 302
    else:
        clock.move_to(end_of_day(UNTIL))

    assert case.gets("foster_log").status_code == 404
    assert case.gets("foster_messages").status_code == 404
    children = plain(signed_in(case.frida).get(page_of("children")))
    assert "fosterforelder" not in children
    assert "Du har ingenting å svare på her nå." in children


def test_s36_without_a_decision_nobody_is_a_foster_parent():
    case = Case()
    signed_in(case.ane).post(page_of("end_care", case.log.pk, CareDecision.objects.get().pk), {"reason": "returned"})

    response = case.add()

    assert response.status_code == 422
    assert "Skriv inn vedtaket om omsorgen først." in plain(response)
    assert not FosterPlace.objects.exists()


def test_s36_a_parent_is_not_a_foster_parent_of_her_own_child():
    case = Case()

    assert case.add(name="Mari Vik").status_code == 422
    assert not FosterPlace.objects.exists()


def test_s36_she_is_linked_by_a_code_for_the_place_once_child_welfare_has_said_yes():
    case = Case()
    case.add()
    foster_parent = case.place.guardian
    change(foster_parent, national_id_index="")
    case.frida.national_id_index = blind_index(PERSON, "another way in")
    case.frida.save()

    with pytest.raises(RuleBroken):
        links.make_code(case.log.pk, foster_parent.pk, actor=case.ane, now=NOW)
    case.says("measures")
    code = links.make_code(case.log.pk, foster_parent.pk, actor=case.ane, now=NOW)
    assert links.use_code(code, actor=case.frida, now=NOW)
    links.confirm_code(case.log.pk, foster_parent.place_codes.get().pk, actor=case.ane, now=NOW)
    assert access.visible_logs(case.frida).filter(pk=case.log.pk).exists()
    links.cut_link(case.log.pk, foster_parent.pk, reason="wrong_person", actor=case.ane, now=NOW)
    assert not access.visible_logs(case.frida).exists()


def test_s36_her_first_page_says_whose_foster_parent_she_is_and_it_is_written_that_she_looked():
    case = Case()
    client = case.has_place()

    page = plain(client.get(page_of("children")))
    client.get(page_of("foster_log", case.log.pk))

    assert "Du er fosterforelder" in page
    assert page_of("foster_log", case.log.pk) in page
    seen = ReadEvent.objects.filter(actor_id=case.frida.pk, log_id=case.log.pk)
    assert {(event.side, event.what) for event in seen} == {("foster", "children"), ("foster", "overview")}


def test_s36_she_is_told_of_an_answer_in_words_that_name_nobody():
    case = Case()
    case.has_place()
    thread = {"audience": Audience.HOLDER, "thread_guardian_id": case.place.guardian_id}

    write_message(case.log.pk, text="Møtet er flyttet.", actor=case.ane, now=timezone.now(), **thread)

    told = Notice.objects.filter(recipient=case.frida)
    assert [(notice.kind, notice.url_name) for notice in told] == [("message_family", "stafettlogg:foster_messages")]
    assert "Møtet er flyttet." in plain(case.gets("foster_messages"))


def test_s18_an_employee_who_becomes_a_foster_parent_has_no_role_in_the_log():
    case = Case()
    berit = make_employee(case.own, name="Berit Foss")
    berit.national_id_index = blind_index(PERSON, "berit")
    berit.save()
    case.add(name="Berit Foss")
    change(Guardian.objects.get(relation=Relation.FOSTER), national_id_index=berit.national_id_index)

    assert access.is_disqualified(berit, case.child)


def test_s36_a_parents_withdrawal_is_written_down_and_stops_nothing_while_child_welfare_answers():
    case = Case()
    client = signed_in(case.father.user)

    page = plain(client.get(page_of("withdraw_all", case.log.pk)))
    assert "Andre svarer for barnet nå." in page
    assert "Ingen tjenester kan lese" not in page
    assert client.post(page_of("withdraw_all", case.log.pk)).status_code == 302

    assert Consent.objects.filter(guardian=case.father, state=ConsentState.WITHDRAWN).exists()
    assert case.log.windows.get(unit=case.own).is_open(NOW)
    assert signed_in(case.ane).get(page_of("plan", case.log.pk)).status_code == 200
    receipt = plain(client.get(page_of("withdrawn", case.log.pk), follow=True))
    assert "kan fortsatt lese stafettloggen." in receipt
    assert "Får du svare igjen, spør vi deg på nytt." in receipt


def test_s36_when_the_care_is_given_back_the_one_who_withdrew_is_asked_too():
    case = Case()
    signed_in(case.father.user).post(page_of("withdraw_all", case.log.pk))

    signed_in(case.ane).post(page_of("end_care", case.log.pk, CareDecision.objects.get().pk), {"reason": "returned"})

    waiting = Consent.objects.filter(log=case.log, state=ConsentState.WAITING)
    assert {row.guardian for row in waiting} == {case.mother, case.father}
    assert signed_in(case.ane).get(page_of("plan", case.log.pk)).status_code == 403


def test_s36_a_parent_in_whose_place_child_welfare_answers_leaves_and_closes_nothing():
    case = Case()

    page = plain(signed_in(case.father.user).get(page_of("family_close", case.log.pk)))
    assert "Andre svarer for barnet nå, så delingen fortsetter." in page
    ask = {"call": "no", "understood": "on"}
    assert signed_in(case.father.user).post(page_of("family_close_all", case.log.pk), ask).status_code == 302

    case.log.refresh_from_db()
    assert not case.log.is_closing
    assert signed_in(case.ane).get(page_of("plan", case.log.pk)).status_code == 200
    assert case.gets("parent_log", case.father.user).status_code == 404
    assert case.gets("parent_log", case.mother.user).status_code == 200
