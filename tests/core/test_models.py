import threading

import pytest
from django.db import connection, transaction

from apps.core.errors import Conflict
from apps.core.history import bulk_load
from apps.core.models import bump, lock
from tests.core.models import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]


def make_note(**fields):
    note = Note(title="a", **fields)
    note.save()
    return note


BULK_WRITES = {
    "update": lambda note: Note.objects.update(title="b"),
    "update on a filter": lambda note: Note.objects.filter(pk=note.pk).update(title="b"),
    "delete": lambda note: Note.objects.all().delete(),
    "bulk_create": lambda note: Note.objects.bulk_create([Note(title="b")]),
    "bulk_update": lambda note: Note.objects.bulk_update([note], ["title"]),
}


@pytest.mark.parametrize("write", BULK_WRITES.values(), ids=BULK_WRITES.keys())
def test_tracked_rows_refuse_bulk_writes(write):
    note = make_note()

    with pytest.raises(RuntimeError, match="leaves no history"):
        write(note)
    assert list(Note.objects.values_list("title", flat=True)) == ["a"]


@pytest.mark.parametrize("write", BULK_WRITES.values(), ids=BULK_WRITES.keys())
def test_tracked_rows_are_written_in_bulk_inside_bulk_load(write):
    note = make_note()

    with bulk_load():
        write(note)
    with pytest.raises(RuntimeError):
        write(note)


def test_the_manager_has_no_delete():
    assert not hasattr(Note.objects, "delete")


def test_tracked_rows_are_written_one_by_one_with_history():
    note = make_note()
    note.title = "b"
    note.save()
    Note.objects.get_or_create(title="c")
    Note.objects.update_or_create(title="c", defaults={"level": "high"})
    note.delete()

    assert sorted(Note.history.values_list("title", "history_type")) == [
        ("a", "+"),
        ("b", "-"),
        ("b", "~"),
        ("c", "+"),
        ("c", "~"),
    ]


def test_lock_gives_the_row_when_the_version_is_the_same():
    note = make_note()

    with transaction.atomic():
        assert lock(Note, note.pk) == note
        assert lock(Note, note.pk, version=1) == note
        assert lock(Note.objects.filter(title="a"), note.pk, "1") == note


def test_lock_raises_conflict_with_the_current_row():
    note = make_note()
    bump(note).save()

    with transaction.atomic(), pytest.raises(Conflict) as caught:
        lock(Note, note.pk, version=1)
    assert (caught.value.current, str(caught.value)) == (note, "Noen andre har endret dette mens du skrev.")


def test_lock_does_not_find_what_the_queryset_leaves_out():
    note = make_note()

    with transaction.atomic(), pytest.raises(Note.DoesNotExist):
        lock(Note.objects.none(), note.pk)


@pytest.mark.django_db(transaction=True)
def test_lock_outside_a_transaction_is_refused():
    note = make_note()

    with pytest.raises(RuntimeError, match="transaction"):
        lock(Note, note.pk)


@pytest.mark.django_db(transaction=True)
def test_five_editors_at_once_lose_nothing():
    note = make_note()

    def edit(editor):
        for number in range(20):
            version, title = 0, ""
            while not save(version, f"{title} {editor}-{number}"):
                version, title = Note.objects.values_list("version", "title").get()
        connection.close()

    def save(version, title):
        try:
            with transaction.atomic():
                row = lock(Note, note.pk, version)
                row.title = title
                bump(row).save()
        except Conflict:
            return False
        return True

    threads = [threading.Thread(target=edit, args=[editor]) for editor in "abcde"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    saved = Note.objects.get()
    wanted = sorted(f"{editor}-{number}" for editor in "abcde" for number in range(20))
    assert (saved.version, sorted(saved.title.split())) == (101, sorted(["a", *wanted]))


def test_bump_is_written_with_the_change():
    note = make_note()
    note.title = "b"
    bump(note)
    note.save(update_fields=["title"])

    assert list(Note.objects.values_list("title", "version")) == [("b", 2)]


def test_a_save_without_bump_leaves_the_version_alone():
    note = make_note()
    bump(note).save()
    note.title = "b"
    note.save(update_fields=["title"])

    assert list(Note.objects.values_list("title", "version")) == [("b", 2)]
