"""Taking a request back, papers, and the employee's screen in the parent's hands."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import LogStatus, Route
from apps.stafettlogg.models import ConsentAnswer, Log, RepeatRequest
from apps.stafettlogg.services.repeats import tell_of_repeats
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.markup import markup
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_log,
    request_as_typed,
)
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.stafettlogg.test_consents_pages import (
    TABLET,
    address,
    chosen,
    handed_over,
    holder_of,
    question,
    request_log,
)

THANKS = "/svar-her/takk/"

pytestmark = pytest.mark.django_db


def test_request_is_taken_back():
    log = request_log()

    response = holder_of(log).post(page_of("consents_cancel", log.pk))

    log.refresh_from_db()
    assert (response.url, log.status, log.removed_reason) == (reverse("stafettlogg:list"), "removed", "cancelled")


def test_request_the_family_refused_is_removed_as_refused():
    log = request_log()
    give_consents(log, only=[log.guardians[0]], yes=False)

    holder_of(log).post(page_of("consents_cancel", log.pk))

    log.refresh_from_db()
    assert log.removed_reason == "refused"


def test_request_with_a_no_to_another_service_is_removed_as_taken_back():
    log = request_log()
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    holder_of(log).post(page_of("consents_ask", log.pk), {"services": [str(ppt.pk)]})
    give_consents(log, only=[log.guardians[0]], unit_ids=[log.unit_id])

    holder_of(log).post(page_of("consents_cancel", log.pk))

    log.refresh_from_db()
    assert log.removed_reason == "cancelled"


def test_repeat_is_shown_and_ticked_off():
    log = Log.objects.get(pk=request_as_typed(make_employee()).id)
    request_as_typed(make_employee(name="Silje Nes"))
    tell_of_repeats(now=timezone.now())
    client = holder_of(log)
    page = markup(client.get(page_of("consents", log.pk)))

    client.post(page_of("consents_repeat", log.pk, RepeatRequest.objects.get().pk))

    assert "Silje Nes" in page
    assert "Silje Nes" not in markup(client.get(page_of("consents", log.pk)))


@pytest.mark.parametrize("name", ["consent_paper", "receipt_copy"])
def test_paper_is_a_pdf_with_a_name_that_says_nothing(name):
    log = request_log()
    mother, father = log.guardians
    give_consents(log, only=[father])
    url = (
        address(name, log, mother) if name == "consent_paper" else page_of(name, log.pk, ConsentAnswer.objects.get().pk)
    )

    response = holder_of(log).get(url)

    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
    for word in ("Emma", "Vik", "Mari", "Ola"):
        assert word not in response["Content-Disposition"]
    assert ReadEvent.objects.filter(log_id=log.pk, action="printed").count() == 1


def test_screen_asks_once_before_it_is_handed_over():
    log = request_log()

    page = markup(holder_of(log).get(address("hand_screen", log, log.guardians[0])))

    assert "Gi skjermen til Mari Vik" in page


def test_handing_over_signs_the_employee_out():
    log = request_log()
    client = handed_over(log, log.guardians[0])

    page = client.get(TABLET)
    elsewhere = [client.get(url).status_code for url in (page_of("consents", log.pk), "/logger/", "/arbeidet-ditt/")]

    assert ("Hei, Mari Vik" in markup(page), elsewhere) == (True, [302, 302, 302])
    assert "Ola Berg" not in markup(page)


def test_parent_looks_over_and_answers():
    log = request_log()
    mother = log.guardians[0]
    client = handed_over(log, mother)

    look = client.post(TABLET, chosen(log, "se", limits="Ikke om storebror."))
    before = ConsentAnswer.objects.count()
    response = client.post(TABLET, chosen(log, "ja", limits="Ikke om storebror."))

    given = ConsentAnswer.objects.get()
    assert ("Dette sier du ja til" in markup(look), before) == (True, 0)
    assert (given.guardian, given.route, given.recorded_by) == (mother, Route.TABLET, log.holder.user)
    assert (given.limits, given.consents.get().state) == ("Ikke om storebror.", "given")
    thanks = markup(client.get(response.url))
    assert ("Takk. Gi skjermen tilbake." in thanks, given.reference in thanks, "Mari" in thanks) == (True, True, False)


def test_no_on_the_last_page_is_a_no_to_everything():
    log = request_log()
    client = handed_over(log, log.guardians[0])

    client.post(TABLET, chosen(log, "nei", limits="x"))

    given = ConsentAnswer.objects.get()
    assert (given.consents.get().state, given.limits) == ("refused", "x")


def test_screen_locks_after_the_answer():
    log = request_log()
    client = handed_over(log, log.guardians[0])
    client.post(TABLET, chosen(log, "ja"))

    again = [client.get(TABLET), client.post(TABLET, chosen(log, "nei"))]

    assert ["Skjermen er låst" in markup(response) for response in again] == [True, True]
    assert ConsentAnswer.objects.count() == 1
    assert client.get(page_of("consents", log.pk)).status_code == 302


def test_screen_locks_after_half_an_hour():
    log = request_log()
    client = handed_over(log, log.guardians[0])

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        response = client.post(TABLET, chosen(log, "ja"))

    assert ("Skjermen er låst" in markup(response), ConsentAnswer.objects.count()) == (True, 0)


def test_screen_locks_when_the_parent_stops():
    log = request_log()
    client = handed_over(log, log.guardians[0])

    client.post(reverse("stafettlogg:tablet_stop"))

    assert "Skjermen er låst" in markup(client.get(TABLET))


def test_screen_locks_when_the_employee_no_longer_holds_the_log():
    log = request_log()
    client = handed_over(log, log.guardians[0])
    log.holder.user.is_active = False
    log.holder.user.save()

    assert "Skjermen er låst" in markup(client.post(TABLET, chosen(log, "ja")))
    assert ConsentAnswer.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_thanks_page_ends_no_sitting(method):
    log = request_log()
    client = handed_over(log, log.guardians[0])

    for _again in range(2):
        response = getattr(client, method)(THANKS)
        assert response.url == TABLET

    assert "Hei, Mari Vik" in markup(client.get(TABLET))
    client.post(TABLET, chosen(log, "ja"))
    assert ConsentAnswer.objects.count() == 1


def test_looking_at_a_screen_that_is_over_changes_nothing():
    log = request_log()
    client = handed_over(log, log.guardians[0])
    kept = dict(client.session)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        pages = [markup(client.get(url, follow=True)) for url in (TABLET, THANKS)]
        assert ["Skjermen er låst" in page for page in pages] == [True, True]
        assert dict(client.session) == kept

        client.post(TABLET, chosen(log, "ja"))

    assert ("svar_her" in client.session, ConsentAnswer.objects.count()) == (False, 0)
    assert "Skjermen er låst" in markup(client.get(TABLET))


def test_thanks_are_not_shown_to_whoever_signs_in_next():
    log = request_log()
    client = handed_over(log, log.guardians[0])
    client.post(TABLET, chosen(log, "nei"))
    assert "Du har svart nei" in markup(client.get(THANKS))

    client.force_login(make_employee(log.unit), backend="apps.accounts.adapters.PortalBackend")

    assert client.get(THANKS).url == reverse("portal:start")


def test_nobody_reaches_the_question_without_a_sitting():
    log = request_log()

    assert "Skjermen er låst" in markup(Client().get(TABLET))
    assert "Skjermen er låst" in markup(Client().get(reverse("stafettlogg:tablet_thanks")))
    assert holder_of(log).get(TABLET).status_code == 302


def test_change_of_mind_before_sending_keeps_what_was_written():
    log = request_log()
    client = handed_over(log, log.guardians[0])

    page = client.post(TABLET, chosen(log, "endre", limits="Ikke om storebror."))

    assert ("Ikke om storebror." in markup(page), "checked" in markup(page)) == (True, True)
    assert ConsentAnswer.objects.count() == 0


def test_unanswered_screen_says_what_is_missing():
    log = request_log()
    client = handed_over(log, log.guardians[0])

    page = client.post(TABLET, {"svar": "ja"})

    assert (f"Velg ja eller nei for {log.unit.name}" in markup(page), ConsentAnswer.objects.count()) == (True, 0)


def test_reading_on_the_screen_is_audited_as_the_guardians():
    log = request_log()
    mother = log.guardians[0]

    handed_over(log, mother).get(TABLET)

    event = ReadEvent.objects.get(what="tablet")
    assert (event.log_id, event.actor_id, event.side) == (log.pk, mother.user_id, "guardian")


def test_youth_answers_on_the_screen():
    make_municipality()
    child = make_child("Noor", birth_date=timezone.localdate() - datetime.timedelta(days=19 * 365))
    log = make_log(status=LogStatus.REQUESTED, child=child, guardians=[])
    client = holder_of(log)
    client.post(page_of("hand_screen", log.pk, question(log).pk, "ungdom"))

    client.post(TABLET, chosen(log, "ja"))

    log.refresh_from_db()
    assert (ConsentAnswer.objects.get().is_youth, log.status) == (True, LogStatus.ACTIVE)


def test_only_the_holder_hands_over_the_screen():
    leader = make_leader()
    log = request_log(holder=make_employee(leader.membership.unit))

    for user in (leader, log.guardians[0].user, make_employee(log.unit)):
        response = signed_in(user).post(address("hand_screen", log, log.guardians[0]))
        assert response.status_code in (200, 404)
        assert "svar_her" not in response.wsgi_request.session
