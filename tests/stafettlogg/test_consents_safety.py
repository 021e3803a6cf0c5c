"""safety.md, rule by rule, where requests, consents and guardians keep it."""

import datetime

import pytest

from apps.core.dates import OSLO
from apps.core.errors import AccessDenied
from apps.municipality.enums import UnitKind
from apps.notifications import kinds
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    About,
    Action,
    BlockGround,
    ConsentState,
    ExceptionGround,
    LogStatus,
    Relation,
    Route,
    WindowBasis,
)
from apps.stafettlogg.models import (
    Consent,
    ConsentWindow,
    Log,
    LogEvent,
)
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services import consent_questions, consents, exceptions, guardians, windows
from tests.factories import make_citizen, make_employee, make_leader, make_unit
from tests.stafettlogg.exempt import ask_exception, make_exempt
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_log,
    make_national_id,
    request_as_typed,
    said_to,
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
    return consents.answer(
        waiting.first().request_id, guardian_id=guardian.pk, **said_to(waiting, yes), actor=actor, now=now, **fields
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
    consent_questions.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=START)
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


def test_s03_own_information_is_asked_in_a_request_of_her_own():
    log, mother, father = two_parents()
    nav = make_unit("NAV", kind=UnitKind.NAV)

    request = consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=START
    )

    rows = request.consents.values_list("guardian__name", "about")
    assert sorted(rows) == [("Mari Vik", About.CHILD), ("Ola Berg", About.CHILD)]
    (theirs,) = selectors.open_questions(father.user, START)
    hers, her_own = selectors.open_questions(mother.user, START)
    assert [[one.about for one in found.asked] for found in (theirs, hers, her_own)] == [["child"], ["child"], ["own"]]


def test_s03_nobody_is_asked_about_herself_who_is_not_named():
    log, mother, father = two_parents()
    nav = make_unit("NAV", kind=UnitKind.NAV)

    consent_questions.ask_consent(log.pk, unit_ids=[nav.pk], actor=log.holder.user, now=START)

    assert not log.consents.filter(about=About.OWN).exists()


def test_s03_an_exception_is_about_the_child_and_ends_nothing_she_said_of_herself():
    leader = make_leader()
    log, mother, father = two_parents(holder=make_employee(leader.membership.unit))
    nav = make_unit("NAV", kind=UnitKind.NAV)
    consent_questions.ask_consent(
        log.pk, unit_ids=[nav.pk], own_guardian_ids={nav.pk: [mother.pk]}, actor=log.holder.user, now=START + DAY
    )
    make_exempt(log, mother, leader, ExceptionGround.LACKS_CAPACITY, now=START + DAY)

    answer(log, father, now=START + DAY)

    assert ConsentWindow.objects.filter(log=log, unit=nav).exists()
    assert log.consents.get(about=About.OWN).state == ConsentState.WAITING


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
    grant = ask_exception(log, father, ExceptionGround.DECEASED, now=START)
    windows.refresh_windows(Log.objects.get(pk=log.pk), actor=None, now=START)
    unsigned = basis(log)

    exceptions.sign_exception(grant.pk, actor=leader, now=START)

    assert (unsigned, basis(log)) == (WindowBasis.PREPARING, WindowBasis.CONSENT)


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


# S10: ages ------------------------------------------------------------------------------------------------------------


def at_midnight(year, month, day):
    return datetime.datetime(year, month, day, tzinfo=OSLO)


# S11 and S12 ----------------------------------------------------------------------------------------------------------


# S17, S18, S22 --------------------------------------------------------------------------------------------------------
