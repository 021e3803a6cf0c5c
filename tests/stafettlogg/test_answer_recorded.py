"""The receipt of an answer that staff have written down says what happens next, with the buttons for it."""

import pytest
from django.utils import timezone

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import ConsentState, LogStatus, Route
from apps.stafettlogg.models import Consent, ConsentRequest, Log
from apps.stafettlogg.services import consents
from tests.markup import markup
from tests.stafettlogg.factories import make_child, make_employee, make_guardian, make_log, make_unit, said_to
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    child = make_child("Emma", "Vik")
    guardians = [make_guardian(child, name=name, user=False) for name in ("Mari Vik", "Ola Vik")]
    ppt = make_unit("PP-tjenesten", kind=UnitKind.PPT)
    make_employee(ppt)
    return make_log(status=LogStatus.REQUESTED, child=child, guardians=guardians, unit_ids=[ppt.pk])


def write_down(log, guardian, yes, limits=""):
    """The receipt's page, as the holder meets it after writing down what this guardian has said."""
    request = ConsentRequest.objects.get(log=log)
    rows = Consent.objects.filter(request=request, guardian=guardian, state=ConsentState.WAITING)
    given = consents.answer(
        request.pk,
        guardian_id=guardian.pk,
        **said_to(rows, yes),
        route=Route.PAPER,
        limits=limits,
        actor=log.holder.user,
        now=timezone.now(),
    )
    return signed_in(log.holder.user).get(page_of("consents_recorded", log.pk, given.pk))


def test_after_the_first_yes_it_says_what_is_waited_for_and_nothing_of_the_other(log):
    page = markup(write_down(log, log.guardians[0], True))

    assert "Stafettloggen åpner av seg selv når alle som må svare, har sagt ja." in page
    assert "Ola" not in page


def test_after_the_last_yes_the_log_is_open_and_the_next_deeds_stand_there(log):
    write_down(log, log.guardians[0], True)

    page = markup(write_down(log, log.guardians[1], True))

    assert Log.objects.get(pk=log.pk).status == LogStatus.ACTIVE
    assert "Stafettloggen er åpen. Svaret gjelder med en gang." in page
    assert "Inviter PP-tjenesten" in page
    for name in ("reason", "plan", "detail"):
        assert f'href="{page_of(name, log.pk)}' in page
    assert "Mari" not in page


def test_after_a_no_it_says_that_the_log_does_not_open_and_how_to_take_the_request_back(log):
    write_down(log, log.guardians[0], True)

    page = markup(write_down(log, log.guardians[1], False))

    assert "Ola Vik har sagt nei, så stafettloggen åpner ikke." in page
    assert page_of("consents_cancel", log.pk) in page


def test_what_is_not_to_be_shared_is_read_first(log):
    page = markup(write_down(log, log.guardians[0], True, limits="Ikke del noe om søsken."))

    assert "Mari Vik har skrevet noe dere ikke skal dele." in page
    assert "Les det og kryss av" in page
    assert "søsken" not in page


def test_a_no_to_another_service_alone_is_no_no_to_the_log(log):
    page = markup(write_down(log, log.guardians[0], lambda unit_id: unit_id == log.unit_id))

    assert "har sagt nei" not in page
