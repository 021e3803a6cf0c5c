"""S16: an employee with a protected identity is named on no page and in no form, to family or to colleagues."""

import datetime

import pytest
from django.utils import timezone

from apps.stafettlogg.enums import AddressProtection, LogStatus, ProtectionEndGround
from apps.stafettlogg.services import address_protection
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.repeats import tell_of_repeats
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import ask_exception
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


def text(user, name, log) -> str:
    """The page without its header, where she who is signed in reads her own name."""
    answer = signed_in(user).get(page_of(name, log.pk))
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


def test_s16_no_colleague_reads_the_name_of_one_whose_identity_is_protected():
    load_start_texts(now=timezone.now() - datetime.timedelta(days=1))
    leader = make_leader(make_unit("Solbakken"), name="Vigdis Moen", protected_identity=True)
    holder = make_employee(leader.membership.unit, name="Nina Vang", protected_identity=True)
    child = logs.make_child(address_protection=AddressProtection.CONFIDENTIAL)
    family = [logs.make_guardian(child, name="Mari Vik", checked_by=holder), logs.make_guardian(child, name="Ola Berg")]
    log = logs.make_log(child=child, guardians=family, holder=holder)
    now = timezone.now()
    asker = make_employee(make_unit("Tangen"), name="Siv Dahl", protected_identity=True)
    logs.request_as_typed(asker)
    tell_of_repeats(now=now)
    ask_exception(log, family[1], now=now)
    address_protection.end_protection(
        log.pk, became=AddressProtection.NONE, ground=ProtectionEndGround.values[0], actor=leader, now=now
    )

    pages = {
        ("holder", name): text(holder, name, log)
        for name in ("detail", "consents", "guardians", "participants", "voice", "evaluate", "history")
    }
    pages["leader", "signing"] = text(leader, "leader_decisions", log)
    pages["leader", "unit"] = signed_in(leader).get(page_of("leader")).content.decode().partition("<main")[2]
    names = ("Nina", "Vang", "Vigdis", "Moen", "Siv", "Dahl")
    found = {page: [name for name in names if name in words] for page, words in pages.items()}
    assert {page: words for page, words in found.items() if words} == {}
    assert log.status == LogStatus.ACTIVE
    assert "Tangen" in pages["holder", "consents"]
