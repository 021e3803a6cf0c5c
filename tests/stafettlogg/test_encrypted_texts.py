"""What people write about children lies encrypted in the database, in the history of it too."""

import ast
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import TextField
from django.utils import timezone

from apps.core.fields import EncryptedTextField
from apps.stafettlogg.models import Goal, Measure
from apps.stafettlogg.services import handovers
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee
from tests.stafettlogg.factories import make_goal, make_log, make_measure
from tests.test_whole_project_lint import ROOT

NAME = "0014_encrypt_what_people_write"
migration = import_module(f"apps.stafettlogg.migrations.{NAME}")
SECRET = "Kanarifugl"
BY_NAME, BY_KEYWORD = {"values", "values_list", "order_by", "distinct"}, {"filter", "exclude", "get", "annotate"}


def everything_in_the_database() -> str:
    """Each value of each row of this app, as the database holds it."""
    with connection.cursor() as cursor:
        found = []
        for model in apps.get_app_config("stafettlogg").get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found += cursor.fetchall()
    return str(found)


@pytest.mark.django_db
def test_nothing_people_write_lies_open_in_the_database():
    log, now = make_log(), timezone.now()
    write_message(log.pk, text=SECRET, actor=log.holder.user, now=now)
    goal = make_goal(log, f"{SECRET} mål")
    make_measure(goal, f"{SECRET} tiltak", note=SECRET)

    assert SECRET not in everything_in_the_database()
    assert Goal.objects.get().title == f"{SECRET} mål"
    assert Goal.history.get().title == f"{SECRET} mål"
    assert (Measure.objects.get().title, Measure.objects.get().note) == (f"{SECRET} tiltak", SECRET)


@pytest.mark.django_db
def test_texts_from_before_are_sealed_and_sealing_again_changes_nothing():
    goal = make_goal(make_log(), "Leker ute")
    tables = [Goal._meta.db_table, Goal.history.model._meta.db_table]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"UPDATE {table} SET title = 'Leker ute' WHERE id = %s", [goal.pk])

    def stored():
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT title FROM {table}" for table in tables))
            return [row[0] for row in cursor.fetchall()]

    then = MigrationLoader(connection).project_state(("stafettlogg", NAME)).apps
    migration.seal(then, None)
    first = stored()
    migration.seal(then, None)

    assert (stored(), len(first)) == (first, 2)
    assert "Leker ute" not in str(first)
    assert (Goal.objects.get().title, Goal.history.get().title) == ("Leker ute", "Leker ute")


def encrypted_columns() -> set[str]:
    models = apps.get_app_config("stafettlogg").get_models()
    return {field.name for model in models for field in model._meta.fields if isinstance(field, EncryptedTextField)}


def test_no_query_reads_or_looks_into_an_encrypted_column():
    """A query would get the sealed text, or find nothing. (`text` and `title` of other apps are other columns.)"""
    columns, found = encrypted_columns(), []
    for path in (ROOT / "apps" / "stafettlogg").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found += [f"{path.name}:{node.lineno}: {name}" for name in _asked_for(node) if _column(name) in columns]

    assert columns >= {"title", "note", "text", "reason", "background", "task", "summary", "child_name"}
    assert found == []


def _asked_for(node) -> list[str]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    named = [arg.value for arg in node.args if isinstance(arg, ast.Constant)] if node.func.attr in BY_NAME else []
    looked = [keyword.arg or "" for keyword in node.keywords if not _is_empty(keyword.value)]
    return named + (looked if node.func.attr in BY_KEYWORD else [])


def _is_empty(node) -> bool:
    """Whether a text is there at all can be asked: the empty text stays empty."""
    return isinstance(node, ast.Constant) and node.value == ""


def _column(name) -> str:
    return str(name).lstrip("-").split("__")[-1]


# Columns with room for much that hold nothing people write about a child.
OTHER_WORDS = {
    "Measure.others": "who, as `responsible_name` is: the id or the name of a person on each line",
    "HistoricalMeasure.others": "the same",
    "TextApproval.words": "what the data protection officer says of a text of the municipality's",
}


def test_every_column_for_free_text_is_encrypted():
    found = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("stafettlogg").get_models()
        for field in model._meta.fields
        if isinstance(field, TextField) and not isinstance(field, EncryptedTextField)
    ]

    assert sorted(found) == sorted(OTHER_WORDS)


@pytest.mark.django_db
def test_what_is_written_when_the_stafettpinne_is_offered_is_sealed():
    log, now = make_log(), timezone.now()
    colleague = make_employee(log.unit)
    handover = handovers.offer_handover(
        log.pk, to_membership=colleague.membership, letter=SECRET, actor=log.holder.user, now=now
    )
    handovers.decline_handover(handover.pk, reason=f"{SECRET} og ferie", actor=colleague, now=now)

    handover.refresh_from_db()
    assert SECRET not in everything_in_the_database()
    assert (handover.letter, handover.decline_reason) == (SECRET, f"{SECRET} og ferie")
