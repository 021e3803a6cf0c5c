"""Databases on the private server, cloned from templates that are made once per run.

`migrated()` has every table and nothing in them; `seeded()` also has the demo municipality. Only on PostgreSQL.
Running all migrations takes long, so the result is kept as SQL in .cache/ until a migration changes.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from tests import environment
from tests.servers import APP_ROLE, postgres_programs, run_sql

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


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
    kept = CACHE / f"migrated-{_fingerprint()}.sql"
    if kept.exists():
        _run_program("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={kept}", name=name)
        manage("grant_app_role", APP_ROLE, env=env_for(name))
        return
    manage("migrate", "--noinput", "--verbosity", "0", env=env_for(name))
    manage("createcachetable", env=env_for(name))
    CACHE.mkdir(exist_ok=True)
    fresh = CACHE / f"{kept.name}.{os.getpid()}"
    _run_program("pg_dump", "--no-owner", "--no-privileges", f"--file={fresh}", name=name)
    manage("grant_app_role", APP_ROLE, env=env_for(name))
    fresh.rename(kept)
    for old in sorted(CACHE.glob("migrated-*.sql"), key=lambda path: path.stat().st_mtime)[:-5]:
        old.unlink(missing_ok=True)


def _fingerprint() -> str:
    """Changes when a migration or a package does."""
    seen = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("apps/*/migrations/*.py")):
        seen.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def _run_program(program: str, *arguments: str, name: str) -> None:
    command = [postgres_programs() / program, *arguments, f"--dbname={environment.server_url(name)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{program}:\n{done.stdout}{done.stderr}"


def _make_seeded(name: str) -> None:
    template = migrated()
    drop(name)
    _create(name, template)
    manage("seed_demo", env=env_for(name))


def _create(name: str, template: str) -> None:
    run_sql(environment.server_url("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
