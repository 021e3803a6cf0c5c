"""Answering about consent on the screen: step by step, no as full an answer as yes, and a receipt that lasts."""

import datetime

import pytest
from django.utils import timezone

from apps.core.models import Draft
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg.enums import ConsentState, LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentAnswer
from apps.stafettlogg.services import consents
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_citizen, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db
NOTHING_YET = "Vi har ikke fått alle svarene vi trenger. Vi deler ingenting ennå."


@pytest.fixture(autouse=True)
def texts():
    load_start_texts(now=timezone.now())


def asked(*, kind=UnitKind.PPT, guardians=1):
    """A request to the family about the unit that asks and one more service."""
    child = make_child()
    asked_ones = [make_guardian(child, name=name) for name in ("Ola Berg", "Mari Vik")[:guardians]]
    other = make_unit("PP-tjenesten", kind=kind)
    log = make_log(child=child, guardians=asked_ones, status=LogStatus.REQUESTED, unit_ids=[other.pk])
    return log, other, asked_ones


def test_start_texts_are_loaded_once():
    assert load_start_texts(now=timezone.now()) == 0


def test_yes_gives_a_receipt_and_opens_the_log():
    log, other, (father,) = asked()
    client = signed_in(father.user)

    summary = walk_to_summary(client, log, {log.unit: True, other: True})
    shown = client.get(summary).content.decode()
    response = client.post(summary, {"svar": "ja"}, follow=True)

    assert "Jeg, Ola Berg, samtykker til at" in shown
    assert "PP-tjenesten" in shown
    assert "Du har gitt samtykke" in response.content.decode()
    assert NOTHING_YET not in response.content.decode()
    log.refresh_from_db()
    assert log.status == LogStatus.ACTIVE
    assert ConsentAnswer.objects.get().route == Route.DIGITAL


def test_the_button_no_refuses_everything():
    log, other, (father,) = asked()
    client = signed_in(father.user)

    summary = walk_to_summary(client, log, {log.unit: True, other: True}, limits="Ikke del noe om søsken")
    response = client.post(summary, {"svar": "nei"}, follow=True)

    page = response.content.decode()
    assert "Du har svart nei" in page
    assert set(Consent.objects.values_list("state", flat=True)) == {ConsentState.REFUSED}
    assert NOTHING_YET not in page


def test_a_full_no_offers_only_no():
    log, other, (father,) = asked()
    client = signed_in(father.user)

    page = client.get(walk_to_summary(client, log, {log.unit: False, other: False})).content.decode()

    assert 'value="nei"' in page
    assert 'value="ja"' not in page


def test_other_guardian_missing_is_the_one_sentence():
    log, other, (father, _mother) = asked(guardians=2)
    client = signed_in(father.user)

    summary = walk_to_summary(client, log, {log.unit: True, other: True})
    page = client.post(summary, {"svar": "ja"}, follow=True).content.decode()

    assert NOTHING_YET in page
    assert "Mari" not in page


def test_nothing_is_chosen_beforehand_and_an_open_choice_is_named():
    log, other, (father,) = asked()
    client = signed_in(father.user)
    request = newest_request(log)
    client.post(page_of("answer_step", log.pk, request.pk, 1))
    step2 = page_of("answer_step", log.pk, request.pk, 2)

    assert "checked" not in client.get(step2).content.decode()
    page = client.post(step2, {str(log.unit_id): "ja"}).content.decode()

    assert "For å gå videre må du rette opp følgende feil" in page
    assert "Velg ja eller nei for PP-tjenesten." in page


def test_nobody_signs_what_she_has_not_been_shown():
    log, _other, (father,) = asked()
    request = newest_request(log)

    response = signed_in(father.user).get(page_of("answer_step", log.pk, request.pk, 4))

    assert response.url == page_of("answer_step", log.pk, request.pk, 1)


def test_choices_wait_for_her_encrypted_and_are_gone_afterwards():
    log, other, (father,) = asked()
    walk_to_summary(signed_in(father.user), log, {log.unit: True, other: False}, limits="Ikke del noe om søsken")

    later = signed_in(father.user)
    summary = page_of("answer_step", log.pk, newest_request(log).pk, 4)
    assert "Ikke del noe om søsken" in later.get(summary).content.decode()
    later.post(summary, {"svar": "ja"})

    assert Draft.objects.count() == 0
    assert ConsentAnswer.objects.get().limits == "Ikke del noe om søsken"


def test_a_second_press_lands_on_the_same_receipt():
    log, other, (father,) = asked()
    client = signed_in(father.user)
    summary = walk_to_summary(client, log, {log.unit: True, other: True})

    first = client.post(summary, {"svar": "ja"})
    second = client.post(summary, {"svar": "nei"})

    assert first.url == second.url
    assert ConsentAnswer.objects.count() == 1


def test_without_a_pressed_answer_nothing_is_sent():
    log, other, (father,) = asked()
    client = signed_in(father.user)

    response = client.post(walk_to_summary(client, log, {log.unit: True, other: True}))

    assert response.status_code == 422
    assert ConsentAnswer.objects.count() == 0


