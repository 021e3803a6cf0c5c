"""Reminders with real parts and real deaths: SMTP, Redis, Celery workers and beats, `kill -9`. Run by `make drill`."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.enums import DeliveryState
from apps.notifications.models import Delivery, Notice
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Log
from scripts import processes
from tests.live import LiveApp

pytestmark = pytest.mark.drill
ROOT = Path(__file__).resolve().parent.parent
REMINDERS, KILLS, WORKERS = 600, 30, 4
PATIENCE = 420  # seconds: two leases and some


@pytest.fixture
def app(mail_server, redis_server):
    """A database of its own with the demo municipality, and the environment its processes run in. No web server."""
    app = LiveApp(mail_url=mail_server.url, redis_url=redis_server.url)
    yield app
    app.stop()


def test_600_reminders_and_30_kills_lose_none_and_double_none(app, mail_server, django_db_blocker, capsys):
    with app.orm(django_db_blocker):
        _only_these(REMINDERS)
    workers = [_sweeper(app, number) for number in range(WORKERS)]
    killed, started, random_place = 0, time.monotonic(), random.Random(1)  # noqa: S311 -- the same kills each time
    try:
        while time.monotonic() - started < PATIENCE:
            with app.orm(django_db_blocker):
                left = Delivery.objects.exclude(state=DeliveryState.SENT).count()
            if left == 0:
                break
            if killed < KILLS:
                place = random_place.randrange(WORKERS)
                workers[place].send_signal(signal.SIGKILL)
                workers[place].wait()
                killed += 1
                workers[place] = _sweeper(app, WORKERS + killed)
            time.sleep(random_place.uniform(0.3, 1.2))
    finally:
        for worker in workers:
            processes.stop(worker)
    seconds = time.monotonic() - started
    with app.orm(django_db_blocker):
        notices, states = Notice.objects.count(), Counter(Delivery.objects.values_list("state", flat=True))
        expected = set(Delivery.objects.values_list("message_id", flat=True))
    sent = Counter(message["Message-ID"] for message in mail_server.messages)
    repeated = sum(count - 1 for count in sent.values())
    with capsys.disabled():
        print("\n| Reminders | Kills | Lost | Notices doubled | E-mails sent again, same Message-ID | Seconds |")
        print("|---|---|---|---|---|---|")
        lost = len(expected - set(sent))
        print(f"| {REMINDERS} | {killed} | {lost} | {notices - REMINDERS} | {repeated} | {seconds:.0f} |")
    assert (killed, notices, states, set(sent)) == (KILLS, REMINDERS, {"sent": REMINDERS}, expected)


def test_two_workers_and_two_beats_and_one_death_give_one_notice_and_one_message_id(
    app, mail_server, django_db_blocker, capsys
):
    with app.orm(django_db_blocker):
        Delivery.objects.all().delete()
        Notice.objects.all().delete()
    running = [_celery(app, "worker", number) for number in range(2)] + [_celery(app, "beat", n) for n in range(2)]
    started = time.monotonic()
    try:
        _wait_for_mail(mail_server, 1)
        running[0].send_signal(signal.SIGKILL)
        running[0].wait()
        while time.monotonic() - started < PATIENCE:
            with app.orm(django_db_blocker):
                left = Delivery.objects.exclude(state__in=[DeliveryState.SENT, DeliveryState.CANCELLED]).count()
            if left == 0 and time.monotonic() - started > 100:
                break
            time.sleep(2)
    finally:
        for process in running:
            processes.stop(process)
    with app.orm(django_db_blocker):
        notices = list(Notice.objects.values_list("recipient", "kind", "key"))
        expected = set(Delivery.objects.filter(state=DeliveryState.SENT).values_list("message_id", flat=True))
    sent = Counter(message["Message-ID"] for message in mail_server.messages)
    with capsys.disabled():
        print(f"\ntwo workers, two beats, one killed: {len(notices)} notices, {len(sent)} Message-IDs,")
        print(f"{sum(sent.values())} e-mails")
    assert notices
    assert (len(notices), set(sent)) == (len(set(notices)), expected)


def _only_these(count: int) -> None:
    """`count` notices to one person about a log she holds, each with an e-mail to send; nothing else waits."""
    Delivery.objects.all().delete()
    Notice.objects.all().delete()
    person = User.objects.get(email="ane.solheim@solvik.example")
    log = Log.objects.filter(holder__user=person, status=LogStatus.ACTIVE).first()
    now = timezone.now()
    for number in range(count):
        notice = Notice.objects.create(
            recipient=person,
            kind="log_opened",
            key=f"drill {number}",
            url_name="stafettlogg:detail",
            object_id=log.pk,
            created_at=now,
        )
        Delivery.objects.create(recipient=person, notice=notice, message_id=f"<drill-{number}@solvik>", next_at=now)


def _sweeper(app, number: int) -> subprocess.Popen:
    log = app.log.with_name(f"sweeper-{number}.log")
    return processes.start([sys.executable, "-m", "tests.drill_sweeper"], log=log, env=app.env, cwd=ROOT)


def _celery(app, what: str, number: int) -> subprocess.Popen:
    log = app.log.with_name(f"{what}-{number}.log")
    more = (
        ["--pool", "solo", "-n", f"w{number}@drill"] if what == "worker" else ["-s", str(log.with_suffix(".schedule"))]
    )
    command = [sys.executable, "-m", "celery", "-A", "bti_portal", what, *more]
    return processes.start(command, log=log, env=os.environ | app.env, cwd=ROOT)


def _wait_for_mail(server, count: int) -> None:
    until = time.monotonic() + 120
    while len(server.messages) < count:
        assert time.monotonic() < until, "no e-mail came within two minutes"
        time.sleep(0.2)
