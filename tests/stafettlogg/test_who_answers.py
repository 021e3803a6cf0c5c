"""When no service reads the log, a guardian who wonders about something is led to those who can answer."""

import pytest
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.stafettlogg.enums import AddressProtection
from apps.stafettlogg.models import Message
from apps.stafettlogg.services import consents
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db


def log_with_people(**child_fields):
    make_municipality(dpo_name="Pia Ombud", dpo_email="ombud@solvik.example", dpo_phone="51000002", phone="51000000")
    unit = make_unit("Solbakken barnehage", contact_phone="51000001")
    make_leader(unit, name="Bjørg Leder", email="bjorg@solvik.example", phone="51000003")
    child = make_child(**child_fields)
    holder = make_employee(unit, name="Ane Solheim", email="ane@solvik.example")
    return make_log(holder=holder, child=child, guardians=[make_guardian(child)])


def withdraw(log):
    mother = log.guardians[0]
    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=timezone.now())


@pytest.mark.parametrize("about", ["retting", "oppslag"])
def test_after_sharing_has_stopped_both_links_lead_to_somebody_who_can_answer(about):
    log = log_with_people()
    client = signed_in(log.guardians[0].user)
    signed_in(log.holder.user).get(page_of("detail", log.pk))
    withdraw(log)
    address = page_of("family_correct", log.pk)
    if about == "oppslag":
        event = ReadEvent.objects.filter(actor_id=log.holder.user_id).first()
        address = f"{page_of('family_messages', log.pk)}?oppslag={event.pk}"

    page = main_of(client.get(address))

    for words in ("Ane Solheim", "tel:+4751000001", "mailto:ane@solvik.example"):
        assert words in page
    for words in ("Bjørg Leder", "tel:+4751000003", "mailto:bjorg@solvik.example"):
        assert words in page
    for words in ("Pia Ombud", "tel:+4751000002", "mailto:ombud@solvik.example"):
        assert words in page
    assert "<textarea" not in page
    assert Message.objects.count() == 0


def test_s17_a_protected_address_names_no_place_and_nobody():
    log = log_with_people(address_protection=AddressProtection.CONFIDENTIAL)
    withdraw(log)

    page = main_of(signed_in(log.guardians[0].user).get(page_of("family_correct", log.pk)))

    assert [words for words in ("Ane", "Bjørg", "Solbakken", "51000001", "51000003") if words in page] == []
    assert "tel:+4751000000" in page
    assert "mailto:ombud@solvik.example" in page


def test_while_the_holder_reads_one_writes_as_before():
    log = log_with_people()

    page = main_of(signed_in(log.guardians[0].user).get(page_of("family_messages", log.pk)))

    assert "<textarea" in page
    assert "Disse kan svare deg nå" not in page
