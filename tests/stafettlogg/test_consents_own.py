"""A guardian's own information is asked in a request of her own, apart from the child's (S3)."""

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
        newest_request(log, about="own" if own_choices else "child").pk,
        guardian_id=guardian.pk,
        choices=choices,
        own_choices=own_choices,
        route=Route.DIGITAL,
        actor=guardian.user,
        now=timezone.now(),
    )


def may_read(log, unit) -> bool:
    now = timezone.now()
    return ConsentWindow.objects.filter(log=log, unit=unit, valid_from__lte=now, valid_until__gt=now).exists()


def words(response) -> str:
    return " ".join(response.content.decode().split())


# The answer -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("child", "own"), BOTH)
def test_s03_the_service_may_read_on_the_childs_yes_alone(child, own):
    log, nav, mother, father = asked()
    answer(log, father, {log.unit_id: True, nav.pk: True})

    answer(log, mother, {log.unit_id: True, nav.pk: child})
    answer(log, mother, {}, {nav.pk: own})

    log.refresh_from_db()
    states = {row.about: row.state for row in Consent.objects.filter(unit=nav, guardian=mother)}
    said = {True: ConsentState.GIVEN, False: ConsentState.REFUSED}
    assert states == {About.CHILD: said[child], About.OWN: said[own]}
    assert (log.status, may_read(log, log.unit), may_read(log, nav)) == (LogStatus.ACTIVE, True, child)


def test_s03_an_answer_about_the_child_is_no_answer_about_herself():
    log, nav, mother, _father = asked()

    with pytest.raises(RuleBroken) as broken:
        consents.answer(
            newest_request(log, about="own").pk,
            guardian_id=mother.pk,
            choices={nav.pk: True},
            route=Route.DIGITAL,
            actor=mother.user,
            now=timezone.now(),
        )

    assert broken.value.code == "choices_missing"
    assert not ConsentAnswer.objects.exists()


def test_s03_nobody_answers_about_herself_who_was_not_asked():
    log, nav, _mother, father = asked()

    with pytest.raises(RuleBroken):
        answer(log, father, {}, {nav.pk: True})


def test_s03_taking_back_takes_one_of_the_two():
    log, nav, mother, _father = asked()
    give_consents(log)

    own = consents.withdraw(
        log.pk, guardian_id=mother.pk, unit_ids=[nav.pk], about=About.OWN, actor=mother.user, now=timezone.now()
    )
    stands = may_read(log, nav)
    child = consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=[nav.pk], actor=mother.user, now=timezone.now())

    assert (own, stands, child, may_read(log, nav), may_read(log, log.unit)) == (1, True, 1, False, True)


# On screen ------------------------------------------------------------------------------------------------------------


def test_s03_a_question_left_open_is_pointed_at():
    log, nav, mother, _father = asked()
    request = newest_request(log, about="own")
    client, step = signed_in(mother.user), page_of("answer_step", log.pk, request.pk, 2)
    client.post(page_of("answer_step", log.pk, request.pk, 1))

    page = words(client.post(step, {}))

    assert "Velg ja eller nei for NAV Solvik, om deg selv." in page


def test_s03_a_no_about_herself_is_a_full_answer():
    log, nav, mother, father = asked()
    answer(log, father, {log.unit_id: True, nav.pk: True})
    client = signed_in(mother.user)

    summary = walk_to_summary(client, log, {f"{nav.pk}-own": False}, about="own")
    shown = words(client.get(summary))
    receipt = words(client.post(summary, {"svar": "nei"}, follow=True))

    assert "Nei, ikke del noe om meg" in shown
    assert "Da blir det ingen stafettlogg" not in shown
    assert "Nei. Vi deler ikke noe om deg" in receipt
    assert "Vi har ikke fått alle svarene" not in receipt


def test_s03_her_own_page_shows_both_apart_and_a_way_to_take_each_back():
    log, nav, mother, _father = asked()
    give_consents(log)
    client = signed_in(mother.user)

    page = words(client.get(page_of("own_consents", log.pk)))

    assert page.count(page_of("withdraw", log.pk, nav.pk)) == 1
    assert page.count(page_of("withdraw_own", log.pk, nav.pk)) == 1
    assert "Om deg selv" in page


