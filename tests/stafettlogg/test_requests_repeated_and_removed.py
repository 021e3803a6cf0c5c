"""Asking about a child who has a log, and what is left of a request when it comes to nothing."""

import datetime
from uuid import uuid4

import pytest

from apps.audit.models import ReadEvent
from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import ConsentState, LogStatus, Relation, RemovedReason
from apps.stafettlogg.models import (
    Child,
    Consent,
    ConsentAnswer,
    Guardian,
    Log,
    LogAccess,
    RepeatRequest,
)
from apps.stafettlogg.selectors import requests as selectors
from apps.stafettlogg.services.repeats import handle_repeat, tell_of_repeats
from apps.stafettlogg.services.requests import (
    ChildInput,
    cancel_request,
    remove_expired_requests,
)
from tests.factories import make_citizen, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    make_guardian_input,
    make_log,
    request_as_typed,
)
from tests.stafettlogg.test_requests import CHILDS_ID, DAY, MOTHERS_ID, START, answered, made_by, same_child

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (same_child(), same_child(given_name="EMMA ")),
        (same_child(national_id=CHILDS_ID), same_child(given_name="Emma Louise", national_id=CHILDS_ID)),
    ],
)
def test_second_request_is_a_task_for_the_holder_of_the_first(first, second):
    holder, asker = make_employee(), make_employee()
    existing = made_by(holder, child=first)

    receipt = request_as_typed(asker, child=second, now=START + DAY)
    counts = [tell_of_repeats(now=START + DAY), tell_of_repeats(now=START + DAY)]

    repeat = RepeatRequest.objects.get()
    assert counts == [1, 0]
    assert (repeat.log, repeat.made_id, repeat.asked_by, repeat.unit) == (
        existing,
        receipt.id,
        asker,
        asker.membership.unit,
    )
    assert list(Notice.objects.filter(kind="repeat_request").values_list("recipient", flat=True)) == [holder.pk]
    assert Notice.objects.filter(recipient=asker).count() == 0


def test_each_attempt_is_counted_and_audited():
    existing = made_by(make_employee())
    askers = [make_employee() for _attempt in range(2)]

    for minutes, asker in enumerate(askers, start=1):
        request_as_typed(asker, now=START + datetime.timedelta(minutes=minutes))
    tell_of_repeats(now=START + DAY)

    refusals = ReadEvent.objects.filter(action="refused", what="repeat-request", log_id=existing.pk)
    assert sorted(event.actor_id for event in refusals) == sorted(asker.pk for asker in askers)
    # Whoever asked second is herself told of the third, as the holder of any older request.
    assert sorted(RepeatRequest.objects.values_list("log__requested_by", flat=True), key=str) == sorted(
        [existing.requested_by_id, existing.requested_by_id, askers[0].pk], key=str
    )


def test_repeat_goes_to_the_leader_when_nobody_holds():
    unit = make_unit()
    leader, holder = make_leader(unit), make_employee(unit)
    made_by(holder)
    holder.is_active = False
    holder.save()

    request_as_typed(make_employee(), now=START + DAY)
    tell_of_repeats(now=START + DAY)

    assert list(Notice.objects.filter(kind="repeat_request_leader").values_list("recipient", flat=True)) == [leader.pk]


def test_another_child_with_the_same_name_gets_a_log():
    made_by(make_employee())

    request_as_typed(make_employee(), child=same_child(birth_date=datetime.date(2021, 5, 5)), now=START)
    tell_of_repeats(now=START + DAY)

    assert (Log.objects.count(), RepeatRequest.objects.count()) == (2, 0)


def test_expected_child_is_found_by_the_mother():
    day = datetime.date(2026, 9, 1)
    mother = make_guardian_input("Sara Holm", Relation.PREGNANT, national_id=MOTHERS_ID)
    first = made_by(make_employee(), child=ChildInput(expected_day=day), guardians=[mother])

    for typed, other_day in [
        (make_guardian_input("S. Holm", Relation.PREGNANT, national_id=MOTHERS_ID), day + DAY),
        (make_guardian_input("sara holm", Relation.PREGNANT), day),
    ]:
        request_as_typed(make_employee(), child=ChildInput(expected_day=other_day), guardians=[typed], now=START + DAY)
    tell_of_repeats(now=START + DAY)

    assert RepeatRequest.objects.filter(log=first).count() == 2


