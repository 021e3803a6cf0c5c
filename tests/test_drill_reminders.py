"""Reminders with real parts and real deaths: SMTP, Redis, Celery workers and beats, `kill -9`.

The long forms are run by `make drill`, short ones by `make test`.
"""

import random
import time

import pytest

from tests.live import LiveApp
from tests.reminder_workers import Reminders

WORKERS = 4
PATIENCE = 420  # seconds: two leases and some


@pytest.fixture
def reminders(mail_server, redis_server, django_db_blocker):
    """The demo municipality in a database of its own; its workers are ended with the test. No web server."""
    app = LiveApp(mail_url=mail_server.url, redis_url=redis_server.url)
    made = Reminders(app, mail_server, django_db_blocker)
    try:
        yield made
    finally:
        made.stop()
        app.stop()


def _kill_some(reminders, kills: int) -> int:
    """Four workers, one of them killed and replaced again and again. Returns how many died while sending."""
    for _number in range(WORKERS):
        reminders.sweeper()
    chance = random.Random(1)  # noqa: S311 -- the same kills each time
    for _kill in range(kills):
        time.sleep(chance.uniform(0.3, 1.2))
        reminders.kill(chance.choice(reminders.running))
        reminders.sweeper()
    return reminders.cut_off()


def _table(capsys, rows) -> None:
    with capsys.disabled():
        print("\n| Reminders | Kills | Lost | Notices doubled | E-mails sent again, same Message-ID | Seconds |")
        print("|---|---|---|---|---|---|")
        for row in rows:
            print("| " + " | ".join(map(str, row)) + " |")


def _check(result, count: int) -> None:
    assert (result.notices, result.left, result.lost) == (count, 0, 0)
    assert set(result.ids) == result.expected_ids
    assert len(result.expected_ids) == count


@pytest.mark.drill
def test_600_reminders_and_30_kills_lose_none_and_double_none(reminders, capsys):
    count, kills, started = 600, 30, time.monotonic()
    reminders.plan(count)

    _kill_some(reminders, kills)
    result = reminders.wait_until(lambda so_far: so_far.notices == count and so_far.left == 0, seconds=PATIENCE)

    seconds = round(time.monotonic() - started)
    _table(capsys, [(count, kills, result.lost, result.notices - count, result.sent_again, seconds)])
    _check(result, count)


def test_40_reminders_and_5_kills_lose_none_and_double_none(reminders, capsys):
    """The short form: the leases of the dead are not waited for but moved."""
    count, kills, started = 40, 5, time.monotonic()
    reminders.plan(count)

    _kill_some(reminders, kills)
    for worker in list(reminders.running):
        reminders.kill(worker)
    reminders.let_leases_run_out()
    reminders.sweeper()
    result = reminders.wait_until(lambda so_far: so_far.notices == count and so_far.left == 0, seconds=60)

    seconds = round(time.monotonic() - started)
    _table(capsys, [(count, kills + WORKERS, result.lost, result.notices - count, result.sent_again, seconds)])
    _check(result, count)


@pytest.mark.parametrize(("was_taken", "arrivals"), [(False, 1), (True, 2)])
def test_worker_killed_in_the_middle_of_an_email_leaves_one_notice_and_one_message_id(
    reminders, mail_server, was_taken, arrivals
):
    """The mail server had the message or not: nobody can know, so it is sent again with the same Message-ID."""
    reminders.plan(1)
    mail_server.on_message(lambda port: reminders.kill(reminders.sender_at(port)), keep=was_taken)

    reminders.sweeper()
    reminders.wait_until(lambda _so_far: reminders.running == [], seconds=60)
    dead, cut_off = reminders.running == [], reminders.cut_off()
    reminders.let_leases_run_out()
    reminders.sweeper()
    result = reminders.wait_until(lambda so_far: so_far.left == 0, seconds=60)

    assert (dead, cut_off) == (True, 1)
    _check(result, 1)
    assert sum(result.ids.values()) == arrivals


@pytest.mark.drill
def test_two_workers_and_two_beats_and_one_death_give_one_notice_and_one_message_id(reminders, mail_server, capsys):
    """As in operation. The worker that sends the first e-mail is killed while the mail server takes it."""
    started = time.monotonic()
    reminders.plan(1)
    killed = []
    mail_server.on_message(lambda port: killed.append(_kill_sender(reminders, port)), keep=False)
    for what in ("worker", "worker", "beat", "beat"):
        reminders.celery(what)

    # One more round of both beats after it was sent: nothing may come twice.
    result = reminders.wait_until(lambda so_far: so_far.notices == 1 and so_far.left == 0, seconds=PATIENCE)
    time.sleep(70)
    result = reminders.result()

    with capsys.disabled():
        print("\n| Workers | Beats | Killed while sending | Notices | E-mails | Message-IDs | Seconds |")
        print("|---|---|---|---|---|---|---|")
        counted = [2, 2, len(killed), result.notices, sum(result.ids.values()), len(result.ids)]
        print("| " + " | ".join(map(str, [*counted, round(time.monotonic() - started)])) + " |")
    assert len(killed) == 1
    _check(result, 1)
    assert sum(result.ids.values()) == 1


def _kill_sender(reminders, port: int) -> int:
    sender = reminders.sender_at(port)
    reminders.kill(sender)
    return sender.pid
