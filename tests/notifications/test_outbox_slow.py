"""A mail server that answers slowly holds nobody up but the e-mails."""

import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils import timezone

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from apps.notifications import rules, services
from apps.notifications.enums import DeliveryState
from apps.notifications.models import Delivery
from bti_portal.celery import SCHEDULE

NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("test_kinds")


def tell_people(number, now=NOW):
    for each in range(number):
        person = User.objects.make(email=f"p{each}@solvik.example", name=f"Person {each}", kind=UserKind.EMPLOYEE)
        services.notify(recipient=person, kind="test_task", key="a", url_name="notifications:list", now=now)


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


@pytest.mark.django_db
def test_sweep_ends_when_its_time_is_used_and_the_next_one_goes_on(smtp):
    tell_people(3)
    smtp.on_message(lambda _port: time.sleep(0.6), keep=True)

    first = services.sweep_outbox(now=NOW, seconds=0.5)
    second = services.sweep_outbox(now=NOW)

    assert (first, second, len(smtp.messages)) == (1, 2, 3)


def test_sweep_is_over_before_the_next_one_is_due():
    assert SCHEDULE["sweep-outbox"]["schedule"] > rules.SWEEP_SECONDS


@pytest.mark.django_db(transaction=True)
def test_second_sweep_does_nothing_while_one_is_at_it(smtp):
    tell_people(2, now=datetime.now(UTC) - timedelta(minutes=1))
    found = []

    def sweep_too(_port):
        def sweep():
            found.append(services.sweep_outbox_in_turn())
            connection.close()

        other = threading.Thread(target=sweep)
        other.start()
        other.join()

    smtp.on_message(sweep_too, keep=True)

    sent = services.sweep_outbox_in_turn()

    assert (found, sent, len(smtp.messages)) == ([0], 2, 2)
    assert services.sweep_outbox_in_turn() == 0


@pytest.mark.django_db
def test_end_of_the_workers_patience_is_no_failed_email(smtp):
    """As Celery does it: a signal in the middle of the sending raises, and the process is ended soon after."""
    tell_people(1)
    smtp.on_message(lambda _port: time.sleep(1), keep=True)

    def run_out(_signal, _frame):
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, run_out)
    signal.setitimer(signal.ITIMER_REAL, 0.4)
    try:
        with pytest.raises(SoftTimeLimitExceeded):
            services.sweep_outbox(now=NOW)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.error) == (DeliveryState.SENDING, 0, "")
    assert services.sweep_outbox(now=timezone.now() + rules.LEASE) == 1
    assert states() == ["sent"]
