"""`python -m bench`: 1 000 and 10 000 logs, 200 users, the portal and the floor in turns. Writes bench/RESULTS.md."""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from statistics import median
from uuid import uuid4

from apps.core.dates import OSLO
from bench.measure import Client, descendants, run
from scripts import processes
from tests.environment import FIXED
from tests.servers import Postgres, run_sql

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 10_000)
BLOCKS, REQUESTS = 5, 40
VISIBLE = 40
PAGES = ("list", "detail", "post")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help="three times as many requests")
    parser.add_argument("--quick", action="store_true", help="one block, to see that it runs")
    options = parser.parse_args()
    blocks = 1 if options.quick else BLOCKS * (3 if options.long else 1)
    server = Postgres().start()
    with tempfile.TemporaryDirectory(prefix="bti-bench-") as folder:
        try:
            results = {size: Run(size, server, Path(folder)).measure(blocks) for size in SIZES}
        finally:
            server.stop()
    text = report(results, blocks)
    print(text)
    if not options.quick:
        (ROOT / "bench" / "RESULTS.md").write_text(text, "utf-8")
    return 0


def localdate() -> str:
    return f"{datetime.now(OSLO):%Y-%m-%d}"


class Run:
    """One database of one size, with two gunicorns on it: the portal and the floor."""

    def __init__(self, size: int, server: Postgres, folder: Path):
        self.size, self.server, self.folder = size, server, folder
        self.env = self._env()

    def _env(self) -> dict[str, str]:
        name = f"bench_{self.size}"
        run_sql(self.server.url("postgres"), f"CREATE DATABASE {name}")
        data = self.folder / name
        (data / "static").mkdir(parents=True)
        return (
            os.environ
            | FIXED
            | {
                "DATABASE_URL": self.server.url(name),
                "DATA_DIR": str(data),
                "DEMO": "true",
                "LONG_STATEMENTS": "true",
                "LOG_LEVEL": "ERROR",
                "HASHED_STATIC": "false",
            }
        )

    def measure(self, blocks: int) -> dict:
        self._manage("migrate", "--noinput", "--verbosity", "0")
        self._manage("createcachetable")
        known = self._prepare()
        web = {name: self._gunicorn(name) for name in ("portal", "floor")}
        try:
            return self._measure(web, known, blocks)
        finally:
            for process, _address in web.values():
                processes.stop(process)

    def _measure(self, web, known, blocks) -> dict:
        cookies = {"session": known["session"]}
        acts = {name: _acts(known["log"], name) for name in web}
        samples: dict = {}
        for clients_count in (1, 8):
            clients = {
                name: [Client(address, cookies) for _ in range(clients_count)]
                for name, (_process, address) in web.items()
            }
            for page in PAGES:
                for name in web:  # warm
                    run(clients[name], acts[name][page], clients_count * 3, self._pids(web[name][0]))
                for _block in range(blocks):
                    for name in web:
                        sample = run(clients[name], acts[name][page], REQUESTS, self._pids(web[name][0]))
                        samples.setdefault((page, name, clients_count), []).append(sample)
        return {"samples": samples, "sql": known["sql"], "seconds": known["seconds"]}

    def _pids(self, process):
        """The web server's processes and PostgreSQL's: only one of the two web servers works at a time."""
        return lambda: [*descendants(process.pid), *descendants(self.server.process.pid)]

    def _prepare(self) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "bench.prepare", str(self.size), str(VISIBLE)],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)

    def _manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env, check=True)

    def _gunicorn(self, name: str):
        port = processes.free_port()
        settings = "bench.floor_settings" if name == "floor" else "bti_portal.settings"
        log = self.folder / f"{name}-{self.size}.log"
        process = processes.start(
            [sys.executable, "-m", "gunicorn", "bti_portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"],
            log=log,
            env=self.env
            | {"DJANGO_SETTINGS_MODULE": settings, "PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"},
            cwd=ROOT,
        )
        processes.wait_until(lambda: processes.accepts("127.0.0.1", port), process, what=name, log=log, seconds=60)
        return process, f"http://127.0.0.1:{port}"


def _acts(log: str, name: str) -> dict:
    def get(path):
        def act(client):
            status, _page = client.send("GET", path)
            if status != 200:
                raise RuntimeError(f"{name}: {path} answered {status}")

        return act

    def post(client):
        path = f"/logger/{log}/beskjeder/"
        if not hasattr(client, "form"):
            client.form = client.fields_of(path, "text")
        form = client.form | {"text": "Det gikk fint i dag.", "audience": "all"}
        if "form_key" in form:
            form["form_key"] = str(uuid4())
        status, page = client.send("POST", path, form)
        if status != 302:
            raise RuntimeError(f"{name}: the post answered {status}\n{page[:2000]}")

    return {"list": get("/logger/"), "detail": get(f"/logger/{log}/"), "post": post}


def report(results: dict, blocks: int) -> str:
    processor = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "?",
    )
    lines = [
        "# Benchmark",
        "",
        f"Written by `make bench` on {localdate()}. {os.cpu_count()} cores ({processor}),",
        f"Python {platform.python_version()}, PostgreSQL and gunicorn (two workers) on the same machine,",
        f"{blocks} interleaved blocks of {REQUESTS} requests.",
        "CPU is that of the web workers and the database together, per request; times are at the client. The floor is",
        "`bench/floor.py`: the same sign-in, access filter, audit rows and fields, as plain HTML without middleware.",
        "",
        "| Logs | Page | Portal CPU ms | Floor CPU ms | Ratio | p50/p95 ms, 1 client | p50/p95 ms, 8 clients | SQL |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ratios, cost = {}, {}
    for size, result in results.items():
        sql = dict(part.split(":") for part in result["sql"].split(","))
        for page in PAGES:
            portal, floor = (result["samples"][(page, name, 1)] for name in ("portal", "floor"))
            many = result["samples"][(page, "portal", 8)]
            own, least = median(s.cpu_ms for s in portal), median(s.cpu_ms for s in floor)
            ratios[size, page], cost[size, page] = own / least, own
            lines.append(
                f"| {size} | {page} | {own:.1f} | {least:.1f} | {own / least:.2f} "
                f"| {median(s.p50 for s in portal):.0f} / {median(s.p95 for s in portal):.0f} "
                f"| {median(s.p50 for s in many):.0f} / {median(s.p95 for s in many):.0f} | {sql.get(page, '–')} |"
            )
    lines += ["", "| Target | Measured | Met |", "|---|---|---|"]
    for page in PAGES:
        value = max(ratios[size, page] for size in results)
        lines.append(f"| {page} ≤ 2 × floor by CPU | {value:.2f} | {'yes' if value <= 2 else 'no'} |")
    for page in PAGES:
        value = cost[SIZES[1], page] / cost[SIZES[0], page]
        lines.append(f"| {page}: 10 000 logs ≤ 1.2 × 1 000 | {value:.2f} | {'yes' if value <= 1.2 else 'no'} |")
    same = len({result["sql"] for result in results.values()}) == 1
    counts = ", ".join(result["sql"] for result in results.values())
    lines.append(f"| the same SQL count at both sizes | {counts} | {'yes' if same else 'no'} |")
    for size, result in results.items():
        lines.append(f"\nMaking {size} logs took {float(result['seconds']):.0f} s.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
