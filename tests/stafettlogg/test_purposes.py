"""Why a service is asked for is chosen from a list once the log is open, and is frozen with the question (S5)."""

import pytest
from django.db import IntegrityError
from django.utils import timezone, translation

from apps.core.errors import RuleBroken
from apps.municipality.enums import OWN_INFORMATION_KINDS, Purpose, UnitKind
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Child, Consent, ConsentAnswer
from apps.stafettlogg.rules.purposes import in_words, purposes_of
from apps.stafettlogg.services import consent_questions, own_questions
from tests.factories import make_unit
from tests.markup import markup
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import main_of, newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db
WHY = "For å hjelpe Emma med språket"


def opened_log(status=LogStatus.ACTIVE):
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg", relation="father")]
    return make_log(status=status, child=child, guardians=guardians)


def ask(log, unit, purpose=Purpose.LANGUAGE):
    asked = {unit.pk: purpose}
    return consent_questions.ask_consent(
        log.pk, unit_ids=asked, purposes=asked, actor=log.holder.user, now=timezone.now()
    )


def test_the_holder_chooses_why_and_both_guardians_read_it():
    log, ppt = opened_log(), make_unit("PP-tjenesten", kind=UnitKind.PPT)
    client, page = signed_in(log.holder.user), page_of("consents_ask", log.pk)
    without = client.post(page, {"services": [str(ppt.pk)]})

    client.post(page, {"services": [str(ppt.pk)], f"hvorfor_{ppt.pk}": "language"})

    assert (without.status_code, "Svar på «Hvorfor spør dere PP-tjenesten?»" in markup(without)) == (422, True)
    assert "Språk" in markup(client.get(page_of("consents", log.pk)))
    for guardian in log.guardians:
        family = signed_in(guardian.user)
        assert WHY in main_of(family.get(page_of("answer", log.pk, newest_request(log).pk)))
        walk_to_summary(family, log, {ppt: True})
        assert WHY in main_of(family.get(page_of("answer_step", log.pk, newest_request(log).pk, 2)))
        assert WHY in main_of(family.get(page_of("own_consents", log.pk)))


def test_the_purpose_is_frozen_and_stands_in_the_receipt():
    log, ppt = opened_log(), make_unit("PP-tjenesten", kind=UnitKind.PPT)
    ask(log, ppt)
    mari = log.guardians[0]
    give_consents(log, only=[mari], unit_ids=[ppt.pk])

    ask(log, ppt, Purpose.PLAY)

    first = ConsentAnswer.objects.filter(guardian=mari).order_by("-answered_at").first()
    assert WHY in main_of(signed_in(mari.user).get(page_of("consent_receipt", log.pk, first.pk)))


def test_asking_again_in_the_same_round_keeps_why():
    log, ppt = opened_log(), make_unit("PP-tjenesten", kind=UnitKind.PPT)
    ask(log, ppt)
    row = Consent.objects.filter(unit=ppt, guardian=log.guardians[0]).get()

    again = consent_questions.ask_in_its_place(row, now=timezone.now())

    assert (row.state, again.purpose) == ("replaced", Purpose.LANGUAGE)


def test_s05_no_purpose_stands_in_the_request_of_a_log_that_is_not_open():
    log, ppt = opened_log(LogStatus.REQUESTED), make_unit("PP-tjenesten", kind=UnitKind.PPT)

    with pytest.raises(RuleBroken) as broken:
        ask(log, ppt)

    assert broken.value.code == "purpose_before_log"
    assert "Hvorfor spør dere" not in markup(signed_in(log.holder.user).get(page_of("consents_ask", log.pk)))


def test_s03_a_service_with_adults_own_affairs_has_one_purpose_that_says_nothing_of_them():
    log, nav = opened_log(), make_unit("NAV", kind=UnitKind.NAV)
    client, page = signed_in(log.holder.user), page_of("consents_ask", log.pk)

    client.post(page, {"services": [str(nav.pk)]})

    assert "Hvorfor spør dere NAV" not in markup(client.get(page))
    assert {(row.about, row.purpose) for row in Consent.objects.filter(unit=nav)} == {("child", Purpose.TOGETHER)}
    assert {purposes_of(kind) for kind in OWN_INFORMATION_KINDS} == {(Purpose.TOGETHER,)}


def test_a_purpose_of_another_kind_of_service_is_refused():
    log, doctor = opened_log(), make_unit("Fjordlegene", kind=UnitKind.DOCTOR)

    with pytest.raises(RuleBroken) as broken:
        ask(log, doctor, Purpose.WAY_TO_SCHOOL)

    assert broken.value.code == "purpose_unknown"


def test_database_keeps_purposes_away_from_questions_about_a_guardian():
    log, nav = opened_log(), make_unit("NAV", kind=UnitKind.NAV)
    asked = {"guardian_ids": [log.guardians[0].pk], "actor": log.holder.user, "now": timezone.now()}
    own_questions.ask_own(log.pk, unit_id=nav.pk, **asked)

    own = Consent.objects.get(unit=nav, about="own")
    own.purpose = Purpose.HOME

    with pytest.raises(IntegrityError):
        own.save()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_purpose_reads_well_to_a_guardian_and_to_a_youth(language):
    child = Child(given_name="Emma")
    with translation.override(language):
        to_guardian = {purpose: in_words(purpose, child, youth=False) for purpose in Purpose}
        to_youth = {purpose: in_words(purpose, child, youth=True) for purpose in Purpose}

    assert len(set(to_guardian.values())) == len(Purpose)
    assert not any("%" in words or len(words.split()) > 20 for words in [*to_guardian.values(), *to_youth.values()])
    assert "Emma" in to_guardian[Purpose.LANGUAGE]
    assert not any("Emma" in words for words in to_youth.values())


@pytest.mark.parametrize("kind", list(UnitKind))
def test_every_kind_of_service_has_purposes_and_each_only_once(kind):
    found = purposes_of(kind)

    assert found
    assert len(set(found)) == len(found)
