"""Guardians: checked, linked to their own user, lost, blocked, exempted; and a birth."""

import datetime

import pytest
from allauth.account.models import EmailAddress

from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, Conflict, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    BlockGround,
    CheckedHow,
    ConsentState,
    LogStatus,
    Relation,
    Responsibility,
    WindowBasis,
)
from apps.stafettlogg.models import Consent, ConsentWindow, Guardian
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import exceptions, guardians
from tests.factories import make_citizen, make_employee, make_leader
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_guardian_input,
    make_log,
    make_national_id,
)

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
IDENTITY = make_national_id("01819012345", datetime.date(1990, 1, 1))


def basis(log):
    return ConsentWindow.objects.get(log=log, unit=log.unit).basis


def states(log, guardian):
    rows = Consent.objects.filter(log=log, guardian=guardian).order_by("request__asked_at", "pk")
    return list(rows.values_list("state", flat=True))


def blocked(log, guardian, leader, **fields):
    fields = {
        "ground": BlockGround.RESTRAINING_ORDER,
        "decision_number": "2026/17",
        "last_day": datetime.date(2026, 6, 1),
    } | fields
    return exceptions.block_guardian(log.pk, guardian.pk, actor=leader, now=START, **fields)


def test_confirmed_guardian_gets_access_and_the_questions():
    child = make_child()
    mother = make_guardian(child)
    father = make_guardian(child, responsibility=Responsibility.UNCHECKED)
    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)
    before = (list(access.visible_logs(father.user, START)), states(log, father))

    guardians.confirm_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=START)

    assert before == ([], [])
    assert (list(access.visible_logs(father.user, START)), states(log, father)) == ([log], [ConsentState.WAITING])
    assert Notice.objects.filter(recipient=father.user, kind="consent_waiting").count() == 1
    assert states(log, mother) == [ConsentState.WAITING]


def test_confirming_again_changes_nothing():
    log = make_log(now=START)
    (mother,) = log.guardians

    guardians.confirm_responsibility(log.pk, mother.pk, how=CheckedHow.DOCUMENT, actor=log.holder.user, now=START)

    assert (states(log, mother), basis(log)) == ([ConsentState.GIVEN], WindowBasis.CONSENT)


def test_check_says_how():
    log = make_log(now=START)

    with pytest.raises(RuleBroken) as broken:
        guardians.confirm_responsibility(log.pk, log.guardians[0].pk, how="", actor=log.holder.user, now=START)

    assert broken.value.code == "checked_how_missing"


def test_new_guardian_with_responsibility_stops_the_sharing_until_she_answers():
    log = make_log(now=START)

    father = guardians.add_guardian(
        log.pk, make_guardian_input("Ola Berg", Relation.FATHER), actor=log.holder.user, now=START + DAY
    )
    after_adding = basis(log)
    give_consents(log, now=START + DAY)

    assert (after_adding, basis(log)) == (WindowBasis.CLOSING, WindowBasis.CONSENT)
    assert states(log, father) == [ConsentState.GIVEN]


def test_unchecked_new_guardian_stops_nothing_that_is_open():
    log = make_log(now=START)

    guardians.add_guardian(
        log.pk,
        make_guardian_input("Ola Berg", responsibility=Responsibility.UNCHECKED, checked_how=""),
        actor=log.holder.user,
        now=START,
    )

    assert basis(log) == WindowBasis.CONSENT


def test_lost_responsibility_ends_access_and_questions_at_once():
    child = make_child()
    mother, father = make_guardian(child), make_guardian(child)
    leader = make_leader()
    log = make_log(status=LogStatus.REQUESTED, child=child, holder=make_employee(leader.membership.unit), now=START)
    give_consents(log, only=[mother], now=START)

    guardians.lose_responsibility(log.pk, father.pk, how=CheckedHow.DECISION, actor=log.holder.user, now=START + DAY)

    log.refresh_from_db()
    assert list(access.visible_logs(father.user, START + DAY)) == []
    assert (states(log, father), log.status) == ([ConsentState.CANCELLED], LogStatus.ACTIVE)
    assert list(Notice.objects.filter(kind="responsibility_lost").values_list("recipient", flat=True)) == [leader.pk]


