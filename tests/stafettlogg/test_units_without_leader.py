"""S21: a unit that holds logs has someone in its line who takes over; else the coordinator is told the same day."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.models import Delivery, Notice
from apps.notifications.selectors import tasks_for
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.models import Log
from apps.stafettlogg.services.reminders import sweep
from apps.stafettlogg.services.requests import ChildInput, request_log
from tests.factories import make_coordinator, make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    BORN,
    make_child,
    make_consent_text,
    make_guardian,
    make_guardian_input,
    make_log,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def root():
    return make_unit("Solvik", kind=UnitKind.MUNICIPALITY)


@pytest.fixture
def coordinator(root):
    return make_coordinator(root)


def therapy(root):
    return make_unit("Ergo- og fysioterapitjenesten", kind=UnitKind.THERAPY, parent=root)


def told(user):
    return list(Notice.objects.filter(recipient=user, done_at=None).values_list("kind", "object_id"))


def test_coordinator_learns_the_same_day_that_a_holder_left_nobody_to_take_over(root, coordinator):
    unit = therapy(root)
    even = make_employee(unit)
    make_log(holder=even, now=NOW - HOUR)
    place = even.membership
    place.last_day = NOW.date() - timedelta(days=1)
    place.save()

    sweep(now=NOW)
    sweep_outbox(now=NOW)

    assert told(coordinator) == [("unit_without_leader", unit.pk)]
    assert Delivery.objects.get(recipient=coordinator).state == "sent"
    (task,) = [task for task in tasks_for(coordinator, NOW) if task.code == "unit_without_leader"]
    assert (task.title, task.url, task.read) == (
        "Ergo- og fysioterapitjenesten har ingen leder",
        reverse("accounts:unit", args=[unit.pk]),
        None,
    )


def test_task_is_done_when_somebody_leads_there_or_above(root, coordinator):
    unit = therapy(root)
    even = make_employee(unit)
    log = make_log(holder=even, now=NOW - HOUR)
    even.membership.last_day = NOW.date() - timedelta(days=1)
    even.membership.save()
    sweep(now=NOW)

    leader = make_leader(root)
    sweep(now=NOW + HOUR)

    log.refresh_from_db()
    assert (told(coordinator), log.holder.user) == ([], leader)


def test_leader_who_is_guardian_of_the_child_leads_nothing_there(root, coordinator):
    unit = therapy(root)
    leader = make_leader(unit, national_id_index="same human")
    child = make_child()
    make_log(
        holder=make_employee(unit),
        child=child,
        guardians=[make_guardian(child, national_id_index=leader.national_id_index)],
        now=NOW - HOUR,
    )

    assert [task.code for task in tasks_for(coordinator, NOW)] == ["unit_without_leader"]


def test_nobody_is_told_of_units_that_have_a_leader_or_no_log(root, coordinator):
    led = therapy(root)
    make_leader(led)
    make_log(holder=make_employee(led), now=NOW - HOUR)
    make_unit("Tom enhet", parent=root)

    sweep(now=NOW)

    assert (told(coordinator), tasks_for(coordinator, NOW)) == ([], [])


def test_it_is_said_again_each_month(root, coordinator):
    make_log(holder=make_employee(therapy(root)), now=NOW - HOUR)

    for days in (0, 1, 40):
        sweep(now=NOW + timedelta(days=days))

    assert Notice.objects.filter(recipient=coordinator, kind="unit_without_leader").count() == 2


def test_it_is_for_coordinators_alone(root, coordinator):
    unit = therapy(root)
    log = make_log(holder=make_employee(unit), now=NOW - HOUR)

    assert [task for task in tasks_for(log.holder.user, NOW) if task.code == "unit_without_leader"] == []
    assert [task for task in tasks_for(make_leader(make_unit()), NOW) if task.code == "unit_without_leader"] == []


def test_unit_nobody_leads_asks_for_no_log():
    """Also not about a child who has a log already: the same refusal, before anything is looked up (S6)."""
    place = make_employee(make_unit("Uten leder")).membership
    make_municipality()
    make_consent_text()
    asked = {
        "membership": place,
        "proposed_holder_membership": place,
        "child": ChildInput(given_name="Emma", family_name="Vik", birth_date=BORN),
        "guardians": [make_guardian_input()],
        "unit_ids": [],
        "now": NOW,
    }

    with pytest.raises(RuleBroken) as broken:
        request_log(actor=place.user, **asked)
    leader = make_leader(place.unit)
    request_log(actor=place.user, **asked)

    assert broken.value.code == "no_leader"
    assert (Log.objects.count(), leader.is_active) == (1, True)
