"""The provider of these tests, and a browser without a screen that goes there and back."""

import pytest
from django.core.cache import cache

from tests.oidc.browser import Visitor
from tests.oidc.servers import FAMILIES, HIGH, LOW, SUBSTANTIAL, TestProvider

PORTAL = "http://localhost:8000"


@pytest.fixture(scope="session")
def _running_provider():
    running = TestProvider(portal=PORTAL).start()
    yield running
    running.stop()


@pytest.fixture
def provider(_running_provider, settings):
    """A calm provider that the portal knows as ID-porten. A test tells who comes: `provider.person(…)`."""
    _running_provider.calm()
    cache.clear()
    settings.BASE_URL = PORTAL
    settings.ID_PORTEN = {
        "issuer": _running_provider.issuer,
        "client_id": FAMILIES,
        "private_key": _running_provider.client_key.as_dict(private=True),
        "acr_order": (LOW, SUBSTANTIAL, HIGH),
        "acr": HIGH,
        "acr_youth": SUBSTANTIAL,
    }
    return _running_provider


@pytest.fixture
def visitor(provider):
    """`visitor.sign_in()` goes to the provider and comes back; `visitor.client` is Django's test client."""
    return Visitor()