def test_sent_requests_look_alike():
    made_by(make_employee())
    asker = make_employee()
    request_as_typed(asker, now=START)
    made_by(asker, child=same_child(given_name="Jonas"))

    lines = selectors.requests_for(asker, START)

    assert {(line.sent_at, line.unit_name) for line in lines} == {(START, asker.membership.unit.name)}
    assert [selectors.receipt_for(asker, line.id, START) for line in lines] == lines
    assert selectors.receipt_for(asker, uuid4(), START) is None
    assert selectors.receipt_for(make_employee(), lines[0].id, START) is None


def test_holder_ticks_off_a_repeat():
    log = made_by(make_employee())
    request_as_typed(make_employee(), now=START + DAY)
    tell_of_repeats(now=START + DAY)
    (repeat,) = selectors.repeats_to_handle(log)

    handle_repeat(repeat.pk, actor=log.holder.user, now=START)
    handle_repeat(repeat.pk, actor=log.holder.user, now=START + DAY)

    assert selectors.repeats_to_handle(log) == []
    assert RepeatRequest.objects.get().handled_at == START
    with pytest.raises(AccessDenied):
        handle_repeat(repeat.pk, actor=repeat.asked_by, now=START)


def test_request_is_removed_after_its_last_day():
    make_municipality(request_days=60)
    holder = make_employee()
    log = made_by(holder)

    early = remove_expired_requests(now=datetime.datetime(2026, 5, 1, 23, 59, tzinfo=OSLO))
    count = remove_expired_requests(now=datetime.datetime(2026, 5, 2, 0, 1, tzinfo=OSLO))
    again = remove_expired_requests(now=datetime.datetime(2026, 5, 2, 0, 1, tzinfo=OSLO))

    log.refresh_from_db()
    assert (early, count, again) == (0, 1, 0)
    assert (log.status, log.removed_reason) == (LogStatus.REMOVED, RemovedReason.EXPIRED)
    assert Notice.objects.filter(recipient=holder, kind="request_removed").count() == 1


def test_removal_forgets_the_child_and_keeps_who_answered():
    log = made_by(
        make_employee(),
        child=same_child(national_id=CHILDS_ID),
        guardians=[
            make_guardian_input("Mari Vik", email="mari@solvik.example", phone="40000000", national_id=MOTHERS_ID),
            make_guardian_input("Ola Berg"),
        ],
    )
    mother = Guardian.objects.get(name="Mari Vik")
    given = answered(log, mother)

    cancel_request(log.pk, actor=log.holder.user, now=START + DAY)

    child, mother, given = (
        Child.objects.get(),
        Guardian.objects.get(pk=mother.pk),
        ConsentAnswer.objects.get(pk=given.pk),
    )
    assert (child.full_name, child.search_name, child.national_id, child.national_id_index) == ("", "", "", "")
    assert child.birth_date == datetime.date(2021, 1, 1)
    assert (mother.name, mother.email, mother.phone, mother.national_id, mother.national_id_index) == (
        "Mari Vik",
        "",
        "",
        "",
        "",
    )
    assert (given.answered_at, given.limits, given.scan) == (START, "", None)
    states = Consent.objects.filter(log=log).order_by("guardian__name").values_list("guardian__name", "state")
    assert list(states) == [("Mari Vik", ConsentState.GIVEN), ("Ola Berg", ConsentState.CANCELLED)]
    assert (Child.history.count(), Guardian.history.count()) == (0, 0)


def test_removal_ends_every_row():
    citizen = make_citizen()
    holder = make_employee()
    log = make_log(status=LogStatus.REQUESTED, holder=holder, now=START)
    citizen = log.guardians[0].user

    cancel_request(log.pk, actor=holder, now=START + DAY)

    assert LogAccess.objects.filter(content_object=log, ends_at__gt=START + DAY).count() == 0
    assert list(access.visible_logs(citizen, START + DAY)) == list(access.visible_logs(holder, START + DAY)) == []


def test_removed_child_can_be_asked_for_again():
    log = made_by(make_employee())
    cancel_request(log.pk, actor=log.holder.user, now=START)

    request_as_typed(make_employee(), now=START + DAY)
    tell_of_repeats(now=START + DAY)

    assert Log.objects.filter(status=LogStatus.REQUESTED).count() == 1
    assert RepeatRequest.objects.count() == 0


def test_only_a_request_can_be_cancelled():
    log = make_log(now=START)

    with pytest.raises(RuleBroken) as broken:
        cancel_request(log.pk, actor=log.holder.user, now=START)

    assert broken.value.code == "log_state"


def test_only_the_holder_cancels():
    log = make_log(status=LogStatus.REQUESTED, now=START)

    with pytest.raises(AccessDenied):
        cancel_request(log.pk, actor=make_employee(log.unit), now=START)
