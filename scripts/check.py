#!/usr/bin/env python3
"""Everything that can be judged without running the tests. `--fix` repairs what a tool can repair.

All checks run even when one fails; the end says which did.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TYPED = ("apps", "bti_portal", "scripts")
STATES = ROOT / "docs" / "states.md"


def templates() -> list[str]:
    folders = [ROOT / "templates", *ROOT.glob("apps/*/templates")]
    return [str(path) for folder in folders for path in sorted(folder.rglob("*.html"))]


def djade(*options: str) -> list:
    """Loads and block tags as Django's own style guide has them."""
    return [BIN / "djade", "--target-version", "5.2", *options, *templates()]


def djangofmt(*options: str) -> list:
    """Everything else; its settings are in pyproject.toml. What it cannot break, test_template_lint.py counts."""
    return [BIN / "djangofmt", *options, *templates()]


def has_command(name: str) -> bool:
    return any(ROOT.glob(f"apps/*/management/commands/{name}.py"))


def commands(allow_missing: int) -> dict[str, list]:
    python = sys.executable
    tests = [
        "tests/test_import_order.py",
        "tests/test_types.py",
        "tests/test_template_lint.py",
        "tests/test_whole_project_lint.py",
    ]
    return {
        "ruff": [BIN / "ruff", "check", "."],
        "format": [BIN / "ruff", "format", "--check", "."],
        "template tags": djade("--check"),
        "templates": djangofmt("--check"),
        "types": [BIN / "mypy", *TYPED],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "translations": [python, "scripts/check_messages.py", "--allow-missing", str(allow_missing)],
        "house": [python, "-m", "pytest", "-q", "--no-header", *tests],
        "states": [python, "scripts/check.py", "--states"],
        "compose": [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
    }


def repairs() -> dict[str, list]:
    return {
        "ruff": [BIN / "ruff", "check", "--fix", "."],
        "format": [BIN / "ruff", "format", "."],
        "template tags": djade(),
        "templates": djangofmt(),
        "states": [sys.executable, "scripts/check.py", "--fix", "--states"],
    }


def run(name: str, command: list, env: dict[str, str], good: tuple[int, ...]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    is_good = done.returncode in good
    print(f"{'ok  ' if is_good else 'FAIL'}  {name}  ({time.monotonic() - begun:.1f} s)", flush=True)
    if not is_good:
        print(done.stdout, flush=True)
    return is_good


def run_all(steps: dict[str, list], good: tuple[int, ...] = (0,)) -> int:
    with tempfile.TemporaryDirectory(prefix="bti-check-") as folder:
        env = os.environ | {"DATA_DIR": folder, "TEST_DATABASE": "sqlite", "NO_COLOR": "1"}
        env.pop("DATABASE_URL", None)
        failed = [name for name, command in steps.items() if not run(name, command, env, good)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}. `make fix` repairs what a tool can repair.")
    return 1 if failed else 0


def states(fix: bool) -> int:
    """docs/states.md is written by the transition tables themselves."""
    if not has_command("states_doc"):
        return 0
    text = subprocess.run(
        [sys.executable, "manage.py", "states_doc"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    if fix:
        STATES.write_text(text, "utf-8")
    if not STATES.exists() or STATES.read_text("utf-8") != text:
        print("docs/states.md is not what `manage.py states_doc` writes. `make fix` writes it anew.")
        return 1
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Everything that can be judged without running the tests.")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--allow-missing", type=int, default=0, help="texts that may lack a translation")
    parser.add_argument("--states", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.states:
        return states(options.fix)
    if options.fix:
        # djade answers 1 when it has rewritten a file, ruff when something is left that it cannot repair.
        run_all(repairs(), good=(0, 1))
    return run_all(commands(options.allow_missing))


if __name__ == "__main__":
    sys.exit(main())
