"""Guardians: checked, linked to their own user, lost, blocked, exempted; and a birth. More of the same, by topic."""

import datetime

import pytest

from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    CheckedHow,
    ConsentState,
    ExceptionGround,
    LogStatus,
    Responsibility,
    WindowBasis,
)
from apps.stafettlogg.models import ConsentExceptionGrant, ConsentWindow
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import exceptions, guardians, windows
from tests.factories import make_citizen, make_employee, make_leader
from tests.stafettlogg.exempt import ask_exception, make_exempt
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_log,
)
from tests.stafettlogg.test_guardians import DAY, IDENTITY, START, basis, blocked, born, expected_log, led_log, states

pytestmark = pytest.mark.django_db


def test_unchecked_or_blocked_guardian_is_not_linked_at_sign_in():
    child = make_child()
    make_guardian(child)
    number = blind_index(PERSON, IDENTITY.digits)
    make_guardian(child, user=False, national_id_index=number, responsibility=Responsibility.UNCHECKED)
    make_log(status=LogStatus.REQUESTED, child=child, now=START)
    make_citizen(national_id_index=number)

    assert guardians.link_waiting_guardians(now=START) == 0


def test_youth_is_linked_from_the_age_of_answering():
    index = blind_index(PERSON, IDENTITY.digits)
    user = make_citizen(national_id_index=index)
    child = make_child(birth_date=datetime.date(2011, 3, 2), national_id_index=index)
    make_guardian(child)

    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert list(access.visible_logs(user, START)) == [log]


def test_youth_who_signs_in_later_finds_the_log():
    child = make_child(birth_date=datetime.date(2010, 1, 1), national_id_index=blind_index(PERSON, IDENTITY.digits))
    make_guardian(child)
    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)
    user = make_citizen(national_id_index=child.national_id_index)

    guardians.link_waiting_guardians(now=START)

    assert list(access.visible_logs(user, START)) == [log]


def test_younger_child_is_not_linked():
    index = blind_index(PERSON, IDENTITY.digits)
    user = make_citizen(national_id_index=index)
    child = make_child(birth_date=datetime.date(2011, 3, 3), national_id_index=index)
    make_guardian(child)

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert list(access.visible_logs(user, START)) == []


def test_signed_exception_lets_the_others_decide():
    log, mother, father, leader = led_log(status=LogStatus.REQUESTED)
    give_consents(log, only=[mother], now=START)
    grant = ask_exception(log, father, ExceptionGround.UNREACHABLE, now=START)
    log.refresh_from_db()
    unsigned = log.status

    exceptions.sign_exception(grant.pk, actor=leader, now=START + DAY)
    exceptions.sign_exception(grant.pk, actor=leader, now=START + 2 * DAY)

    log.refresh_from_db()
    grant.refresh_from_db()
    assert (unsigned, log.status) == (LogStatus.REQUESTED, LogStatus.ACTIVE)
    assert (grant.signed_by, grant.signed_at) == (leader, START + DAY)
    assert states(log, father) == [ConsentState.WAITING]


def test_exception_is_signed_by_an_impartial_leader():
    log, _mother, father, leader = led_log(status=LogStatus.REQUESTED)
    grant = ask_exception(log, father, ExceptionGround.DECEASED, now=START)
    father.national_id_index = leader.national_id_index = blind_index(PERSON, IDENTITY.digits)
    father.save()
    leader.save()

    for other in (log.holder.user, make_leader(), make_employee(log.unit), leader):
        with pytest.raises(AccessDenied):
            exceptions.sign_exception(grant.pk, actor=other, now=START)


def test_leader_who_holds_the_log_cannot_sign_in_it():
    leader = make_leader()
    child = make_child()
    father = make_guardian(child)
    log = make_log(status=LogStatus.REQUESTED, child=child, holder=leader, now=START)
    grant = ask_exception(log, father, ExceptionGround.DECEASED, actor=leader, now=START)

    with pytest.raises(AccessDenied):
        exceptions.sign_exception(grant.pk, actor=leader, now=START)


def test_declined_exception_is_gone_and_can_be_asked_again():
    log, _mother, father, leader = led_log(status=LogStatus.REQUESTED)
    grant = ask_exception(log, father, ExceptionGround.UNREACHABLE, now=START)

    exceptions.decline_exception(grant.pk, actor=leader, now=START)

    assert ConsentExceptionGrant.objects.count() == 0
    assert Notice.objects.filter(recipient=log.holder.user, kind="exception_declined").count() == 1
    ask_exception(log, father, ExceptionGround.LACKS_CAPACITY, now=START)
    assert ConsentExceptionGrant.objects.get().ground == ExceptionGround.LACKS_CAPACITY


def test_signed_exception_stands():
    log, _mother, father, leader = led_log()
    grant = make_exempt(log, father, leader, now=START)

    for again in (
        lambda: ask_exception(log, father, now=START),
        lambda: exceptions.decline_exception(grant.pk, actor=leader, now=START),
    ):
        with pytest.raises(RuleBroken) as broken:
            again()
        assert broken.value.code == "exception_signed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ground": ""}, "block_ground_missing"),
        ({"decision_number": " "}, "block_ground_missing"),
        ({"last_day": None}, "block_end_missing"),
        ({"last_day": datetime.date(2026, 3, 1)}, "block_end_missing"),
    ],
)
def test_block_needs_ground_number_and_end(fields, code):
    log, _mother, father, leader = led_log()

    with pytest.raises(RuleBroken) as broken:
        blocked(log, father, leader, **fields)

    assert broken.value.code == code


def test_only_the_leader_blocks():
    log, mother, father, _leader = led_log()

    for other in (log.holder.user, mother.user, make_leader(), make_employee(log.unit)):
        with pytest.raises(AccessDenied):
            blocked(log, father, other)


def test_block_ends_with_its_last_day_and_gives_nothing_back():
    log, mother, father, leader = led_log()
    blocked(log, father, leader)
    window = ConsentWindow.objects.get(log=log, unit=log.unit)
    end = datetime.datetime(2026, 6, 2, tzinfo=OSLO)

    assert (window.basis, window.valid_until) == (WindowBasis.CONSENT, end)
    windows.expire_windows(now=end)
    assert basis(log) == WindowBasis.CLOSING
    assert list(access.visible_logs(father.user, end)) == []


def test_lifted_block_gives_access_by_a_new_check_only():
    log, _mother, father, leader = led_log()
    blocked(log, father, leader)

    exceptions.unblock_guardian(log.pk, father.pk, actor=leader, now=START + DAY)
    after = list(access.visible_logs(father.user, START + DAY))
    guardians.confirm_responsibility(log.pk, father.pk, how=CheckedHow.DECISION, actor=log.holder.user, now=START + DAY)

    assert after == []
    assert list(access.visible_logs(father.user, START + DAY)) == [log]
    assert states(log, father) == [ConsentState.REPLACED, ConsentState.WAITING]


def test_birth_is_registered_once():
    log, _mother, _father = expected_log()

    child = born(log)

    assert (child.full_name, child.search_name, child.birth_date) == ("Liv Holm", "liv holm", datetime.date(2026, 4, 3))
    with pytest.raises(RuleBroken) as broken:
        born(log)
    assert broken.value.code == "born_already"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"given_name": ""}, "name_missing"), ({"birth_date": datetime.date(2026, 5, 1)}, "birth_date_future")],
)
def test_birth_has_a_name_and_a_day(fields, code):
    log, _mother, _father = expected_log()

    with pytest.raises(RuleBroken) as broken:
        born(log, **fields)

    assert broken.value.code == code
