"""`python -m bench.profile LOG SESSION`: where the portal's CPU goes, one table of text per page."""

import cProfile
import io
import pstats
import sys
from pathlib import Path

from bench.inside import requests_for

ROOT = Path(__file__).resolve().parent.parent
TIMES, WARM, LINES = 30, 3, 25


def main(log: str, session: str) -> None:
    for page, ask in requests_for(log, session).items():
        for _ in range(WARM):
            ask()
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(TIMES):
            ask()
        profile.disable()
        print(f"{page}\n{table(profile)}")


def table(profile: cProfile.Profile) -> str:
    """The functions with most CPU of their own, per request."""
    stats = pstats.Stats(profile, stream=io.StringIO())
    whole = sum(own for _calls, _all, own, _cumulative, _callers in stats.stats.values())
    lines = ["share  calls  function"]
    rows = sorted(stats.stats.items(), key=lambda item: item[1][2], reverse=True)
    for (path, number, name), (_calls, calls, own, _cumulative, _callers) in rows[:LINES]:
        lines.append(f"{own / whole:5.1%}  {calls / TIMES:5.0f}  {_place(path, number)}{name}")
    return "\n".join(lines)


def _place(path: str, number: int) -> str:
    if path == "~":
        return ""
    parts = Path(path).parts
    start = next((parts.index(part) + 1 for part in ("site-packages", ROOT.name) if part in parts), len(parts) - 1)
    return f"{'/'.join(parts[start:])}:{number} "


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
