"""Databases on the private server, cloned from templates that are made once per run.

`migrated()` has every table and nothing in them; `seeded()` also has the demo municipality. Only on PostgreSQL.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from tests import environment
from tests.servers import run_sql

ROOT = Path(__file__).resolve().parent.parent


def migrated() -> str:
    return _template("bti_migrated", _make_migrated)


def seeded() -> str:
    return _template("bti_seeded", _make_seeded)


def clone(template: str) -> str:
    """The name of a new database with the template's content."""
    name = f"bti_{uuid4().hex[:12]}"
    _create(name, template)
    return name


def drop(name: str) -> None:
    run_sql(environment.server_url("postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def manage(*arguments: str, env: dict[str, str]) -> str:
    """Run `manage.py` in a process of its own; AssertionError with all it wrote when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def env_for(name: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": environment.server_url(name), "DEMO": "true", "LONG_STATEMENTS": "true"}


def _template(name: str, make) -> str:
    """Make the template the first time anyone in the run asks for it; the others wait for it."""
    done = environment.folder() / f"{name}.done"
    with open(environment.folder() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(name)
            done.touch()
    return name


def _make_migrated(name: str) -> None:
    drop(name)
    _create(name, "template0")
    manage("migrate", "--noinput", "--verbosity", "0", env=env_for(name))
    manage("createcachetable", env=env_for(name))


def _make_seeded(name: str) -> None:
    template = migrated()
    drop(name)
    _create(name, template)
    manage("seed_demo", env=env_for(name))


def _create(name: str, template: str) -> None:
    run_sql(environment.server_url("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
