"""The level follows the services in a log, as a proposal that the holder takes or leaves."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import EventKind
from apps.stafettlogg.models import LevelChange, LogEvent
from apps.stafettlogg.rules.levels import level_that_fits
from apps.stafettlogg.services.levels import decide_level
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import make_log, make_participant, open_window
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 8, 10, 0, tzinfo=UTC)
ASKS = "Da passer som regel nivå"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def log():
    return make_log(holder=make_employee(make_unit("Solbakken barnehage")), now=NOW)


def overview(log, user=None) -> str:
    page = signed_in(user or log.holder.user).get(reverse("stafettlogg:detail", args=[log.pk]))
    return " ".join(page.text.split())


@pytest.mark.parametrize(
    ("level", "services", "lowest", "fits"),
    [(1, 1, 1, 1), (1, 2, 1, 2), (2, 3, 1, 2), (2, 1, 1, 1), (2, 1, 2, 2), (3, 1, 1, 3), (0, 2, 0, 0), (1, 1, 2, 1)],
)
def test_level_1_is_one_service_and_level_2_several(level, services, lowest, fits):
    assert level_that_fits(level, services=services, lowest=lowest) == fits


def test_holder_is_asked_when_a_service_comes_and_takes_the_level_with_one_press(log):
    before = overview(log)
    open_window(log, make_unit("PP-tjenesten", kind=UnitKind.PPT), now=NOW)
    asked = overview(log)

    signed_in(log.holder.user).post(reverse("stafettlogg:decide_level", args=[log.pk]), {"level": "2"})

    log.refresh_from_db()
    assert ASKS not in before
    assert "Nå er det 2 tjenester i stafettloggen. Da passer som regel nivå 2." in asked
    assert log.level == 2
    assert LevelChange.objects.filter(log=log, level_before=1, level_after=2).count() == 1
    assert LogEvent.objects.filter(log=log, kind=EventKind.LEVEL, number=2).count() == 1
    assert ASKS not in overview(log)


def test_holder_who_stays_is_not_asked_again_before_another_service_comes(log, clock):
    open_window(log, make_unit("PP-tjenesten", kind=UnitKind.PPT), now=NOW)
    decide_level(log.pk, level=1, actor=log.holder.user, now=NOW)
    stayed = overview(log)
    clock.shift(timedelta(days=1))
    open_window(log, make_unit("Helsestasjonen", kind=UnitKind.HEALTH_STATION), now=NOW + timedelta(days=1))

    assert ASKS not in stayed
    assert not LevelChange.objects.exists()
    assert "Nå er det 3 tjenester" in overview(log)


def test_level_goes_down_when_the_other_service_is_gone(log, clock):
    log.level = 2
    log.save()
    window = open_window(log, make_unit("PP-tjenesten", kind=UnitKind.PPT), now=NOW)
    window.valid_until = NOW + timedelta(hours=1)
    window.save()
    clock.shift(timedelta(hours=2))

    assert "Nå er det 1 tjeneste i stafettloggen. Da passer som regel nivå 1." in overview(log)


def test_s03_a_service_that_knows_a_guardian_counts_as_any_other(log):
    """It is there on what all were asked about the child: the level tells nobody what one has said of herself."""
    open_window(log, make_unit("NAV", kind=UnitKind.NAV), now=NOW)

    assert ASKS in overview(log)


def test_only_the_holder_is_asked_and_decides(log):
    participant = make_participant(log, now=NOW)

    assert ASKS in overview(log)
    assert ASKS not in overview(log, participant)
    with pytest.raises(AccessDenied):
        decide_level(log.pk, level=2, actor=participant, now=NOW)


@pytest.mark.parametrize("level", [2, 3, 0])
def test_level_that_is_not_proposed_is_not_taken(log, level):
    with pytest.raises(RuleBroken) as broken:
        decide_level(log.pk, level=level, actor=log.holder.user, now=NOW)

    assert broken.value.code == "level_not_asked"