def test_only_the_holder_changes_guardians():
    log = make_log(now=START)
    mother = log.guardians[0]

    for other in (mother.user, make_employee(log.unit), make_leader(log.unit)):
        with pytest.raises(AccessDenied):
            guardians.add_guardian(log.pk, make_guardian_input(), actor=other, now=START)
        with pytest.raises(AccessDenied):
            guardians.confirm_responsibility(log.pk, mother.pk, how=CheckedHow.REGISTER, actor=other, now=START)
        with pytest.raises(AccessDenied):
            guardians.lose_responsibility(log.pk, mother.pk, how=CheckedHow.REGISTER, actor=other, now=START)


def test_closed_log_changes_no_guardian():
    log = make_log(now=START)
    log.status, log.closed_at, log.close_reason = LogStatus.CLOSED, START, "goal"
    log.save()

    with pytest.raises(RuleBroken) as broken:
        guardians.add_guardian(log.pk, make_guardian_input(), actor=log.holder.user, now=START)

    assert broken.value.code == "log_state"


def test_contact_is_changed_by_one_at_a_time():
    log = make_log(now=START)
    (mother,) = log.guardians
    changed = {"email": "NY@solvik.example", "phone": "40000001", "language": "so", "needs_interpreter": True}

    guardians.change_contact(log.pk, mother.pk, actor=log.holder.user, now=START, version=mother.version, **changed)

    mother.refresh_from_db()
    assert (mother.email, mother.language, mother.needs_interpreter) == ("ny@solvik.example", "so", True)
    with pytest.raises(Conflict):
        guardians.change_contact(log.pk, mother.pk, actor=log.holder.user, now=START, version=1, **changed)


# Her own user -------------------------------------------------------------------------------------------------------


def test_guardian_is_linked_by_blind_index():
    user = make_citizen(national_id_index=blind_index(PERSON, IDENTITY.digits))
    child = make_child()
    mother = make_guardian(child, user=False, national_id_index=user.national_id_index)

    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)

    mother.refresh_from_db()
    assert (mother.user, list(access.visible_logs(user, START))) == (user, [log])


@pytest.mark.parametrize("verified", [True, False])
def test_guardian_is_never_linked_by_an_address(verified):
    user = make_citizen(email="mari@solvik.example")
    EmailAddress.objects.create(user=user, email="mari@solvik.example", verified=verified, primary=True)
    child = make_child()
    make_guardian(child, user=False, email="Mari@solvik.example")

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert list(access.visible_logs(user, START)) == []


def test_one_user_is_one_guardian_of_a_child():
    user = make_citizen(national_id_index=blind_index(PERSON, IDENTITY.digits))
    child = make_child()
    make_guardian(child, user=False, name="Anne", national_id_index=user.national_id_index)
    make_guardian(child, user=False, name="Berit", national_id_index=user.national_id_index)

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert Guardian.objects.filter(user=user).count() == 1


def test_employee_is_never_linked():
    employee = make_employee(national_id_index=blind_index(PERSON, IDENTITY.digits))
    child = make_child()
    mother = make_guardian(child, user=False, national_id_index=employee.national_id_index)

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    mother.refresh_from_db()
    assert mother.user is None


def test_citizen_who_signs_in_later_finds_what_waits():
    child = make_child()
    number = blind_index(PERSON, IDENTITY.digits)
    make_guardian(child, user=False, national_id_index=number)
    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)
    before = guardians.link_waiting_guardians(now=START)
    user = make_citizen(national_id_index=number)

    counts = [guardians.link_waiting_guardians(now=START) for _time in (1, 2)]

    assert (before, counts, list(access.visible_logs(user, START))) == (0, [1, 0], [log])
    assert Notice.objects.filter(recipient=user, kind="consent_waiting").count() == 1


# What the leader signs ----------------------------------------------------------------------------------------------


def led_log(**fields):
    leader = make_leader()
    holder = make_employee(leader.membership.unit)
    child = make_child()
    mother, father = make_guardian(child, name="Mari"), make_guardian(child, name="Ola")
    log = make_log(child=child, holder=holder, now=START, **fields)
    return log, mother, father, leader


# Birth --------------------------------------------------------------------------------------------------------------


def expected_log():
    child = make_child("", "", birth_date=None, expected_day=datetime.date(2026, 4, 1))
    mother = make_guardian(child, relation=Relation.PREGNANT)
    father = make_guardian(child, relation=Relation.FATHER)
    return make_log(child=child, now=START), mother, father


def born(log, **fields):
    fields = {
        "given_name": "Liv",
        "family_name": "Holm",
        "birth_date": datetime.date(2026, 4, 3),
        "national_id": None,
    } | fields
    return guardians.register_birth(log.pk, actor=log.holder.user, now=START + 40 * DAY, **fields)
