"""S26: a youth's own health service is her own. One test per sentence, through the pages people use."""

import datetime

import pytest
import time_machine

from apps.core.dates import OSLO, format_long
from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import AccessKind, ExceptionGround, LetIn
from apps.stafettlogg.models import Consent, Log, LogAccess
from apps.stafettlogg.rules.exceptions import Proof
from apps.stafettlogg.services import consent_questions, exceptions, handovers, participants
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.guardians import link_waiting_guardians
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
)
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in, walk_to_summary
from tests.youth_logs import (
    FOURTEEN,
    NOW,
    SECRET,
    SIXTEEN,
    TODAY,
    addresses_of,
    decision,
    know_birth_date,
    make_parent,
    make_youth,
    meets_nothing,
    own_log,
    says_yes,
    the_guardian,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        make_municipality()
        load_start_texts(now=NOW)
        yield clock


@pytest.fixture
def nurse():
    return make_employee(make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH), name="Nora Berge")


# A youth's own health service -----------------------------------------------------------------------------------------


def test_s26_the_mother_meets_nothing_before_the_youth_has_answered_nor_after(nurse):
    """A 16-year-old asks the school nurse for help, and does not want her mother to know."""
    aina = make_parent()
    log = own_log(nurse)

    meets_nothing(aina, log)
    says_yes(log)
    write_message(log.pk, text=SECRET, actor=nurse, now=NOW)

    assert Log.objects.get(pk=log.pk).is_active
    meets_nothing(aina, log)
    assert not any(SECRET in signed_in(aina).get(address).content.decode() for address in addresses_of(log))


def test_s26_a_guardian_who_gets_an_account_later_meets_nothing(nurse):
    log = own_log(nurse)
    says_yes(log)

    aina = make_parent()

    assert link_waiting_guardians(now=NOW) == 0
    meets_nothing(aina, log)


@pytest.mark.parametrize(
    "kind",
    [
        *(UnitKind.SCHOOL, UnitKind.KINDERGARTEN, UnitKind.PPT, UnitKind.CHILD_WELFARE, UnitKind.NAV),
        *(UnitKind.CULTURE_SCHOOL, UnitKind.YOUTH, UnitKind.AFTER_SCHOOL, UnitKind.LIBRARY, UnitKind.UPPER_SECONDARY),
    ],
)
def test_s26_no_other_kind_of_service_is_own_under_18(kind):
    """Also where the municipality lets the youth answer alone."""
    from apps.municipality.models import ConsentAgeRule

    ConsentAgeRule.objects.create(kind=kind, age=15, guardians_needed=False)
    holder = make_employee(make_unit("Tjenesten", kind=kind))

    log = own_log(holder)

    assert not log.child.answers_alone
    assert the_guardian(log).let_in == LetIn.NO


def test_s26_under_16_is_own_only_by_a_decision(nurse):
    log = own_log(nurse, born=FOURTEEN)

    assert not log.child.answers_alone
    assert Consent.objects.filter(log=log, guardian__isnull=False).exists()


def test_s26_from_12_health_personnel_may_decide_it_and_the_log_keeps_who_when_until_when_and_the_paragraph(nurse):
    aina = make_parent()
    log = own_log(nurse, born=FOURTEEN, alone=decision(nurse))

    child = log.child
    assert (child.answers_alone, child.alone_decided_by, child.alone_decided_day) == (True, nurse, TODAY)
    assert (child.alone_last_day, child.alone_paragraph) == (datetime.date(2027, 4, 8), "3-4-2")
    assert [row.is_youth for row in Consent.objects.filter(log=log)] == [True]
    page = signed_in(nurse).get(page_of("consents", log.pk)).content.decode()
    assert f"Nora Berge bestemte {format_long(TODAY)} at ungdommen svarer alene" in page
    assert (
        f"til og med {format_long(child.alone_last_day)}. Pasient- og brukerrettighetsloven § 3-4 andre ledd." in page
    )
    meets_nothing(aina, log)


