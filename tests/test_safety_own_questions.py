"""S3: a guardian is asked about herself apart, in every way she may answer."""

import io

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.services import remind
from apps.stafettlogg.enums import (
    About,
    ConsentState,
)
from apps.stafettlogg.models import Consent
from apps.stafettlogg.selectors import own_threads as selectors
from apps.stafettlogg.services import (
    consent_questions,
    own_questions,
)
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_unit
from tests.own_threads import DAY, NOW, Family
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import main_of, newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        load_start_texts(now=NOW - DAY)
        yield clock


# Asking and answering -------------------------------------------------------------------------------------------------


def test_s03_receipts_are_apart_and_the_one_about_the_child_never_mentions_her_own():
    family = Family()
    consent_questions.ask_consent(
        family.log.pk,
        unit_ids=[family.nav.pk],
        own_guardian_ids={family.nav.pk: [family.mari.pk]},
        actor=family.holder,
        now=NOW,
    )
    logs.give_consents(family.log, only=[family.mari], now=NOW)
    client, found = signed_in(family.mari.user), {}
    for about in About:
        row = Consent.objects.filter(guardian=family.mari, unit=family.nav, about=about, state="given").get()
        found[about] = main_of(client.get(page_of("consent_receipt", family.log.pk, row.answer_id)))

    assert "om deg selv" not in found[About.CHILD]
    assert "NAV Solvik, om deg selv" in found[About.OWN]
    assert "opplysninger om meg" in found[About.OWN]
    assert "samarbeide" not in found[About.OWN]


def test_s03_someone_asked_about_herself_sees_both_questions_apart_with_nothing_chosen():
    family = Family()
    consent_questions.ask_consent(
        family.log.pk,
        unit_ids=[family.nav.pk],
        own_guardian_ids={family.nav.pk: [family.mari.pk]},
        actor=family.holder,
        now=NOW,
    )
    client, pages = signed_in(family.mari.user), {}
    for about in About:
        request = newest_request(family.log, about)
        client.post(page_of("answer_step", family.log.pk, request.pk, 1))
        pages[about] = main_of(client.get(page_of("answer_step", family.log.pk, request.pk, 2)))

    assert [" checked" in page for page in pages.values()] == [False, False]
    assert ["NAV Solvik, om deg selv" in page for page in pages.values()] == [False, True]
    start = main_of(client.get(page_of("children")))
    assert start.count("Les og svar") == 2
    assert "Svar på et spørsmål om deg selv" in start


def test_s03_she_answers_in_four_steps_and_meets_the_thread():
    family = Family()
    family.ask()
    client = signed_in(family.mari.user)

    last = walk_to_summary(client, family.log, {f"{family.nav.pk}-own": True}, about="own")
    receipt = main_of(client.post(last, {"svar": "ja"}, follow=True))

    assert page_of("family_thread", family.thread.pk) in receipt
    assert family.reads(family.nina)


def test_s03_a_question_is_asked_on_paper_and_the_answer_written_down():
    family = Family()
    request = family.ask()[0]
    client = signed_in(family.holder)
    paper = client.get(page_of("consent_paper", family.log.pk, request.pk, str(family.mari.pk)))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages).split())
    assert "Kan vi dele opplysninger om deg selv?" in text
    assert "Emma" not in text

    client.post(
        page_of("consents_record", family.log.pk, request.pk, str(family.mari.pk)),
        {"route": "paper", "language": "nb", f"unit_{family.nav.pk}-own": "ja"},
    )

    assert family.reads(family.nina)
    given = Consent.objects.get(guardian=family.mari, about=About.OWN).answer
    words = main_of(signed_in(family.mari.user).get(page_of("consent_receipt", family.log.pk, given.pk)))
    assert "Jeg har ikke gitt dette" in words


