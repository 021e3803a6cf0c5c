"""What worker and beat write, read from their own output: the portal's lines, and no word of what a job failed on."""

import json
import time

import pytest

from tests import environment
from tests.live import LiveApp
from tests.reminder_workers import Reminders
from tests.servers import run_sql

LEFT = "even.holm@solvik.example"
FAILS = "accounts.deactivate_those_who_left"


@pytest.fixture
def workers(mail_server, redis_server, django_db_blocker):
    app = LiveApp(mail_url=mail_server.url, redis_url=redis_server.url)
    made = Reminders(app, mail_server, django_db_blocker)
    try:
        yield made
    finally:
        made.stop()
        app.stop()


def lines_of(text):
    """The lines after Celery's greeting, which is the same for everyone."""
    found = [line for line in text.splitlines() if line.strip()]
    first = next((number for number, line in enumerate(found) if line.startswith("{")), len(found))
    return found[first:]


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_job_that_fails_says_where_and_never_on_whom(workers, pool):
    """The database refuses the row and quotes it whole, with password, name, e-mail and telephone."""
    database = environment.server_url(workers.app.database)
    run_sql(database, "ALTER TABLE accounts_user ADD CHECK (is_active) NOT VALID")
    run_sql(database, f"UPDATE accounts_user SET last_day = '2020-01-01' WHERE email = '{LEFT}'")
    worker = workers.celery("worker", pool=pool)
    beat = workers.celery("beat")  # a new one runs everything at once

    until = time.monotonic() + 90
    while "IntegrityError" not in workers.written_by(worker) and time.monotonic() < until:
        time.sleep(0.3)
    written = {"worker": workers.written_by(worker), "beat": workers.written_by(beat)}

    assert {who: [line for line in lines_of(text) if not line.startswith("{")] for who, text in written.items()} == {
        "worker": [],
        "beat": [],
    }
    failed = [json.loads(line) for line in lines_of(written["worker"]) if FAILS in line and "IntegrityError" in line]
    assert len(failed) == 1
    assert failed[0]["event"].endswith("raised unexpected: IntegrityError")
    assert "services/people.py" in failed[0]["traceback"]
    assert [word for word in ("Even Holm", LEFT, "argon2", "Failing row") if word in "".join(written.values())] == []
