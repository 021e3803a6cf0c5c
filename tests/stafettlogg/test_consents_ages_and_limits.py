"""safety.md, rule by rule, where requests, consents and guardians keep it. More of the same, by topic."""

import datetime

import pytest

from apps.core.crypto import blind_index
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    Action,
    AddressProtection,
    CheckedHow,
    ConsentState,
    ExceptionGround,
    LogStatus,
    Responsibility,
    Route,
    WindowBasis,
)
from apps.stafettlogg.kinds.notices import NOTICE_KINDS
from apps.stafettlogg.models import (
    Child,
    Consent,
    ConsentAnswer,
    ConsentRequest,
    ConsentWindow,
    Guardian,
    Log,
)
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services import consent_questions, consents, guardians, windows
from apps.stafettlogg.services.requests import ChildInput
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.exempt import make_exempt
from tests.stafettlogg.factories import (
    BORN,
    give_consents,
    make_child,
    make_guardian,
    make_guardian_input,
    make_log,
    make_participant,
    request_as_typed,
)
from tests.stafettlogg.test_consents_safety import (
    DAY,
    IDENTITY,
    START,
    answer,
    at_midnight,
    basis,
    birth,
    expected,
    two_parents,
)

pytestmark = pytest.mark.django_db


def test_s07_exceptions_never_leave_nobody():
    leader = make_leader()
    log, mother, father = two_parents(status=LogStatus.REQUESTED, holder=make_employee(leader.membership.unit))
    for guardian in (mother, father):
        make_exempt(log, guardian, leader, ExceptionGround.UNREACHABLE, now=START)

    assert basis(log) == WindowBasis.PREPARING
    with pytest.raises(RuleBroken) as broken:
        consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=START)
    assert broken.value.code == "nobody_answers"


def test_s07_log_waits_for_a_guardian_nobody_has_checked():
    child = make_child()
    mother = make_guardian(child)
    father = make_guardian(child, responsibility=Responsibility.UNCHECKED)
    log = make_log(child=child, now=START)
    waited = basis(log)

    guardians.lose_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=START)

    assert (waited, basis(log)) == (WindowBasis.PREPARING, WindowBasis.CONSENT)
    assert mother.pk is not None


def test_s08_unchecked_guardian_has_no_access_no_question_and_no_notice():
    child = make_child()
    make_guardian(child)
    father = make_guardian(child, responsibility=Responsibility.UNCHECKED)
    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)

    assert list(access.visible_logs(father.user, START)) == []
    assert Consent.objects.filter(log=log, guardian=father).count() == 0
    assert Notice.objects.filter(recipient=father.user).count() == 0


def test_s08_check_says_how_by_whom_and_when():
    log = Log.objects.get(pk=request_as_typed(holder := make_employee(), now=START).id)

    guardian = Guardian.objects.get(child=log.child)

    assert (guardian.checked_how, guardian.checked_by, guardian.checked_at) == (CheckedHow.REGISTER, holder, START)


def test_s09_pregnant_woman_alone_answers_and_sees():
    log, mother, father = expected()

    assert log.status == LogStatus.ACTIVE
    assert list(Consent.objects.filter(log=log).values_list("guardian", flat=True)) == [mother.pk]
    assert [list(access.visible_logs(user, START)) for user in (mother.user, father.user)] == [[log], []]


def test_s09_nothing_passes_to_another_guardian_at_birth():
    log, mother, father = expected()
    now = START + 40 * DAY
    notices = Notice.objects.filter(recipient=father.user)

    birth(log, now)

    father.refresh_from_db()
    assert (list(access.visible_logs(father.user, now)), father.responsibility) == ([], Responsibility.UNCHECKED)
    assert notices.count() == 0
    assert basis(log) == WindowBasis.CONSENT
    with pytest.raises(RuleBroken) as broken:
        guardians.confirm_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=now)
    assert broken.value.code == "mother_first"


def test_s09_other_guardian_comes_in_after_the_mothers_new_yes():
    log, mother, father = expected()
    now = START + 40 * DAY
    birth(log, now)
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=now)
    answer(log, mother, now=now)

    guardians.confirm_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=now)

    assert list(access.visible_logs(father.user, now)) == [log]
    assert len(selectors.open_questions(father.user, now)) == 1


