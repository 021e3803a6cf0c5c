"""The municipality the coordinator's pages are about, with what it starts from."""

import pytest
from django.test import Client

from apps.municipality.enums import UnitKind
from apps.portal.seeding.settings import load_demo_settings
from tests.factories import make_coordinator, make_unit


@pytest.fixture
def start_data():
    load_demo_settings()


@pytest.fixture
def root():
    return make_unit("Solvik kommune", kind=UnitKind.MUNICIPALITY, switched_on_day=None)


@pytest.fixture
def kari(root):
    return make_coordinator(root, name="Kari Nordvik")


@pytest.fixture
def client(kari):
    """Signed in as the coordinator."""
    client = Client()
    client.force_login(kari)
    return client
