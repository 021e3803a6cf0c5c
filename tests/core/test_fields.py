import json
import pickle

import pytest
from django import forms
from django.core import checks, serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.db.models import F
from django.forms import modelform_factory
from django.utils.translation import override

from apps.core.crypto import DecryptionFailed
from apps.core.fields import Ciphertext, EncryptedTextField, LocalizedTextField
from apps.core.history import bulk_load
from apps.core.text import LocalizedText
from tests.core.models import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]


def make_note(**fields):
    note = Note(**{"secret": "Ola er redd", "heading": {"nb": "Uke"}, **fields})
    note.save()
    return note


def stored(column, table="core_tests_note"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [row[0] for row in cursor.fetchall()]


def test_encrypted_text_opens_on_the_object_and_lies_sealed_in_the_table():
    note = make_note()

    assert (note.secret, Note.objects.get().secret) == ("Ola er redd", "Ola er redd")
    assert "Ola" not in stored("secret")[0]


def test_encrypted_empty_text_stays_empty():
    make_note(secret="")

    assert stored("secret") == [""]
    assert Note.objects.get(secret="").secret == ""
    assert Note.objects.filter(secret__isnull=True).count() == 0


def test_encrypted_text_opens_in_the_history_too():
    note = make_note()
    note.secret = "Ola har det bedre"
    note.save()

    assert [row.secret for row in note.history.all()] == ["Ola har det bedre", "Ola er redd"]
    assert note.history.last().instance.secret == "Ola er redd"
    assert not any("Ola" in value for value in stored("secret", "core_tests_historicalnote"))


def test_encrypted_text_that_is_not_touched_is_not_sealed_again():
    make_note()
    before = stored("secret")
    note = Note.objects.get()
    note.title = "ny"
    note.save()

    assert stored("secret") == before


def test_encrypted_text_is_sealed_with_the_newest_key_at_the_next_save(settings):
    make_note()
    settings.FIELD_KEYS = {"t2": b"2" * 32, **settings.FIELD_KEYS}
    Note.objects.get().save()

    assert stored("secret")[0].startswith("t2.")
    assert Note.objects.get().secret == "Ola er redd"


def test_encrypted_text_of_another_row_does_not_open():
    first, second = make_note(), make_note(secret="annet")
    with connection.cursor() as cursor:
        sealed = Note.objects.filter(pk=first.pk).values_list("secret", flat=True).get()
        cursor.execute("UPDATE core_tests_note SET secret = %s WHERE secret <> %s", [sealed, sealed])

    with pytest.raises(DecryptionFailed):
        _ = Note.objects.get(pk=second.pk).secret


def test_encrypted_text_of_another_row_cannot_be_saved_under_a_new_id():
    note = Note.objects.get(pk=make_note().pk)
    note.pk = None
    note.id = Note().id

    with pytest.raises(DecryptionFailed):
        note.save(force_insert=True)


def test_encrypted_text_loads_when_it_was_deferred():
    make_note()

    assert Note.objects.defer("secret").get().secret == "Ola er redd"
    assert Note.objects.only("title").get().secret == "Ola er redd"


def test_encrypted_text_follows_the_object_through_refresh_and_pickle():
    note = make_note()
    note.refresh_from_db()
    loaded = Note.objects.get()

    assert note.secret == "Ola er redd"
    assert b"Ola" not in pickle.dumps(loaded)


def test_queries_give_the_sealed_value_only():
    make_note()

    assert isinstance(Note.objects.values_list("secret", flat=True).get(), Ciphertext)


def test_serialisers_give_the_sealed_value_only():
    note = Note.objects.get(pk=make_note().pk)

    assert "Ola" not in serializers.serialize("json", [note])


@pytest.mark.parametrize("lookup", ["secret__contains", "secret__in", "secret__gt", "secret__lower"])
def test_encrypted_text_has_no_lookups(lookup):
    with pytest.raises(FieldError):
        Note.objects.filter(**{lookup: "Ola"})


def test_encrypted_text_cannot_be_looked_up_by_its_content():
    with pytest.raises(ValueError, match="cannot be searched"):
        Note.objects.filter(secret="Ola er redd").exists()


def test_bulk_writes_never_store_open_text():
    note = make_note()
    note.secret = "åpent"

    with bulk_load(), pytest.raises(ValueError, match="only saved"):
        Note.objects.bulk_update([note], ["secret"])
    with bulk_load(), pytest.raises(ValueError, match="only saved"):
        Note.objects.update(secret="åpent")


def test_bulk_create_seals_like_save():
    with bulk_load():
        Note.objects.bulk_create([Note(secret="Ola er redd", heading={"nb": "x"})])

    assert "Ola" not in stored("secret")[0]
    assert Note.objects.get().secret == "Ola er redd"


def test_encrypted_field_needs_a_field_named_id():
    class Numbered(models.Model):  # noqa: DJ008 -- never shown
        number = models.BigAutoField(primary_key=True)
        secret = EncryptedTextField(context="core_tests.numbered.secret")

        class Meta:
            app_label = "core_tests_unlisted"

    found = Numbered._meta.get_field("secret").check()

    assert [(type(error), error.id) for error in found] == [(checks.Error, "core.E001")]


def test_fields_can_be_written_in_migrations():
    encrypted = MigrationWriter.serialize(EncryptedTextField(context="a.b.c", blank=True))[0]
    localized = MigrationWriter.serialize(LocalizedTextField(max_length=40, multiline=True))[0]

    assert encrypted == "apps.core.fields.EncryptedTextField(blank=True, context='a.b.c')"
    assert localized == "apps.core.fields.LocalizedTextField(max_length=40, multiline=True)"


@pytest.mark.parametrize("assigned", ["Uke", {"nb": "Uke"}, LocalizedText({"nb": "Uke"})])
def test_localized_text_is_one_whatever_is_assigned(assigned):
    make_note(heading=assigned)
    note = Note.objects.get()

    assert note.heading == LocalizedText({"nb": "Uke"})
    assert json.loads(stored("heading")[0]) if connection.vendor == "sqlite" else stored("heading")[0]


def test_localized_text_is_shown_in_the_active_language():
    note = Note.objects.get(pk=make_note(heading={"nb": "uke", "nn": "veke"}).pk)

    with override("nn"):
        assert f"{note.heading}" == "veke"
    with override("en"):
        assert (str(note.heading), note.heading.is_fallback) == ("uke", True)


def test_localized_text_is_empty_by_default():
    assert Note().heading == LocalizedText()


def test_localized_text_goes_through_history():
    note = make_note()
    note.heading = {"nb": "Måned", "en": "Month"}
    note.save()

    assert [row.heading for row in note.history.all()] == [{"nb": "Måned", "en": "Month"}, {"nb": "Uke"}]


def test_serialisers_give_every_language():
    make_note(heading={"nb": "uke", "nn": "veke"}, secret="")
    rows = json.loads(serializers.serialize("json", Note.objects.all()))

    assert rows[0]["fields"]["heading"] == {"nb": "uke", "nn": "veke"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"nn": "veke"}, "nb_missing"),
        ({}, "blank"),
        ({"nb": "uke", "sv": "vecka"}, "unknown_language"),
        ({"nb": "x" * 41}, "max_length"),
    ],
)
def test_localized_text_is_validated(value, code):
    field = LocalizedTextField(max_length=40)

    with pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    assert caught.value.code == code


