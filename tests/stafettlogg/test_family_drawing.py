"""The drawing of a child stands on «Barna dine», and never beside a no or what is taken back."""

import pytest
from django.utils import timezone

from apps.stafettlogg.services import consents
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db


def test_drawing_stands_while_all_is_open_and_not_after_a_withdrawal():
    child = make_child()
    log = make_log(child=child, guardians=[make_guardian(child)])
    mother = log.guardians[0]
    client = signed_in(mother.user)
    before = main_of(client.get(page_of("children")))

    consents.withdraw(log.pk, guardian_id=mother.pk, unit_ids=None, actor=mother.user, now=timezone.now())
    after = main_of(client.get(page_of("children")))

    assert ("p-cut" in before, "p-cut" in after) == (True, False)
