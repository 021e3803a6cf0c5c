"""What a parent reads about each service before answering, and in what order the receipt has them."""

import pytest
from django.utils import timezone

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import AddressProtection, LogStatus
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.participants import invite_unit
from tests.factories import make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts():
    load_start_texts(now=timezone.now())


def log_of(*, protection=AddressProtection.NONE, **fields):
    child = make_child(address_protection=protection)
    return make_log(child=child, guardians=[make_guardian(child, name="Ola Berg")], **fields)


def services_page(log):
    step = page_of("answer_step", log.pk, newest_request(log).pk, 1)
    return signed_in(log.guardians[0].user).post(step, follow=True).content.decode()


def test_a_service_says_what_it_does():
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)

    page = services_page(log_of(status=LogStatus.REQUESTED, unit_ids=[ppt.pk]))

    assert "Hjelper barnehagen og skolen når et barn strever" in page


@pytest.mark.parametrize(
    ("kind", "protection", "shown"),
    [
        (UnitKind.PPT, AddressProtection.NONE, True),
        (UnitKind.PPT, AddressProtection.CONFIDENTIAL, False),
        (UnitKind.NAV, AddressProtection.NONE, False),
    ],
    ids=["service", "places are hidden", "about a parent"],
)
def test_parent_reads_what_the_invited_service_is_to_do(kind, protection, shown):
    log, service = log_of(status=LogStatus.ACTIVE, protection=protection), make_unit("Tjenesten", kind=kind)
    invite_unit(log.pk, unit=service, task="Se på språket", actor=log.holder.user, now=timezone.now())

    page = services_page(log)

    assert "De får vite" in page
    assert ("Se på språket" in page) is shown


def test_receipt_has_the_services_in_the_order_they_were_asked():
    first_by_name = make_unit("Aktivitetshuset", kind=UnitKind.CULTURE_SCHOOL)
    log = log_of(status=LogStatus.REQUESTED, unit_ids=[first_by_name.pk])
    client = signed_in(log.guardians[0].user)
    summary = walk_to_summary(client, log, {log.unit: True, first_by_name: True})

    response = client.post(summary, {"svar": "ja"}, follow=True)

    assert [line.name for line in response.context["receipt"].lines] == [log.unit.name, first_by_name.name]
