"""Documents about a log: made first, then written in the read audit and handed out; one that fails was never read."""

import tempfile

import pytest
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.stafettlogg.enums import ConsentDocument, Route
from apps.stafettlogg.models import Consent, ConsentAnswer
from apps.stafettlogg.services import consent_questions, consents
from apps.stafettlogg.services.scans import Scan
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_unit
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    child = make_child()
    return make_log(child=child, guardians=[make_guardian(child, name="Arne Aas"), make_guardian(child, user=False)])


def documents_of(log):
    """Name → who asks for it, and where; each PDF there is about a log."""
    arne = log.guardians[0]
    given = ConsentAnswer.objects.get(guardian=arne)
    asked = consent_questions.ask_consent(log.pk, unit_ids=[make_unit().pk], actor=log.holder.user, now=timezone.now())
    return {
        "summary-pdf": (log.holder.user, page_of("summary_pdf", log.pk)),
        "consent-receipt": (log.holder.user, page_of("receipt_copy", log.pk, given.pk)),
        "consent-paper": (log.holder.user, page_of("consent_paper", log.pk, asked.pk, arne.pk)),
        "log-pdf": (arne.user, page_of("family_download", log.pk)),
        "own receipt": (arne.user, page_of("consent_receipt_pdf", log.pk, given.pk)),
    }


def test_document_that_cannot_be_made_says_so_and_was_not_read(log, monkeypatch):
    documents = documents_of(log)
    monkeypatch.setattr(tempfile, "tempdir", "/proc/nowhere")  # as when the disk is full

    answers = {name: signed_in(user).get(address) for name, (user, address) in documents.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(documents, 503)
    assert {name for name, answer in answers.items() if "Prøv igjen om litt." not in answer.text} == set()
    assert list(ReadEvent.objects.values_list("action", "what")) == []


def test_document_that_is_made_is_in_the_audit_once(log):
    documents = documents_of(log)

    for user, address in documents.values():
        assert signed_in(user).get(address).content[:5] == b"%PDF-"

    assert sorted(ReadEvent.objects.values_list("action", "what")) == [
        ("downloaded", "consent-receipt"),
        ("downloaded", "log-pdf"),
        ("downloaded", "summary-pdf"),
        ("printed", "consent-paper"),
        ("printed", "consent-receipt"),
    ]


def test_s01_what_is_printed_for_one_guardian_is_a_reading_to_the_other():
    """That a form or a receipt is printed tells who answers on paper."""
    child = make_child()
    arne, berit = make_guardian(child, user=False, name="Arne Aas"), make_guardian(child, name="Berit Bø")
    log = make_log(child=child, guardians=[arne, berit])
    holder, now = log.holder.user, timezone.now()
    asked = consent_questions.ask_consent(log.pk, unit_ids=[make_unit().pk], actor=holder, now=now)
    staff, other = signed_in(holder), signed_in(berit.user)
    staff.get(page_of("consent_paper", log.pk, asked.pk, arne.pk))
    answer = consents.answer(
        asked.pk,
        guardian_id=arne.pk,
        choices={row.unit_id: True for row in Consent.objects.filter(request=asked, guardian=arne)},
        route=Route.PAPER,
        scan=Scan(b"%PDF-1.4"),
        actor=holder,
        now=now,
    )
    staff.get(page_of("receipt_copy", log.pk, answer.pk))
    staff.get(page_of("consent_scan", log.pk, answer.pk))

    seen = other.get(page_of("family_seen", log.pk)).content.decode()
    own = staff.get(page_of("seen", log.pk)).content.decode()

    assert set(ReadEvent.objects.filter(actor_id=holder.pk).values_list("what", flat=True)) >= {*ConsentDocument.values}
    assert ("Leste i stafettloggen" in seen, "Skrev ut" in seen, "Lastet ned" in seen) == (True, False, False)
    assert ("Skrev ut" in own, "Lastet ned" in own) == (True, True)
