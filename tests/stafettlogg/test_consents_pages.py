"""The stafettholder's pages about consent, and the screen in the parent's hands."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest
from apps.stafettlogg.services import consents
from tests.factories import make_citizen, make_employee, make_municipality, make_unit
from tests.markup import markup
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_guardian,
    make_log,
    make_participant,
)
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 signed"


def request_log(**fields):
    """A request to Mari and Ola, who both may answer."""
    make_municipality()
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg", relation="father")]
    return make_log(status=fields.pop("status", LogStatus.REQUESTED), child=child, guardians=guardians, **fields)


def holder_of(log):
    return signed_in(log.holder.user)


def question(log):
    return ConsentRequest.objects.filter(log=log).order_by("-asked_at").first()


def address(name, log, guardian):
    return page_of(name, log.pk, question(log).pk, str(guardian.pk))


def yes_to(log, **fields):
    return {f"unit_{log.unit_id}": "ja", "language": "nb", **fields}


# Who sees it ----------------------------------------------------------------------------------------------------------


def test_only_the_holder_sees_who_has_answered():
    log = request_log(status=LogStatus.ACTIVE)
    others = [log.guardians[0].user, make_participant(log), make_employee(log.unit), make_citizen()]

    codes = [signed_in(user).get(page_of("consents", log.pk)).status_code for user in others]

    assert holder_of(log).get(page_of("consents", log.pk)).status_code == 200
    assert codes == [404, 403, 404, 404]


def test_page_shows_each_answer_and_is_audited():
    log = request_log()
    give_consents(log, only=[log.guardians[0]])

    page = markup(holder_of(log).get(page_of("consents", log.pk)))

    assert ("Mari Vik" in page, "Ola Berg" in page, "Venter på svar" in page) == (True, True, True)
    assert ReadEvent.objects.filter(log_id=log.pk, actor_id=log.holder.user_id, what="consents").count() == 1


def test_number_of_queries_does_not_follow_the_units(django_assert_num_queries):
    counts = []
    for number in (1, 12):
        log = request_log(unit_ids=[make_unit(kind=UnitKind.PPT).pk for _unit in range(number)])
        client = holder_of(log)
        client.get(page_of("consents", log.pk))
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get(page_of("consents", log.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Asking ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("refused", "expected"), [("own", True), ("other", False)])
def test_only_a_no_to_the_log_itself_is_said_to_keep_it_closed(refused, expected):
    log = request_log()
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    holder_of(log).post(page_of("consents_ask", log.pk), {"services": [str(ppt.pk)]})
    give_consents(log, only=[log.guardians[0]], unit_ids=[ppt.pk if refused == "own" else log.unit_id])

    page = holder_of(log).get(page_of("consents", log.pk))

    assert page.context["log_was_refused"] is expected
    assert ("den åpner ikke" in markup(page)) is expected


def test_holder_asks_about_a_service():
    log = request_log(status=LogStatus.ACTIVE)
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    chosen = {"services": [str(ppt.pk)], f"hvorfor_{ppt.pk}": "language"}

    response = holder_of(log).post(page_of("consents_ask", log.pk), chosen)

    assert response.url == page_of("consents", log.pk)
    assert Consent.objects.filter(log=log, unit=ppt, state="waiting").count() == 2


def test_service_for_adults_can_be_about_one_of_them():
    log = request_log(status=LogStatus.ACTIVE)
    nav = make_unit("NAV", kind=UnitKind.NAV)
    mother = log.guardians[0]

    holder_of(log).post(page_of("consents_ask", log.pk), {"services": [str(nav.pk)], "own_guardians": [str(mother.pk)]})

    assert list(Consent.objects.filter(log=log, about="own").values_list("guardian", flat=True)) == [mother.pk]


def test_a_service_outside_is_shown_as_such_when_asking():
    log = request_log(status=LogStatus.ACTIVE)
    make_unit("Fjordlegene", kind=UnitKind.DOCTOR, is_external=True, controller_name="Fjordlegene AS")

    page = markup(holder_of(log).get(page_of("consents_ask", log.pk)))

    assert "Utenfor kommunen. Ansvarlig: Fjordlegene AS" in page


def test_asking_needs_a_service():
    log = request_log(status=LogStatus.ACTIVE)

    response = holder_of(log).post(page_of("consents_ask", log.pk), {})

    assert (response.status_code, ConsentRequest.objects.count()) == (422, 1)


# Writing down ---------------------------------------------------------------------------------------------------------


def test_paper_answer_with_a_scan():
    log = request_log()
    mother = log.guardians[0]
    client = holder_of(log)
    scan = SimpleUploadedFile("Mari Vik samtykke Emma.pdf", PDF, content_type="application/pdf")

    response = client.post(address("consents_record", log, mother), yes_to(log, route="paper", scan=scan))

    given = ConsentAnswer.objects.get()
    assert response.url == page_of("consents_recorded", log.pk, given.pk)
    assert (given.route, given.guardian, given.scan_name) == (Route.PAPER, mother, "samtykke.pdf")
    download = client.get(page_of("consent_scan", log.pk, given.pk))
    assert (download.content, download["Content-Disposition"]) == (PDF, 'attachment; filename="samtykke.pdf"')
    assert ReadEvent.objects.filter(what="consent-scan", action="downloaded").count() == 1
    assert client.get(response.url).status_code == 200


def test_scan_of_the_largest_kind_needs_no_room_on_the_disk(monkeypatch):
    log = request_log()
    scan = SimpleUploadedFile("x.pdf", PDF + b"0" * 4_000_000, content_type="application/pdf")
    body = yes_to(log, route="paper", scan=scan)
    client = holder_of(log)
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")

    response = client.post(address("consents_record", log, log.guardians[0]), body)

    assert response.status_code == 302
    assert ConsentAnswer.objects.get().scan_name == "samtykke.pdf"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"route": "oral"}, "Skriv hvem som var til stede"),
        ({"route": ""}, "Svar på «Hvordan ble svaret gitt?»"),
        ({"route": "paper", "scan": SimpleUploadedFile("x.exe", b"MZ")}, "Filen må være PDF, JPG eller PNG"),
        ({"route": "paper", "scan": SimpleUploadedFile("x.pdf", PDF + b"0" * 5_300_000)}, "Filen er for stor"),
        ({"route": "oral", "witness_note": "Tolk", "scan": SimpleUploadedFile("x.pdf", PDF)}, "gitt på papir"),
    ],
)
def test_writing_down_says_what_is_missing(fields, words):
    log = request_log()

    response = holder_of(log).post(address("consents_record", log, log.guardians[0]), yes_to(log, **fields))

    assert (response.status_code, words in markup(response), ConsentAnswer.objects.count()) == (422, True, 0)


def test_nothing_is_chosen_beforehand():
    log = request_log()

    page = markup(holder_of(log).get(address("consents_record", log, log.guardians[0])))
    empty = holder_of(log).post(address("consents_record", log, log.guardians[0]), {"route": "paper"})

    assert f'value="ja" id="id_unit_{log.unit_id}_0" checked' not in page
    assert f"Velg ja eller nei for {log.unit.name}" in markup(empty)


def test_answered_question_cannot_be_answered_again():
    log = request_log()
    mother = log.guardians[0]
    url = address("consents_record", log, mother)
    give_consents(log, only=[mother])

    assert holder_of(log).get(url).status_code == 404


def test_holder_writes_down_a_withdrawal():
    log = request_log(status=LogStatus.ACTIVE)
    mother = log.guardians[0]
    url = page_of("consents_withdrawal", log.pk, str(mother.pk))

    response = holder_of(log).post(url, {"units": [str(log.unit_id)]})

    assert response.status_code == 302
    assert Consent.objects.get(log=log, guardian=mother).state == "withdrawn"
    assert holder_of(log).get(url).status_code == 302


def test_limits_are_read_and_ticked():
    log = request_log()
    mother, father = log.guardians
    give_consents(log, only=[father])
    given = consents.answer(
        question(log).pk,
        guardian_id=mother.pk,
        choices={log.unit_id: True},
        limits="Ikke noe om storebror.",
        route=Route.DIGITAL,
        actor=mother.user,
        now=timezone.now(),
    )
    client = holder_of(log)
    page = markup(client.get(page_of("consents", log.pk)))
    lists = markup(client.get(page_of("list")))

    opened = client.post(page_of("consents_follow_limits", log.pk, given.pk))

    log.refresh_from_db()
    assert ("Ikke noe om storebror." in page, log.status) == (True, LogStatus.ACTIVE)
    assert ("Må gjøres" in page, "Må gjøres" in lists) == (True, True)
    assert opened.url == page_of("detail", log.pk)


# The screen in the parent's hands -------------------------------------------------------------------------------------


def handed_over(log, guardian, client=None):
    client = client or holder_of(log)
    response = client.post(address("hand_screen", log, guardian))
    assert response.url == reverse("stafettlogg:tablet"), markup(response)
    return client


def chosen(log, press, yes="ja", **fields):
    return {str(log.unit_id): yes, "svar": press, **fields}


TABLET = "/svar-her/"
