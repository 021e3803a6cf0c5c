"""The pages of withdrawing and closing: who notices what comes first, no button is filled, and there is a receipt."""

import pytest
from django.utils import timezone

from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts():
    load_start_texts(now=timezone.now())


def test_before_ending_the_page_says_first_that_the_other_guardian_reads_on():
    child = make_child()
    mother, father = make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")
    log = make_log(child=child, guardians=[mother, father])
    make_guardian(child, name="Per Lie", responsibility="unchecked")

    for name in ("family_close", "family_close_all", "withdraw_all"):
        page = main_of(signed_in(mother.user).get(page_of(name, log.pk)))
        noticed = page[page.index("p-noticed") :]
        assert noticed.index("Ola Berg") < noticed.index("<dt>Du</dt>")
        assert "Leser fortsatt det som står her." in noticed
        assert "Per Lie" not in page
        filled = [part for part in page.split('class="ds-button"')[1:] if "data-variant" not in part.partition(">")[0]]
        assert filled == []


def test_withdrawal_has_a_receipt_with_reference_and_pdf():
    log = make_log()
    father = log.guardians[0]
    client = signed_in(father.user)

    receipt = client.post(page_of("withdraw_all", log.pk), follow=True).content.decode()

    found = log.withdrawals.get()
    assert (
        found.reference in receipt,
        page_of("withdrawal", log.pk, found.pk) in main_of(client.get(page_of("own_consents", log.pk))),
    ) == (True, True)
    pdf = client.get(page_of("withdrawal_pdf", log.pk, found.pk))
    assert (pdf.status_code, pdf.headers["Content-Type"]) == (200, "application/pdf")


def test_a_guardian_closes_at_any_time_and_keeps_reading():
    log = make_log()
    father = log.guardians[0]
    client = signed_in(father.user)

    first = client.get(page_of("family_close", log.pk)).content.decode()
    unread = client.post(page_of("family_close_all", log.pk), {"call": "no"})
    assert ("data-variant" in first, unread.status_code) == (True, 422)
    client.post(page_of("family_close_all", log.pk), {"call": "no", "understood": "on"})

    log.refresh_from_db()
    assert log.status == LogStatus.CLOSING
    page = main_of(client.get(page_of("parent_log", log.pk)))
    assert ("Du har bedt om å avslutte" in page, page_of("family_undo_close", log.pk) in page) == (True, True)
    client.post(page_of("family_undo_close", log.pk))
    log.refresh_from_db()
    assert log.status == LogStatus.ACTIVE
