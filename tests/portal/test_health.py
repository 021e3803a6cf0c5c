"""Whether the portal works, for those who run it: an address without data, and what says what stands still."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.core import jobs
from apps.notifications.models import Delivery
from apps.notifications.services import notify
from bti_portal.celery import SCHEDULE
from tests.factories import make_employee, make_unit

pytestmark = pytest.mark.django_db
TASKS = sorted(entry["task"] for entry in SCHEDULE.values())


def run_all(*, minutes=0):
    for task in TASKS:
        jobs.note_round(task, now=timezone.now() - timedelta(minutes=minutes))


def wait_with_mail(*, minutes):
    reader = make_employee(make_unit("Furua"), name="Kari Dal")
    notify(recipient=reader, kind="wish_received", key="a", url_name="stafettlogg:wishes", object_id=None)
    Delivery.objects.update(next_at=timezone.now() - timedelta(minutes=minutes))


def test_health_says_when_each_job_last_ran_and_names_nobody(client):
    run_all(minutes=2)
    wait_with_mail(minutes=30)

    answer = client.get("/helse/")

    told = answer.json()
    assert (answer.status_code, told["database"], told["migrations"]) == (200, "ok", "ok")
    assert sorted(told["jobs"]) == TASKS
    assert all(120 <= seconds < 180 for seconds in told["jobs"].values())
    assert (told["late"], told["mail"]) == ([], {"waiting": 1, "late": 1})
    assert b"Kari" not in answer.content


def test_health_names_the_jobs_that_stand_still(client):
    run_all(minutes=11)

    late = client.get("/helse/").json()["late"]

    assert sorted(late) == ["notifications.sweep_outbox", "stafettlogg.follow_changes"]


def test_command_ends_well_when_all_runs_and_names_what_does_not(capsys):
    run_all()
    call_command("health")
    assert "All is well." in capsys.readouterr().out

    run_all(minutes=11)
    wait_with_mail(minutes=30)
    with pytest.raises(CommandError, match=r"notifications\.sweep_outbox has not run(.|\n)*1 e-mails should"):
        call_command("health")
