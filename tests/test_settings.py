"""Settings come from the environment, and a wrong one stops the start with a sentence that says what is wrong."""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = base64.b64encode(b"a-key-of-exactly-32-bytes-length").decode()
COMPLETE = {
    "DATABASE_URL": "postgres://portal:secret@db/portal",
    "SECRET_KEY": "s" * 50,
    "FIELD_KEYS": f"k1:{KEY}",
    "INDEX_KEY": KEY,
    "BASE_URL": "https://bti.solvik.example",
    "ALLOWED_HOSTS": "bti.solvik.example",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.solvik.example:587",
    "FROM_EMAIL": "ikke-svar@solvik.example",
    "REDIS_URL": "redis://redis:6379/0",
}


def load(given: dict[str, str], data_dir: Path, show: str = "''") -> subprocess.CompletedProcess:
    """Load the settings in a fresh process with only `given` in the environment; write `show` of them."""
    measuring = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    env = measuring | {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **given}
    code = f"import json; from bti_portal import settings; print(json.dumps({show}, default=str))"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_settings_with_everything_given_are_strict(tmp_path):
    show = (
        "[settings.EMBEDDED, settings.DEBUG, settings.DEMO, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_NAME]"
    )

    loaded = load(COMPLETE, tmp_path, show)

    assert json.loads(loaded.stdout) == [False, False, False, True, "__Host-session"]


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"DATABASE_URL"}))
def test_settings_refuse_to_start_without(name, tmp_path):
    given = {key: value for key, value in COMPLETE.items() if key != name}

    loaded = load(given, tmp_path)

    assert (loaded.returncode, f"ImproperlyConfigured: {name} is missing." in loaded.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("FIELD_KEYS", KEY, "FIELD_KEYS must look like"),
        ("FIELD_KEYS", "k1:c2hvcnQ=", "FIELD_KEYS (k1) must be 32 bytes"),
        ("INDEX_KEY", "not base64!", "INDEX_KEY must be 32 bytes"),
        ("BASE_URL", "http://bti.solvik.example", "BASE_URL must start with https://"),
        ("DATABASE_URL", "mysql://portal@db/portal", "DATABASE_URL must point to PostgreSQL"),
        ("DATABASE_URL", "rubbish", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "postgres://portal:hemmelig/ord@db/portal", "DATABASE_URL cannot be read"),
        ("EMAIL_URL", "smtp://portal:hemmelig#ord@mail.example:587", "EMAIL_URL cannot be read"),
        ("REDIS_URL", "rubbish", "REDIS_URL must be the address of a Redis"),
        ("DEBUG", "maybe", "DEBUG must be true or false"),
        ("CONN_MAX_AGE", "abc", "CONN_MAX_AGE must be a whole number"),
        ("LISTED_ADDRESSES", "rådhuset", "LISTED_ADDRESSES must be addresses or networks"),
    ],
)
def test_settings_refuse_wrong_values(name, value, sentence, tmp_path):
    loaded = load(COMPLETE | {name: value}, tmp_path)

    last = loaded.stderr.splitlines()[-1]
    assert (loaded.returncode, f"ImproperlyConfigured: {sentence}" in last, "hemmelig" in last) == (
        1,
        True,
        False,
    )


def test_refusal_does_not_show_the_secret(tmp_path):
    loaded = load(COMPLETE | {"INDEX_KEY": "hemmelig-nokkel"}, tmp_path)

    assert "hemmelig-nokkel" not in loaded.stderr.splitlines()[-1]


def test_embedded_mode_needs_nothing_and_keeps_its_keys(tmp_path):
    show = "[settings.EMBEDDED, settings.SECRET_KEY, str(settings.DATABASES['default']['NAME'])]"

    first, second = load({}, tmp_path, show), load({}, tmp_path, show)

    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert json.loads(first.stdout)[::2] == [True, str(tmp_path / "portal.sqlite3")]
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_embedded_processes_that_start_at_once_agree_on_the_keys(tmp_path):
    with ThreadPoolExecutor(4) as together:
        loaded = together.map(lambda _: load({}, tmp_path, "settings.SECRET_KEY"), range(4))

    assert len({each.stdout for each in loaded}) == 1
    assert [path.name for path in tmp_path.glob("keys*")] == ["keys.json"]


def test_every_variable_is_explained():
    source = (ROOT / "bti_portal" / "settings.py").read_text("utf-8")
    names = set(re.findall(r'(?:env\.[a-z_]+|_secret|boolean|number|address|networks)\(\s*"([A-Z_]+)"', source)) | set(
        COMPLETE
    )
    readme, example = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".env.example").read_text("utf-8")

    assert {name for name in names if f"| `{name}` |" not in readme} == set()
    assert {name for name in names if not re.search(rf"^(# )?{name}=", example, re.MULTILINE)} == set()


def test_embedded_mode_keeps_what_it_writes_for_its_own_account(tmp_path):
    folder = tmp_path / "data"
    show = "(open(settings.DATA_DIR / 'portal.sqlite3', 'w').close(), (settings.DATA_DIR / 'mail').mkdir())"

    load({}, folder, show)

    modes = {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())}
    assert modes == dict.fromkeys(["data", "keys.json", "portal.sqlite3", "mail"], 0)


def test_hsts_asks_for_no_place_on_the_browsers_list_unless_it_is_chosen(tmp_path):
    show = "[settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_HSTS_PRELOAD]"

    usual, chosen = load(COMPLETE, tmp_path, show), load(COMPLETE | {"HSTS_PRELOAD": "true"}, tmp_path, show)

    assert [json.loads(each.stdout) for each in (usual, chosen)] == [[True, False], [True, True]]


def test_database_that_accepts_and_never_answers_is_given_up(tmp_path):
    """Else every thread of the web server waits for it for ever, also those that would answer without it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        given = COMPLETE | {"DATABASE_URL": f"postgres://portal:secret@127.0.0.1:{silent.getsockname()[1]}/portal"}
        code = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
        env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "bti_portal.settings"}
        started = time.monotonic()

        asked = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=env | given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert "OperationalError" in asked.stderr
    assert time.monotonic() - started < 20
