"""What is measured: databases of one size each, and on each the portal, perhaps an older one, and the floors."""

import time
from pathlib import Path
from uuid import uuid4

from bench.checkout import ROOT, Checkout
from bench.measure import Client, Sample, descendants, run
from bench.multiply import multiply
from bench.pages import PAGES, address, message
from scripts import processes
from tests.servers import Postgres, run_sql

VISIBLE = 40
OLD, PORTAL, FLOOR, LEAN = "old", "portal", "floor", "lean"
SETTINGS = {
    OLD: "bti_portal.settings",
    PORTAL: "bti_portal.settings",
    FLOOR: "bench.floor_settings",
    LEAN: "bench.lean_settings",
}


class Stand:
    """One PostgreSQL, the checkouts, and a first database of a thousand logs that the others are made from.

    With an older checkout it is that one which makes the first database: the newer migrates its own copies of it, so
    both have the same rows.
    """

    FIRST = 1_000

    def __init__(self, folder: Path, against: Path | None = None):
        self.folder = folder
        self.own = Checkout(ROOT, folder / "own")
        self.old = Checkout(against, folder / "old") if against else None
        self.server = Postgres().start()
        self._make("empty")
        first = self.old or self.own
        for command in (["migrate", "--noinput"], ["createcachetable"]):
            first.run(["manage.py", *command], self.url("empty"))
        for checkout in filter(None, (self.old, self.own)):
            checkout.run(["manage.py", "collectstatic", "--noinput"], self.url("empty"))
        self._make("first", like="empty")
        known = first.values(["-m", "bench.prepare", str(self.FIRST), str(VISIBLE)], self.url("first"))
        self.log, self.session = known["log"], known["session"]

    def stop(self) -> None:
        self.server.stop()

    def url(self, database: str) -> str:
        return self.server.url(database)

    def _make(self, database: str, *, like: str = "template1") -> None:
        statement = f"CREATE DATABASE {database} TEMPLATE {like} STRATEGY file_copy"
        run_sql(self.url("postgres"), statement)

    def fill(self, logs: int) -> dict[str, str]:
        """Databases with this many logs: the one of the newer checkout, and that of the older when there is one."""
        old, own = f"old_{logs}", f"own_{logs}"
        self._make(own, like="first")
        if logs > self.FIRST:
            multiply(self.url(own), logs // self.FIRST)
        run_sql(self.url(own), "VACUUM ANALYZE")
        if self.old is None:
            return {PORTAL: own}
        self._make(old, like=own)
        self.own.run(["manage.py", "migrate", "--noinput"], self.url(own))
        run_sql(self.url(own), "ANALYZE")
        return {PORTAL: own, OLD: old}

    def seconds_to_seed(self, *arguments: str) -> float:
        """How long `manage.py seed_demo` takes on an empty database, all of it."""
        name = f"seed_{uuid4().hex[:8]}"
        self._make(name)
        for command in (["migrate", "--noinput"], ["createcachetable"]):
            self.own.run(["manage.py", *command], self.url(name))
        started = time.perf_counter()
        self.own.run(["manage.py", "seed_demo", *arguments], self.url(name))
        seconds = time.perf_counter() - started
        run_sql(self.url("postgres"), f"DROP DATABASE {name}")
        return seconds


class Site:
    """The portal, the older portal or a floor on the database of one size."""

    def __init__(self, stand: Stand, name: str, database: str):
        self.stand, self.name = stand, name
        self.cookies = {"session": stand.session}
        port = processes.free_port()
        self.address = f"http://127.0.0.1:{port}"
        log = stand.folder / f"{name}-{database}.log"
        checkout = stand.old if name == OLD else stand.own
        self.process = checkout.serve(stand.url(database), port=port, settings=SETTINGS[name], log=log)
        processes.wait_until(self._answers, self.process, what=name, log=log, seconds=60)

    def _answers(self) -> bool:
        try:
            return Client(self.address, self.cookies).send("GET", "/logger/")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        processes.stop(self.process)

    def sample(self, page: str, *, clients: int, requests: int) -> Sample:
        """Only one site works at a time, so what PostgreSQL uses meanwhile is used for it."""
        browsers = [Client(self.address, self.cookies) for _ in range(clients)]
        path = address(page, self.stand.log)
        act = self._post(path, browsers) if page == "post" else self._get(path)
        return run(browsers, act, requests, self._pids)

    def _pids(self) -> list[int]:
        return [*descendants(self.process.pid), *descendants(self.stand.server.process.pid)]

    def _get(self, path: str):
        def act(client):
            status, _page = client.send("GET", path)
            if status != 200:
                raise RuntimeError(f"{self.name}: {path} answered {status}")

        return act

    def _post(self, path: str, browsers: list[Client]):
        hidden = {browser: browser.hidden_fields(path, "text") for browser in browsers}

        def act(client):
            status, page = client.send("POST", path, hidden[client] | message())
            if status != 302:
                raise RuntimeError(f"{self.name}: the post answered {status}\n{page[:2000]}")

        return act


class Size:
    """One size on every site; an employee sees the same 40 logs whatever the size. `pages` are those measured there."""

    def __init__(self, stand: Stand, logs: int, pages: tuple[str, ...] = PAGES):
        self.stand, self.logs, self.pages = stand, logs, pages
        databases = stand.fill(logs)
        self.database = databases[PORTAL]
        self.sql = stand.own.values(["-m", "bench.count", stand.log, stand.session], stand.url(self.database))
        names = [OLD, PORTAL, FLOOR, LEAN] if OLD in databases else [PORTAL, FLOOR, LEAN]
        self.sites = {name: Site(stand, name, databases.get(name, self.database)) for name in names}

    def profile(self) -> str:
        return self.stand.own.run(
            ["-m", "bench.profile", self.stand.log, self.stand.session], self.stand.url(self.database)
        )

    def stop(self) -> None:
        for site in self.sites.values():
            site.stop()
