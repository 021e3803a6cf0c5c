"""What is prepared on a connection answers as the statement sent in full, and is sent in full where it cannot be."""

from datetime import date, datetime

import pytest
from django.db import connection

from apps.accounts.models import Membership
from apps.core.dates import UTC
from apps.core.models import Draft
from apps.core.statements import statement
from apps.municipality.models import Unit
from tests import environment
from tests.factories import make_employee, make_unit

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
on_postgres = environment.on_postgres()


def prepared() -> list[str]:
    """The names the database knows on this connection."""
    if not on_postgres:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return [name for (name,) in cursor.fetchall()]


def forget_all() -> None:
    """As a pooler does between two transactions."""
    if on_postgres:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


def units_named():
    return statement(lambda names: Unit.objects.filter(name__in=names).order_by("name").values_list("name", flat=True))


@pytest.mark.django_db
def test_prepared_statement_is_kept_on_the_connection_and_answers_as_its_queryset():
    make_unit("Furua"), make_unit("50 % %s")
    of = units_named()
    before = set(prepared())

    found = [of.rows(["Furua", "50 % %s"]), of.rows(["Grana", "Furua"]), of.rows(["Furua"])]

    assert found == [["50 % %s", "Furua"], ["Furua"], ["Furua"]]
    assert len(set(prepared()) - before) == (2 if on_postgres else 0)


@pytest.mark.django_db
def test_prepared_statement_takes_ids_days_instants_and_texts_beside_what_is_fixed():
    user = make_employee(make_unit("Furua"))
    Draft.objects.create(user_id=user.pk, form_name="100%", object_key="/a", payload="Hei", updated_at=NOW)
    drafts = statement(
        lambda user, key, since: Draft.objects.filter(
            user_id=user, object_key=key, updated_at__gte=since, form_name__contains="%", token_hash=""
        )
    )
    places = statement(lambda user, today: Membership.objects.filter(user=user, first_day__lte=today)[:1])

    assert [draft.payload for draft in drafts.rows(user.pk, "/a", NOW)] == ["Hei"]
    assert drafts.rows(user.pk, "/b", NOW) == []
    assert places.rows(user.pk, date(2030, 1, 1)) == [user.membership]
    assert places.rows(user.pk, date(1900, 1, 1)) == []


@pytest.mark.django_db(transaction=True)
def test_connection_that_has_lost_its_names_is_asked_in_full():
    make_unit("Furua")
    of = units_named()
    of.rows(["Furua"])
    forget_all()

    assert of.rows(["Furua"]) == ["Furua"]
    assert of.rows(["Furua"]) == ["Furua"]


@pytest.mark.django_db
def test_nothing_is_prepared_where_the_installation_says_so(settings):
    settings.PREPARED_STATEMENTS = False
    make_unit("Furua")
    before = prepared()

    assert units_named().rows(["Furua"]) == ["Furua"]
    assert prepared() == before


@pytest.mark.django_db
def test_one_who_reads_what_is_sent_reads_the_whole_statement(django_assert_num_queries):
    make_unit("Furua")
    of = units_named()
    of.rows(["Furua"])

    with django_assert_num_queries(1) as queries:
        of.rows(["Furua"])

    assert "municipality_unit" in queries.captured_queries[0]["sql"]
