"""A municipality with its coordinator and one service, for the tests that close and open units."""

import pytest

from apps.municipality.enums import UnitKind
from tests.factories import make_coordinator, make_unit


@pytest.fixture
def root():
    return make_unit("Solvik", kind=UnitKind.MUNICIPALITY)


@pytest.fixture
def kari(root):
    return make_coordinator(root, name="Kari Nordvik")


@pytest.fixture
def ppt(root):
    return make_unit("PP-tjenesten", kind=UnitKind.PPT, parent=root)