@pytest.mark.parametrize(
    ("changes", "born", "code"),
    [
        ({"last_day": datetime.date(2027, 4, 9)}, FOURTEEN, "decision_days"),
        ({"last_day": TODAY - datetime.date.resolution}, FOURTEEN, "decision_days"),
        ({"decided_day": TODAY + datetime.date.resolution}, FOURTEEN, "decision_days"),
        ({"paragraph": "4-4"}, FOURTEEN, "decision_paragraph"),
        ({}, datetime.date(2014, 10, 9), "decision_age"),
        ({}, datetime.date(2010, 10, 8), "decision_age"),
    ],
)
def test_s26_a_decision_is_for_12_to_16_and_at_most_six_months(nurse, changes, born, code):
    with pytest.raises(RuleBroken) as broken:
        own_log(nurse, born=born, alone=decision(nurse, **changes))

    assert broken.value.code == code


def test_s26_only_a_health_service_decides_it():
    teacher = make_employee(make_unit("Skolen", kind=UnitKind.SCHOOL))

    with pytest.raises(RuleBroken) as broken:
        own_log(teacher, born=FOURTEEN, alone=decision(teacher))

    assert broken.value.code == "decision_not_health"


def test_s26_when_the_decision_runs_out_the_sharing_stops_and_nobody_at_home_is_told(nurse, clock):
    aina = make_parent()
    log = own_log(nurse, born=FOURTEEN, alone=decision(nurse, last_day=TODAY))
    says_yes(log)

    clock.move_to(datetime.datetime(2026, 10, 9, 0, 0, tzinfo=OSLO))
    now = datetime.datetime(2026, 10, 9, 0, 0, tzinfo=OSLO)

    assert not access.sees_content(access.row_for(nurse, log, now))
    with pytest.raises(RuleBroken) as broken:
        consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=nurse, now=now)
    assert broken.value.code == "own_decision_ended"
    assert not LogAccess.objects.filter(user=aina).exists()
    assert told(aina) == []


def test_s26_the_decision_is_made_anew_and_the_youth_asked_again(nurse, clock):
    aina = make_parent()
    log = own_log(nurse, born=FOURTEEN, alone=decision(nurse, last_day=TODAY))
    says_yes(log)
    clock.move_to(datetime.datetime(2026, 10, 9, 8, 0, tzinfo=OSLO))
    page, client = page_of("renew_decision", log.pk), signed_in(nurse)
    days = {"alone_day": "9.10.2026", "alone_last_day": "9.4.2027", "alone_paragraph": "3-4-2"}

    assert page in client.get(page_of("consents", log.pk)).content.decode()
    late = client.post(page, {"alone_by": str(nurse.pk), **days, "alone_last_day": "10.4.2027"})
    assert (late.status_code, "Det kan gjelde i høyst seks måneder" in late.content.decode()) == (422, True)
    done = client.post(page, {"alone_by": str(nurse.pk), **days}, follow=True).content.decode()

    until = format_long(datetime.date(2027, 4, 9))
    assert f"Det gjelder til og med {until}. Spør ungdommen om samtykke på nytt" in done
    now = datetime.datetime(2026, 10, 9, 8, 5, tzinfo=OSLO)
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=nurse, now=now)
    give_consents(Log.objects.get(pk=log.pk), now=now)
    assert access.sees_content(access.row_for(nurse, log, now))
    assert not LogAccess.objects.filter(user=aina).exists()


def test_s26_only_a_log_that_rests_on_a_decision_is_decided_anew(nurse):
    log = own_log(nurse)

    assert signed_in(nurse).get(page_of("renew_decision", log.pk)).status_code == 404


# A log of its own, with health services only --------------------------------------------------------------------------


def test_s26_another_kind_of_service_is_neither_asked_for_nor_invited(nurse):
    school = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL)
    with pytest.raises(RuleBroken) as broken:
        own_log(nurse, units=[school])
    assert broken.value.code == "own_log_health_only"

    log = own_log(nurse)
    says_yes(log)
    with pytest.raises(RuleBroken) as broken:
        participants.invite_unit(log.pk, unit=school, actor=nurse, now=NOW)

    assert broken.value.code == "own_log_health_only"


def test_s26_the_stafettpinne_is_not_given_to_another_kind_of_service(nurse):
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    log = own_log(nurse)
    says_yes(log)

    with pytest.raises(RuleBroken) as broken:
        handovers.offer_handover(log.pk, to_membership=teacher.membership, actor=nurse, now=NOW)

    assert broken.value.code == "own_log_health_only"


