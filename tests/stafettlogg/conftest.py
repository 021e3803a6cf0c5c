"""A municipality with its coordinator and one service, for the tests that close and open units."""

import pytest
import time_machine

from apps.municipality.enums import UnitKind
from tests.factories import make_coordinator, make_unit
from tests.stafettlogg.closing_days import NOW


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def root():
    return make_unit("Solvik", kind=UnitKind.MUNICIPALITY)


@pytest.fixture
def kari(root):
    return make_coordinator(root, name="Kari Nordvik")


@pytest.fixture
def ppt(root):
    return make_unit("PP-tjenesten", kind=UnitKind.PPT, parent=root)
