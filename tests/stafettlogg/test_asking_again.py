"""Asking again after a no: the question names the no, and it takes some days or the family's own word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.selectors import notices_for
from apps.stafettlogg.enums import ConsentState, LogStatus
from apps.stafettlogg.models import Consent, ConsentAnswer
from apps.stafettlogg.services import consent_questions
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_unit
from tests.stafettlogg.factories import give_consents, make_log
from tests.stafettlogg.family_pages import main_of, newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def log():
    load_start_texts(now=NOW - timedelta(days=60))
    return make_log(status=LogStatus.REQUESTED, now=NOW - timedelta(days=30))


def ask_again(log, **fields):
    return consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=NOW, **fields)


@pytest.mark.parametrize(("days", "family_asked", "may"), [(13, False, False), (13, True, True), (14, False, True)])
def test_after_a_no_it_takes_some_days_or_the_familys_word(log, days, family_asked, may):
    give_consents(log, yes=False, now=NOW - timedelta(days=days))

    if may:
        assert ask_again(log, family_asked=family_asked).number == 2
        return
    with pytest.raises(RuleBroken) as broken:
        ask_again(log, family_asked=family_asked)
    assert broken.value.code == "asked_too_soon"


def test_new_question_names_the_earlier_no(log):
    give_consents(log, yes=False, now=NOW - timedelta(days=20))
    client = signed_in(log.guardians[0].user)
    assert "Du svarte nei" not in main_of(client.get(page_of("children")))

    ask_again(log)

    for page in (page_of("children"), page_of("answer", log.pk, newest_request(log).pk)):
        assert "Du kan gjøre det igjen." in main_of(client.get(page))


def test_a_no_is_changed_while_the_question_is_open_and_keeps_its_own_receipt(log):
    give_consents(log, yes=False, now=NOW - timedelta(days=1))
    guardian, request = log.guardians[0], newest_request(log)
    client, first = signed_in(guardian.user), ConsentAnswer.objects.get()
    change = page_of("answer_change", log.pk, request.pk)
    assert change in main_of(client.get(page_of("parent_log", log.pk)))

    client.post(change)
    assert Consent.objects.get(log=log).state == ConsentState.REFUSED
    client.post(walk_to_summary(client, log, {log.unit: True}), {"svar": "ja"})

    log.refresh_from_db()
    assert log.status == LogStatus.ACTIVE
    assert sorted(Consent.objects.filter(log=log).values_list("state", flat=True)) == ["given", "replaced"]
    old = client.get(page_of("consent_receipt", log.pk, first.pk)).content.decode()
    assert ("Du har svart nei" in old, log.unit.name in old) == (True, True)
    assert client.get(change).status_code == 302


def test_a_no_cannot_be_changed_when_the_question_has_lapsed(log):
    give_consents(log, yes=False, now=NOW - timedelta(days=1))
    request = newest_request(log)
    request.last_day = NOW.date() - timedelta(days=1)
    request.save()

    page = main_of(signed_in(log.guardians[0].user).get(page_of("parent_log", log.pk)))

    assert page_of("answer_change", log.pk, request.pk) not in page


def test_answered_question_leaves_the_tasks_at_once(log):
    user = log.guardians[0].user
    before = [line.notice.kind for line in notices_for(user)]

    give_consents(log, now=NOW)

    after = [line.notice.kind for line in notices_for(user)]
    assert ("consent_waiting" in before, "consent_waiting" in after, "consent_receipt" in after) == (True, False, True)


def test_first_question_says_why_there_is_no_reason_and_a_later_one_has_one():
    load_start_texts(now=NOW - timedelta(days=60))
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    first, later = make_log(status=LogStatus.REQUESTED, unit_ids=[ppt.pk]), make_log(now=NOW - timedelta(days=1))
    consent_questions.ask_consent(later.pk, unit_ids=[ppt.pk], actor=later.holder.user, now=NOW)

    said = []
    for log in (first, later):
        client, step = signed_in(log.guardians[0].user), page_of("answer_step", log.pk, newest_request(log).pk, 1)
        said.append("Det står ikke her." in client.post(step, follow=True).content.decode())

    assert said == [True, False]
