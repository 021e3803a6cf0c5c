"""The results as bench/RESULTS.md: the tables, the targets, and where one is missed the profile and what was tried."""

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from apps.core.dates import OSLO
from bench.pages import PAGES
from bench.stand import FLOOR, LEAN, OLD, PORTAL

HERE = Path(__file__).resolve().parent
TO_FLOOR, TO_SMALLER, SEED_SECONDS = 2.0, 1.2, 120


@dataclass
class Results:
    """`samples` by (logs, page, site, clients), one per block; `sql` by (logs, page).

    `old` is the version of the older checkout; None when there was none.
    """

    blocks: int
    requests: int
    samples: dict
    sql: dict
    seed_seconds: dict
    profiles: str = ""
    old: str | None = None

    @property
    def sizes(self) -> list[int]:
        return sorted({logs for logs, _page in self.sql})

    def sizes_of(self, page: str) -> list[int]:
        return [logs for logs in self.sizes if (logs, page) in self.sql]

    def _cpus(self, logs: int, page: str, site: str) -> list[float]:
        return [sample.cpu_ms for sample in self.samples[logs, page, site, 1]]

    def cpu(self, logs: int, page: str, site: str) -> float:
        return median(self._cpus(logs, page, site))

    def ratio(self, page: str, above: tuple[int, str], below: tuple[int, str]) -> float:
        """How much CPU one (logs, site) uses for the page beside another: block by block, as each shares a minute."""
        pairs = zip(self._cpus(above[0], page, above[1]), self._cpus(below[0], page, below[1]), strict=True)
        return median(own / other for own, other in pairs)

    def times(self, logs: int, page: str, clients: int) -> str:
        samples = self.samples[logs, page, PORTAL, clients]
        return f"{median(s.p50 for s in samples):.0f} / {median(s.p95 for s in samples):.0f}"

    @property
    def crowd(self) -> int:
        return max(clients for _logs, _page, _site, clients in self.samples)

    def targets(self) -> list[tuple[str, str, bool]]:
        """Sentence, measured, met."""
        found = []
        for page in PAGES:
            ratio = max(self.ratio(page, (logs, PORTAL), (logs, FLOOR)) for logs in self.sizes_of(page))
            found.append((f"{page} ≤ {TO_FLOOR:g} × floor by CPU", f"{ratio:.2f}", ratio <= TO_FLOOR))
        for page in PAGES:
            smallest, *larger = self.sizes_of(page)
            for logs in larger:
                ratio = self.ratio(page, (logs, PORTAL), (smallest, PORTAL))
                sentence = f"{page}: {logs} logs ≤ {TO_SMALLER:g} × {smallest}"
                found.append((sentence, f"{ratio:.2f}", ratio <= TO_SMALLER))
        counts = {page: [self.sql[logs, page] for logs in self.sizes_of(page)] for page in PAGES}
        shown = ", ".join(f"{page} {' '.join(map(str, found))}" for page, found in counts.items())
        found.append(("the same SQL count at all sizes", shown, all(len(set(same)) == 1 for same in counts.values())))
        for command, seconds in self.seed_seconds.items():
            found.append((f"`{command}` ≤ {SEED_SECONDS} s", f"{seconds:.0f} s", seconds <= SEED_SECONDS))
        return found


def written(results: Results) -> str:
    crowd = results.crowd
    lines = [
        "# Benchmark",
        "",
        f"Written by `make bench` on {datetime.now(OSLO):%Y-%m-%d}; not edited by hand.",
        f"{os.cpu_count()} cores ({_processor()}),",
        f"Python {platform.python_version()}; PostgreSQL and gunicorn (two workers) on the same machine;",
        f"median of {results.blocks} interleaved blocks of {results.requests} requests.",
        "CPU is that of the web workers and the database together, per request; times are the portal's, at the client.",
        "The floor is `bench/floor.py`: bare Django views with the same sign-in, user, access filter, audit rows and",
        "fields, as plain HTML. The lean floor, `bench/lean.py`, answers the same by hand-written SQL and f-strings.",
        "The employee sees the same 40 logs at all sizes; the list shows 25, the start page 6; a note is posted.",
        "",
        "| Logs | Page | Portal CPU ms | Floor CPU ms | Ratio | Lean CPU ms | p50/p95 ms, 1 client "
        f"| p50/p95 ms, {crowd} clients | SQL |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for logs in results.sizes:
        for page in (page for page in PAGES if (logs, page) in results.sql):
            own, floor, lean = (results.cpu(logs, page, site) for site in (PORTAL, FLOOR, LEAN))
            ratio = results.ratio(page, (logs, PORTAL), (logs, FLOOR))
            lines.append(
                f"| {logs} | {page} | {own:.1f} | {floor:.1f} | {ratio:.2f} | {lean:.1f} "
                f"| {results.times(logs, page, 1)} | {results.times(logs, page, crowd)} | {results.sql[logs, page]} |"
            )
    if results.old is not None:
        lines += _against(results)
    lines += ["", "| Target | Measured | Met |", "|---|---|---|"]
    targets = results.targets()
    lines += [f"| {sentence} | {measured} | {'yes' if met else 'no'} |" for sentence, measured, met in targets]
    if not all(met for _sentence, _measured, met in targets):
        lines += ["", (HERE / "TRIED.md").read_text("utf-8").strip(), "", "## Profile", "", results.profiles.strip()]
    return "\n".join(lines) + "\n"


def _against(results: Results) -> list[str]:
    lines = [
        "",
        f"Beside an older checkout{f' ({results.old})' if results.old else ''}, on the same rows in the same turns:",
        "",
        "| Logs | Page | Older CPU ms | Portal CPU ms | Portal / older |",
        "|---|---|---|---|---|",
    ]
    for page in PAGES:
        for logs in results.sizes_of(page):
            old, own = results.cpu(logs, page, OLD), results.cpu(logs, page, PORTAL)
            ratio = results.ratio(page, (logs, PORTAL), (logs, OLD))
            lines.append(f"| {logs} | {page} | {old:.1f} | {own:.1f} | {ratio:.2f} |")
    return lines


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
