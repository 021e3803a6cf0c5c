"""What is measured: databases of one size each, and on every one of them two gunicorns, the portal and the floor."""

import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

from bench.measure import Client, Sample, descendants, run
from scripts import processes
from tests.environment import FIXED
from tests.servers import Postgres, run_sql

ROOT = Path(__file__).resolve().parent.parent
VISIBLE = 40
PAGES = ("list", "detail", "post")
PORTAL, FLOOR = "portal", "floor"
# As in the Dockerfile.
GUNICORN = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]


class Stand:
    """One PostgreSQL with a migrated database that the others are copies of, and the static files of all."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.server = Postgres().start()
        run_sql(self.server.url("postgres"), "CREATE DATABASE empty")
        for command in (["migrate", "--noinput"], ["createcachetable"], ["collectstatic", "--noinput"]):
            self.run(["manage.py", *command], "empty")

    def stop(self) -> None:
        self.server.stop()

    def copy(self, name: str) -> None:
        run_sql(self.server.url("postgres"), f"CREATE DATABASE {name} TEMPLATE empty")

    def env(self, database: str) -> dict[str, str]:
        own = {
            "DATABASE_URL": self.server.url(database),
            "DATA_DIR": str(self.folder),
            "DEMO": "true",
            "HASHED_STATIC": "true",
        }
        return os.environ | FIXED | own

    def run(self, arguments: list[str], database: str) -> str:
        """A Python command on one database, without the limit on long statements; gives what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env(database) | {"LONG_STATEMENTS": "true"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def seconds_to_seed(self, *arguments: str) -> float:
        """How long `manage.py seed_demo` takes on an empty database, all of it."""
        name = f"seed_{uuid4().hex[:8]}"
        self.copy(name)
        started = time.perf_counter()
        self.run(["manage.py", "seed_demo", *arguments], name)
        seconds = time.perf_counter() - started
        run_sql(self.server.url("postgres"), f"DROP DATABASE {name}")
        return seconds


class Site:
    """The portal or the floor on the database of one size."""

    def __init__(self, stand: Stand, size: "Size", name: str):
        self.stand, self.size, self.name = stand, size, name
        port = processes.free_port()
        self.address = f"http://127.0.0.1:{port}"
        settings = "bench.floor_settings" if name == FLOOR else "bti_portal.settings"
        log = stand.folder / f"{name}-{size.logs}.log"
        self.process = processes.start(
            [sys.executable, "-m", "gunicorn", "bti_portal.wsgi", "--bind", f"127.0.0.1:{port}", *GUNICORN],
            log=log,
            env=stand.env(size.database) | {"DJANGO_SETTINGS_MODULE": settings, "BASE_URL": self.address},
            cwd=ROOT,
        )
        processes.wait_until(self._answers, self.process, what=name, log=log, seconds=60)

    def _answers(self) -> bool:
        try:
            return Client(self.address, self.size.cookies).send("GET", "/logger/")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        processes.stop(self.process)

    def sample(self, page: str, *, clients: int, requests: int) -> Sample:
        """Only one site works at a time, so what PostgreSQL uses meanwhile is used for it."""
        browsers = [Client(self.address, self.size.cookies) for _ in range(clients)]
        path = {"list": "/logger/", "detail": f"/logger/{self.size.log}/"}.get(page)
        act = self._get(path) if path else self._post(browsers)
        return run(browsers, act, requests, self._pids)

    def _pids(self) -> list[int]:
        return [*descendants(self.process.pid), *descendants(self.stand.server.process.pid)]

    def _get(self, path: str):
        def act(client):
            status, _page = client.send("GET", path)
            if status != 200:
                raise RuntimeError(f"{self.name}: {path} answered {status}")

        return act

    def _post(self, browsers):
        path = f"/logger/{self.size.log}/beskjeder/"
        hidden = {browser: browser.hidden_fields(path, "text") for browser in browsers}

        def act(client):
            form = hidden[client] | {"text": "Det gikk fint i dag.", "to": "all", "form_key": str(uuid4())}
            status, page = client.send("POST", path, form)
            if status != 302:
                raise RuntimeError(f"{self.name}: the post answered {status}\n{page[:2000]}")

        return act


class Size:
    """A database with this many logs; one employee sees the same 40 of them whatever the size."""

    def __init__(self, stand: Stand, logs: int):
        self.logs, self.database = logs, f"logs_{logs}"
        stand.copy(self.database)
        made = stand.run(["-m", "bench.prepare", str(logs), str(VISIBLE)], self.database)
        known = dict(line.split("=", 1) for line in made.splitlines() if "=" in line)
        self.log, self.cookies = known["log"], {"session": known["session"]}
        self.sql = {page: int(known[f"sql_{page}"]) for page in PAGES}
        self.sites = {name: Site(stand, self, name) for name in (PORTAL, FLOOR)}

    def stop(self) -> None:
        for site in self.sites.values():
            site.stop()
