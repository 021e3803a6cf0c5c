"""Asking, answering, withdrawing, renewing: what each does to the windows. More of the same, by topic."""

import datetime

import pytest

from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, ConsentState, LogStatus, Route, WindowBasis
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, LogEvent
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services import consent_questions, consents, windows
from tests.factories import make_citizen, make_employee, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_log,
    make_participant,
)
from tests.stafettlogg.test_consents import DAY, START, answer, ppt, two_guardians, window

pytestmark = pytest.mark.django_db


def test_holder_renews_from_the_shell():
    log, mother, father = two_guardians()
    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=START + DAY)
    later = START + 3 * DAY

    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later)
    give_consents(log, now=later)

    assert window(log).basis == WindowBasis.CONSENT
    assert access.can(log.holder.user, log, Action.PLAN, later) is True


def test_holder_records_a_withdrawal_she_was_told():
    log, mother, _father = two_guardians()

    count = consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=log.holder.user, now=START + DAY)

    assert count == 1
    assert Notice.objects.filter(recipient=mother.user, kind="consent_withdrawn").count() == 1


def test_withdrawal_can_be_repeated():
    log, mother, _father = two_guardians()
    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=START + DAY)

    again = consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=START + DAY)

    assert again == 0


def test_renewal_has_no_gap():
    log, mother, father = two_guardians()
    before = window(log).valid_until
    later = START + 300 * DAY
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later)

    answer(log, mother, now=later)
    in_between = (window(log).is_open(later), window(log).valid_until)
    answer(log, father, now=later)

    assert in_between == (True, before)
    assert window(log).valid_until > before
    assert window(log).valid_from == START
    states = Consent.objects.filter(log=log).order_by("request__asked_at", "pk").values_list("state", flat=True)
    assert sorted(states) == sorted([ConsentState.REPLACED] * 2 + [ConsentState.GIVEN] * 2)


def test_no_in_a_renewal_stops_at_once():
    log, mother, father = two_guardians()
    later = START + 300 * DAY
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later)

    answer(log, mother, now=later, yes=False)

    assert window(log).basis == WindowBasis.CLOSING


def test_asking_again_after_a_no_does_not_bring_an_older_yes_back():
    log, mother, father = two_guardians()
    later = START + 300 * DAY
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later)
    answer(log, mother, now=later, yes=False)

    consent_questions.ask_consent(
        log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=later + DAY, family_asked=True
    )
    answer(log, father, now=later + DAY)

    assert window(log).basis == WindowBasis.CLOSING


def test_asking_again_replaces_what_waits():
    log, _mother, _father = two_guardians(status=LogStatus.REQUESTED)

    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=START + DAY)

    states = Consent.objects.filter(log=log).values_list("state", flat=True)
    assert sorted(states) == [ConsentState.REPLACED] * 2 + [ConsentState.WAITING] * 2


def test_expiry_gives_the_holder_the_shell():
    log, _mother, _father = two_guardians()
    at = window(log).valid_until

    early = windows.expire_windows(now=at - DAY)
    count = windows.expire_windows(now=at)
    again = windows.expire_windows(now=at)

    assert (early, count, again) == (0, 1, 0)
    assert window(log).basis == WindowBasis.CLOSING
    assert access.can(log.holder.user, log, Action.INVITE, at) is True


def test_consent_ends_at_local_midnight_without_a_job():
    log, _mother, _father = two_guardians()
    colleague = make_participant(log, log.unit, now=START)
    midnight = datetime.datetime(2027, 3, 3, tzinfo=OSLO)
    before = midnight - datetime.timedelta(seconds=1)

    seen = [list(access.visible_logs(colleague, now)) for now in (before, midnight)]
    content = [access.sees_content(access.row_for(log.holder.user, log, now)) for now in (before, midnight)]

    assert (seen, content) == ([[log], []], [True, False])


def test_dispute_takes_the_answer_back_and_tells():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)
    given = answer(log, mother, route=Route.PAPER)
    answer(log, father)

    consents.dispute(given.pk, actor=mother.user, now=START + DAY)
    consents.dispute(given.pk, actor=mother.user, now=START + 2 * DAY)

    given.refresh_from_db()
    assert given.disputed_at == START + DAY
    assert [row.state for row in given.consents.all()] == [ConsentState.WITHDRAWN]
    assert window(log).basis == WindowBasis.CLOSING
    assert Notice.objects.filter(recipient=log.holder.user, kind="consent_disputed").count() == 1


