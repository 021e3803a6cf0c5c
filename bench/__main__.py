"""`python -m bench`: 1 000 and 10 000 logs, 200 employees, the portal and the floor in turns. Writes RESULTS.md."""

import argparse
import sys
import tempfile
from itertools import product
from pathlib import Path

from bench import report
from bench.stand import PAGES, ROOT, Size, Stand

SIZES = (1_000, 10_000)
BLOCKS, REQUESTS, CLIENTS = 5, 40, (1, 8)
SEED = ("--logs", "10000")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--long", action="store_true", help="three times as many blocks")
    parser.add_argument("--quick", action="store_true", help="one block, printed and not written to RESULTS.md")
    options = parser.parse_args()
    blocks = 1 if options.quick else BLOCKS * (3 if options.long else 1)
    with tempfile.TemporaryDirectory(prefix="bti-bench-") as folder:
        stand = Stand(Path(folder))
        try:
            text = report.written(measure(stand, blocks, seed=not options.quick))
        finally:
            stand.stop()
    print(text)
    if not options.quick:
        (ROOT / "bench" / "RESULTS.md").write_text(text, "utf-8")
    return 0


def measure(stand: Stand, blocks: int, *, seed: bool) -> report.Results:
    seconds = {f"seed_demo {' '.join(SEED)}": stand.seconds_to_seed(*SEED)} if seed else {}
    sizes: list[Size] = []
    try:
        sizes += [Size(stand, logs) for logs in SIZES]
        samples = in_turns(sizes, blocks)
        profiles = stand.run(["-m", "bench.profile", sizes[0].log, sizes[0].cookies["session"]], sizes[0].database)
    finally:
        for size in sizes:
            size.stop()
    sql = {(size.logs, page): size.sql[page] for size in sizes for page in PAGES}
    return report.Results(blocks, REQUESTS, samples, sql, seconds, profiles)


def in_turns(sizes: list[Size], blocks: int) -> dict:
    """Every block asks each site of each size in turn, so that a slow minute of the machine is shared by all."""
    sites = [(size.logs, name, site) for size in sizes for name, site in size.sites.items()]
    samples: dict = {}
    for clients, page in product(CLIENTS, PAGES):
        for _logs, _name, site in sites:
            site.sample(page, clients=8, requests=32)  # every thread has its connection and its templates
        for _block in range(blocks):
            for logs, name, site in sites:
                sample = site.sample(page, clients=clients, requests=REQUESTS)
                samples.setdefault((logs, page, name, clients), []).append(sample)
    return samples


if __name__ == "__main__":
    sys.exit(main())