def test_s26_there_is_no_exception_to_ask_for_and_so_no_letter(nurse):
    log = own_log(nurse)

    with pytest.raises(RuleBroken) as broken:
        exceptions.ask_exception(
            log.pk, the_guardian(log).pk, proof=Proof(ExceptionGround.UNREACHABLE), actor=nurse, now=NOW
        )

    assert broken.value.code == "guardians_not_asked"


def test_s26_another_health_service_comes_in_on_the_youths_word_alone(nurse):
    doctor = make_unit("Legesenteret", kind=UnitKind.DOCTOR)
    log = own_log(nurse)
    says_yes(log)

    participants.invite_unit(log.pk, unit=doctor, actor=nurse, now=NOW)
    says_yes(log)

    assert access.current_rows_in([log.pk], NOW).filter(kind=AccessKind.GUARDIAN).count() == 0
    assert [invitation.state for invitation in log.invitations.all()] == ["invited"]


def test_s26_own_service_enters_a_log_guardians_read_only_when_the_youth_knows_who_reads(nurse):
    aina, sander = make_parent(), make_youth()
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    log = own_log(teacher)
    know_birth_date(log)
    give_consents(log, now=NOW)
    assert Log.objects.get(pk=log.pk).is_active
    assert access.row_for(aina, log, NOW) is not None
    consent_questions.ask_consent(log.pk, unit_ids=[nurse.membership.unit_id], actor=teacher, now=NOW)

    client = signed_in(sander)
    summary = walk_to_summary(client, log, {nurse.membership.unit: True})
    assert "Jeg vet at Aina Rust leser det som står i denne stafettloggen" in client.get(summary).content.decode()
    refused = client.post(summary, {"svar": "ja"})
    with pytest.raises(RuleBroken) as broken:
        says_yes(log)

    assert refused.status_code == 422
    assert broken.value.code == "readers_not_shown"
    assert client.post(summary, {"svar": "ja", "knows_readers": "on"}).status_code == 302
    assert Consent.objects.get(log=log, unit=nurse.membership.unit).state == "given"
    assert Consent.objects.get(log=log, unit=nurse.membership.unit).answer.knows_readers


# Words ----------------------------------------------------------------------------------------------------------------


def test_s26_the_youths_form_and_receipts_say_nothing_of_guardians(nurse):
    sander = make_youth()
    log = own_log(nurse, guardians=[])
    request = newest_request(log)
    staff, youth = signed_in(nurse), signed_in(sander)
    pages = [
        staff.get(page_of("request_receipt", log.pk)),
        staff.get(page_of("consents_record", log.pk, request.pk, "ungdom")),
        youth.get(page_of("answer", log.pk, request.pk)),
        youth.get(walk_to_summary(youth, log, {log.unit: True})),
    ]
    answer = says_yes(log)
    pages.append(youth.get(page_of("consent_receipt", log.pk, answer.pk)))

    for page in pages:
        text = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert page.status_code == 200
        assert "foresatt" not in text.lower(), page.request["PATH_INFO"]


@pytest.mark.parametrize("name", ["reason", "add_goal", "messages", "voice"])
def test_s26_a_health_service_is_reminded_at_its_fields_that_the_parents_read(nurse, name):
    words = "Foreldrene leser dette. Har eleven bedt om at de ikke skal vite noe, skriv det ikke her."
    log = own_log(nurse, born=datetime.date(2014, 10, 8))
    give_consents(log, now=NOW)
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    other = own_log(teacher)
    make_youth()
    give_consents(other, now=NOW)
    own = own_log(nurse, born=SIXTEEN)
    says_yes(own)

    assert words in signed_in(nurse).get(page_of(name, log.pk)).content.decode()
    assert words not in signed_in(teacher).get(page_of(name, other.pk)).content.decode()
    assert words not in signed_in(nurse).get(page_of(name, own.pk)).content.decode()


def test_s26_the_holder_of_an_own_log_is_not_told_that_parents_are_told(nurse):
    log = own_log(nurse)
    says_yes(log)

    page = signed_in(nurse).get(page_of("detail", log.pk)).content.decode()

    assert "Ungdommen får beskjed når pinnen bytter hånd." in page
    assert "Familien får beskjed" not in page
