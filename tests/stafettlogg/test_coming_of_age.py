"""S10: at 18 the guardians lose the log at local midnight, and the young adult is asked anew."""

import datetime

import pytest
import time_machine

from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.models import ConsentRequest
from apps.stafettlogg.services import consent_questions, consents, windows
from apps.stafettlogg.services.reminders import sweep
from tests.factories import make_citizen, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
BORN = datetime.date(2008, 2, 29)
BEFORE = datetime.datetime(2026, 2, 20, 12, tzinfo=OSLO)
MIDNIGHT = datetime.datetime(2026, 3, 1, tzinfo=OSLO)  # the year has run out on 1 March
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)


@pytest.fixture
def youth():
    return make_citizen("Sander Vik")


@pytest.fixture
def school():
    return make_unit("Fjordvik skole", kind=UnitKind.SCHOOL)


@pytest.fixture
def log(youth, school):
    with time_machine.travel(BEFORE, tick=False):
        child = make_child("Sander", birth_date=BORN, user=youth)
        log = make_log(child=child, guardians=[make_guardian(child)], unit_ids=[school.pk], now=BEFORE)
        give_consents(log, now=BEFORE)
    return log


def asked_since(log):
    return ConsentRequest.objects.filter(log=log, asked_at__gte=MIDNIGHT)


def sweep_at(now):
    with time_machine.travel(now, tick=False):
        sweep(now=now)


def test_young_adult_is_asked_about_every_service_that_saw_the_log(log, youth, school):
    sweep_at(MIDNIGHT - SECOND)
    assert list(asked_since(log)) == []

    sweep_at(MIDNIGHT)

    rows = asked_since(log).get().consents.values_list("unit_id", "is_youth", "state")
    assert set(rows) == {(log.unit_id, True, "waiting"), (school.pk, True, "waiting")}
    assert Notice.objects.filter(recipient=youth, kind="consent_waiting", created_at=MIDNIGHT).count() == 1


def test_young_adult_is_asked_once(log):
    for days in (0, 1, 20):
        sweep_at(MIDNIGHT + days * DAY)

    assert asked_since(log).count() == 1


def test_young_adults_yes_opens_the_log_again_and_not_for_the_guardian(log, youth):
    sweep_at(MIDNIGHT)
    later = MIDNIGHT + DAY
    request = asked_since(log).get()
    with time_machine.travel(later, tick=False):
        choices = dict.fromkeys(request.consents.values_list("unit_id", flat=True), True)
        consents.answer(request.pk, guardian_id=None, choices=choices, route="digital", actor=youth, now=later)

        sees = [access.visible_logs(user).exists() for user in (log.holder.user, youth, log.guardians[0].user)]
        reads = access.sees_content(access.row_for(log.holder.user, log))

    assert (sees, reads) == ([True, True, False], True)


def test_young_adult_whom_the_holder_has_asked_is_not_asked_again(log):
    sweep_at(MIDNIGHT - SECOND)
    with time_machine.travel(MIDNIGHT, tick=False):
        windows.expire_windows(now=MIDNIGHT)
        consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=log.holder.user, now=MIDNIGHT)

    sweep_at(MIDNIGHT + DAY)

    assert asked_since(log).count() == 1


def test_young_adult_without_a_user_is_left_to_the_holder(log):
    log.child.user = None
    log.child.save()

    sweep_at(MIDNIGHT)

    assert list(asked_since(log)) == []
    assert Notice.objects.filter(recipient=log.holder.user, kind="sharing_stopped").exists()


@pytest.fixture
def older_log():
    """Opened well before the half-year."""
    opened = MIDNIGHT - 200 * DAY
    with time_machine.travel(opened, tick=False):
        child = make_child("Sander", birth_date=BORN)
        return make_log(child=child, guardians=[make_guardian(child)], now=opened)


def test_s35_the_holder_is_told_half_a_year_before_and_twice_more(older_log):
    """In time to find out who can answer, and who may help."""
    told = []
    for days in (184, 183, 100, 60, 14, 1):
        sweep_at(MIDNIGHT - days * DAY)
        told.append(Notice.objects.filter(recipient=older_log.holder.user, kind="adult_soon").count())

    assert told == [0, 1, 1, 2, 3, 3]


def test_s35_it_stands_on_the_holders_own_page_until_the_birthday(older_log):
    with time_machine.travel(MIDNIGHT - 30 * DAY, tick=False):
        page = signed_in(older_log.holder.user).get("/arbeidet-ditt/").content.decode()
    with time_machine.travel(MIDNIGHT, tick=False):
        after = signed_in(older_log.holder.user).get("/arbeidet-ditt/").content.decode()

    assert "Sander fyller 18 år 1.\xa0mars 2026" in page
    assert "fyller 18 år" not in after
