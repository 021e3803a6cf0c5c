"""What was asked in one question with the child's becomes a request of her own, and nobody sees more for it (S3)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import About, ConsentState
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentWindow, OwnThread
from apps.stafettlogg.services import consent_questions, windows
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log

pytestmark = pytest.mark.django_db


def as_it_was(own_state):
    """Mari answered about the child and about herself in one sitting; Ola about the child."""
    load_start_texts(now=timezone.now())
    child = make_child()
    mari, ola = make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")
    log, nav = make_log(child=child, guardians=[mari, ola]), make_unit("NAV Solvik", kind=UnitKind.NAV)
    request = consent_questions.ask_consent(log.pk, unit_ids=[nav.pk], actor=log.holder.user, now=timezone.now())
    give_consents(log)
    about_child = Consent.objects.get(request=request, guardian=mari)
    Consent.objects.create(
        request=request,
        log=log,
        unit=nav,
        guardian=mari,
        about=About.OWN,
        state=own_state,
        answer=about_child.answer,
        answered_at=about_child.answered_at,
        expires_at=about_child.expires_at if own_state == ConsentState.GIVEN else None,
    )
    if own_state != ConsentState.GIVEN:  # then the service stayed out
        ConsentWindow.objects.get(log=log, unit=nav).delete()
    return log, nav, mari


def split():
    import_module("apps.stafettlogg.migrations.0035_own_requests").split(apps, None)


def test_s03_an_own_answer_gets_a_request_and_a_receipt_of_its_own():
    log, nav, mari = as_it_was(ConsentState.GIVEN)
    before = list(ConsentWindow.objects.order_by("pk").values_list("pk", "valid_until"))

    split()

    own, child = (Consent.objects.get(guardian=mari, unit=nav, about=about) for about in (About.OWN, About.CHILD))
    assert (own.request.about, child.request.about) == (About.OWN, About.CHILD)
    assert (own.state, child.state) == (ConsentState.GIVEN, ConsentState.GIVEN)
    assert own.answer.reference != child.answer.reference
    assert own.answer.answered_at == child.answer.answered_at
    assert ConsentAnswer.objects.filter(request=own.request).count() == 1
    assert OwnThread.objects.get().unit == nav
    assert list(ConsentWindow.objects.order_by("pk").values_list("pk", "valid_until")) == before


def test_s03_a_service_that_stayed_out_does_not_come_in_by_a_refresh():
    log, nav, mari = as_it_was(ConsentState.REFUSED)

    split()
    log.refresh_from_db()
    windows.refresh_windows(log, actor=None, now=timezone.now())

    assert not ConsentWindow.objects.filter(log=log, unit=nav).exists()
    states = {row.about: row.state for row in Consent.objects.filter(guardian=mari, unit=nav)}
    assert states == {About.CHILD: ConsentState.REPLACED, About.OWN: ConsentState.REFUSED}