@pytest.mark.parametrize(
    ("kind", "born", "asked"),
    [
        (UnitKind.SCHOOL, datetime.date(2011, 3, 2), "guardian youth"),
        (UnitKind.SCHOOL, datetime.date(2011, 3, 3), "guardian"),
        (UnitKind.SCHOOL_HEALTH, datetime.date(2010, 3, 2), "youth"),
        (UnitKind.SCHOOL_HEALTH, datetime.date(2010, 3, 3), "guardian"),
        (UnitKind.SCHOOL, datetime.date(2008, 3, 2), "youth"),
        (UnitKind.SCHOOL, datetime.date(2008, 2, 29), "youth"),
    ],
)
def test_s10_who_answers_follows_age_and_service(kind, born, asked):
    child = make_child(birth_date=born)
    make_guardian(child)
    log = make_log(status=LogStatus.REQUESTED, child=child, holder=make_employee(make_unit(kind=kind)), now=START)

    rows = Consent.objects.filter(log=log).order_by("is_youth").values_list("is_youth", flat=True)

    assert " ".join("youth" if is_youth else "guardian" for is_youth in rows) == asked


def test_s10_sharing_ends_at_the_birthday_that_changes_who_answers():
    child = make_child(birth_date=datetime.date(2011, 6, 10))
    make_guardian(child)
    log = make_log(child=child, holder=make_employee(make_unit(kind=UnitKind.SCHOOL)), now=START)

    window = ConsentWindow.objects.get(log=log)
    windows.expire_windows(now=at_midnight(2026, 6, 10))

    assert window.valid_until == at_midnight(2026, 6, 10)
    assert basis(log) == WindowBasis.CLOSING


def test_s10_youths_no_stops_the_sharing():
    youth = make_citizen()
    child = make_child(birth_date=datetime.date(2010, 1, 1), user=youth)
    make_guardian(child)
    log = make_log(child=child, holder=make_employee(make_unit(kind=UnitKind.SCHOOL)), now=START)

    consents.withdraw(log.pk, guardian_id=None, unit_ids=None, actor=youth, now=START + DAY)

    assert basis(log) == WindowBasis.CLOSING


def test_s10_guardians_lose_the_log_at_midnight_of_the_18th_birthday():
    child = make_child(birth_date=datetime.date(2008, 6, 10), user=make_citizen())
    mother = make_guardian(child)
    log = make_log(child=child, holder=make_employee(make_unit(kind=UnitKind.SCHOOL)), now=START)
    before, after = at_midnight(2026, 6, 9), at_midnight(2026, 6, 10)

    assert [list(access.visible_logs(mother.user, at)) for at in (before, after)] == [[log], []]
    reads = [access.sees_content(access.row_for(log.holder.user, log, at)) for at in (before, after)]
    assert reads == [True, False]  # the holder is left with the shell
    assert list(access.visible_logs(child.user, after)) == [log]


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_s11_services_stop_family_reads_holder_keeps_the_shell(how):
    leader = make_leader()
    log, mother, father = two_parents(holder=make_employee(leader.membership.unit))
    unit = make_unit(kind=UnitKind.PPT)
    consent_questions.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=START)
    give_consents(log, now=START)
    reader = make_participant(log, user=make_employee(unit), now=START)
    if how == "withdrawn":
        now = START + DAY
        consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=now)
    else:
        now = ConsentWindow.objects.get(log=log, unit=log.unit).valid_until
        assert list(access.visible_logs(reader, now)) == []
        windows.expire_windows(now=now)

    holder = log.holder.user
    assert list(access.visible_logs(reader, now)) == []
    assert [list(access.visible_logs(user, now)) for user in (mother.user, father.user, holder)] == [[log]] * 3
    assert (access.can(holder, log, Action.INVITE, now), access.can(holder, log, Action.PLAN, now)) == (True, False)
    assert set(Notice.objects.filter(kind__startswith="sharing_stopped").values_list("recipient", flat=True)) == {
        holder.pk,
        leader.pk,
    }


