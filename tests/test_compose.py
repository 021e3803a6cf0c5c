"""docker-compose.yml: who gets which password, and that each part tells whether it works."""

import pytest
from django.conf import settings
from ruamel.yaml import YAML

PORTAL = ("web", "worker", "beat")


@pytest.fixture(scope="module")
def services():
    return YAML(typ="safe").load(settings.BASE_DIR / "docker-compose.yml")["services"]


@pytest.mark.parametrize("name", PORTAL)
def test_owners_password_is_not_in_the_portal(name, services):
    """`environment` wins over `env_file`."""
    given = services[name]["environment"]

    assert (given["POSTGRES_PASSWORD"], given["APP_ROLE_PASSWORD"]) == ("", "")
    assert given["DATABASE_URL"].startswith("postgres://bti_app:")


def test_owner_is_used_by_the_database_and_by_the_migration_alone(services):
    with_password = {
        name for name, service in services.items() if "${POSTGRES_PASSWORD" in str(service.get("environment", {}))
    }

    assert with_password == {"db", "migrate"}


@pytest.mark.parametrize("name", [*PORTAL, "db", "redis"])
def test_each_part_tells_whether_it_works(name, services):
    assert services[name]["healthcheck"]["test"]


def test_web_is_well_when_its_address_for_that_says_so(services):
    assert "/helse/" in services["web"]["healthcheck"]["test"][-1]
