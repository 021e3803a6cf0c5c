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
    ExceptionGround,
    LogStatus,
    Relation,
    Responsibility,
    WindowBasis,
)
from apps.stafettlogg.models import Consent, ConsentExceptionGrant, ConsentWindow, Guardian
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import consents, exceptions, guardians
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


@pytest.mark.parametrize(("verified", "linked"), [(True, True), (False, False)])
def test_guardian_is_linked_by_a_confirmed_address_only(verified, linked):
    user = make_citizen(email="mari@solvik.example")
    EmailAddress.objects.create(user=user, email="mari@solvik.example", verified=verified, primary=True)
    child = make_child()
    make_guardian(child, user=False, email="Mari@solvik.example")

    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert list(access.visible_logs(user, START)) == ([log] if linked else [])


def test_address_of_another_person_is_not_linked():
    user = make_citizen(national_id_index=blind_index(PERSON, "another"))
    EmailAddress.objects.create(user=user, email="felles@solvik.example", verified=True, primary=True)
    child = make_child()
    make_guardian(
        child, user=False, email="felles@solvik.example", national_id_index=blind_index(PERSON, IDENTITY.digits)
    )

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert list(access.visible_logs(user, START)) == []


def test_one_user_is_one_guardian_of_a_child():
    user = make_citizen()
    EmailAddress.objects.create(user=user, email="felles@solvik.example", verified=True, primary=True)
    child = make_child()
    make_guardian(child, user=False, name="Anne", email="felles@solvik.example")
    make_guardian(child, user=False, name="Berit", email="felles@solvik.example")

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert Guardian.objects.filter(user=user).count() == 1


def test_employee_is_never_linked():
    employee = make_employee(email="ansatt@solvik.example")
    EmailAddress.objects.create(user=employee, email="ansatt@solvik.example", verified=True, primary=True)
    child = make_child()
    mother = make_guardian(child, user=False, email="ansatt@solvik.example")

    make_log(status=LogStatus.REQUESTED, child=child, now=START)

    mother.refresh_from_db()
    assert mother.user is None


def test_citizen_who_signs_in_later_finds_what_waits():
    child = make_child()
    make_guardian(child, user=False, email="sen@solvik.example")
    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)
    user = make_citizen(email="sen@solvik.example")
    before = guardians.link_waiting_guardians(now=START)
    EmailAddress.objects.create(user=user, email="sen@solvik.example", verified=True, primary=True)

    counts = [guardians.link_waiting_guardians(now=START) for _time in (1, 2)]

    assert (before, counts, list(access.visible_logs(user, START))) == (0, [1, 0], [log])
    assert Notice.objects.filter(recipient=user, kind="consent_waiting").count() == 1


def test_unchecked_or_blocked_guardian_is_not_linked_at_sign_in():
    child = make_child()
    make_guardian(child)
    make_guardian(child, user=False, email="sen@solvik.example", responsibility=Responsibility.UNCHECKED)
    make_log(status=LogStatus.REQUESTED, child=child, now=START)
    user = make_citizen()
    EmailAddress.objects.create(user=user, email="sen@solvik.example", verified=True, primary=True)

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


# What the leader signs ----------------------------------------------------------------------------------------------


def led_log(**fields):
    leader = make_leader()
    holder = make_employee(leader.membership.unit)
    child = make_child()
    mother, father = make_guardian(child, name="Mari"), make_guardian(child, name="Ola")
    log = make_log(child=child, holder=holder, now=START, **fields)
    return log, mother, father, leader


def test_signed_exception_lets_the_others_decide():
    log, mother, father, leader = led_log(status=LogStatus.REQUESTED)
    give_consents(log, only=[mother], now=START)
    grant = exceptions.ask_exception(
        log.pk, father.pk, ground=ExceptionGround.UNREACHABLE, actor=log.holder.user, now=START
    )
    log.refresh_from_db()
    unsigned = log.status

    exceptions.sign_exception(grant.pk, actor=leader, now=START + DAY)
    exceptions.sign_exception(grant.pk, actor=leader, now=START + 2 * DAY)

    log.refresh_from_db()
    grant.refresh_from_db()
    assert (unsigned, log.status) == (LogStatus.REQUESTED, LogStatus.ACTIVE)
    assert (grant.signed_by, grant.signed_at) == (leader, START + DAY)
    assert states(log, father) == [ConsentState.CANCELLED]


def test_exception_is_signed_by_an_impartial_leader():
    log, _mother, father, leader = led_log(status=LogStatus.REQUESTED)
    grant = exceptions.ask_exception(
        log.pk, father.pk, ground=ExceptionGround.DECEASED, actor=log.holder.user, now=START
    )
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
    grant = exceptions.ask_exception(log.pk, father.pk, ground=ExceptionGround.DECEASED, actor=leader, now=START)

    with pytest.raises(AccessDenied):
        exceptions.sign_exception(grant.pk, actor=leader, now=START)


def test_declined_exception_is_gone_and_can_be_asked_again():
    log, _mother, father, leader = led_log(status=LogStatus.REQUESTED)
    grant = exceptions.ask_exception(
        log.pk, father.pk, ground=ExceptionGround.UNREACHABLE, actor=log.holder.user, now=START
    )

    exceptions.decline_exception(grant.pk, actor=leader, now=START)

    assert ConsentExceptionGrant.objects.count() == 0
    assert Notice.objects.filter(recipient=log.holder.user, kind="exception_declined").count() == 1
    exceptions.ask_exception(log.pk, father.pk, ground=ExceptionGround.LACKS_CAPACITY, actor=log.holder.user, now=START)
    assert ConsentExceptionGrant.objects.get().ground == ExceptionGround.LACKS_CAPACITY


def test_signed_exception_stands():
    log, _mother, father, leader = led_log()
    ground = ExceptionGround.UNREACHABLE
    grant = exceptions.ask_exception(log.pk, father.pk, ground=ground, actor=log.holder.user, now=START)
    exceptions.sign_exception(grant.pk, actor=leader, now=START)

    for again in (
        lambda: exceptions.ask_exception(log.pk, father.pk, ground=ground, actor=log.holder.user, now=START),
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
    consents.expire_windows(now=end)
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
