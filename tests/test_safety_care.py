"""S36: child welfare has the care. Through the pages people use, and in the instant a decision ends."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from apps.core.dates import OSLO, end_of_day
from apps.notifications.models import Notice
from apps.notifications.services import remind
from apps.stafettlogg import access
from apps.stafettlogg.enums import ConsentState, Relation, Responsibility
from apps.stafettlogg.models import CareDecision, Consent, ConsentExceptionGrant, ConsentWindow, Guardian
from apps.stafettlogg.services import consents, exceptions
from apps.stafettlogg.services.consent_questions import ask_consent
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
UNTIL = TODAY + 30 * DAY


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW)
        yield clock


class Case:
    """Two parents who have said yes, a leader, and a named person from child welfare who is written down."""

    def __init__(self):
        self.child = make_child()
        self.mother, self.father = make_guardian(self.child, name="Mari Vik"), make_guardian(self.child, name="Ola Vik")
        self.own = make_unit("Solbakken barnehage")
        self.ane, self.lars = make_employee(self.own, name="Ane Lund"), make_leader(self.own, name="Lars Moe")
        self.log = make_log(holder=self.ane, child=self.child, guardians=[self.mother, self.father], now=NOW)
        self.siri = make_guardian(
            self.child, name="Siri Dal", relation=Relation.CHILD_WELFARE, responsibility=Responsibility.UNCHECKED
        )

    def record(self, kind="care_order", **changed):
        given = {"source": "tribunal", "number": "2026/14", "day": str(TODAY), "last_day": str(UNTIL)}
        if kind in ("care_order", "emergency"):
            given |= {"guardian": str(self.siri.pk), "parents_read": "ja"}
        given |= {"kind": kind, "step": "2"} | changed
        return signed_in(self.ane).post(page_of("record_care", self.log.pk), given)

    def sign(self):
        for grant in ConsentExceptionGrant.objects.filter(log=self.log, signed_at=None):
            exceptions.sign_exception(grant.pk, actor=self.lars, now=timezone.now())

    def says_yes(self, *guardians):
        give_consents(self.log, only=list(guardians), now=timezone.now())

    def reads(self, user):
        return access.visible_logs(user).filter(pk=self.log.pk).exists()

    def is_shared(self):
        window = ConsentWindow.objects.get(log=self.log, unit=self.own)
        return window.basis == "consent" and window.is_open(timezone.now())


def test_s36_one_named_person_answers_and_the_parents_go_on_reading(clock):
    case = Case()

    assert case.record().status_code == 302
    assert not case.is_shared()
    case.sign()
    case.says_yes(case.siri)

    assert case.is_shared()
    assert case.reads(case.siri.user)
    assert case.reads(case.mother.user)
    assert case.reads(case.father.user)
    grants = ConsentExceptionGrant.objects.filter(log=case.log)
    assert {(grant.ground, grant.document_number, grant.is_told) for grant in grants} == {
        ("child_welfare_care", "2026/14", True)
    }
    ask_consent(case.log.pk, unit_ids=[make_unit("PP-tjenesten", kind="ppt").pk], actor=case.ane, now=timezone.now())
    waiting = Consent.objects.filter(log=case.log, state=ConsentState.WAITING)
    assert [row.guardian for row in waiting] == [case.siri]


def test_s36_nothing_is_shared_on_the_holders_word_alone(clock):
    case = Case()
    Consent.objects.filter(log=case.log, guardian=case.father).exists()
    consents.withdraw(case.log.pk, guardian_id=case.father.pk, unit_ids=None, actor=case.father.user, now=NOW)

    case.record()
    case.says_yes(case.siri)

    assert not case.is_shared()
    grant = ConsentExceptionGrant.objects.get(log=case.log, guardian=case.father)
    with pytest.raises(exceptions.RuleBroken):  # he has said no: two sign (S27)
        exceptions.sign_exception(grant.pk, actor=case.lars, now=NOW)


def test_s36_the_place_ends_with_the_day_in_the_next_request(clock):
    case = Case()
    case.record()
    case.sign()
    case.says_yes(case.siri)

    clock.move_to(end_of_day(UNTIL) - DAY / 86400)
    assert case.reads(case.siri.user)
    assert case.is_shared()
    clock.move_to(end_of_day(UNTIL))

    assert not case.reads(case.siri.user)
    assert not case.is_shared()
    assert signed_in(case.siri.user).get(page_of("parent_log", case.log.pk)).status_code == 404


def test_s36_when_the_care_is_given_back_everyone_is_asked_anew(clock):
    case = Case()
    case.record()
    case.sign()
    case.says_yes(case.siri)
    decision = CareDecision.objects.get()

    page = page_of("end_care", case.log.pk, decision.pk)
    assert signed_in(case.ane).post(page, {}).status_code == 422
    assert signed_in(case.ane).post(page, {"reason": "returned"}).status_code == 302

    assert not case.is_shared()
    assert not case.reads(case.siri.user)
    waiting = Consent.objects.filter(log=case.log, state=ConsentState.WAITING)
    assert {row.guardian for row in waiting} == {case.mother, case.father}
    case.says_yes(case.mother, case.father)
    assert case.is_shared()


def test_s36_voluntary_changes_nobodys_answer(clock):
    case = Case()

    assert case.record("voluntary", source="child_welfare").status_code == 302

    assert case.is_shared()
    assert not ConsentExceptionGrant.objects.exists()
    assert "Foreldrene svarer som før." in plain(signed_in(case.ane).get(page_of("guardians", case.log.pk)))


def test_s36_a_parent_whose_responsibility_is_taken_away_is_out_at_once(clock):
    case = Case()

    case.record("responsibility", source="court", guardian=str(case.father.pk))

    assert Guardian.objects.get(pk=case.father.pk).responsibility == Responsibility.NONE
    assert not case.reads(case.father.user)
    assert case.reads(case.mother.user)


def test_s36_where_the_parents_may_not_read_the_leader_is_asked_to_block_them(clock):
    case = Case()

    case.record(parents_read="nei")

    assert not ConsentExceptionGrant.objects.exists()
    assert Notice.objects.filter(recipient=case.lars, kind="care_to_block").exists()
    page = plain(signed_in(case.lars).get(page_of("leader_decisions", case.log.pk)))
    assert "Vedtak 2026/14 sier at Ola Vik ikke kan lese alt." in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"last_day": ""},
        {"source": "police"},
        {"guardian": ""},
        {"kind": "emergency", "source": "child_welfare", "last_day": str(TODAY + 43 * DAY)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_s36_a_decision_says_who_when_and_until_when(wrong, clock):
    case = Case()

    assert case.record(**wrong).status_code == 422
    assert not CareDecision.objects.exists()


def test_s36_who_takes_part_as_a_service_does_not_answer_for_the_child(clock):
    case = Case()
    case.ane.national_id_index = case.siri.national_id_index = "siri"
    case.ane.save()
    case.siri.save()

    response = case.record()

    assert response.status_code == 422
    assert "kan ikke svare for barnet" in plain(response)


def test_s36_the_holder_is_reminded_before_it_ends_on_no_page_that_may_be_projected(clock):
    case = Case()
    case.record()
    case.sign()
    case.says_yes(case.siri)

    clock.move_to(NOW + 28 * DAY)
    remind(now=timezone.now())

    assert Notice.objects.filter(recipient=case.ane, kind="care_ending").count() == 1
    assert "Vedtaket går ut" not in plain(signed_in(case.ane).get(page_of("detail", case.log.pk)))
