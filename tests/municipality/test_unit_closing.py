"""What stops a unit from closing; the logs are told as a number (stafettlogg.services.units)."""

import datetime
from types import SimpleNamespace

import pytest

from apps.core.dates import FAR_DAY
from apps.core.errors import RuleBroken
from apps.municipality import rules, services
from apps.municipality.enums import UnitKind
from apps.municipality.models import Unit
from tests.factories import make_coordinator, make_unit

TODAY = datetime.date(2026, 3, 2)
DAY = datetime.timedelta(days=1)
GOOD = {"kind": UnitKind.SCHOOL, "known": FAR_DAY, "last_day": TODAY, "below": False, "held": 0}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"last_day": TODAY - DAY}, None),
        ({"kind": UnitKind.MUNICIPALITY}, "root_closes"),
        ({"known": TODAY}, "unit_closed"),
        ({"below": True}, "units_below"),
        ({"held": 1}, "logs_without_successor"),
        ({"held": 2}, "logs_without_successor"),
        ({"last_day": TODAY - 2 * DAY}, "last_day_passed"),
        ({"last_day": TODAY + 367 * DAY}, "last_day_far"),
    ],
)
def test_unit_closes_when_nothing_stands_in_the_way(changes, code):
    case = GOOD | changes
    found = None
    try:
        rules.check_can_close(
            SimpleNamespace(kind=case["kind"], last_day=case["known"]),
            last_day=case["last_day"],
            today=TODAY,
            units_below=case["below"],
            logs_held=case["held"],
        )
    except RuleBroken as broken:
        found = broken.code

    assert found == code


@pytest.mark.django_db
def test_last_day_is_kept_with_who_set_it():
    root = make_unit("Solvik", kind=UnitKind.MUNICIPALITY)
    unit, kari = make_unit("Tangen", parent=root), make_coordinator(root)

    services.close_unit(unit.pk, last_day=TODAY + DAY, logs_held=0, actor=kari, today=TODAY)

    assert Unit.objects.get(pk=unit.pk).last_day == TODAY + DAY
    assert unit.history.first().history_user == kari
