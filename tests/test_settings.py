"""Settings come from the environment, and a wrong one stops the start with a sentence that says what is wrong."""

import base64
import json
import os
import re
import subprocess
import sys
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
    ],
)
def test_settings_refuse_wrong_values(name, value, sentence, tmp_path):
    loaded = load(COMPLETE | {name: value}, tmp_path)

    assert (loaded.returncode, sentence in loaded.stderr) == (1, True)


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
    names = set(re.findall(r'(?:env\.[a-z_]+|_secret)\(\s*"([A-Z_]+)"', source)) | set(COMPLETE)
    readme, example = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".env.example").read_text("utf-8")

    assert {name for name in names if f"| `{name}` |" not in readme} == set()
    assert {name for name in names if not re.search(rf"^(# )?{name}=", example, re.MULTILINE)} == set()
