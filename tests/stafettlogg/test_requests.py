"""Asking for a log: what is made, what a second asker learns, what is left when it comes to nothing."""

import datetime

import pytest

from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import LogStatus, Responsibility, Route, WindowBasis
from apps.stafettlogg.models import (
    Child,
    Consent,
    ConsentRequest,
    ConsentWindow,
    Log,
)
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.selectors import requests as selectors
from apps.stafettlogg.services import consents
from apps.stafettlogg.services.requests import (
    ChildInput,
    request_log,
)
from tests.factories import make_employee, make_municipality, make_unit
from tests.stafettlogg.factories import (
    BORN,
    make_guardian_input,
    make_national_id,
    request_as_typed,
)

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
MOTHERS_ID = make_national_id("01819012345", datetime.date(1990, 1, 1))
CHILDS_ID = make_national_id("04852112345", BORN)


def made_by(holder, **fields):
    return Log.objects.get(pk=request_as_typed(holder, now=START, **fields).id)


def test_request_makes_one_holder_and_a_preparing_window():
    make_municipality(request_days=60)
    holder = make_employee()

    log = made_by(holder)

    window = ConsentWindow.objects.get(log=log)
    assert (log.status, log.unit, log.request_last_day) == (
        LogStatus.REQUESTED,
        holder.membership.unit,
        datetime.date(2026, 5, 1),
    )
    assert (log.holder.user, log.holder.window, log.holder.kind) == (holder, window, "holder")
    assert (window.basis, window.valid_until) == (
        WindowBasis.PREPARING,
        datetime.datetime(2026, 5, 2, tzinfo=OSLO),
    )
    assert list(access.visible_logs(holder, START)) == [log]


def test_family_is_asked_for_the_unit_and_the_services():
    unit = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    holder = make_employee()

    log = made_by(
        holder, unit_ids=[unit.pk], guardians=[make_guardian_input("Mari Vik"), make_guardian_input("Ola Berg")]
    )

    rows = Consent.objects.filter(log=log).values_list("unit", "guardian__name", "state")
    assert sorted(rows, key=str) == sorted(
        [(place, name, "waiting") for place in (log.unit_id, unit.pk) for name in ("Mari Vik", "Ola Berg")], key=str
    )


def test_colleague_can_be_proposed_and_the_asker_sees_only_her_receipt():
    unit = make_unit()
    asker, holder = make_employee(unit), make_employee(unit)

    log = made_by(asker, proposed=holder)

    assert (log.holder.user, log.requested_by) == (holder, asker)
    assert (list(access.visible_logs(asker, START)), list(access.visible_logs(holder, START))) == ([], [log])
    assert [line.id for line in selectors.requests_for(asker, START)] == [log.pk]
    assert Notice.objects.filter(recipient=holder, kind="proposed_holder").count() == 1


def test_holder_must_work_in_the_asking_unit():
    with pytest.raises(RuleBroken) as broken:
        made_by(make_employee(), proposed=make_employee())

    assert broken.value.code == "holder_other_unit"


def test_proposed_holder_must_work_there_today():
    unit = make_unit()
    gone = make_employee(unit, last_day=datetime.date(2026, 3, 1))

    with pytest.raises(RuleBroken) as broken:
        made_by(make_employee(unit), proposed=gone)

    assert broken.value.code == "holder_not_there"


def test_asker_asks_from_her_own_place():
    make_municipality()
    other = make_employee()

    with pytest.raises(AccessDenied):
        request_log(
            actor=make_employee(),
            membership=other.membership,
            child=ChildInput(given_name="Emma", birth_date=BORN),
            guardians=[make_guardian_input()],
            proposed_holder_membership=other.membership,
            unit_ids=[],
            now=START,
        )


def test_unit_outside_the_pilot_cannot_ask():
    with pytest.raises(RuleBroken) as broken:
        made_by(make_employee(make_unit(switched_on_day=None)))

    assert broken.value.code == "unit_not_in_use"


@pytest.mark.parametrize(
    ("child", "code"),
    [
        (ChildInput(given_name="Emma"), "born_or_expected"),
        (ChildInput(given_name="Emma", birth_date=BORN, expected_day=BORN), "born_or_expected"),
        (ChildInput(given_name=" ", birth_date=BORN), "name_missing"),
        (ChildInput(given_name="Emma", birth_date=datetime.date(2026, 3, 3)), "birth_date_future"),
        (ChildInput(given_name="Emma", birth_date=datetime.date(2001, 3, 2)), "too_old"),
    ],
)
def test_child_has_a_name_and_an_age(child, code):
    with pytest.raises(RuleBroken) as broken:
        made_by(make_employee(), child=child)

    assert broken.value.code == code


def test_someone_must_be_able_to_answer():
    unchecked = make_guardian_input(responsibility=Responsibility.UNCHECKED, checked_how="")

    with pytest.raises(RuleBroken) as broken:
        made_by(make_employee(), guardians=[unchecked])

    assert (broken.value.code, Log.objects.count(), Child.objects.count()) == ("nobody_answers", 0, 0)


def test_checked_responsibility_says_how():
    with pytest.raises(RuleBroken) as broken:
        made_by(make_employee(), guardians=[make_guardian_input(checked_how="")])

    assert broken.value.code == "checked_how_missing"


def test_young_adult_answers_alone():
    child = ChildInput(given_name="Noor", birth_date=datetime.date(2007, 1, 1))

    log = made_by(make_employee(), child=child, guardians=[])

    assert list(Consent.objects.filter(log=log).values_list("is_youth", "guardian")) == [(True, None)]


def test_national_id_is_sealed_and_found_again():
    child = ChildInput(given_name="Emma", family_name="Vik", birth_date=BORN, national_id=CHILDS_ID)

    log = made_by(make_employee(), child=child)

    saved = Child.objects.get(pk=log.child_id)
    (stored,) = Child.objects.filter(pk=saved.pk).values_list("national_id", flat=True)
    assert saved.national_id == CHILDS_ID.digits
    assert CHILDS_ID.digits not in stored
    assert saved.national_id_index == blind_index(PERSON, CHILDS_ID.digits)


def test_known_child_gets_a_record_of_its_own():
    """S6: nothing that an older log knew shows in the new request."""
    child = ChildInput(given_name="Emma", family_name="Vik", birth_date=BORN, national_id=CHILDS_ID)
    first = made_by(make_employee(), child=child, guardians=[make_guardian_input(national_id=MOTHERS_ID)])
    first.status, first.opened_at, first.closed_at, first.close_reason = LogStatus.CLOSED, START, START, "goal"
    first.save()

    second = made_by(make_employee(), child=child, guardians=[make_guardian_input("M. Vik", national_id=MOTHERS_ID)])

    assert second.child_id != first.child_id
    assert list(second.child.guardians.values_list("name", "email")) == [("M. Vik", "")]


# A child who has one already ---------------------------------------------------------------------------------------


def same_child(**changes):
    fields = {"given_name": "Emma", "family_name": "Vik", "birth_date": BORN}
    return ChildInput(**(fields | changes))


# When it comes to nothing -------------------------------------------------------------------------------------------


def answered(log, guardian, **fields):
    request = ConsentRequest.objects.get(log=log)
    return consents.answer(
        request.pk,
        guardian_id=guardian.pk,
        choices={log.unit_id: True},
        limits="Ikke om søsken.",
        route=Route.PAPER,
        actor=log.holder.user,
        now=START,
        **fields,
    )
