"""A copy is put back whole, in an empty place only, and what is changed, missing or unfinished is named."""

import os
import shutil
import subprocess
import sys

import pyrage
import pytest
from django.db import connection, transaction

from apps.core import backup
from apps.municipality.models import Unit
from tests import databases
from tests.factories import make_unit

IDENTITY = pyrage.x25519.Identity.generate()
PUBLIC = str(IDENTITY.to_public())


def manage(*arguments, database="", data, keys=PUBLIC):
    """Without a database the portal is embedded."""
    env = databases.env_for(database) | {"DATA_DIR": str(data), "BACKUP_RECIPIENTS": keys}
    if not database:
        del env["DATABASE_URL"]
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=databases.ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("backup")


@pytest.fixture(scope="module")
def source(place):
    """A demo municipality with two files, one of them in a folder, and the key."""
    (place / "identity").write_text(f"# made for the tests\n{IDENTITY}\n")
    files = place / "data" / "files" / "scans"
    files.mkdir(parents=True)
    (files / "æøå 1.pdf").write_bytes(b"%PDF-1.7 " + os.urandom(200_000))
    (files.parent / "numbers.json").write_text("{}")
    name = databases.clone(databases.seeded())
    yield name
    databases.drop(name)


@pytest.fixture(scope="module")
def made(source, place):
    done = manage("backup", place / "copies", database=source, data=place / "data")
    assert done.returncode == 0, done.stderr
    return backup.newest(place / "copies")


@pytest.fixture
def empty():
    name = databases.clone("template0")
    yield name
    databases.drop(name)


@pytest.fixture
def copied(made, tmp_path):
    """A copy of the copy, to be spoilt."""
    return shutil.copytree(made, tmp_path / made.name)


def said(done) -> str:
    assert done.returncode == 1, done.stdout
    return done.stderr


def test_backup_is_put_back_whole_and_nothing_in_it_can_be_read(made, source, place, empty, tmp_path):
    done = manage("restore", made, "--identity", place / "identity", database=empty, data=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "and 2 files" in done.stdout
    scan = tmp_path / "files" / "scans" / "æøå 1.pdf"
    assert scan.read_bytes() == (place / "data" / "files" / "scans" / "æøå 1.pdf").read_bytes()
    sealed = b"".join(path.read_bytes() for path in made.iterdir())
    assert not any(word in sealed for word in (b"PGDMP", b"%PDF", b"Mona", b"accounts_user"))
    assert {oct(path.stat().st_mode & 0o777) for path in made.iterdir()} == {"0o600"}


def test_backup_is_checked_without_being_put_back(made, source, place):
    """The database is the one in use, and is not touched."""
    done = manage("restore", made, "--identity", place / "identity", "--check", database=source, data=place / "data")

    assert done.returncode == 0, done.stderr
    assert " tables with " in done.stdout


def test_backup_is_never_put_back_over_what_is_there(made, source, place, empty, tmp_path):
    arguments = ("restore", made, "--identity", place / "identity")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "own").write_text("")

    assert "The database is not empty" in said(manage(*arguments, database=source, data=tmp_path / "other"))
    assert "is not empty" in said(manage(*arguments, database=empty, data=tmp_path))


@pytest.mark.parametrize("name", [backup.DATABASE, backup.FILES, backup.MANIFEST])
def test_one_changed_byte_or_a_missing_file_is_found_and_named(name, copied):
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(backup.BackupFailed, match=name):
        backup.read_manifest(copied, str(IDENTITY))

    (copied / name).unlink()
    with pytest.raises(backup.BackupFailed, match=f"{name} is missing|never finished"):
        backup.read_manifest(copied, str(IDENTITY))


def test_copy_does_not_open_with_another_key(copied):
    with pytest.raises(backup.BackupFailed, match="another key"):
        backup.read_manifest(copied, str(pyrage.x25519.Identity.generate()))
    with pytest.raises(backup.BackupFailed, match="no age private key"):
        backup.read_manifest(copied, "# nothing")


def test_copy_without_a_manifest_is_not_the_newest(copied):
    assert backup.newest(copied.parent) == copied
    (copied / backup.MANIFEST).unlink()
    assert backup.newest(copied.parent) is None


@pytest.mark.parametrize(("keys", "words"), [("", "BACKUP_RECIPIENTS is empty"), ("age1nothing", "no age public key")])
def test_no_copy_is_made_without_a_key(keys, words, source, place, tmp_path):
    done = manage("backup", tmp_path / "copies", database=source, data=place / "data", keys=keys)

    assert words in said(done)
    assert not (tmp_path / "copies").exists()


@pytest.mark.django_db
def test_one_changed_character_and_one_row_too_few_are_found():
    unit = make_unit("Furua")
    wanted = backup.table_sums()
    backup.compare("table", wanted, backup.table_sums())

    unit.name = "Furue"
    unit.save()

    with pytest.raises(backup.BackupFailed, match="table municipality_unit differs"):
        backup.compare("table", wanted, backup.table_sums())
    with pytest.raises(backup.BackupFailed, match="file a is missing\nfile b is not in the copy"):
        backup.compare("file", {"a": "1"}, {"b": "1"})


@pytest.mark.django_db
def test_sum_does_not_depend_on_the_order_of_the_rows():
    for name in ("Furua", "Grana"):
        make_unit(name)
    before = backup.table_sums()["municipality_unit"]
    table = Unit._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE turned AS SELECT * FROM {table} ORDER BY id DESC")
        cursor.execute("SELECT sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric)::text FROM turned t")
        assert cursor.fetchone()[0] == before[1]


def test_embedded_database_has_no_backup(tmp_path):
    assert "The embedded database is for trials" in said(manage("backup", tmp_path / "copies", data=tmp_path))
