"""`make demo`, as someone who has just cloned the project meets it: real processes, SQLite, HTTP. Runs last."""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from scripts import demo as program
from scripts import processes
from tests import environment

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.smoke, pytest.mark.xdist_group("smoke")]

# What the tests put into the environment, and what an outer make leaves there.
OURS = {*environment.FIXED, environment.SERVER, environment.FOLDER, "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
OURS |= {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}


class RunningDemo:
    def __init__(self, data: Path) -> None:
        self.data, self.port = data, processes.free_port()
        self.address = f"http://localhost:{self.port}"
        self.output = data.with_suffix(".output")
        self.env = {name: value for name, value in os.environ.items() if name not in OURS}
        self.env["DATA_DIR"] = str(data)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                ["make", "demo", f"PORT={self.port}", f"DATA_DIR={data}"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_open(self, seconds: float) -> None:
        processes.wait_until(
            lambda: f"Open {self.address}" in self.text(),
            self.process,
            what="make demo",
            log=self.output,
            seconds=seconds,
        )

    def text(self) -> str:
        return self.output.read_text("utf-8", "replace")

    def people(self) -> list[dict[str, str]]:
        command = [sys.executable, "manage.py", "demo_users", "--json"]
        return json.loads(subprocess.check_output(command, cwd=ROOT, env=self.env))

    def log(self, name: str) -> str:
        return (self.data / "log" / f"{name}.log").read_text("utf-8", "replace")

    def press_ctrl_c(self) -> None:
        """What a terminal does: the signal goes to make and to what it started."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)

    def left_running(self) -> list[str]:
        """Command lines of the processes that still live on this DATA_DIR."""
        mark, found = f"DATA_DIR={self.data}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found


class Visitor:
    """A browser without JavaScript: keeps cookies, follows redirects."""

    def __init__(self, demo: RunningDemo) -> None:
        self.demo, self.address = demo, demo.address
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Path that was reached in the end, and the page."""
        body = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(
            urllib.parse.urljoin(self.address, path), body, {"Referer": self.address + path}
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                return urllib.parse.urlsplit(answer.url).path, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.url} answered {error.code}:\n{self.demo.log('web')}") from error

    def sign_in(self, person: dict[str, str]) -> str:
        path, page = self.get("/arbeidet-ditt/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "login": person["email"], "password": person["password"]}
        return self.get(path, form | {"next": "/arbeidet-ditt/"})[0]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture
def demo(data):
    running = RunningDemo(data)
    yield running
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.process.pid, signal.SIGTERM)
    running.process.wait(30)


def test_make_demo_serves_its_people_and_ends_with_ctrl_c(demo):
    demo.wait_until_open(seconds=300)
    people, visitor = demo.people(), Visitor(demo)

    assert [person["email"] for person in people if person["email"] not in demo.text()] == []
    for path in ("/", "/veileder/"):
        assert visitor.get(path)[0] == path
    style = re.search(r'<link[^>]+href="(/static/[^"]+\.css)"', visitor.get("/")[1])[1]
    assert "{" in visitor.get(style)[1]
    alone = (ROOT / "templates/errors/404.html").read_text("utf-8")
    for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', alone):
        assert visitor.get(file)[0] == file
    assert visitor.sign_in(people[0]) == "/arbeidet-ditt/"
    assert people[0]["name"] in visitor.get("/arbeidet-ditt/")[1]
    wait_for(lambda: "Task notifications.sweep_outbox" in demo.log("worker") and "succeeded" in demo.log("worker"))

    demo.press_ctrl_c()

    assert demo.left_running() == []


def test_second_start_is_quick_and_a_kill_leaves_nothing(data, demo):
    begun = time.monotonic()
    is_second = (data / "done-people").exists()
    demo.wait_until_open(seconds=300)
    assert not is_second or time.monotonic() - begun < 30

    os.killpg(demo.process.pid, signal.SIGKILL)

    wait_for(lambda: demo.left_running() == [])


def wait_for(is_so, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def test_demo_without_make_compiles_translations_that_are_older_than_their_texts(tmp_path, monkeypatch):
    compiled = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.mo"
    program.compile_translations()
    os.utime(compiled, (0, 0))
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("DATA_DIR", str(tmp_path))

        with pytest.raises(processes.StartError, match="is in use"):
            program.Demo().prepare()

    assert compiled.stat().st_mtime >= compiled.with_suffix(".po").stat().st_mtime
