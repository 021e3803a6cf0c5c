"""S27 through HTTP: an exempt guardian is heard from, and is told by letter."""

import io

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from apps.core.dates import end_of_day
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import ConsentState, ExceptionGround, LogStatus
from apps.stafettlogg.models import Consent, ConsentExceptionGrant, ConsentWindow
from apps.stafettlogg.services import signs_of_life
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_municipality, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import ask_exception, make_exempt, make_proof
from tests.stafettlogg.family_pages import page_of, plain, signed_in
from tests.test_safety_exceptions import DAY, NOTHING_TO_DO, Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts():
    load_start_texts(now=timezone.now() - 400 * DAY)


# A sign of life -------------------------------------------------------------------------------------------------------


def exempt_out_of_reach():
    case = Case(status=LogStatus.REQUESTED)
    logs.give_consents(case.log, only=[case.mari])
    make_exempt(case.log, case.ola, case.lars, ExceptionGround.UNREACHABLE, now=timezone.now())
    return case


def sign_in(case):
    signed_in(case.ola.user)
    return signs_of_life.ask_who_signed_in(now=timezone.now())


def call(case):
    case.post(
        case.ane, "guardian_reached", case.ola.pk, day=str(timezone.localdate()), channel="phone", result="snakket"
    )


@pytest.mark.parametrize("heard", [sign_in, call])
def test_s27_at_a_sign_of_life_he_is_asked_and_the_exception_ends_at_midnight_within_days(heard):
    case = exempt_out_of_reach()
    with time_machine.travel(timezone.now() + 30 * DAY, tick=False):  # his first question has lapsed
        before = plain(case.get(case.mari.user, "family_history"))
        now = timezone.now()
        case.log.refresh_from_db()
        heard(case)

        window = ConsentWindow.objects.get(log=case.log, unit=case.own)
        question = Consent.objects.get(log=case.log, guardian=case.ola, unit=case.own, state=ConsentState.WAITING)
        assert now < window.valid_until <= now + 14 * DAY
        assert window.valid_until == end_of_day(timezone.localdate(window.valid_until) - DAY)
        assert question.request.last_day >= timezone.localdate()
        assert case.get(case.ane, "plan").status_code == 200
        assert plain(case.get(case.mari.user, "family_history")) == before
        assert not Consent.objects.filter(log=case.log, guardian=case.mari, state=ConsentState.WAITING).exists()
        assert NOTHING_TO_DO not in plain(signed_in(case.ola.user).get(page_of("children")))
        with time_machine.travel(window.valid_until, tick=False):
            assert case.get(case.ane, "plan").status_code == 403


def test_s27_his_answer_after_the_sign_of_life_completes_the_round_the_others_answered():
    case = exempt_out_of_reach()
    with time_machine.travel(timezone.now() + 30 * DAY, tick=False):
        sign_in(case)

        logs.give_consents(case.log, only=[case.ola])

        window = ConsentWindow.objects.get(log=case.log, unit=case.own)
        assert case.get(case.ane, "plan").status_code == 200
        assert window.valid_until > timezone.now() + 200 * DAY


def test_s27_nothing_new_is_shared_and_nobody_new_comes_in_while_he_is_asked():
    case = exempt_out_of_reach()
    nurse = make_unit("Helsestasjonen", kind=UnitKind.HEALTH_STATION)
    sign_in(case)

    case.ask_about_more(nurse)
    logs.give_consents(case.log, only=[case.mari])
    invited = case.post(
        case.ane, "invite", unit=str(case.ppt.pk), person=str(make_employee(case.ppt).membership.pk), task=""
    )

    assert not ConsentWindow.objects.filter(log=case.log, unit=nurse).exists()
    assert invited.status_code == 422
    assert case.get(case.ane, "plan").status_code == 200


def test_s27_days_after_a_sign_of_life_are_a_setting():
    case = exempt_out_of_reach()
    make_municipality(sign_of_life_days=1)

    sign_in(case)

    assert ConsentWindow.objects.get(log=case.log, unit=case.own).valid_until == end_of_day(timezone.localdate())


# The letter -----------------------------------------------------------------------------------------------------------


def pdf_text(response) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def test_s27_letter_is_a_task_until_it_is_sent_and_names_nobody_but_the_leader():
    case = exempt_out_of_reach()
    grant = ConsentExceptionGrant.objects.get()
    tasks = ("Send brevet om unntaket for Emma", "Se til at brevet om Emma blir sendt")
    start = [plain(signed_in(user).get("/arbeidet-ditt/")) for user in (case.ane, case.lars)]
    assert [task in page for task, page in zip(tasks, start, strict=True)] == [True, True]

    letters = [
        pdf_text(case.get(case.ane, "exception_letter", case.ola.pk)),
        pdf_text(case.get(case.lars, "leader_letter", grant.pk)),
    ]
    case.post(case.ane, "exception_letter_sent", case.ola.pk, route="post")

    names = ("Emma", "Vik", "Ola", "Mari", "Ane", "Solbakken", "PPT", "Oppvekst", "stafettlogg")
    assert [name for name in names for letter in letters if name in letter] == []
    assert all("Lars Vang" in letter for letter in letters)
    start = [plain(signed_in(user).get("/arbeidet-ditt/")) for user in (case.ane, case.lars)]
    assert [task in page for task, page in zip(tasks, start, strict=True)] == [False, False]


def test_s27_no_letter_to_the_dead_nor_where_two_have_signed_that_telling_is_dangerous():
    case = Case(status=LogStatus.REQUESTED)
    make_exempt(case.log, case.mari, case.lars, ExceptionGround.DECEASED, now=timezone.now())
    grant = ask_exception(case.log, case.ola, now=timezone.now(), untold_reason="danger_to_child")
    alone = case.post(case.lars, "sign_exception", grant.pk, svar="ja")
    case.post(case.lars, "sign_exception", grant.pk, svar="ja", second=str(case.hege.pk))
    signed_in(case.hege).post(page_of("second_signature", grant.pk), {"svar": "ja"})

    assert alone.status_code == 422
    grant.refresh_from_db()
    assert grant.is_in_force(timezone.now())
    for guardian in (case.mari, case.ola):
        assert case.get(case.ane, "exception_letter", guardian.pk).status_code == 404
    assert "unntak" not in plain(signed_in(case.ola.user).get(page_of("children"))).lower()


def test_s27_proof_is_read_the_same_by_asking_and_signing():
    case = Case(status=LogStatus.REQUESTED)
    grant = ask_exception(case.log, case.ola, now=timezone.now())

    again = ask_exception(case.log, case.ola, now=timezone.now())
    other = ask_exception(case.log, case.ola, now=timezone.now(), number="2026/18")

    assert (again.pk, other.pk == grant.pk) == (grant.pk, False)
    assert make_proof(now=timezone.now()).number == "2026/17"