def test_only_the_respondent_disputes():
    log, mother, father = two_guardians()
    given = ConsentAnswer.objects.get(guardian=mother)

    for other in (father.user, log.holder.user):
        with pytest.raises(AccessDenied):
            consents.dispute(given.pk, actor=other, now=START)


def test_only_holder_and_deputy_ask():
    log, mother, _father = two_guardians()

    for other in (mother.user, make_employee(log.unit), make_participant(log, now=START)):
        with pytest.raises(AccessDenied):
            consent_questions.ask_consent(log.pk, unit_ids=[ppt().pk], actor=other, now=START)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"switched_on_day": None}, "unit_not_in_use"),
        ({"kind": UnitKind.SECTOR}, "unit_not_in_use"),
        (None, "units_missing"),
    ],
)
def test_only_services_that_take_part_are_asked_for(fields, code):
    log, _mother, _father = two_guardians()
    unit_ids = [make_unit("Enhet", **fields).pk] if fields else []

    with pytest.raises(RuleBroken) as broken:
        consent_questions.ask_consent(log.pk, unit_ids=unit_ids, actor=log.holder.user, now=START)

    assert broken.value.code == code


def test_closed_log_asks_nothing():
    log, _mother, _father = two_guardians()
    log.status, log.closed_at, log.close_reason = LogStatus.CLOSED, START, "goal"
    log.save()

    with pytest.raises(RuleBroken) as broken:
        consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=START)

    assert broken.value.code == "log_state"


def test_open_questions_are_the_users_own():
    unit = ppt()
    log, mother, father = two_guardians(status=LogStatus.REQUESTED, unit_ids=[unit.pk])

    answer(log, father, choices={log.unit_id: True, unit.pk: True})

    assert selectors.open_questions(father.user, START) == []
    (question,) = selectors.open_questions(mother.user, START)
    assert question.units == sorted([log.unit, unit], key=lambda one: one.name)
    assert {row.guardian_id for row in question.rows} == {mother.pk}


def test_holder_sees_each_answer():
    unit = ppt()
    log, mother, father = two_guardians(status=LogStatus.REQUESTED, unit_ids=[unit.pk])
    answer(log, father, choices={log.unit_id: True, unit.pk: False})

    status = selectors.status_for_holder(log, START)

    assert [column.guardian for column in status.columns] == [mother, father]
    table = {row.unit: [[consent.state for consent in cell] for cell in row.cells] for row in status.units}
    assert table == {log.unit: [["waiting"], ["given"]], unit: [["waiting"], ["refused"]]}
    assert status.is_waiting is True


def test_reference_is_short_and_new_each_time():
    log, mother, father = two_guardians()

    references = list(ConsentAnswer.objects.values_list("reference", flat=True))

    assert len(set(references)) == 2
    assert all(len(reference) == 9 for reference in references)


def test_opening_is_told_to_everyone_once():
    log, mother, father = two_guardians()

    kinds = Notice.objects.filter(kind__startswith="log_opened").order_by("recipient__name")

    assert {notice.recipient for notice in kinds} == {mother.user, father.user, log.holder.user}
    assert LogEvent.objects.filter(log=log, kind="opened", audience="all").count() == 1


def test_youth_answers_with_the_guardians():
    youth = make_citizen("Noor Vik")
    child = make_child(birth_date=datetime.date(2010, 6, 1), user=youth)
    mother = make_guardian(child)
    log = make_log(status=LogStatus.REQUESTED, child=child, now=START)
    request = ConsentRequest.objects.get(log=log)
    answer(log, mother)

    consents.answer(
        request.pk, guardian_id=None, choices={log.unit_id: True}, route=Route.DIGITAL, actor=youth, now=START
    )

    log.refresh_from_db()
    assert log.status == LogStatus.ACTIVE
    assert list(access.visible_logs(youth, START)) == [log]


def test_nothing_is_asked_without_a_text():
    log, _mother, _father = two_guardians()
    before_any_text = datetime.datetime(2019, 1, 1, tzinfo=OSLO)

    assert selectors.current_text(START) == log.consent_requests.get().text
    assert selectors.current_text(before_any_text) is None
