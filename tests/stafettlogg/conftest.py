import pytest

from apps.stafettlogg.services.access import _see_log_id


@pytest.fixture(autouse=True)
def _permission_of_this_database(request):
    """A test with real transactions empties the database, and the one permission comes back with another id."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        _see_log_id.cache_clear()
