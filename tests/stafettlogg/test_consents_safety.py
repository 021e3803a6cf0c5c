"""safety.md, rule by rule, where requests, consents and guardians keep it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import ReadEvent
from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications import kinds
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    About,
    Action,
    AddressProtection,
    BlockGround,
    CheckedHow,
    ConsentState,
    ExceptionGround,
    LogStatus,
    Relation,
    Responsibility,
    Route,
    WindowBasis,
)
from apps.stafettlogg.models import (
    Child,
    Consent,
    ConsentAnswer,
    ConsentRequest,
    ConsentWindow,
    Guardian,
    Log,
    LogEvent,
)
from apps.stafettlogg.notices import NOTICE_KINDS
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services import consents, exceptions, guardians
from apps.stafettlogg.services.requests import ChildInput
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    BORN,
    give_consents,
    make_child,
    make_guardian,
    make_guardian_input,
    make_log,
    make_national_id,
    make_participant,
    request_as_typed,
)

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
IDENTITY = make_national_id("01819012345", datetime.date(1990, 1, 1))


def two_parents(**fields):
    child = make_child(**fields.pop("child_fields", {}))
    mother, father = make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")
    return make_log(child=child, guardians=[mother, father], now=START, **fields), mother, father


def basis(log, unit=None):
    return ConsentWindow.objects.get(log=log, unit=unit or log.unit).basis


def answer(log, guardian, *, yes=True, now=START, **fields):
    waiting = Consent.objects.filter(log=log, guardian=guardian, state=ConsentState.WAITING)
    fields.setdefault("route", Route.DIGITAL)
    actor = guardian.user if fields["route"] == Route.DIGITAL else log.holder.user
    choices = {row.unit_id: yes for row in waiting}
    return consents.answer(
        waiting.first().request_id, guardian_id=guardian.pk, choices=choices, actor=actor, now=now, **fields
    )


# S1 and S2: one guardian never watches another ----------------------------------------------------------------------


def what_reaches(user, log):
    """Everything about answers that can reach a family member: notices, timeline lines, questions, shared units."""
    lines = LogEvent.objects.filter(log=log, audience="all").values_list("kind", "unit_name")
    return {
        "notices": sorted(Notice.objects.filter(recipient=user).values_list("kind", flat=True)),
        "lines": sorted(lines),
        "questions": [question.units for question in selectors.open_questions(user, START + DAY)],
        "sharing": selectors.units_sharing(log, START + DAY),
        "sees": list(access.visible_logs(user, START + DAY)),
    }


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("route", [Route.DIGITAL, Route.PAPER])
def test_s01_answer_never_reaches_the_other_guardian(yes, route):
    log, mother, father = two_parents(status=LogStatus.REQUESTED)
    before = what_reaches(father.user, log)

    answer(log, mother, yes=yes, route=route, limits="Ikke noe om bror.", now=START + DAY)

    assert what_reaches(father.user, log) == before
    assert what_reaches(mother.user, log) != before
    assert LogEvent.objects.filter(log=log, guardian=mother, audience="holder").count() == 1


def test_s01_withdrawal_never_reaches_the_other_guardian():
    log, mother, father = two_parents()
    unit = make_unit(kind=UnitKind.PPT)
    consents.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=START)
    give_consents(log, now=START)
    before = what_reaches(father.user, log)

    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=[unit.pk], actor=mother.user, now=START + DAY)

    after = what_reaches(father.user, log)
    # The list of services that see the log is one shorter; who stopped it, and when, is nowhere.
    assert {**after, "sharing": None} == {**before, "sharing": None}
    assert (before["sharing"], after["sharing"]) == (sorted([log.unit, unit], key=lambda u: u.name), [log.unit])


def test_s01_stafettholder_sees_the_full_status():
    log, mother, father = two_parents(status=LogStatus.REQUESTED)
    answer(log, mother, yes=False)

    (unit,) = selectors.status_for_holder(log, START).units

    assert [[consent.state for consent in cell] for cell in unit.cells] == [["refused"], ["waiting"]]
    assert [access.can(user, log, Action.SEE_ANSWERS, START) for user in (log.holder.user, mother.user)] == [
        True,
        False,
    ]


# S3: whose information ----------------------------------------------------------------------------------------------


def test_s03_own_information_needs_that_guardians_own_yes():
    log, mother, father = two_parents()
    nav = make_unit("NAV", kind=UnitKind.NAV)

    request = consents.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=START
    )

    rows = request.consents.values_list("guardian__name", "about")
    assert sorted(rows) == [("Mari Vik", About.CHILD), ("Mari Vik", About.OWN), ("Ola Berg", About.CHILD)]
    (theirs,) = selectors.open_questions(father.user, START)
    (hers,) = selectors.open_questions(mother.user, START)
    assert (theirs.units, hers.units) == ([(nav, False)], [(nav, True)])


def test_s03_own_yes_is_asked_of_everyone_when_nobody_is_named():
    log, mother, father = two_parents()
    nav = make_unit("NAV", kind=UnitKind.NAV)

    request = consents.ask_consent(log.pk, unit_ids=[nav.pk], actor=log.holder.user, now=START)

    assert request.consents.filter(about=About.OWN).count() == 2


def test_s03_exception_never_replaces_a_guardians_own_yes():
    leader = make_leader()
    log, mother, father = two_parents(holder=make_employee(leader.membership.unit))
    nav = make_unit("NAV", kind=UnitKind.NAV)
    consents.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=START + DAY
    )
    grant = exceptions.ask_exception(
        log.pk, mother.pk, ground=ExceptionGround.UNREACHABLE, actor=log.holder.user, now=START + DAY
    )
    exceptions.sign_exception(grant.pk, actor=leader, now=START + DAY)

    answer(log, father, now=START + DAY)

    assert ConsentWindow.objects.filter(log=log, unit=nav).exists() is False


# S4: blocked ---------------------------------------------------------------------------------------------------------


def block(log, guardian, leader):
    return exceptions.block_guardian(
        log.pk,
        guardian.pk,
        ground=BlockGround.RESTRAINING_ORDER,
        decision_number="2026/17",
        last_day=datetime.date(2026, 9, 1),
        actor=leader,
        now=START + DAY,
    )


def test_s04_blocked_guardian_meets_what_a_stranger_meets():
    leader = make_leader()
    log, mother, father = two_parents(status=LogStatus.REQUESTED, holder=make_employee(leader.membership.unit))
    before = what_reaches(father.user, log)
    stranger = make_citizen()

    block(log, father, leader)

    after, strangers = what_reaches(father.user, log), what_reaches(stranger, log)
    assert before["sees"] == [log]
    assert (after["sees"], after["questions"]) == (strangers["sees"], strangers["questions"]) == ([], [])
    for kind in set(after["notices"]):
        assert kinds.get(kind).may_still_get(father.user, log.pk) is False
    for act in (
        lambda: consents.withdraw(log.pk, guardian_id=father.pk, unit_ids=None, actor=father.user, now=START + DAY),
        lambda: consents.answer(
            log.consent_requests.get().pk,
            guardian_id=father.pk,
            choices={log.unit_id: True},
            route=Route.DIGITAL,
            actor=father.user,
            now=START + DAY,
        ),
    ):
        with pytest.raises(AccessDenied):
            act()


def test_s04_blocked_guardians_yes_is_not_needed():
    leader = make_leader()
    log, mother, father = two_parents(status=LogStatus.REQUESTED, holder=make_employee(leader.membership.unit))
    answer(log, mother)
    answer(log, father, yes=False)

    block(log, father, leader)

    assert basis(log) == WindowBasis.CONSENT


# S5 and S6: nothing before consent ------------------------------------------------------------------------------------


def test_s05_request_holds_no_reason_and_no_text():
    log = Log.objects.get(pk=request_as_typed(make_employee(), now=START).id)

    assert (log.reason, log.background, log.goals.count(), log.messages.count()) == ("", "", 0, 0)
    for action in (Action.WRITE, Action.PLAN, Action.EVALUATE, Action.PRINT):
        assert access.can(log.holder.user, log, action, START) is False


def test_s05_asked_services_do_not_see_the_request():
    unit = make_unit(kind=UnitKind.PPT)
    log, mother, father = two_parents(status=LogStatus.REQUESTED, unit_ids=[unit.pk])
    answer(log, mother)

    assert selectors.units_sharing(log, START) == []
    assert list(ConsentWindow.objects.filter(log=log).values_list("unit", flat=True)) == [log.unit_id]


def test_s06_repeat_tells_the_asker_nothing():
    existing = Log.objects.get(pk=request_as_typed(make_employee(), now=START).id)
    first, second = make_employee(), make_employee()

    fresh = request_as_typed(first, child=ChildInput(given_name="Ny", birth_date=BORN), now=START)
    repeat = request_as_typed(second, now=START)

    assert type(fresh) is type(repeat)
    assert fresh.sent_at == repeat.sent_at
    assert list(access.visible_logs(second, START)) == []
    assert Notice.objects.filter(recipient=second).count() == 0
    assert list(access.visible_logs(existing.holder.user, START)) == [existing]
    assert ReadEvent.objects.filter(actor_id=second.pk, action="refused", log_id=existing.pk).count() == 1


def test_s06_repeat_does_about_as_much_work():
    """A form for a child with a log takes as long as any other: the whole request is made, then undone."""
    unit = make_unit()
    make_leader(unit)
    request_as_typed(make_employee(), now=START)
    counts = []
    for name in ("Ny", "Emma"):
        child = ChildInput(given_name=name, family_name="Vik", birth_date=BORN)
        asker = make_employee(unit)
        with CaptureQueriesContext(connection) as queries:
            request_as_typed(asker, child=child, now=START)
        counts.append(len(queries))

    assert abs(counts[0] - counts[1]) <= 6, counts


# S7 and S8: everyone with responsibility, checked --------------------------------------------------------------------


def test_s07_every_guardian_with_responsibility_must_say_yes():
    log, mother, father = two_parents(status=LogStatus.REQUESTED)

    answer(log, mother)
    log.refresh_from_db()

    assert log.status == LogStatus.REQUESTED


def test_s07_exception_counts_only_when_the_leader_has_signed():
    leader = make_leader()
    log, mother, father = two_parents(status=LogStatus.REQUESTED, holder=make_employee(leader.membership.unit))
    answer(log, mother)
    grant = exceptions.ask_exception(
        log.pk, father.pk, ground=ExceptionGround.DECEASED, actor=log.holder.user, now=START
    )
    consents.refresh_windows(Log.objects.get(pk=log.pk), actor=None, now=START)
    unsigned = basis(log)

    exceptions.sign_exception(grant.pk, actor=leader, now=START)

    assert (unsigned, basis(log)) == (WindowBasis.PREPARING, WindowBasis.CONSENT)


def test_s07_exceptions_never_leave_nobody():
    leader = make_leader()
    log, mother, father = two_parents(status=LogStatus.REQUESTED, holder=make_employee(leader.membership.unit))
    for guardian in (mother, father):
        grant = exceptions.ask_exception(
            log.pk, guardian.pk, ground=ExceptionGround.UNREACHABLE, actor=log.holder.user, now=START
        )
        exceptions.sign_exception(grant.pk, actor=leader, now=START)

    assert basis(log) == WindowBasis.PREPARING
    with pytest.raises(RuleBroken) as broken:
        consents.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=START)
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


# S9: an expected child ------------------------------------------------------------------------------------------------


def expected():
    child = make_child("", "", birth_date=None, expected_day=datetime.date(2026, 4, 1))
    mother = make_guardian(child, relation=Relation.PREGNANT)
    father = make_guardian(child, relation=Relation.FATHER)
    return make_log(child=child, now=START), mother, father


def birth(log, now):
    guardians.register_birth(
        log.pk,
        given_name="Liv",
        family_name="Holm",
        birth_date=datetime.date(2026, 4, 3),
        national_id=None,
        actor=log.holder.user,
        now=now,
    )


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
    consents.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=now)
    answer(log, mother, now=now)

    guardians.confirm_responsibility(log.pk, father.pk, how=CheckedHow.REGISTER, actor=log.holder.user, now=now)

    assert list(access.visible_logs(father.user, now)) == [log]
    assert len(selectors.open_questions(father.user, now)) == 1


# S10: ages ------------------------------------------------------------------------------------------------------------


def at_midnight(year, month, day):
    return datetime.datetime(year, month, day, tzinfo=OSLO)


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
    consents.expire_windows(now=at_midnight(2026, 6, 10))

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
    assert [list(access.visible_logs(log.holder.user, at)) for at in (before, after)] == [[log], []]
    assert list(access.visible_logs(child.user, after)) == [log]


# S11 and S12 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_s11_services_stop_family_reads_holder_keeps_the_shell(how):
    leader = make_leader()
    log, mother, father = two_parents(holder=make_employee(leader.membership.unit))
    unit = make_unit(kind=UnitKind.PPT)
    consents.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=START)
    give_consents(log, now=START)
    reader = make_participant(log, user=make_employee(unit), now=START)
    if how == "withdrawn":
        now = START + DAY
        consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=now)
    else:
        now = ConsentWindow.objects.get(log=log, unit=log.unit).valid_until
        assert list(access.visible_logs(reader, now)) == []
        consents.expire_windows(now=now)

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
    consents.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later)

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


# S17, S18, S22 --------------------------------------------------------------------------------------------------------


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
