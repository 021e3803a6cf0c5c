"""Private servers for the tests: PostgreSQL, Redis and SMTP on free ports, in their own folders, ended by `stop()`.

No server that was already on the machine is used or touched.
"""

import getpass
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from email import message_from_bytes, policy
from pathlib import Path

import psycopg2
from aiosmtpd.controller import Controller

from scripts import processes
from scripts.processes import StartError

HOST = "127.0.0.1"
SUPERUSER = "postgres"
APP_ROLE = "bti_app"  # what the product connects as in the tests that run it from outside
logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells of every connection


def postgres_programs() -> Path:
    """The folder with initdb and postgres, the newest version on the machine; StartError when there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if debian:
        return debian[-1]
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise StartError("PostgreSQL is not installed. Run `make test`: it installs what the tests need.")


class Postgres:
    """A cluster in a temporary folder, on a free port. It refuses to run as root, so root lends it an account."""

    def __init__(self) -> None:
        self.account = SUPERUSER if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="bti-postgres-"))
        self.port = processes.free_port(HOST)
        self.process: subprocess.Popen | None = None

    def start(self) -> "Postgres":
        programs, log = postgres_programs(), self.folder / "log"
        if self.account:
            shutil.chown(self.folder, self.account, self.account)
        try:
            self._initdb(programs)
            self.process = processes.start(
                [programs / "postgres", "-D", self.folder / "data", "-p", self.port, *self._options()],
                log=log,
                user=self.account,
                cwd=self.folder,
                death_signal=signal.SIGQUIT,
            )
            processes.wait_until(self._answers, self.process, what="PostgreSQL", log=log)
        except BaseException:
            self.stop()
            raise
        return self

    def _initdb(self, programs: Path) -> None:
        identity = {"user": self.account, "group": self.account, "extra_groups": []} if self.account else {}
        made = subprocess.run(
            [programs / "initdb", "-D", self.folder / "data", "-U", SUPERUSER, "-A", "trust"]
            + ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **identity,
        )
        if made.returncode:
            raise StartError(f"initdb failed as {self.account or getpass.getuser()}:\n{made.stdout}{made.stderr}")

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": HOST,
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "100",
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgres://{SUPERUSER}@{HOST}:{self.port}/{database}"

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, stop_signal=signal.SIGINT)
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)


def run_sql(url: str, statement: str) -> None:
    """Run one statement outside a transaction (CREATE DATABASE wants that)."""
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


class Redis:
    """A Redis that keeps nothing on disk, on a free port."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bti-redis-"))
        self.port = processes.free_port(HOST)
        self.url = f"redis://{HOST}:{self.port}/0"
        self.process: subprocess.Popen | None = None

    def start(self) -> "Redis":
        program = shutil.which("redis-server")
        if program is None:
            raise StartError("redis-server is not installed. Run `make test`: it installs what the tests need.")
        log = self.folder / "log"
        self.process = processes.start(
            [program, "--port", self.port, "--bind", HOST, "--save", "", "--appendonly", "no", "--dir", self.folder],
            log=log,
        )
        try:
            processes.wait_until(lambda: processes.accepts(HOST, self.port), self.process, what="Redis", log=log)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)


class MailServer:
    """A real SMTP server that keeps what it gets.

    `messages` are the accepted ones, oldest first. Put replies in `refusals` ("451 Try later") to have the next
    messages refused, one each. `on_message` has something done before the next message is answered.
    """

    def __init__(self) -> None:
        self.messages: list = []
        self.refusals: list[str] = []
        self.refuses_recipients = False
        self._before_answer: tuple | None = None
        self.port = processes.free_port(HOST)
        self.url = f"smtp://{HOST}:{self.port}"
        self._controller = Controller(self, hostname=HOST, port=self.port, ready_timeout=10)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.refuses_recipients:
            return "550 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.refusals:
            return self.refusals.pop(0)
        if self._before_answer is not None:
            do, keep = self._before_answer
            self._before_answer = None
            do(session.peer[1])
            if not keep:
                return "451 Try later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        message.recipients = list(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 OK"

    def on_message(self, do, *, keep: bool) -> None:
        """Call `do(port of the sender)` when the next message has come and before it is answered, once.

        Without `keep` the message is as if it had never come.
        """
        self._before_answer = (do, keep)

    def start(self) -> "MailServer":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def clear(self) -> None:
        self.messages.clear()
        self.refusals.clear()
