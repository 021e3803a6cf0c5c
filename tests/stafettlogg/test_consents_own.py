"""A service with a guardian's own information is asked about twice: about the child, and about herself (S3)."""

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import About, ConsentState, LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentWindow
from apps.stafettlogg.services import consent_questions, consents
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_municipality, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db
BOTH = [(True, True), (True, False), (False, True), (False, False)]


@pytest.fixture(autouse=True)
def texts():
    make_municipality()
    load_start_texts(now=timezone.now())


def asked(*, status=LogStatus.REQUESTED):
    """Mari is asked about NAV for the child and for herself, Ola about NAV for the child alone."""
    child = make_child()
    mother = make_guardian(child, name="Mari Vik")
    father = make_guardian(child, name="Ola Berg", relation="father")
    nav = make_unit("NAV Solvik", kind=UnitKind.NAV)
    log = make_log(child=child, guardians=[mother, father], status=status)
    consent_questions.ask_consent(
        log.pk,
        unit_ids=[log.unit_id, nav.pk],
        own_guardian_ids={nav.pk: [mother.pk]},
        actor=log.holder.user,
        now=timezone.now(),
    )
    return log, nav, mother, father


def answer(log, guardian, choices, own_choices=None):
    return consents.answer(
        newest_request(log).pk,
        guardian_id=guardian.pk,
        choices=choices,
        own_choices=own_choices,
        route=Route.DIGITAL,
        actor=guardian.user,
        now=timezone.now(),
    )


def says(log, nav, *, child, own):
    return {log.unit: True, nav: child, f"{nav.pk}-own": own}


def may_read(log, unit) -> bool:
    now = timezone.now()
    return ConsentWindow.objects.filter(log=log, unit=unit, valid_from__lte=now, valid_until__gt=now).exists()


def words(response) -> str:
    return " ".join(response.content.decode().split())


# The answer -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("child", "own"), BOTH)
def test_s03_the_service_may_read_on_two_yeses_only(child, own):
    log, nav, mother, father = asked()
    answer(log, father, {log.unit_id: True, nav.pk: True})

    answer(log, mother, {log.unit_id: True, nav.pk: child}, {nav.pk: own})

    log.refresh_from_db()
    states = {row.about: row.state for row in Consent.objects.filter(unit=nav, guardian=mother)}
    said = {True: ConsentState.GIVEN, False: ConsentState.REFUSED}
    assert states == {About.CHILD: said[child], About.OWN: said[child and own]}
    assert (log.status, may_read(log, log.unit), may_read(log, nav)) == (LogStatus.ACTIVE, True, child and own)


@pytest.mark.parametrize("own_choices", [None, {}])
def test_s03_a_yes_about_the_child_is_no_answer_about_herself(own_choices):
    log, nav, mother, _father = asked()

    with pytest.raises(RuleBroken) as broken:
        answer(log, mother, {log.unit_id: True, nav.pk: True}, own_choices)

    assert broken.value.code == "choices_missing"
    assert not ConsentAnswer.objects.exists()


def test_s03_nobody_answers_about_herself_who_was_not_asked():
    log, nav, _mother, father = asked()

    with pytest.raises(RuleBroken):
        answer(log, father, {log.unit_id: True, nav.pk: True}, {nav.pk: True})


def test_s03_taking_back_takes_both_and_stops_the_service():
    log, nav, mother, _father = asked()
    give_consents(log)

    taken = consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=[nav.pk], actor=mother.user, now=timezone.now())

    assert (taken, may_read(log, nav), may_read(log, log.unit)) == (2, False, True)


# On screen ------------------------------------------------------------------------------------------------------------


def test_s03_two_questions_stand_apart_with_nothing_chosen():
    log, nav, mother, father = asked()
    pages = {}
    for guardian in (mother, father):
        client = signed_in(guardian.user)
        client.post(page_of("answer_step", log.pk, newest_request(log).pk, 1))
        pages[guardian] = words(client.get(page_of("answer_step", log.pk, newest_request(log).pk, 2)))

    assert pages[mother].count("NAV Solvik, om deg selv") == 1
    assert f'name="{nav.pk}-own"' in pages[mother]
    assert " checked" not in pages[mother]
    assert "om deg selv" not in pages[father]


def test_s03_a_question_left_open_is_pointed_at_and_the_rest_is_kept():
    log, nav, mother, _father = asked()
    client, step = signed_in(mother.user), page_of("answer_step", log.pk, newest_request(log).pk, 2)
    client.post(page_of("answer_step", log.pk, newest_request(log).pk, 1))

    page = words(client.post(step, {str(log.unit_id): "ja", str(nav.pk): "ja"}))

    assert "Velg ja eller nei for NAV Solvik, om deg selv." in page
    assert page.count(" checked") == 2


def test_s03_a_yes_and_a_no_are_explained_before_and_after():
    log, nav, mother, _father = asked()
    client = signed_in(mother.user)
    out = "NAV Solvik blir ikke med, fordi du har svart nei om barnet eller om deg selv."

    summary = walk_to_summary(client, log, says(log, nav, child=True, own=False))
    shown = words(client.get(summary))
    receipt = words(client.post(summary, {"svar": "ja"}, follow=True))

    for page in (shown, receipt):
        assert out in page
        assert "opplysninger om meg" not in page
    assert "Nei, ikke del noe om meg" in shown
    assert "Nei. Vi deler ikke noe om deg" in receipt