def test_localized_text_that_may_be_blank_needs_no_bokmal():
    assert LocalizedTextField(blank=True).clean({"nn": "veke"}, None) == {"nn": "veke"}


def test_localized_text_refuses_what_is_no_text():
    with pytest.raises(ValidationError):
        Note(heading=[1])


def test_localized_text_that_may_be_missing_is_none():
    assert LocalizedTextField(null=True).to_python(None) is None


def test_localized_text_takes_an_expression():
    expression = F("heading")

    assert Note(heading=expression).heading is expression


def test_localized_text_that_nobody_edits_is_not_validated():
    LocalizedTextField(editable=False).validate(LocalizedText(), None)


def test_a_model_form_has_a_box_for_each_language():
    form = modelform_factory(Note, fields=["heading"])(instance=Note(heading={"nb": "uke", "en": "week"}))

    html = str(form["heading"])

    assert 'name="heading_nb"' in html
    assert 'value="uke"' in html
    assert 'name="heading_nn"' in html
    assert 'value="week"' in html
    assert 'lang="en"' in html


def test_a_model_form_saves_what_is_written_in_each_language():
    form = modelform_factory(Note, fields=["heading"])({"heading_nb": "uke", "heading_nn": "veke", "heading_en": ""})

    assert form.is_valid()
    assert form.save(commit=False).heading == {"nb": "uke", "nn": "veke"}


@pytest.mark.parametrize(
    ("posted", "codes"),
    [({}, ["required"]), ({"t_nn": "veke"}, ["nb_missing"]), ({"t_nb": "x" * 41}, ["max_length"])],
)
def test_a_required_box_needs_bokmal(posted, codes):
    class TextForm(forms.Form):
        t = LocalizedTextField(max_length=40, multiline=True).formfield()

    form = TextForm(posted)

    assert [error.code for error in form.errors.as_data()["t"]] == codes
    assert "<textarea" in str(form["t"])
