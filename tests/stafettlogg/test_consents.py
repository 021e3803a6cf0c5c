"""Asking, answering, withdrawing, renewing: what each does to the windows."""

import datetime

import pytest

from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, ConsentState, LogStatus, Route, WindowBasis
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, ConsentWindow
from apps.stafettlogg.selectors import consents as selectors
from apps.stafettlogg.services import consent_questions, consents, scans
from tests.factories import make_citizen, make_employee, make_municipality, make_unit
from tests.stafettlogg.factories import (
    make_child,
    make_guardian,
    make_log,
    make_participant,
    said_to,
)

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
PDF = b"%PDF-1.7 signed"


def two_guardians(**log_fields):
    child = make_child()
    mother, father = make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")
    log = make_log(child=child, guardians=[mother, father], now=START, **log_fields)
    return log, mother, father


def ppt():
    return make_unit("PP-tjenesten", kind=UnitKind.PPT)


def window(log, unit=None):
    return ConsentWindow.objects.get(log=log, unit=unit or log.unit)


def answer(log, guardian, *, yes=True, now=START, request=None, **fields):
    """The guardian answers everything that waits in the newest request."""
    request = request or ConsentRequest.objects.filter(log=log).order_by("-asked_at").first()
    rows = Consent.objects.filter(request=request, guardian=guardian, state=ConsentState.WAITING)
    fields.setdefault("route", Route.DIGITAL)
    fields.setdefault("actor", guardian.user if fields["route"] == Route.DIGITAL else log.holder.user)
    if "choices" not in fields:
        fields |= said_to(rows, yes)
    return consents.answer(request.pk, guardian_id=guardian.pk, now=now, **fields)


def test_log_opens_with_the_last_yes():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)

    answer(log, mother)
    log.refresh_from_db()
    after_one = (log.status, window(log).basis)
    answer(log, father, now=START + DAY)
    log.refresh_from_db()

    assert after_one == (LogStatus.REQUESTED, WindowBasis.PREPARING)
    assert (log.status, window(log).basis) == (LogStatus.ACTIVE, WindowBasis.CONSENT)
    assert (log.opened_at, log.evaluation_due_day) == (START + DAY, datetime.date(2026, 4, 28))


def test_window_lasts_to_the_first_expiry():
    make_municipality(consent_months=12)
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)

    answer(log, mother)
    answer(log, father, now=START + 5 * DAY)

    assert window(log).valid_until == datetime.datetime(2027, 3, 3, tzinfo=OSLO)


def test_no_keeps_the_log_a_request():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)

    answer(log, mother)
    given = answer(log, father, yes=False)

    log.refresh_from_db()
    assert log.status == LogStatus.REQUESTED
    assert [row.state for row in given.consents.all()] == [ConsentState.REFUSED]
    assert Notice.objects.filter(recipient=father.user, kind="consent_receipt").count() == 1


def test_answer_is_given_once():
    log, mother, _father = two_guardians(status=LogStatus.REQUESTED)
    request = ConsentRequest.objects.get(log=log)
    answer(log, mother)

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, request=request, choices={log.unit_id: False})

    assert broken.value.code == "consent_state"


@pytest.mark.parametrize("choices", [{}, {"other": True}])
def test_answer_covers_exactly_what_is_asked(choices):
    log, mother, _father = two_guardians(status=LogStatus.REQUESTED)
    choices = {ppt().pk: value for value in choices.values()}

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, choices=choices)

    assert broken.value.code == "choices_missing"


def test_question_lapses_after_its_last_day():
    log, mother, _father = two_guardians(status=LogStatus.REQUESTED)
    late = START + 61 * DAY

    with pytest.raises(AccessDenied):
        answer(log, mother, now=late, route=Route.PAPER)


def test_question_of_an_active_log_lapses_too():
    log, mother, _father = two_guardians()
    consent_questions.ask_consent(log.pk, unit_ids=[ppt().pk], actor=log.holder.user, now=START + DAY)

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, now=START + 62 * DAY)

    assert broken.value.code == "question_lapsed"


def test_only_the_respondent_answers_digitally():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)

    for stranger in (father.user, log.holder.user, make_citizen()):
        with pytest.raises(AccessDenied):
            answer(log, mother, actor=stranger)

    assert ConsentAnswer.objects.count() == 0