def test_wanting_an_interpreter_gives_the_holder_a_task_and_sends_nothing():
    log, other, (father,) = asked()
    client = signed_in(father.user)
    walk = walk_to_summary(client, log, {log.unit: True, other: True}, interpreter="vil")

    father.refresh_from_db()
    assert father.needs_interpreter
    assert Notice.objects.filter(recipient=log.holder.user, kind="interpreter_needed").count() == 1
    assert client.get(walk).status_code == 302
    assert ConsentAnswer.objects.count() == 0


def test_an_outside_service_is_shown_with_its_own_controller():
    child = make_child()
    father = make_guardian(child)
    doctor = make_unit("Fjordlegene", kind=UnitKind.DOCTOR, is_external=True, controller_name="Fjordlegene AS")
    log = make_log(child=child, guardians=[father], status=LogStatus.REQUESTED, unit_ids=[doctor.pk])
    client = signed_in(father.user)
    request = newest_request(log)
    client.post(page_of("answer_step", log.pk, request.pk, 1))

    assert "Fjordlegene AS" in client.get(page_of("answer_step", log.pk, request.pk, 2)).content.decode()


def test_pages_of_the_question_speak_the_chosen_language():
    log, _other, (father,) = asked()
    client = signed_in(father.user)
    intro = page_of("answer", log.pk, newest_request(log).pk)

    client.post(intro, {"language": "nn"})
    page = client.get(page_of("answer_step", log.pk, newest_request(log).pk, 1))

    assert page.headers["Content-Language"] == "nn"
    assert "Slik behandlar vi opplysningar" in page.content.decode()


@pytest.mark.parametrize(("language", "explained"), [("nb", False), ("nn", False), ("en", True)])
def test_a_norwegian_name_of_a_service_is_explained_in_other_languages(language, explained):
    log, other, (father,) = asked()
    client = signed_in(father.user)
    request = newest_request(log)
    client.post(page_of("answer", log.pk, request.pk), {"language": language})

    page = client.post(page_of("answer_step", log.pk, request.pk, 1), follow=True).content.decode()

    assert other.name in page
    assert ("Educational psychology service (PPT)" in page) is explained
    assert ("Type of service" in page) is explained


def test_what_each_service_gets_to_know_is_in_the_chosen_language():
    log, _other, (father,) = asked()
    client = signed_in(father.user)
    request = newest_request(log)
    client.post(page_of("answer", log.pk, request.pk), {"language": "nn"})

    page = client.post(page_of("answer_step", log.pk, request.pk, 1), follow=True).content.decode()

    assert "Dei får vite" in page
    assert "De får vite" not in page


def test_another_guardians_question_is_not_found():
    log, _other, (father, _mother) = asked(guardians=2)
    stranger = asked_elsewhere()

    response = signed_in(stranger.user).get(page_of("answer", log.pk, newest_request(log).pk))

    assert response.status_code == 404


def asked_elsewhere():
    child = make_child("Jonas")
    guardian = make_guardian(child, name="Kim Lie")
    make_log(child=child, guardians=[guardian], status=LogStatus.REQUESTED)
    return guardian


def test_receipt_as_pdf_is_named_by_its_reference():
    log, _other, (father,) = asked()
    give_consents(log)
    answer = ConsentAnswer.objects.get()

    response = signed_in(father.user).get(page_of("consent_receipt_pdf", log.pk, answer.pk))

    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == f'attachment; filename="kvittering-{answer.reference}.pdf"'


def test_what_somebody_else_wrote_down_can_be_disputed():
    log, other, (father,) = asked()
    request = newest_request(log)
    answer = consents.answer(
        request.pk,
        guardian_id=father.pk,
        choices={log.unit_id: True, other.pk: True},
        route=Route.PAPER,
        actor=log.holder.user,
        now=timezone.now(),
    )
    client = signed_in(father.user)
    receipt = page_of("consent_receipt", log.pk, answer.pk)

    assert "Jeg har ikke gitt dette" in client.get(receipt).content.decode()
    client.post(page_of("dispute", log.pk, answer.pk))

    answer.refresh_from_db()
    assert answer.disputed_at is not None
    assert "Jeg har ikke gitt dette" not in client.get(receipt).content.decode()


def test_s10_the_youth_answers_in_her_own_words():
    youth = make_citizen("Nora Vik")
    child = make_child("Nora", birth_date=datetime.date(2010, 1, 1), user=youth)
    mother = make_guardian(child, name="Mari Vik")
    log = make_log(child=child, guardians=[mother], status=LogStatus.REQUESTED)
    client = signed_in(youth)

    summary = walk_to_summary(client, log, {log.unit: True})
    shown = client.get(summary).content.decode()
    receipt = client.post(summary, {"svar": "ja"}, follow=True).content.decode()

    assert "fører stafettlogg om meg" in shown
    assert NOTHING_YET in receipt
    assert "Mari" not in receipt
