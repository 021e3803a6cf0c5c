"""C7: the role that the portal runs as can add to the read audit and read it, and nothing else (docs/adr/0007)."""

from datetime import UTC, datetime

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg2 import errors

from apps.audit.checks import read_audit_is_insert_only
from apps.audit.models import ReadEvent
from tests import databases, environment
from tests.servers import APP_ROLE

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ATTACKS = {
    "UPDATE": "UPDATE audit_readevent SET actor_name = 'someone else'",
    "DELETE": "DELETE FROM audit_readevent",
    "TRUNCATE": "TRUNCATE audit_readevent",
    "triggers off": "ALTER TABLE audit_readevent DISABLE TRIGGER ALL",
    "a column away": "ALTER TABLE audit_readevent DROP COLUMN actor_name",
    "the table away": "DROP TABLE audit_readevent",
    "rules off": "SET session_replication_role = replica",
    "as the owner": "SET ROLE postgres",
    "a migration undone": "DELETE FROM django_migrations WHERE app = 'audit'",
}


@pytest.fixture(scope="module")
def as_app():
    """Connections to a database with every table, as the portal's own role."""
    name = databases.clone(databases.migrated())
    opened = psycopg2.connect(environment.app_url(name))
    opened.autocommit = True
    yield opened
    opened.close()
    databases.drop(name)


@pytest.mark.parametrize("attack", ATTACKS)
def test_role_of_the_portal_is_refused(as_app, attack):
    with as_app.cursor() as cursor, pytest.raises(errors.InsufficientPrivilege):
        cursor.execute(ATTACKS[attack])


def test_role_of_the_portal_cannot_give_itself_more(as_app):
    with as_app.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON audit_readevent TO {APP_ROLE}")  # PostgreSQL warns and does nothing
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(ATTACKS["UPDATE"])


@pytest.fixture
def app_role(db):
    """Inside the test's transaction, this connection is the portal's role."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_role_of_the_portal_adds_and_reads(app_role):
    ReadEvent.objects.bulk_create([ReadEvent(at=NOW, action="opened", side="staff", what="overview")])
    ReadEvent(at=NOW, action="refused", side="staff", what="overview").save()

    assert list(ReadEvent.objects.order_by("pk").values_list("action", flat=True)) == ["opened", "refused"]


def test_check_is_silent_for_the_role_of_the_portal(app_role):
    assert read_audit_is_insert_only(None) == []


@pytest.mark.django_db
def test_check_says_what_the_owner_may():
    found = read_audit_is_insert_only(None)

    assert [(error.id, "UPDATE, DELETE, TRUNCATE, TRIGGER" in error.msg) for error in found] == [("audit.E001", True)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("GRANT UPDATE (actor_name) ON audit_readevent TO {role}", "UPDATE of a column"),
        ("GRANT TRIGGER ON audit_readevent TO {role}", "TRIGGER"),
        ("GRANT DELETE ON django_migrations TO {role}", "change django_migrations"),
        ("GRANT {owner} TO {role}", "become {owner}"),
        ("ALTER ROLE {role} CREATEROLE", "make roles, or pass by every rule"),
    ],
)
def test_check_finds_what_the_role_may_do_by_another_way(given, found):
    names = {"role": APP_ROLE, "owner": connection.settings_dict["USER"]}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(given.format(**names))
            cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        (error,) = read_audit_is_insert_only(None)
        transaction.set_rollback(True)

    assert found.format(**names) in error.msg


@pytest.mark.django_db(transaction=True)
def test_check_that_cannot_ask_is_an_error():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_readevent RENAME TO away")
    try:
        assert [error.id for error in read_audit_is_insert_only(None)] == ["audit.E002"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO audit_readevent")


@pytest.mark.django_db
def test_command_gives_a_new_role_its_password_and_can_be_repeated(monkeypatch, capsys):
    monkeypatch.setenv("APP_ROLE_PASSWORD", "only-for-this-test")
    with transaction.atomic():
        for _time in range(2):
            call_command("grant_app_role", "bti_other")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolcanlogin, rolsuper, has_table_privilege('bti_other', 'stafettlogg_log', 'UPDATE'),"
                " has_table_privilege('bti_other', 'audit_readevent', 'DELETE')"
                " FROM pg_roles WHERE rolname = 'bti_other'"
            )
            assert cursor.fetchone() == (True, False, True, False)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_command_refuses_the_owner_herself():
    with pytest.raises(CommandError, match="another than the owner"):
        call_command("grant_app_role", connection.settings_dict["USER"])


@pytest.mark.django_db
def test_command_says_what_to_do_where_the_owner_may_make_no_roles(monkeypatch):
    """As with most who rent out databases."""
    monkeypatch.setenv("APP_ROLE_PASSWORD", "only-for-this-test")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE bti_owner NOLOGIN")
        cursor.execute("SET LOCAL ROLE bti_owner")

    with pytest.raises(CommandError, match="make it"), transaction.atomic():
        call_command("grant_app_role", "bti_other")

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
