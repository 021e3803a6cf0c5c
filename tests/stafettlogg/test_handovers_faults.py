"""E1 and E3: wherever accepting a handover breaks off, the log is as before, to the last row; and always one holder."""

import itertools
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from apps.notifications.models import Delivery, Notice
from apps.stafettlogg.models import Log
from apps.stafettlogg.services import handovers
from tests import invariants
from tests.stafettlogg.factories import make_employee, make_goal, make_log, make_measure, make_unit

NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class PowerCut(DatabaseError):
    """As when the connection is gone."""


def _cut_at(number):
    """Fails the statement with this number, as when the process is killed before it."""
    seen = itertools.count(1)

    def execute(run, sql, params, many, context):
        if next(seen) == number:
            raise PowerCut
        return run(sql, params, many, context)

    return execute


def _everything() -> dict:
    """Every row of the logs, their histories, and of the notices."""
    models = [*apps.get_app_config("stafettlogg").get_models(), Notice, Delivery]
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in models}


def test_handover_that_breaks_off_anywhere_changes_nothing(capsys):
    unit = make_unit()
    log = make_log(holder=make_employee(unit), now=NOW)
    make_measure(make_goal(log, now=NOW), now=NOW)
    taker = make_employee(unit)
    offer = handovers.offer_handover(
        log.pk, to_membership=taker.membership, actor=log.holder.user, holder_stays=True, now=NOW
    )
    before, places = _everything(), 0

    for place in itertools.count(1):
        try:
            with connection.execute_wrapper(_cut_at(place)):
                handovers.accept_handover(offer.pk, actor=taker, now=NOW)
        except PowerCut:
            places += 1
            assert _everything() == before, f"after statement {place}"
        else:
            break

    with capsys.disabled():
        print(f"\nhandover: broken off at {places} places, all or nothing each time")
    assert places > 12
    assert Log.objects.get(pk=log.pk).holder.user_id == taker.pk
    assert invariants.broken() == {}