@pytest.mark.parametrize("own", [True, False])
def test_s03_the_other_guardian_meets_the_same_whatever_she_says_of_herself(own):
    log, nav, mother, father = asked()
    give_consents(log, only=[father])
    pages = ("parent_log", "own_consents", "family_people", "family_seen", "family_history")

    answer(log, mother, {log.unit_id: True, nav.pk: True})
    answer(log, mother, {}, {nav.pk: own})

    for name in pages:
        page = words(signed_in(father.user).get(page_of(name, log.pk)))
        assert "om deg selv" not in page.lower(), name
        assert "Mari" not in page or name == "family_people", name


# With the stafettholder -----------------------------------------------------------------------------------------------


def test_s03_the_holder_sees_each_answer_in_a_place_of_its_own():
    log, nav, mother, father = asked(status=LogStatus.ACTIVE)
    give_consents(log, only=[father])
    answer(log, mother, {log.unit_id: True, nav.pk: True})
    answer(log, mother, {}, {nav.pk: False})

    response = signed_in(log.holder.user).get(page_of("consents", log.pk))

    rows = {row.unit: [said.text for _head, said in row.answers] for row in response.context["table"].rows}
    assert rows["NAV Solvik"] == ["Ja", "Ja"]
    own = [(row.guardian, row.unit, row.answer.text, row.state) for row in response.context["own_rows"]]
    assert own == [("Mari Vik", "NAV Solvik", "Nei", "Ikke åpnet")]


def test_s03_an_answer_on_paper_is_written_down_apart():
    log, nav, mother, _father = asked()
    request = newest_request(log, about="own")
    url = page_of("consents_record", log.pk, request.pk, str(mother.pk))
    client = signed_in(log.holder.user)

    missing = words(client.post(url, {"route": "paper", "language": "nb"}))
    client.post(url, {"route": "paper", "language": "nb", f"unit_{nav.pk}-own": "nei"})

    assert "Velg ja eller nei for NAV Solvik, om den foresatte selv." in missing
    assert Consent.objects.get(guardian=mother, unit=nav, about=About.OWN).state == ConsentState.REFUSED


def test_s03_each_paper_and_receipt_is_about_one_of_the_two():
    log, nav, mother, _father = asked()
    client, shown = signed_in(log.holder.user), {}
    for about in About:
        request = newest_request(log, about)
        paper = client.get(page_of("consent_paper", log.pk, request.pk, str(mother.pk)))
        chosen = {"choices": {log.unit_id: True, nav.pk: True}} if about == About.CHILD else {"choices": {}}
        given = answer(log, mother, chosen["choices"], {nav.pk: False} if about == About.OWN else None)
        receipt = client.get(page_of("receipt_copy", log.pk, given.pk))
        texts = [" ".join(p.extract_text() for p in PdfReader(io.BytesIO(r.content)).pages) for r in (paper, receipt)]
        shown[about] = [" ".join(text.split()) for text in texts]

    assert ["NAV Solvik, om deg selv" in text for text in shown[About.CHILD]] == [False, False]
    assert ["NAV Solvik, om deg selv" in text for text in shown[About.OWN]] == [True, True]
    assert len(re.findall(r"\bJa\s+Nei\b", shown[About.OWN][0])) == 1  # the boxes are drawn


def test_s03_the_employees_screen_asks_about_her_alone():
    log, nav, mother, _father = asked()
    client = signed_in(log.holder.user)
    client.post(page_of("hand_screen", log.pk, newest_request(log, about="own").pk, str(mother.pk)))
    tablet = reverse("stafettlogg:tablet")
    said = {f"{nav.pk}-own": "nei", "limits": ""}

    question = words(client.get(tablet))
    look = words(client.post(tablet, said | {"svar": "se"}))
    client.post(tablet, said | {"svar": "nei"})

    assert question.count("NAV Solvik, om deg selv") == 1
    assert "Nei, ikke del noe om meg" in look
    states = dict(Consent.objects.filter(guardian=mother, unit=nav).values_list("about", "state"))
    assert states == {About.CHILD: ConsentState.WAITING, About.OWN: ConsentState.REFUSED}
