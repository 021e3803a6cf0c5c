"""Rows of the test catalogue that have no other home (docs/test-catalogue.md)."""

import pytest
import weasyprint
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.notifications.models import Delivery, Notice
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.enums import ConsentState
from apps.stafettlogg.models import Consent, ConsentAnswer
from apps.stafettlogg.services import consent_questions, consents
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.messages import write_message
from tests import crawl
from tests.factories import make_citizen, make_employee, make_unit
from tests.stafettlogg.factories import make_goal, make_log, make_participant
from tests.stafettlogg.family_pages import newest_request, plain
from tests.two_logs import make_twin, make_units
from tests.world import MARK, make_world

pytestmark = pytest.mark.django_db


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=crawl.BACKEND)
    return client


# A15: nobody who looks after the system looks into a log --------------------------------------------------------------


def test_there_is_no_admin_site_no_superuser_and_no_acting_as_someone_else():
    installed = {config.name for config in apps.get_app_configs()}
    names = {name for name, _entry in crawl.routes()}

    assert installed & {"django.contrib.admin", "hijack", "loginas", "impersonate"} == set()
    assert [name for name in names if "admin" in name or "hijack" in name or "impersonate" in name] == []
    assert {field.name for field in User._meta.fields} & {"is_superuser", "is_staff"} == set()


# C11: the same page by other ways is read too -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("GET", {"Range": "bytes=0-10"}),
        ("GET", {"HX-Request": "true"}),
        ("GET", {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"If-Modified-Since": "Wed, 25 Nov 2099 10:00:00 GMT", "If-None-Match": "*"}),
        ("HEAD", {}),
    ],
)
def test_each_way_to_ask_for_a_page_is_logged_or_shows_nothing(method, headers):
    world = make_world()
    client = _signed_in(world.people["participant"])

    response = client.generic(method, reverse("stafettlogg:plan", args=[world.log.pk]), headers=headers)

    rows = ReadEvent.objects.filter(log_id=world.log.pk, actor_id=world.people["participant"].pk)
    assert response.status_code == 200
    assert MARK in response.text or method == "HEAD"
    assert rows.count() == 1


def test_back_button_asks_again():
    """The browser may not keep the page, so a person who goes back is read anew or signed out."""
    world = make_world()
    client = _signed_in(world.people["participant"])
    url = reverse("stafettlogg:plan", args=[world.log.pk])

    kept = client.get(url).headers["Cache-Control"]
    client.post(reverse("account_logout"))

    assert {"no-store", "private"} <= set(kept.split(", "))
    assert client.get(url).status_code == 302


# D3, D4, D8: a consent is withdrawn while everything is under way -----------------------------------------------------


@pytest.fixture
def shared():
    """A log that PPT takes part in, with a notice to the participant that has not been e-mailed yet."""
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    log = make_log(unit_ids=[ppt.pk])
    make_goal(log)
    log.participant = make_participant(log, ppt)
    log.ppt = ppt
    consent_questions.ask_consent(log.pk, unit_ids=[make_unit("Fysio").pk], actor=log.holder.user, now=timezone.now())
    return log


def _withdraw(log):
    mother = log.guardians[0]
    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=[log.ppt.pk], actor=mother.user, now=timezone.now())


def test_withdrawal_stops_the_open_page_the_document_and_the_email_in_the_queue(shared, mailoutbox):
    write_message(shared.pk, text="Hei", audience="all", actor=shared.holder.user, now=timezone.now())
    client = _signed_in(shared.participant)
    pages = [reverse(f"stafettlogg:{name}", args=[shared.pk]) for name in ("messages", "summary_pdf", "plan")]
    before = [client.get(page).status_code for page in pages]

    _withdraw(shared)
    after = [client.get(page).status_code for page in pages]
    said = client.post(pages[0], {"text": "For sent", "to": "all"}).status_code
    sweep_outbox(now=timezone.now())

    queued = Delivery.objects.filter(recipient=shared.participant)
    assert (before, after, said) == ([200, 200, 200], [404, 404, 404], 404)
    assert set(queued.values_list("state", "error")) == {("cancelled", "no_longer_theirs")}
    assert [message for message in mailoutbox if shared.participant.email in message.to] == []
    assert [message.text for message in shared.messages.all()] == ["Hei"]


def test_withdrawal_keeps_what_was_answered(shared):
    answers = set(ConsentAnswer.objects.values_list("pk", "reference", "answered_at"))

    _withdraw(shared)

    row = Consent.objects.get(log=shared, unit=shared.ppt)
    assert (row.state, row.answer is not None, row.answered_at is not None) == (ConsentState.WITHDRAWN, True, True)
    assert answers <= set(ConsentAnswer.objects.values_list("pk", "reference", "answered_at"))


# D7: a step is not skipped --------------------------------------------------------------------------------------------


def test_question_answered_by_jumping_to_the_last_step_is_not_answered():
    load_start_texts(now=timezone.now() - timezone.timedelta(days=400))
    log = make_log(status="requested")
    mother = log.guardians[0].user
    request = newest_request(log)
    last = reverse("stafettlogg:answer_step", args=[log.pk, request.pk, 4])

    response = _signed_in(mother).post(last, {"svar": "ja", "bekreft": "on"})

    assert response.status_code in (302, 409, 422)
    assert set(Consent.objects.filter(log=log).values_list("state", flat=True)) == {ConsentState.WAITING}
    assert not ConsentAnswer.objects.exists()


# B7 and S22: what leaves the portal by e-mail -------------------------------------------------------------------------


def test_emails_about_a_log_hold_no_name_service_or_address_of_it(mailoutbox):
    """Everything that is ever mailed while a log is opened, shared, written in and handed over."""
    units = make_units()
    twin = make_twin("Kanarifugl", units)

    sweep_outbox(now=timezone.now() + timezone.timedelta(minutes=1), limit=1000)

    names = {"Kanarifugl", "Tvilling", "Mor", "Far", *(unit.name for unit in units.values()), twin.log.unit.name}
    ids = {str(thing) for thing in twin.ids.values()}
    wrong = [
        word
        for message in mailoutbox
        for word in names | ids
        if word in message.subject or word in message.body or word in str(message.extra_headers)
    ]
    kinds = Notice.objects.filter(delivery__state="sent").values("kind").distinct().count()
    assert wrong == []
    assert kinds >= 8
    assert [message for message in mailoutbox if message.attachments or getattr(message, "alternatives", [])] == []


# L2: the version that refuses what older ones fetched -----------------------------------------------------------------


def test_weasyprint_is_a_version_without_the_known_holes():
    assert int(weasyprint.__version__.split(".")[0]) >= 70


# M4: nobody learns who is known ---------------------------------------------------------------------------------------


def test_asking_for_a_new_password_looks_the_same_for_known_and_unknown(mailoutbox):
    make_citizen("Mari Lie", email="mari@solvik.example")
    make_employee(email="ane@solvik.example", is_active=False)
    answers = []

    for email in ("mari@solvik.example", "ane@solvik.example", "ukjent@solvik.example"):
        client = Client()
        first = client.post(reverse("account_reset_password"), {"email": email})
        answers.append((first.status_code, first.url, plain(client.get(first.url))))

    assert answers[0] == answers[1] == answers[2]
    assert len(mailoutbox) == 3
