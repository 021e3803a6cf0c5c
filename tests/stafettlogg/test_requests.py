import pytest

from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Log
from tests.factories import make_employee
from tests.stafettlogg.factories import give_consents, make_log, request_as_typed

pytestmark = pytest.mark.django_db


def test_request_becomes_active_when_everyone_says_yes():
    log = make_log()

    assert log.status == LogStatus.ACTIVE


def test_request_by_form_makes_a_request():
    holder = make_employee()

    receipt = request_as_typed(holder)

    log = Log.objects.get(pk=receipt.id)
    assert (log.status, log.holder.user) == (LogStatus.REQUESTED, holder)
    give_consents(log)
    log.refresh_from_db()
    assert log.status == LogStatus.ACTIVE
