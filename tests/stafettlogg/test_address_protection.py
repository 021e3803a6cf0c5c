"""S17: with a protected address no page, receipt or PDF tells the family which unit, place or employee it is."""

import datetime
import io

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from pypdf import PdfReader

from apps.core.dates import OSLO
from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.enums import AddressProtection, Audience, LogStatus
from apps.stafettlogg.models import ConsentAnswer, ConsentRequest, Log
from apps.stafettlogg.services import consent_questions
from apps.stafettlogg.services.address_protection import protect_address
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
    request_as_typed,
)
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
SECRETS = ("Solbakken", "Tangen", "Havna", "Fjellvik", "Ane", "Solheim", "Siv", "Dahl", "41 00 00 01", "41000001")
OPENED = ("family_messages", "family_people", "family_history", "family_seen")
PAGES = ("parent_log", "own_consents", "withdraw_all", "withdrawn", "family_close")


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        load_start_texts(now=NOW - datetime.timedelta(days=1))
        yield


def protected_log(*, status, protection=AddressProtection.CONFIDENTIAL):
    """A log in Solbakken that asks for the school in Tangen and a private therapist outside."""
    make_municipality(name="Solvik kommune", phone="70 00 00 00", show_staff_names=True)
    child = make_child(address_protection=protection)
    family = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")]
    unit = make_unit("Solbakken barnehage", kind=UnitKind.KINDERGARTEN, contact_phone="41 00 00 01")
    school = make_unit("Tangen skole", kind=UnitKind.SCHOOL)
    outside = make_unit("Havna terapi", kind=UnitKind.THERAPY, is_external=True, controller_name="Fjellvik AS")
    holder = make_employee(unit, name="Ane Solheim")
    log = make_log(
        child=child, guardians=family, holder=holder, status=status, unit_ids=[school.pk, outside.pk], now=NOW
    )
    return log, school


def fill(log, school):
    """Everything an open log may hold."""
    other = make_participant(log, user=make_employee(school, name="Siv Dahl"), now=NOW)
    make_measure(make_goal(log, now=NOW), "En lek hver dag", responsible_id=other.pk, now=NOW)
    write_message(log.pk, text="Hei", audience=Audience.ALL, actor=other, now=NOW)
    for reader in (other, log.holder.user):
        assert signed_in(reader).get(page_of("plan", log.pk)).status_code == 200


def words_of(pdf) -> str:
    assert pdf.headers["Content-Type"] == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)


def found_in(words: str) -> list[str]:
    return [secret for secret in SECRETS if secret in words]


def everything(user, log, *, opened: bool) -> dict:
    """Every page and PDF this guardian can get, as words."""
    client, names = signed_in(user), PAGES + (OPENED if opened else ())
    found = {name: client.get(page_of(name, log.pk)) for name in names}
    found["children"] = client.get(page_of("children"))
    found["start"] = client.get("/", follow=True)
    found["notices"] = client.get("/varsler/")
    for consent in log.consents.filter(guardian__user=user, state="given"):
        found[f"withdraw {consent.unit}"] = client.get(page_of("withdraw", log.pk, consent.unit_id))
    words = {name: response.content.decode() for name, response in found.items()}
    for answer in ConsentAnswer.objects.filter(request__log=log, guardian__user=user):
        words["receipt"] = client.get(page_of("consent_receipt", log.pk, answer.pk)).content.decode()
        words["receipt pdf"] = words_of(client.get(page_of("consent_receipt_pdf", log.pk, answer.pk)))
    if opened:
        words["log pdf"] = words_of(client.get(page_of("family_download", log.pk)))
    sweep_outbox()
    words["mail"] = " ".join(f"{m.subject} {m.body} {m.from_email}" for m in mail.outbox if user.email in m.to)
    return words


def leaks(words: dict) -> dict:
    return {name: found_in(text) for name, text in words.items() if found_in(text)}


def test_names_would_show_without_protection():
    log, school = protected_log(status=LogStatus.ACTIVE, protection=AddressProtection.NONE)
    fill(log, school)

    shown = leaks(everything(log.guardians[0].user, log, opened=True))

    expected = {"parent_log", "own_consents", "receipt", "receipt pdf", "log pdf", "withdraw_all", *OPENED}
    assert expected <= set(shown)


def test_nothing_names_a_place_while_the_family_is_asked():
    log, _school = protected_log(status=LogStatus.REQUESTED)
    mother = log.guardians[0]
    client, request = signed_in(mother.user), newest_request(log)
    asked = {consent.unit: True for consent in log.consents.filter(guardian=mother)}

    summary = walk_to_summary(client, log, asked)
    words = {f"step {n}": client.get(page_of("answer_step", log.pk, request.pk, n)) for n in (1, 2, 3)}
    words |= {"intro": client.get(page_of("answer", log.pk, request.pk)), "summary": client.get(summary)}
    words = {name: response.content.decode() for name, response in words.items()}
    client.post(summary, {"svar": "ja"})
    words |= everything(mother.user, log, opened=False)

    assert leaks(words) == {}
    assert ["Skole" in words["step 2"], "Ergo- og fysioterapi (utenfor kommunen)" in words["step 2"]] == [True, True]
    assert "Skole" in words["receipt pdf"]


