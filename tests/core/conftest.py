import pytest

from apps.accounts.enums import UserKind
from apps.accounts.models import User
from tests.core.models import TABLES


@pytest.fixture(scope="session")
def _core_tables(django_db_setup, django_db_blocker):
    """The tables of tests/core/models.py, made before any test's transaction."""
    from django.db import connection

    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in TABLES:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(TABLES):
                editor.delete_model(model)


@pytest.fixture
def notes(_core_tables, request):
    """Asked for by tests that use the model Note."""
    marker = request.node.get_closest_marker("django_db")
    transactional = marker is not None and marker.kwargs.get("transaction", False)
    request.getfixturevalue("transactional_db" if transactional else "db")
    yield
    if transactional:  # Django empties the tables of installed apps only
        for model in TABLES:
            model._base_manager.all().delete()


def make_user(name="Kari Nordvik", *, language=""):
    email = f"{name.split()[0].lower()}@solvik.example"
    return User.objects.make(email=email, name=name, kind=UserKind.EMPLOYEE, language=language)