def test_s12_unread_limits_keep_the_log_shut():
    log, mother, father = two_parents(status=LogStatus.REQUESTED)
    answer(log, father)
    given = answer(log, mother, limits="Ikke del noe om søsken.")
    shut = basis(log)

    consents.follow_limits(given.pk, actor=log.holder.user, now=START)

    assert (shut, basis(log)) == (WindowBasis.PREPARING, WindowBasis.CONSENT)
    assert Notice.objects.filter(recipient=log.holder.user, kind="limits_to_follow").count() == 1


def test_s12_only_the_holder_ticks_limits():
    log, mother, father = two_parents(status=LogStatus.REQUESTED)
    given = answer(log, mother, limits="Ikke del noe om søsken.")

    for other in (mother.user, father.user, make_employee(log.unit)):
        with pytest.raises(AccessDenied):
            consents.follow_limits(given.pk, actor=other, now=START)


def test_s12_new_limits_in_a_renewal_stop_until_read():
    log, mother, father = two_parents()
    later = START + 300 * DAY
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later)

    given = answer(log, mother, limits="Ikke del noe om søsken.", now=later)
    stopped = basis(log)
    consents.follow_limits(given.pk, actor=log.holder.user, now=later)

    assert (stopped, basis(log)) == (WindowBasis.CLOSING, WindowBasis.CONSENT)


def test_s12_limits_lie_encrypted():
    log, mother, _father = two_parents(status=LogStatus.REQUESTED)
    given = answer(log, mother, limits="Ikke del noe om søsken.")

    (stored,) = ConsentAnswer.objects.filter(pk=given.pk).values_list("limits", flat=True)

    assert "søsken" not in stored
    assert ConsentAnswer.objects.get(pk=given.pk).limits == "Ikke del noe om søsken."


@pytest.mark.parametrize("route", [Route.PAPER, Route.ORAL, Route.TABLET])
def test_s12_recorded_answer_gives_a_receipt_that_can_be_disputed(route):
    log, mother, _father = two_parents(status=LogStatus.REQUESTED)
    note = {"witness_note": "Tolk var til stede."} if route == Route.ORAL else {}

    given = answer(log, mother, route=route, **note)

    assert Notice.objects.filter(recipient=mother.user, kind="consent_receipt").count() == 1
    consents.dispute(given.pk, actor=mother.user, now=START)
    assert given.consents.get().state == ConsentState.WITHDRAWN


def test_s17_strictly_confidential_address_has_no_digital_log():
    make_municipality(strictly_confidential_digital=False)
    child = ChildInput(given_name="Emma", birth_date=BORN, address_protection=AddressProtection.STRICT)

    with pytest.raises(RuleBroken) as broken:
        request_as_typed(make_employee(), child=child, now=START)

    assert (broken.value.code, Child.objects.count(), Log.objects.count()) == ("paper_route", 0, 0)


def test_s17_data_protection_officer_may_open_for_it():
    make_municipality()
    child = ChildInput(given_name="Emma", birth_date=BORN, address_protection=AddressProtection.STRICT)
    make_municipality(strictly_confidential_digital=True)

    request_as_typed(make_employee(), child=child, now=START)

    assert Log.objects.count() == 1


@pytest.mark.parametrize("who", ["asker", "holder"])
def test_s18_guardian_neither_asks_nor_holds(who):
    index = blind_index(PERSON, IDENTITY.digits)
    unit = make_unit()
    asker, holder = make_employee(unit), make_employee(unit)
    person = asker if who == "asker" else holder
    person.national_id_index = index
    person.save()

    with pytest.raises(AccessDenied):
        request_as_typed(asker, proposed=holder, guardians=[make_guardian_input(national_id=IDENTITY)], now=START)

    assert Log.objects.count() == 0


def test_s22_notices_name_no_child_and_no_service():
    unit = make_unit("Hemmelig tjeneste", kind=UnitKind.PPT)
    log, mother, father = two_parents(status=LogStatus.REQUESTED, unit_ids=[unit.pk])
    give_consents(log, now=START)
    words = {"Emma", "Vik", "Hemmelig", "samtykke", "barnevern"}

    titles = [str(kind.title) for kind in NOTICE_KINDS]
    keys = list(Notice.objects.values_list("key", flat=True))

    assert keys != []
    assert [text for text in keys if any(word in text for word in words)] == []
    assert [title for title in titles if any(word in title for word in words - {"samtykke"})] == []
    assert ConsentRequest.objects.filter(log=log).count() == 1
