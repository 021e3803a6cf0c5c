"""Reminders with real parts: measures due today in the demo municipality, workers in processes of their own, SMTP."""

import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.enums import DeliveryState
from apps.notifications.models import Delivery, Notice
from apps.stafettlogg.enums import AccessKind, LogStatus, MeasureStatus, Place
from apps.stafettlogg.models import Goal, Log, Measure
from apps.stafettlogg.services.access import staff_row
from apps.stafettlogg.tasks import sweep_reminders
from scripts import processes
from tests.factories import make_employee

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Result:
    """`left`: e-mails not sent yet; `ids`: Message-ID → how many times it arrived."""

    notices: int
    left: int
    ids: Counter
    expected_ids: set

    @property
    def lost(self) -> int:
        return len(self.expected_ids - set(self.ids))

    @property
    def sent_again(self) -> int:
        return sum(count - 1 for count in self.ids.values())


class Reminders:
    """`app` is a LiveApp whose web server is not started; `mail` its SMTP server."""

    def __init__(self, app, mail, blocker) -> None:
        self.app, self.mail, self.blocker = app, mail, blocker
        self.running: list[subprocess.Popen] = []
        self.logs: dict[int, Path] = {}
        self.started = 0
        self.planned_at = timezone.now()

    def plan(self, count: int) -> None:
        """`count` people who each must do something today, and nothing else that anyone is to be told."""
        with self.app.orm(self.blocker):
            sweep_reminders()
            Delivery.objects.all().delete()
            person = User.objects.get(email="ane.solheim@solvik.example")
            log = Log.objects.filter(holder__user=person, status=LogStatus.ACTIVE).order_by("opened_at").first()
            self.planned_at = now = timezone.now()
            goal = Goal.objects.create(log=log, title="Et mål", created_by=person, created_at=now)
            for number in range(count):
                responsible = make_employee(log.unit)
                staff_row(
                    log=log,
                    membership=responsible.membership,
                    window=log.holder.window,
                    kind=AccessKind.PARTICIPANT,
                    actor=person,
                    now=now,
                )
                Measure.objects.create(
                    goal=goal,
                    log=log,
                    title=f"Tiltak {number}",
                    place=Place.SERVICE,
                    status=MeasureStatus.ONGOING,
                    responsible=responsible,
                    due_day=timezone.localdate(now),
                    created_by=person,
                    created_at=now,
                )

    def sweeper(self) -> subprocess.Popen:
        """One more worker that finds what is due and sends it."""
        return self._start("sweeper", sys.executable, "-m", "tests.reminder_sweeper")

    def celery(self, what: str, *, pool: str = "solo") -> subprocess.Popen:
        """One more Celery `worker` or `beat`, as in operation."""
        number = self.started
        more = ["--pool", pool, "--concurrency", "1", "-n", f"w{number}@drill"]
        if what == "beat":
            more = ["-s", str(self.app.log.with_name(f"beat-{self.app.port}-{number}.schedule"))]
        return self._start(what, sys.executable, "-m", "celery", "-A", "bti_portal", what, *more)

    def _start(self, what: str, *command: str) -> subprocess.Popen:
        log = self.app.log.with_name(f"{what}-{self.app.port}-{self.started}.log")
        self.started += 1
        self.running.append(processes.start(command, log=log, env=os.environ | self.app.env, cwd=ROOT))
        self.logs[self.running[-1].pid] = log
        return self.running[-1]

    def written_by(self, process: subprocess.Popen) -> str:
        """What the worker has written so far."""
        return self.logs[process.pid].read_text("utf-8", "replace")

    def kill(self, process: subprocess.Popen) -> None:
        process.kill()
        process.wait()
        self.running.remove(process)

    def stop(self) -> None:
        for process in self.running:
            processes.stop(process)
        self.running.clear()

    def sender_at(self, port: int) -> subprocess.Popen:
        """Which of the workers holds the connection that came to the mail server from this port."""
        return next(worker for worker in self.running if _inode_of(port) in _sockets_of(worker.pid))

    def result(self) -> Result:
        with self.app.orm(self.blocker):
            return Result(
                notices=Notice.objects.filter(created_at__gte=self.planned_at).count(),
                left=Delivery.objects.exclude(state=DeliveryState.SENT).count(),
                expected_ids=set(Delivery.objects.values_list("message_id", flat=True)),
                ids=Counter(mail["Message-ID"] for mail in list(self.mail.messages)),
            )

    def cut_off(self) -> int:
        """How many e-mails were being sent by someone who is dead now."""
        with self.app.orm(self.blocker):
            return Delivery.objects.filter(state=DeliveryState.SENDING).count()

    def let_leases_run_out(self) -> None:
        """As two minutes later. Only when no worker is running."""
        assert self.running == []
        with self.app.orm(self.blocker):
            past = timezone.now() - timedelta(seconds=1)
            Delivery.objects.filter(state=DeliveryState.SENDING).update(lease_until=past)

    def wait_until(self, is_done, *, seconds: float) -> Result:
        """The result when `is_done(result)`, or as it is after so many seconds."""
        until = time.monotonic() + seconds
        result = self.result()
        while not is_done(result) and time.monotonic() < until:
            time.sleep(0.5)
            result = self.result()
        return result


def _inode_of(port: int) -> str:
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            return fields[9]
    return ""


def _sockets_of(pid: int) -> set[str]:
    """The inodes of the sockets a process has open."""
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        target = os.readlink(entry) if entry.is_symlink() else ""
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found
