"""The results as bench/RESULTS.md: the table, the targets, and where one is missed the profile and what was tried."""

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from apps.core.dates import OSLO
from bench.stand import FLOOR, PAGES, PORTAL

HERE = Path(__file__).resolve().parent
TO_FLOOR, TO_SMALLER, SEED_SECONDS = 2.0, 1.2, 120


@dataclass
class Results:
    """`samples` by (logs, page, site, clients), one per block; `sql` by (logs, page)."""

    blocks: int
    requests: int
    samples: dict
    sql: dict
    seed_seconds: dict
    profiles: str = ""

    @property
    def sizes(self) -> list[int]:
        return sorted({logs for logs, _page in self.sql})

    def cpu(self, logs: int, page: str, site: str) -> float:
        return median(sample.cpu_ms for sample in self.samples[logs, page, site, 1])

    def times(self, logs: int, page: str, clients: int) -> str:
        samples = self.samples[logs, page, PORTAL, clients]
        return f"{median(s.p50 for s in samples):.0f} / {median(s.p95 for s in samples):.0f}"

    def targets(self) -> list[tuple[str, str, bool]]:
        """Sentence, measured, met."""
        small, large = self.sizes
        found = []
        for page in PAGES:
            ratio = max(self.cpu(logs, page, PORTAL) / self.cpu(logs, page, FLOOR) for logs in self.sizes)
            found.append((f"{page} ≤ {TO_FLOOR:g} × floor by CPU", f"{ratio:.2f}", ratio <= TO_FLOOR))
        for page in PAGES:
            ratio = self.cpu(large, page, PORTAL) / self.cpu(small, page, PORTAL)
            found.append((f"{page}: {large} logs ≤ {TO_SMALLER:g} × {small}", f"{ratio:.2f}", ratio <= TO_SMALLER))
        counts = [", ".join(str(self.sql[logs, page]) for page in PAGES) for logs in self.sizes]
        found.append(("the same SQL count at both sizes", " and ".join(counts), counts[0] == counts[1]))
        for command, seconds in self.seed_seconds.items():
            found.append((f"`{command}` ≤ {SEED_SECONDS} s", f"{seconds:.0f} s", seconds <= SEED_SECONDS))
        return found


def written(results: Results) -> str:
    lines = [
        "# Benchmark",
        "",
        f"Written by `make bench` on {datetime.now(OSLO):%Y-%m-%d}; not edited by hand.",
        f"{os.cpu_count()} cores ({_processor()}),",
        f"Python {platform.python_version()}; PostgreSQL and gunicorn (two workers) on the same machine;",
        f"median of {results.blocks} interleaved blocks of {results.requests} requests.",
        "CPU is that of the web workers and the database together, per request; times are the portal's, at the client.",
        "The floor is `bench/floor.py`: bare Django views with the same sign-in, user, access filter, audit rows and",
        "fields, as plain HTML. The employee sees the same 40 logs at both sizes; the list shows 25; a note is posted.",
        "",
        "| Logs | Page | Portal CPU ms | Floor CPU ms | Ratio | p50/p95 ms, 1 client | p50/p95 ms, 8 clients | SQL |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for logs in results.sizes:
        for page in PAGES:
            own, least = results.cpu(logs, page, PORTAL), results.cpu(logs, page, FLOOR)
            lines.append(
                f"| {logs} | {page} | {own:.1f} | {least:.1f} | {own / least:.2f} | {results.times(logs, page, 1)} "
                f"| {results.times(logs, page, 8)} | {results.sql[logs, page]} |"
            )
    lines += ["", "| Target | Measured | Met |", "|---|---|---|"]
    targets = results.targets()
    lines += [f"| {sentence} | {measured} | {'yes' if met else 'no'} |" for sentence, measured, met in targets]
    if not all(met for _sentence, _measured, met in targets):
        lines += ["", (HERE / "TRIED.md").read_text("utf-8").strip(), "", "## Profile", "", results.profiles.strip()]
    return "\n".join(lines) + "\n"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