def test_s03_two_yeses_are_signed_apart():
    log, nav, mother, father = asked()
    answer(log, father, {log.unit_id: True, nav.pk: True})
    client = signed_in(mother.user)

    summary = walk_to_summary(client, log, says(log, nav, child=True, own=True))
    receipt = words(client.post(summary, {"svar": "ja"}, follow=True))

    assert "opplysninger om meg" in receipt
    assert "Da blir ikke" not in receipt
    assert may_read(log, nav)


def test_s03_a_refused_part_is_not_waited_for():
    log, nav, mother, father = asked()
    answer(log, father, {log.unit_id: True, nav.pk: True})
    client = signed_in(mother.user)

    summary = walk_to_summary(client, log, says(log, nav, child=True, own=False))
    receipt = words(client.post(summary, {"svar": "ja"}, follow=True))

    assert "Vi har ikke fått alle svarene" not in receipt


def test_s03_her_own_page_shows_both_words_and_one_way_to_take_them_back():
    log, nav, mother, _father = asked()
    give_consents(log)
    client = signed_in(mother.user)

    before = words(client.get(page_of("own_consents", log.pk)))
    client.post(page_of("withdraw", log.pk, nav.pk))
    after = words(client.get(page_of("withdrawn", log.pk), follow=True))

    assert before.count(page_of("withdraw", log.pk, nav.pk)) == 1
    assert before.index("Om barnet") < before.index("Om deg selv")
    assert "NAV Solvik, om deg selv" in after


@pytest.mark.parametrize("own", [True, False])
def test_s03_the_other_guardian_meets_the_same_whatever_she_says_of_herself(own):
    log, nav, mother, father = asked()
    give_consents(log, only=[father])
    pages = ("parent_log", "own_consents", "family_people", "family_seen", "family_history")

    answer(log, mother, {log.unit_id: True, nav.pk: True}, {nav.pk: own})

    for name in pages:
        page = words(signed_in(father.user).get(page_of(name, log.pk)))
        assert "om deg selv" not in page.lower(), name
        assert "Mari" not in page or name == "family_people", name


# With the stafettholder -----------------------------------------------------------------------------------------------


def test_s03_the_holder_sees_each_answer_in_a_row_of_its_own():
    log, nav, mother, father = asked(status=LogStatus.ACTIVE)
    give_consents(log, only=[father])
    answer(log, mother, {log.unit_id: True, nav.pk: True}, {nav.pk: False})

    response = signed_in(log.holder.user).get(page_of("consents", log.pk))

    rows = {(row.unit, row.note): [said.text for _head, said in row.answers] for row in response.context["table"].rows}
    assert rows["NAV Solvik", ""] == ["Ja", "Ja"]
    assert rows["NAV Solvik", "Om den foresatte selv"] == ["Nei", "Ikke spurt"]


def test_s03_an_answer_on_paper_is_written_down_twice():
    log, nav, mother, _father = asked()
    url = page_of("consents_record", log.pk, newest_request(log).pk, str(mother.pk))
    client = signed_in(log.holder.user)
    said = {"route": "paper", "language": "nb", f"unit_{log.unit_id}": "ja", f"unit_{nav.pk}": "ja"}

    missing = words(client.post(url, said))
    client.post(url, said | {f"unit_{nav.pk}-own": "nei"})

    assert "Velg ja eller nei for NAV Solvik, om den foresatte selv." in missing
    assert Consent.objects.get(guardian=mother, unit=nav, about=About.OWN).state == ConsentState.REFUSED


def test_s03_paper_and_its_receipt_ask_and_answer_twice():
    log, nav, mother, _father = asked()
    client = signed_in(log.holder.user)
    paper = client.get(page_of("consent_paper", log.pk, newest_request(log).pk, str(mother.pk)))
    given = answer(log, mother, {log.unit_id: True, nav.pk: True}, {nav.pk: False})
    receipt = client.get(page_of("receipt_copy", log.pk, given.pk))

    shown = [" ".join(p.extract_text() for p in PdfReader(io.BytesIO(r.content)).pages) for r in (paper, receipt)]
    paper_words, receipt_words = (" ".join(text.split()) for text in shown)

    assert len(re.findall(r"\bJa\s+Nei\b", paper_words)) == 3  # the boxes are drawn: three services, the last apart
    assert paper_words.count("NAV Solvik, om deg selv") == 1
    assert "NAV Solvik, om deg selv" in receipt_words


def test_s03_the_employees_screen_asks_twice():
    log, nav, mother, _father = asked()
    client = signed_in(log.holder.user)
    client.post(page_of("hand_screen", log.pk, newest_request(log).pk, str(mother.pk)))
    tablet = reverse("stafettlogg:tablet")
    said = {str(log.unit_id): "ja", str(nav.pk): "ja", f"{nav.pk}-own": "nei", "limits": ""}

    question = words(client.get(tablet))
    look = words(client.post(tablet, said | {"svar": "se"}))
    client.post(tablet, said | {"svar": "ja"})

    assert question.count("NAV Solvik, om deg selv") == 1
    assert "NAV Solvik blir ikke med, fordi du har svart nei" in look
    states = dict(Consent.objects.filter(guardian=mother, unit=nav).values_list("about", "state"))
    assert states == {About.CHILD: ConsentState.GIVEN, About.OWN: ConsentState.REFUSED}
