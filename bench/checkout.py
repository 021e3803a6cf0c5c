"""A checkout of the portal with its own .venv and its own static files: this one, or an older one to compare with."""

import os
import subprocess
import sys
from pathlib import Path

from scripts import processes
from tests.environment import FIXED

ROOT = Path(__file__).resolve().parent.parent
# As in the Dockerfile.
GUNICORN = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]


class Checkout:
    """Runs the portal of one checkout; `data` is the folder it may write in."""

    def __init__(self, root: Path, data: Path):
        self.root, self.data = root, data
        self.python = Path(sys.executable) if root == ROOT else root / ".venv" / "bin" / "python"
        if not self.python.exists():
            raise SystemExit("The older checkout has no .venv: run its scripts/setup.py first.")
        data.mkdir(parents=True, exist_ok=True)

    def env(self, url: str) -> dict[str, str]:
        own = {"DATABASE_URL": url, "DATA_DIR": str(self.data), "DEMO": "true", "HASHED_STATIC": "true"}
        return os.environ | FIXED | own

    def run(self, arguments: list[str], url: str) -> str:
        """A Python command on one database, without the limit on long statements; gives what it printed."""
        done = subprocess.run(
            [self.python, *arguments],
            cwd=self.root,
            env=self.env(url) | {"LONG_STATEMENTS": "true"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def values(self, arguments: list[str], url: str) -> dict[str, str]:
        """What a command printed as `key=value`."""
        return dict(line.split("=", 1) for line in self.run(arguments, url).splitlines() if "=" in line)

    def serve(self, url: str, *, port: int, settings: str, log: Path) -> subprocess.Popen:
        """gunicorn with these settings, as in operation."""
        own = {"DJANGO_SETTINGS_MODULE": settings, "BASE_URL": f"http://127.0.0.1:{port}"}
        return processes.start(
            [self.python, "-m", "gunicorn", "bti_portal.wsgi", "--bind", f"127.0.0.1:{port}", *GUNICORN],
            log=log,
            env=self.env(url) | own,
            cwd=self.root,
        )

    def version(self) -> str:
        """The commit, in short; empty where it is no checkout of git."""
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=self.root, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()