def test_s03_a_withdrawal_is_written_down_for_the_one_thing_it_was_about():
    family = Family().opened()
    url = page_of("consents_withdrawal", family.log.pk, str(family.mari.pk))

    signed_in(family.holder).post(url, {"units": [f"{family.nav.pk}-own"]})

    states = {row.about: row.state for row in Consent.objects.filter(guardian=family.mari)}
    assert states == {About.CHILD: ConsentState.GIVEN, About.OWN: ConsentState.WITHDRAWN}
    assert not family.reads(family.nina)


def test_s03_she_takes_it_back_herself_with_a_receipt_of_its_own():
    family = Family().opened()
    client = signed_in(family.mari.user)
    asked = main_of(client.get(page_of("withdraw_own", family.log.pk, family.nav.pk)))
    assert "Andre foresatte merker ingenting." in asked

    receipt = main_of(client.post(page_of("withdraw_own", family.log.pk, family.nav.pk), follow=True))
    receipt = main_of(client.get(page_of("withdrawn", family.log.pk), follow=True))

    assert "NAV Solvik, om deg selv" in receipt
    assert "Solbakken" not in receipt.partition("Dette trakk du")[2].partition("Dette skjer videre")[0]


def test_s03_she_is_not_asked_again_soon_after_a_no():
    family = Family()
    family.ask()
    family.answer(False)

    with pytest.raises(RuleBroken) as broken:
        family.ask(now=NOW + DAY)

    assert broken.value.code == "asked_too_soon"
    assert family.ask(now=NOW + DAY, family_asked=True)


def test_s03_only_a_service_that_knows_a_guardian_asks_about_her():
    family = Family()
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)

    with pytest.raises(RuleBroken) as broken:
        own_questions.ask_own(
            family.log.pk, unit_id=ppt.pk, guardian_ids=[family.mari.pk], actor=family.holder, now=NOW
        )

    assert broken.value.code == "not_own"


def test_s03_the_holder_asks_and_follows_up_on_the_page_of_consents():
    family = Family()
    client = signed_in(family.holder)

    client.post(
        page_of("consents_ask_own", family.log.pk),
        {"unit": str(family.nav.pk), "guardians": [str(family.mari.pk)]},
    )

    page = main_of(client.get(page_of("consents", family.log.pk)))
    assert "Mari Vik, NAV Solvik" in page
    assert Consent.objects.get(about=About.OWN).guardian == family.mari


def test_s33_what_waits_of_her_own_never_stands_on_a_page_that_may_be_projected(clock):
    family = Family()
    family.ask()
    clock.move_to(NOW + 20 * DAY)
    client = signed_in(family.holder)

    overview = main_of(client.get(page_of("detail", family.log.pk)))
    page = main_of(client.get(page_of("consents", family.log.pk)))

    assert "Mari" not in overview.partition("Dette gjenstår")[2].partition("</section>")[0]
    assert "Ring Mari Vik om spørsmålet som gjelder bare henne eller ham" in page


def test_s03_the_holder_is_reminded_before_her_yes_runs_out(clock):
    family = Family().opened()
    row = Consent.objects.get(about=About.OWN)
    clock.move_to(row.expires_at - 10 * DAY)

    remind(now=timezone.now())

    told = set(Notice.objects.filter(kind="own_expiring").values_list("recipient", flat=True))
    assert told == {family.holder.pk}


# Speed ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 8])
def test_the_list_of_threads_asks_as_often_whatever_it_holds(number, django_assert_max_num_queries):
    nav = make_unit("NAV Solvik", kind=UnitKind.NAV)
    nina = make_employee(nav)
    for _one in range(number):
        log = logs.make_log(now=NOW)
        guardian = log.guardians[0]
        own_questions.ask_own(log.pk, unit_id=nav.pk, guardian_ids=[guardian.pk], actor=log.holder.user, now=NOW)
        logs.give_consents(log, now=NOW)

    with django_assert_max_num_queries(5):
        assert len(selectors.threads_of_service(nina, NOW)) == number
