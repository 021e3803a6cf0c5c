"""S26: the own log is a secret also to the holder of the youth's other log."""

import pytest
import time_machine
from django.urls import reverse

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.notifications.scope import Scope
from apps.stafettlogg import access
from apps.stafettlogg.models import LogAccess, RepeatRequest
from apps.stafettlogg.selectors.tasks import participants as selectors
from apps.stafettlogg.services import participants, repeats
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_participant,
)
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.youth_logs import NOW, make_youth, own_log, says_yes, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        make_municipality()
        load_start_texts(now=NOW)
        yield clock


@pytest.fixture
def nurse():
    return make_employee(make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH), name="Nora Berge")


# A secret also to the holder of the youth's other log -----------------------------------------------------------------


def test_s26_the_own_log_is_a_secret_to_the_holder_of_the_other_log(nurse):
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    rector = make_leader(teacher.membership.unit)
    shared = own_log(teacher)
    make_youth()
    give_consents(shared, now=NOW)
    notices = Notice.objects.filter(recipient__in=[teacher, rector]).count()

    log = own_log(nurse)
    says_yes(log)

    assert repeats.tell_of_repeats(now=NOW) == 0
    assert repeats.tell_of_two_logs(now=NOW) == 0
    assert not RepeatRequest.objects.exists()
    assert Notice.objects.filter(recipient__in=[teacher, rector]).count() == notices
    for person in (teacher, rector):
        client = signed_in(person)
        assert (
            client.post(reverse("stafettlogg:list"), {"q": "Rust"}, follow=True).content.decode().count(str(log.pk))
            == 0
        )
        assert client.get(page_of("detail", log.pk)).status_code == 404
    assert str(log.pk) not in signed_in(rector).get(page_of("leader")).content.decode()


def test_s26_a_later_request_for_a_shared_log_is_no_sign_either(nurse):
    log = own_log(nurse)
    make_youth()
    says_yes(log)
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))

    shared = own_log(teacher)

    assert repeats.tell_of_repeats(now=NOW) == 0
    assert not Notice.objects.filter(recipient=nurse, kind__startswith="repeat").exists()
    assert {row.content_object_id for row in LogAccess.objects.filter(user=teacher)} == {shared.pk}


def test_s26_leaders_above_the_health_service_do_not_find_it():
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR)
    unit = make_unit("Skolehelsetjenesten", kind=UnitKind.SCHOOL_HEALTH, parent=sector)
    nurse, own_leader, above = make_employee(unit), make_leader(unit), make_leader(sector)
    log = own_log(nurse)
    says_yes(log)

    assert access.logs_led_by(own_leader, NOW).filter(pk=log.pk).exists()
    assert not access.logs_led_by(above, NOW).filter(pk=log.pk).exists()
    assert told(above) == []
    for name in ("detail", "leader_decisions", "open_with_reason"):
        assert signed_in(above).get(page_of(name, log.pk)).status_code == 404, name


def test_s26_one_who_is_in_the_other_log_may_ask_for_an_own_one(nurse):
    """A school nurse who takes part in the shared log, and whom the youth comes to."""
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    shared = own_log(teacher)
    make_youth()
    give_consents(shared, now=NOW)
    make_participant(shared, user=nurse, now=NOW)

    log = own_log(nurse)

    assert log.child.answers_alone


def test_s26_the_youth_is_not_told_of_two_logs(nurse):
    sander = make_youth()
    teacher = make_employee(make_unit("Fjordvik skole", kind=UnitKind.SCHOOL))
    shared = own_log(teacher)
    give_consents(shared, now=NOW)
    log = own_log(nurse)
    says_yes(log)

    page = signed_in(sander).get(page_of("children")).content.decode()

    assert str(log.pk) in page
    assert str(shared.pk) in page
    assert page_of("tell_of_both", log.pk) not in page
    with pytest.raises(RuleBroken):
        repeats.tell_holders_of_both(shared.pk, actor=sander, now=NOW)


def test_s26_a_leader_above_is_not_asked_on_behalf_of_a_health_service_without_a_leader(nurse):
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR)
    doctor = make_unit("Legesenteret", kind=UnitKind.DOCTOR, parent=sector)
    above = make_leader(sector)
    log = own_log(nurse)
    says_yes(log)
    participants.invite_unit(log.pk, unit=doctor, actor=nurse, now=NOW)
    says_yes(log)

    assert not access.invitations_for(above, NOW).exists()
    assert selectors.invitations(Scope(NOW, above)) == []
    assert told(above) == []
