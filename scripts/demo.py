#!/usr/bin/env python3
"""Run the whole product on this machine: web server, worker, beat and broker, on SQLite in DATA_DIR.

    make demo [PORT=8000] [BIND=127.0.0.1] [DATA_DIR=data]

The first start makes the database and fills it with an invented municipality; later starts take seconds. Ctrl-C ends
every process. Logs are in DATA_DIR/log. Nothing outside DATA_DIR is used: DATABASE_URL and REDIS_URL are ignored.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


from scripts import processes  # noqa: E402 -- the path above makes it importable from anywhere
from scripts.processes import StartError  # noqa: E402 -- the path above makes it importable from anywhere
from scripts.setup import compile_translations  # noqa: E402 -- the path above makes it importable from anywhere

# Settings of another installation that happen to be in the caller's environment.
IGNORED = (
    *("DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"),
    *("DEBUG", "DEMO", "OPEN_FOR_TRIAL", "ALLOW_HTTP", "BEHIND_PROXY", "HASHED_STATIC", "SYNTHETIC_IDS"),
    *("IDPORTEN_ISSUER", "IDPORTEN_CLIENT_ID", "IDPORTEN_KEY"),
)
RESTARTS = 5


class Demo:
    """One running product. `start()` brings everything up or raises StartError; `stop()` is safe at any time."""

    def __init__(self) -> None:
        self.bind = os.environ.get("BIND") or "127.0.0.1"
        self.port = int(os.environ.get("PORT") or 8000)
        self.data = Path(os.environ.get("DATA_DIR") or ROOT / "data").absolute()
        self.logs = self.data / "log"
        self.database = self.data / "portal.sqlite3"
        self.running: dict[str, subprocess.Popen] = {}
        self.commands: dict[str, list] = {}
        self.restarts = 0
        self.socket_folder: str | None = None
        shown = "localhost" if self.bind in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.bind  # noqa: S104 -- compared
        self.address = f"http://{shown}:{self.port}"
        self.env = {name: value for name, value in os.environ.items() if name not in IGNORED}
        self.env |= {
            "DJANGO_SETTINGS_MODULE": "bti_portal.settings",
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "BASE_URL": self.address,
            "PYTHONUNBUFFERED": "1",
        }

    # Once, then only when something changed -------------------------------------------------------------------------

    def prepare(self) -> None:
        compile_translations()  # as `make demo` has: nynorsk and English are there without make too
        for folder in (self.data, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)  # one from before, which others could look into
        self._lock_folder()
        if processes.is_port_taken(self.bind, self.port):
            raise StartError(
                f"Port {self.port} on {self.bind} is in use. Choose another: make demo PORT={self.port + 1}"
            )
        packages = ROOT / "requirements.txt"
        self._once("static", "Collecting style sheets and scripts", [ROOT / "static", packages], self._collect_static)
        migrations = [*sorted((ROOT / "apps").glob("*/migrations")), packages]
        fresh = not self.database.exists()
        self._once("database", "Making the database ready", migrations, self._migrate, force=fresh)
        self._once("people", "Filling it with an invented municipality", [], self._seed, force=fresh)

    def _lock_folder(self) -> None:
        self.lock = os.open(self.data / "demo.lock", os.O_CREAT | os.O_WRONLY)  # held until this process ends
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"The demo already runs on {self.data}. Stop it first, or give another DATA_DIR."
            ) from None

    def _once(self, name: str, what: str, sources: list[Path], step, *, force: bool = False) -> None:
        stamp, wanted = self.data / f"done-{name}", fingerprint(sources)
        if not force and stamp.exists() and stamp.read_text("utf-8") == wanted:
            return
        print(f"{what} …", flush=True)
        stamp.unlink(missing_ok=True)
        step()
        stamp.write_text(wanted, "utf-8")

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = (done.stdout + done.stderr).splitlines()[-20:]
            raise StartError("\n".join([f"manage.py {arguments[0]} failed:", *(f"    {line}" for line in lines)]))
        return done.stdout

    def _collect_static(self) -> None:
        self.manage("collectstatic", "--noinput", "--clear")

    def _migrate(self) -> None:
        self.manage("migrate", "--noinput")
        self.manage("createcachetable")

    def _seed(self) -> None:
        self.manage("seed_demo")

    # The processes ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        for log in self.logs.glob("*.log"):
            log.unlink()
        self.env["REDIS_URL"] = self._start_broker()
        celery = [sys.executable, "-m", "celery", "-A", "bti_portal"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._start("worker", [*celery, "worker", "--pool", "solo", *quiet])
        schedule = self.data / "celery" / "schedule"
        self._start("beat", [*celery, "beat", "--pidfile=", "--schedule", schedule])
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        self._start(
            "web",
            [sys.executable, "-m", "gunicorn", "bti_portal.wsgi", "--bind", f"{host}:{self.port}"]
            + ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"],
        )
        people = json.loads(self.manage("demo_users", "--json"))
        web_log = self.logs / "web.log"
        processes.wait_until(self._answers, self.running["web"], what="The web server", log=web_log, seconds=60)
        worker_log = self.logs / "worker.log"
        processes.wait_until(
            lambda: " ready." in worker_log.read_text("utf-8", "replace"),
            self.running["worker"],
            what="The worker",
            log=worker_log,
            seconds=60,
        )
        print(f"\n{table(people)}\n\nOpen {self.address}   (Ctrl-C stops it)")
        print(f"Logs: {self.logs}   E-mails: {self.data / 'mail'}", flush=True)

    def _start_broker(self) -> str:
        """A Redis of our own on a socket; without the program, files. Nothing in it matters, so it starts empty."""
        folder = self.data / "celery"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        program = shutil.which("redis-server")
        if program is None:
            return "filesystem://"
        socket = folder / "redis.sock"
        if len(str(socket)) > 100:  # the system allows 107 characters for the address of a socket
            self.socket_folder = tempfile.mkdtemp(prefix="bti-redis-")
            socket = Path(self.socket_folder) / "redis.sock"
        keep_nothing = ["--save", "", "--appendonly", "no"]
        self._start(
            "redis",
            [program, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", folder, *keep_nothing],
        )
        log = self.logs / "redis.log"
        processes.wait_until(
            lambda: processes.accepts_socket(socket), self.running["redis"], what="The broker", log=log
        )
        return f"redis+socket://{socket}"

    def _start(self, name: str, command: list) -> None:
        self.commands[name] = command
        self.running[name] = processes.start(command, log=self.logs / f"{name}.log", env=self.env, cwd=ROOT)

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.bind, self.bind)  # noqa: S104 -- compared
        host = f"[{host}]" if ":" in host else host
        try:
            urllib.request.urlopen(f"http://{host}:{self.port}/", timeout=20).close()
        except urllib.error.HTTPError as error:
            raise StartError(
                f"The front page answers {error.code}.\n{processes.log_tail(self.logs / 'web.log')}"
            ) from None
        except OSError:
            return False
        return True

    def watch(self) -> None:
        """Return never; start what stops, and give up when the web server does or after several restarts."""
        while True:
            time.sleep(1)
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    self._revive(name, process)

    def _revive(self, name: str, process: subprocess.Popen) -> None:
        log = self.logs / f"{name}.log"
        self.restarts += 1
        if name == "web" or self.restarts > RESTARTS:
            raise StartError(f"{name} stopped (code {process.returncode}).\n{processes.log_tail(log)}")
        print(f"{name} stopped (code {process.returncode}) and is started again. See {log}", flush=True)
        processes.stop(process)
        self._start(name, self.commands[name])

    def stop(self) -> None:
        """End everything, the broker last, so that nobody waits for it."""
        for process in self.running.values():
            if process is not self.running.get("redis"):
                process.terminate()
        for name in ("web", "beat", "worker", "redis"):
            if name in self.running:
                processes.stop(self.running.pop(name))
        if self.socket_folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)


def fingerprint(sources: list[Path]) -> str:
    """Changes when a file below one of the sources does."""
    seen = hashlib.sha256()
    for source in sources:
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and "__pycache__" not in path.parts:
                seen.update(str(path.relative_to(ROOT)).encode())
                seen.update(path.read_bytes())
    return seen.hexdigest()


def table(people: list[dict[str, str]]) -> str:
    """The demo people in columns: role, name, unit, e-mail, password."""
    headings = {"role": "Role", "name": "Name", "unit": "Unit", "email": "E-mail", "password": "Password"}
    rows = [list(headings.values()), *([str(person.get(key) or "") for key in headings] for person in people)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    os.umask(0o077)  # what the demo writes is for this account alone: the database, e-mails, logs
    # SIGINT too: what a shell starts in the background is told to ignore it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    demo = Demo()
    try:
        demo.prepare()
        demo.start()
        demo.watch()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave something running
        demo.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
