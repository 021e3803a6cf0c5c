"""The product in a process of its own, on a database of its own: for tests that use it from outside."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from django.db import connection

from scripts import processes
from tests import databases, environment

ROOT = Path(__file__).resolve().parent.parent
HOST = "localhost"  # not 127.0.0.1: browsers trust http only on this name


class LiveApp:
    """gunicorn on a clone of the seeded template. `url` is its address, `env` what its processes run in."""

    def __init__(self, *, mail_url: str, redis_url: str = "redis://127.0.0.1:9/0", **settings: str) -> None:
        self.port = processes.free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.database = databases.clone(databases.seeded())
        self.log = environment.folder() / f"web-{self.port}.log"
        self.process: subprocess.Popen | None = None
        self.env = os.environ | {
            "DATABASE_URL": environment.app_url(self.database),
            "DATA_DIR": str(environment.folder() / self.database),
            "BASE_URL": self.url,
            "PORT": str(self.port),
            "EMAIL_URL": mail_url,
            "REDIS_URL": redis_url,
            "DEMO": "true",
            **settings,
        }

    def start(self) -> "LiveApp":
        command = [sys.executable, "-m", "gunicorn", "bti_portal.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        threads = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
        self.process = processes.start([*command, *threads], log=self.log, env=self.env, cwd=ROOT)
        processes.wait_until(self._answers, self.process, what="gunicorn", log=self.log, seconds=60)
        return self

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=20).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def manage(self, *arguments: str) -> str:
        """Run a management command on this database, as an administrator or the scheduler would."""
        return databases.manage(*arguments, env=self.env)

    @contextlib.contextmanager
    def orm(self, blocker):
        """Inside, the models of the test process read and write this database. `blocker` is `django_db_blocker`."""
        former = connection.settings_dict["NAME"]
        with blocker.unblock():
            connection.close()
            connection.settings_dict["NAME"] = self.database
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict["NAME"] = former

    def web_log(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, stop_signal=signal.SIGINT)
        databases.drop(self.database)
