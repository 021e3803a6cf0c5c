"""The worker's patience has an end, and a sweep must not take it for a failed step."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from apps.stafettlogg.services import reminders

pytestmark = pytest.mark.django_db


def test_sweep_that_runs_out_of_time_ends_at_once(monkeypatch):
    done = []

    def too_long(*, now):
        raise SoftTimeLimitExceeded

    def next_step(*, now):
        done.append(now)
        return 0

    monkeypatch.setattr(reminders, "STEPS", (too_long, next_step))

    with pytest.raises(SoftTimeLimitExceeded):
        reminders.sweep(now=timezone.now())
    assert done == []