def test_nothing_names_a_place_on_paper_or_on_the_employees_screen():
    log, _school = protected_log(status=LogStatus.REQUESTED)
    mother, father = log.guardians
    request = newest_request(log)
    staff = signed_in(log.holder.user)
    words = {"paper": words_of(staff.get(page_of("consent_paper", log.pk, request.pk, mother.pk)))}
    give_consents(log, only=[father], now=NOW)
    answer = ConsentAnswer.objects.get(guardian=father)
    words["copy"] = words_of(staff.get(page_of("receipt_copy", log.pk, answer.pk)))

    staff.post(page_of("hand_screen", log.pk, request.pk, mother.pk))
    words["question"] = staff.get(page_of("tablet")).content.decode()
    choices = {str(unit): "ja" for unit in log.consents.filter(guardian=mother).values_list("unit_id", flat=True)}
    words["look over"] = staff.post(page_of("tablet"), choices).content.decode()

    assert leaks(words) == {}
    assert ("Skole" in words["paper"], "Skole" in words["question"]) == (True, True)


def test_page_of_the_birth_date_names_no_place_before_the_guardian_is_known():
    log, _school = protected_log(status=LogStatus.REQUESTED)
    mother = log.guardians[0]
    mother.birth_date_confirmed_at = None
    mother.save()

    page = signed_in(mother.user).get(page_of("birth_date")).content.decode()

    assert (found_in(page), "Ring Solvik kommune" in page) == ([], True)


def test_switched_on_later_hides_it_all_at_once():
    log, school = protected_log(status=LogStatus.ACTIVE, protection=AddressProtection.NONE)
    fill(log, school)
    consent_questions.ask_consent(log.pk, unit_ids=[school.pk], actor=log.holder.user, now=NOW)
    queued = Notice.objects.filter(recipient=log.guardians[0].user).count()

    response = signed_in(log.holder.user).post(page_of("child_protection", log.pk), {"protection": "confidential"})

    assert (response.status_code, queued > 0) == (302, True)
    for guardian in log.guardians:
        assert leaks(everything(guardian.user, Log.objects.get(pk=log.pk), opened=True)) == {}
    summary = words_of(signed_in(log.holder.user).get(page_of("summary_pdf", log.pk)))
    assert found_in(summary) == []


def test_strict_later_ends_the_familys_access_and_goes_to_paper():
    log, _school = protected_log(status=LogStatus.ACTIVE)
    user = log.guardians[0].user
    assert Notice.objects.filter(recipient=user, object_id=log.pk, retracted_at=None).exists()

    protect_address(log.pk, protection=AddressProtection.STRICT, actor=log.holder.user, now=NOW)
    mail.outbox.clear()
    sweep_outbox()

    log.refresh_from_db()
    assert (log.status, log.close_reason) == (LogStatus.CLOSED, "other_plan")
    assert signed_in(user).get(page_of("parent_log", log.pk)).status_code == 404
    assert not Notice.objects.filter(recipient=user, object_id=log.pk, retracted_at=None).exists()
    assert [message for message in mail.outbox if user.email in message.to] == []


def test_strict_later_removes_a_request():
    log, _school = protected_log(status=LogStatus.REQUESTED)

    protect_address(log.pk, protection=AddressProtection.STRICT, actor=log.holder.user, now=NOW)

    log.refresh_from_db()
    assert log.status == LogStatus.REMOVED
    assert signed_in(log.guardians[0].user).get(page_of("parent_log", log.pk)).status_code == 404


@pytest.mark.parametrize("protection", [AddressProtection.NONE, AddressProtection.CONFIDENTIAL])
def test_protection_is_only_made_stricter(protection):
    log, _school = protected_log(status=LogStatus.ACTIVE)

    with pytest.raises(RuleBroken) as broken:
        protect_address(log.pk, protection=protection, actor=log.holder.user, now=NOW)

    assert broken.value.code == "protection_lower"


def test_protection_in_an_older_record_hides_the_unit_that_asks_anew():
    """S6 and S17: the unit that asks does not know of the protection, and the guardian still sees no place."""
    older, _school = protected_log(status=LogStatus.ACTIVE)
    asker = make_employee(make_unit("Tangen SFO"), name="Siv Dahl")
    log = Log.objects.get(pk=request_as_typed(asker, now=timezone.now()).id)
    guardian = log.child.guardians.get()
    guardian.user, guardian.birth_date_confirmed_at = older.guardians[0].user, NOW
    guardian.save()
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=asker, now=NOW)

    words = everything(guardian.user, log, opened=False)
    paper = signed_in(asker).get(
        page_of("consent_paper", log.pk, ConsentRequest.objects.latest("number").pk, guardian.pk)
    )

    assert leaks(words) == {}
    assert (ConsentRequest.objects.filter(log=log).count(), "Tangen SFO" in words_of(paper)) == (2, True)
