"""The cards of «Barna dine»."""

import pytest
from django.utils import timezone

from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import page_of, signed_in


@pytest.mark.django_db
def test_card_of_one_who_has_withdrawn_says_so_and_waits_for_nobody():
    load_start_texts(now=timezone.now())
    child = make_child()
    father = make_guardian(child, name="Ola Berg")
    log = make_log(child=child, guardians=[father])
    client = signed_in(father.user)
    before = client.get(page_of("children")).content.decode()
    client.post(page_of("withdraw_all", log.pk))
    after = client.get(page_of("children")).content.decode()

    assert [('data-status="pagar"' in page, 'data-status="venter"' in page) for page in (before, after)] == [
        (True, False),
        (False, False),
    ]
    assert "Du trakk samtykket for" in after
    assert "Neste: vi ser på tiltakene" not in after
