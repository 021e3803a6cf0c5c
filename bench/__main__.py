"""`python -m bench`: the portal and two floors in turns, at 1 000, 10 000 and 100 000 logs. Writes RESULTS.md.

`--against FOLDER` measures an older checkout of the portal in the same turns, on the same rows, and says how much of
its CPU the newer uses. FOLDER has its own .venv.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import report
from bench.checkout import ROOT
from bench.pages import PAGES
from bench.stand import OLD, PORTAL, Size, Stand

# The largest is for the list and the start page, whose plans could grow with the number of logs.
SIZES = {1_000: PAGES, 10_000: PAGES, 100_000: ("start", "list")}
BLOCKS, REQUESTS, CLIENTS = 5, 40, 8
SEED = ("--logs", "10000")


def main() -> int:
    options = _options()
    blocks = 1 if options.quick else options.blocks or BLOCKS * (3 if options.long else 1)
    sizes = {logs: SIZES[logs] for logs in options.sizes or SIZES}
    with tempfile.TemporaryDirectory(prefix="bti-bench-") as folder:
        stand = Stand(Path(folder), options.against)
        try:
            text = report.written(measure(stand, sizes, blocks, seed=not options.quick))
        finally:
            stand.stop()
    print(text)
    if not (options.quick or options.sizes):
        (ROOT / "bench" / "RESULTS.md").write_text(text, "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--long", action="store_true", help="three times as many blocks")
    parser.add_argument("--quick", action="store_true", help="one block, printed and not written to RESULTS.md")
    parser.add_argument("--blocks", type=int, help="this many blocks")
    parser.add_argument("--sizes", type=int, nargs="+", choices=SIZES, help="only these, printed and not written")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="an older checkout with its own .venv")
    return parser.parse_args()


def measure(stand: Stand, pages_by_size: dict[int, tuple[str, ...]], blocks: int, *, seed: bool) -> report.Results:
    seconds = {f"seed_demo {' '.join(SEED)}": stand.seconds_to_seed(*SEED)} if seed else {}
    sizes: list[Size] = []
    try:
        sizes += [Size(stand, logs, pages) for logs, pages in pages_by_size.items()]
        samples = in_turns(sizes, blocks)
        profiles = sizes[0].profile()
    finally:
        for size in sizes:
            size.stop()
    sql = {(size.logs, page): int(size.sql[page]) for size in sizes for page in size.pages}
    old = stand.old.version() if stand.old else None
    return report.Results(blocks, REQUESTS, samples, sql, seconds, profiles, old)


def in_turns(sizes: list[Size], blocks: int) -> dict:
    """Every block asks each site of each size in turn, so that a slow minute of the machine is shared by all."""
    samples: dict = {}
    for page in PAGES:
        asked = [size for size in sizes if page in size.pages]
        alone = [(size.logs, name, site) for size in asked for name, site in size.sites.items()]
        for _logs, _name, site in alone:
            site.sample(page, clients=CLIENTS, requests=32)  # every thread has its connection and its templates
        crowded = [turn for turn in alone if turn[1] in (PORTAL, OLD)]
        for clients, turns in ((1, alone), (CLIENTS, crowded)):
            for _block in range(blocks):
                for logs, name, site in turns:
                    sample = site.sample(page, clients=clients, requests=REQUESTS)
                    samples.setdefault((logs, page, name, clients), []).append(sample)
    return samples


if __name__ == "__main__":
    sys.exit(main())
