"""E3: what must always hold, asked of the demo municipality, of a full world, and of rows that break it."""

import pytest
from django.utils import timezone

from apps.stafettlogg.models import LogAccess
from tests import invariants
from tests.factories import make_citizen, make_employee
from tests.live import LiveApp
from tests.stafettlogg.factories import give_access, make_log
from tests.world_with_marks import MarkedWorld


def test_invariants_hold_in_the_demo_municipality(mail_server, django_db_blocker):
    app = LiveApp(mail_url=mail_server.url)
    try:
        with app.orm(django_db_blocker):
            rows, broken = LogAccess.objects.count(), invariants.broken()
    finally:
        app.stop()

    assert rows > 10
    assert broken == {}


@pytest.mark.django_db
def test_invariants_hold_in_a_full_world():
    marked = MarkedWorld()

    broken = invariants.broken()

    # The world gives three people windows and rows by hand, without asking anyone.
    by_hand = {"a window by consent rests on a yes"}
    assert {name: rows for name, rows in broken.items() if name not in by_hand} == {}
    assert marked.log_of


@pytest.mark.django_db
def test_invariants_find_what_is_broken():
    log, now = make_log(), timezone.now()
    stranger, employee = make_citizen(), make_employee()
    give_access(log, stranger, now=now)
    row = LogAccess.objects.get(pk=log.holder_id)
    row.membership = employee.membership
    row.save()

    assert set(invariants.broken()) == {
        "a guardian's row has a guardian with checked responsibility",
        "an employee stands in the window of her own unit",
        "a row's place is its person's",
    }
