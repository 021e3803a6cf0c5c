"""What the tests of the guide's editor start from."""

import pytest
from django.test import Client

from tests.factories import make_coordinator, make_municipality
from tests.guides.factories import make_guide


@pytest.fixture
def guide():
    """Version 1, published in a municipality."""
    make_municipality()
    return make_guide()


@pytest.fixture
def kari():
    return make_coordinator(name="Kari Nordvik")


@pytest.fixture
def editor(guide, kari):
    """The coordinator's browser."""
    client = Client()
    client.force_login(kari)
    return client