def test_only_the_holder_records_paper_and_words():
    log, mother, father = two_guardians(status=LogStatus.REQUESTED)

    for other in (father.user, mother.user, make_employee(log.unit)):
        with pytest.raises(AccessDenied):
            answer(log, mother, actor=other, route=Route.PAPER)

    given = answer(log, mother, route=Route.PAPER, scan=scans.Scan(PDF))
    assert (given.recorded_by, given.scan_name) == (log.holder.user, "samtykke.pdf")
    assert scans.content_of(ConsentAnswer.objects.get(pk=given.pk)) == (PDF, "application/pdf")
    assert b"signed" not in bytes(ConsentAnswer.objects.get(pk=given.pk).scan)


@pytest.mark.parametrize(
    ("content", "code"), [(b"MZ not a picture", "scan_kind"), (b"%PDF-" + b"0" * (5 * 1024 * 1024), "scan_too_large")]
)
def test_scan_is_a_small_picture_or_pdf(content, code):
    log, mother, _father = two_guardians(status=LogStatus.REQUESTED)

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, route=Route.PAPER, scan=scans.Scan(content))

    assert broken.value.code == code


def test_scan_belongs_to_paper():
    log, mother, _father = two_guardians(status=LogStatus.REQUESTED)

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, scan=scans.Scan(PDF))

    assert broken.value.code == "scan_without_paper"


def test_oral_answer_needs_a_witness():
    log, mother, _father = two_guardians(status=LogStatus.REQUESTED)

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, route=Route.ORAL)

    assert broken.value.code == "witness_missing"
    given = answer(log, mother, route=Route.ORAL, witness_note="I møtet, med tolk til stede.")
    assert (given.witness_note, given.route) == ("I møtet, med tolk til stede.", Route.ORAL)


def test_new_service_opens_when_all_have_said_yes():
    log, mother, father = two_guardians()
    unit = ppt()
    consent_questions.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=START + DAY)

    answer(log, mother, now=START + DAY)
    after_one = ConsentWindow.objects.filter(log=log, unit=unit).exists()
    answer(log, father, now=START + DAY)

    assert not after_one
    assert selectors.units_sharing(log, START + DAY) == sorted([log.unit, unit], key=lambda u: u.name)


def test_service_never_sees_longer_than_the_holders_unit():
    log, mother, father = two_guardians()
    unit = ppt()
    later = START + 100 * DAY
    consent_questions.ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=later)

    answer(log, mother, now=later)
    answer(log, father, now=later)

    assert window(log, unit).valid_until == window(log).valid_until


def test_service_asked_for_with_the_request_opens_with_the_log():
    unit = ppt()
    log, mother, father = two_guardians(status=LogStatus.REQUESTED, unit_ids=[unit.pk])

    answer(log, mother, choices={log.unit_id: True, unit.pk: True})
    answer(log, father, choices={log.unit_id: False, unit.pk: True})
    log.refresh_from_db()

    assert log.status == LogStatus.REQUESTED
    assert selectors.units_sharing(log, START) == []


def test_withdrawal_stops_the_service_at_once():
    log, mother, _father = two_guardians(unit_ids=[unit_id := ppt().pk])
    other = make_participant(log, user=make_employee(window(log, unit_id).unit), now=START)
    saw = list(access.visible_logs(other, START + DAY))

    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=[unit_id], actor=mother.user, now=START + DAY)

    assert (saw, list(access.visible_logs(other, START + DAY))) == ([log], [])
    assert selectors.units_sharing(log, START + DAY) == [log.unit]


def test_withdrawal_of_the_log_itself_leaves_the_holder_a_shell():
    make_municipality(shell_days=30)
    log, mother, father = two_guardians(unit_ids=[unit_id := ppt().pk])
    other = make_participant(log, user=make_employee(window(log, unit_id).unit), now=START)
    now = START + DAY

    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=now)

    holder = log.holder.user
    assert (window(log).basis, window(log).valid_until) == (
        WindowBasis.CLOSING,
        datetime.datetime(2026, 4, 3, tzinfo=OSLO),
    )
    assert list(access.visible_logs(other, now)) == []
    assert access.can(holder, log, Action.INVITE, now) is True
    assert access.can(holder, log, Action.PLAN, now) is False
    assert list(access.visible_logs(father.user, now)) == [log]
