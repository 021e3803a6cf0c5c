"""The pytest plugin that decides what the tests run on: loaded by name in pyproject.toml, before Django's settings.

A private PostgreSQL is started for the run and ended with it; DATABASE_URL and the rest of the caller's environment are
never used. `TEST_DATABASE=sqlite` runs on SQLite in a temporary folder instead (the embedded mode), without servers.
"""

import base64
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from tests.servers import APP_ROLE, SUPERUSER, Postgres

# A worker of pytest-xdist inherits these from the process that started the servers.
FOLDER = "TEST_FOLDER"
SERVER = "TEST_SERVER"

# Keys of the tests: made for them, protect nothing.
FIXED = {
    "SECRET_KEY": "only-for-the-tests-only-for-the-tests-only-for-the-tests",
    "FIELD_KEYS": "t1:" + base64.b64encode(b"field-key-of-the-tests-32-bytes!").decode(),
    "INDEX_KEY": base64.b64encode(b"index-key-of-the-tests-32-bytes!").decode(),
    "BASE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "ALLOW_HTTP": "true",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "FROM_EMAIL": "ikke-svar@solvik.example",
    "REDIS_URL": "redis://127.0.0.1:9/0",  # nobody listens: no page may need the broker
    "HASHED_STATIC": "false",
    "SYNTHETIC_IDS": "true",
    "DEMO": "false",
    # The worlds of the tests are opened municipalities; tests/municipality/test_opening.py has the others.
    "OPEN_FOR_TRIAL": "true",
    "DEBUG": "false",
}
NOT_INHERITED = (
    "DATABASE_URL",
    "CSRF_TRUSTED_ORIGINS",
    "BEHIND_PROXY",
    "LONG_STATEMENTS",
    "SECRET_KEY_FALLBACKS",
    "IDPORTEN_ISSUER",
)


def is_xdist_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def on_postgres() -> bool:
    return os.environ.get("TEST_DATABASE", "postgres") != "sqlite"


def server_url(database: str) -> str:
    """The address of a database as the owner of its tables."""
    return os.environ[SERVER] + database


def app_url(database: str) -> str:
    """The same as the portal's own role, which cannot change the read audit."""
    return server_url(database).replace(f"//{SUPERUSER}@", f"//{APP_ROLE}@")


def folder() -> Path:
    """A folder shared by the whole run, removed at its end."""
    return Path(os.environ[FOLDER])


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, args):
    if is_xdist_worker():
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite end: clean up as after Ctrl-C
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="bti-test-")
    early_config.add_cleanup(_remove_folder)
    for name in NOT_INHERITED:
        os.environ.pop(name, None)
    os.environ.update(FIXED, DATA_DIR=str(folder() / "data"))
    (folder() / "data" / "static").mkdir(parents=True)  # whitenoise warns when it is not there
    if on_postgres():
        server = Postgres().start()
        early_config.add_cleanup(server.stop)
        os.environ[SERVER] = server.url("")
        os.environ["DATABASE_URL"] = server_url("portal")


def _remove_folder():
    shutil.rmtree(folder(), ignore_errors=True)
