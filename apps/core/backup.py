"""A copy of all that the portal keeps, database and files together, that only its owner can open.

A copy is a folder with three files, each sealed with age to public keys whose private half is on no server: the
database as `pg_dump` writes it, the files as a tar, and last the manifest. What lacks a manifest was never finished.
The manifest has what each file is, and of every table how many rows it has and a sum over them that does not depend on
their order, read at the same instant as the dump. Nothing lies unsealed on a disk meanwhile.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

DATABASE, FILES, MANIFEST = "database.age", "files.age", "manifest.age"
_PIECE = 1 << 20
_SUM_OF_ROW = "('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


class BackupFailed(Exception):
    """The copy was not made, does not hold what it says, or was not put back. The words say what is wrong."""


@dataclass(frozen=True)
class Manifest:
    """`tables`: rows and sum by table; `sealed`: the SHA-256 of each file of the copy as it lies there."""

    made_at: str
    tables: dict[str, tuple[int, str]]
    files: dict[str, str]
    sealed: dict[str, str]
    migrations: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        found = json.loads(text)
        found["tables"] = {name: (rows, total) for name, (rows, total) in found["tables"].items()}
        return cls(**found)


# Making a copy --------------------------------------------------------------------------------------------------------


def make(folder: Path, *, recipients: list[str], files: Path, now: datetime) -> Path:
    """A new copy in `folder`, named by its instant; read back before its manifest is written. Gives its path.

    Raises `BackupFailed`. `recipients` are age public keys. Run as the owner of the tables. PostgreSQL only.
    """
    keys = _public_keys(recipients)
    _check_vendor()
    made = folder / f"{now:%Y-%m-%dT%H%M%SZ}"
    made.mkdir(parents=True, mode=0o700)
    listed: dict[str, str] = {}
    with transaction.atomic():
        snapshot = _begin_snapshot()
        with _running("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}") as dump:
            database = _seal(made / DATABASE, dump.stdout, keys)
        packed = _seal_written(made / FILES, lambda out: listed.update(_pack(files, out)), keys)
        tables = table_sums()
    sealed = {DATABASE: database, FILES: packed}
    for name, digest in sealed.items():
        if _sha256(made / name) != digest:
            raise BackupFailed(f"{made / name} is not what was written to it. Look at the disk.")
    manifest = Manifest(now.isoformat(), tables, listed, sealed, _migrations())
    text = json.dumps(asdict(manifest), sort_keys=True).encode()
    _seal(made / MANIFEST, io.BytesIO(text), keys)
    return made


def newest(folder: Path) -> Path | None:
    """The newest copy that was finished; None when there is none."""
    made = sorted(path for path in folder.glob("*") if _NAME.fullmatch(path.name) and (path / MANIFEST).exists())
    return made[-1] if made else None


def _public_keys(recipients: list[str]) -> list[Any]:
    if not recipients:
        raise BackupFailed("BACKUP_RECIPIENTS is empty. Give a public key to seal copies to (docs/backup.md).")
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in recipients]
    except pyrage.RecipientError as error:
        raise BackupFailed(f"BACKUP_RECIPIENTS holds what is no age public key: {error}") from error


def _check_vendor() -> None:
    if connection.vendor != "postgresql":
        raise BackupFailed("The embedded database is for trials and has no backup. Give DATABASE_URL.")


def _begin_snapshot() -> str:
    """The instant of the copy: what is read in this transaction, and by the dump, is the same."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        return cursor.fetchone()[0]


def table_sums() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a sum over them whatever their order. Each row as UTC and ISO text."""
    sums = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (name,) in cursor.fetchall():
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"SELECT count(*), coalesce(sum({_SUM_OF_ROW}), 0)::text FROM {quoted} t")  # noqa: S608 -- its own names
            sums[name] = cursor.fetchone()
    return sums


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _pack(folder: Path, out: BinaryIO) -> dict[str, str]:
    """Write every file under the folder as a tar, and give the SHA-256 of each by its path."""
    listed = {}
    with tarfile.open(fileobj=out, mode="w|") as tar:
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            if not path.is_file() or path.is_symlink():
                continue
            name, content = path.relative_to(folder).as_posix(), path.read_bytes()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
            listed[name] = hashlib.sha256(content).hexdigest()
    return listed


# Reading one and putting it back --------------------------------------------------------------------------------------


def read_manifest(made: Path, identity: str) -> Manifest:
    """Raises `BackupFailed` when the copy is not finished, is not for this key, lacks a file or has one changed."""
    if not (made / MANIFEST).exists():
        raise BackupFailed(f"{made} has no manifest: this copy was never finished.")
    text = io.BytesIO()
    with _opened(made / MANIFEST, _identity(identity)) as manifest:
        shutil.copyfileobj(manifest, text)
    found = Manifest.read(text.getvalue())
    for name, digest in found.sealed.items():
        if not (made / name).exists():
            raise BackupFailed(f"{made / name} is missing.")
        if _sha256(made / name) != digest:
            raise BackupFailed(f"{made / name} has been changed since it was made.")
    return found


def restore(made: Path, *, identity: str, files: Path) -> Manifest:
    """Put the copy back in an empty database and an empty folder, and compare every table and file with the manifest.

    Raises `BackupFailed` when there is anything there already, or anything differs.
    """
    _check_vendor()
    manifest = read_manifest(made, identity)
    if connection.introspection.table_names():
        raise BackupFailed("The database is not empty. A copy is put back into an empty one only.")
    if files.exists() and any(files.iterdir()):
        raise BackupFailed(f"{files} is not empty. A copy is put back into an empty folder only.")
    key = _identity(identity)
    target = f"--dbname={connection.settings_dict['NAME']}"
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", target)
    with _opened(made / DATABASE, key) as dump, _running("pg_restore", *options, takes=True) as putting:
        shutil.copyfileobj(dump, putting.stdin, _PIECE)
        putting.stdin.close()
    with _opened(made / FILES, key) as packed:
        _unpack(packed, files)
    with transaction.atomic():
        tables = table_sums()
    compare("table", manifest.tables, tables)
    compare("file", manifest.files, _sums_of(files))
    return manifest


def compare(what: str, wanted: dict[str, Any], found: dict[str, Any]) -> None:
    """Raises `BackupFailed` that names each table or file that is missing, is too many or differs."""
    wrong = [f"{what} {name} is missing" for name in sorted(wanted.keys() - found.keys())]
    wrong += [f"{what} {name} is not in the copy" for name in sorted(found.keys() - wanted.keys())]
    both = sorted(wanted.keys() & found.keys())
    wrong += [f"{what} {name} differs" for name in both if wanted[name] != found[name]]
    if wrong:
        raise BackupFailed("What was put back is not what was copied:\n" + "\n".join(wrong))


def _unpack(packed: BinaryIO, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=packed, mode="r|") as tar:
        tar.extractall(folder, filter="data")


def _sums_of(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}


def _identity(text: str) -> Any:
    """The private key: the file `age-keygen` writes, or the line alone."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str(lines[0])
    except (pyrage.IdentityError, IndexError) as error:
        raise BackupFailed("The identity file holds no age private key.") from error


# Streams --------------------------------------------------------------------------------------------------------------


def _seal(path: Path, source: BinaryIO, keys: list[Any]) -> str:
    """Seal what the source gives into the file; its SHA-256 as sealed."""
    with path.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        counted = _Counted(out)
        pyrage.encrypt_io(source, counted, keys)
        out.flush()
        os.fsync(out.fileno())
    return counted.digest.hexdigest()


def _seal_written(path: Path, write: Callable[[BinaryIO], Any], keys: list[Any]) -> str:
    """`_seal` for one who writes: through a pipe, so that nothing waits on a disk."""
    with _piped(write) as source:
        return _seal(path, source, keys)


@contextmanager
def _opened(path: Path, key: Any) -> Iterator[BinaryIO]:
    """What is in a sealed file, as it is opened."""

    def write(out: BinaryIO) -> None:
        try:
            with path.open("rb") as sealed:
                pyrage.decrypt_io(sealed, out, [key])
        except BrokenPipeError:
            return  # the one who reads has stopped, and says why
        except (pyrage.DecryptError, OSError) as error:
            raise BackupFailed(f"{path} does not open: another key, or changed since it was made.") from error

    with _piped(write) as source:
        yield source


@contextmanager
def _piped(write: Callable[[BinaryIO], Any]) -> Iterator[BinaryIO]:
    """What `write` writes in a thread of its own, to be read here; its error is raised here, after what it wrote."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def work() -> None:
        with os.fdopen(writing, "wb") as out:
            try:
                write(out)
            except BaseException as error:  # told in the thread that waits
                failed.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        with os.fdopen(reading, "rb") as source:
            yield source
    finally:
        worker.join()
    if failed:
        raise failed[0]


class _Counted:
    """A file that sums what is written to it."""

    def __init__(self, out: BinaryIO) -> None:
        self.out, self.digest = out, hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        return self.out.write(piece)

    def flush(self) -> None:
        self.out.flush()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _running(program: str, *options: str, takes: bool = False) -> Iterator[Any]:
    """One of PostgreSQL's programs on the portal's database; `BackupFailed` with what it said when it fails."""
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"{program} is not installed. It comes with PostgreSQL's client programs.")
    pipes = {"stdin": subprocess.PIPE if takes else subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen([found, *options], stdout=subprocess.PIPE, env=_environment(), **pipes)  # noqa: S603 -- fixed
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.append(process.stderr.read()), daemon=True)
    listener.start()
    try:
        yield process
    except BrokenPipeError:
        pass  # it ended early, and says why below
    finally:
        if takes and process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        code = process.wait()
        listener.join()
    if code:
        raise BackupFailed(f"{program} failed:\n{b''.join(said).decode('utf-8', 'replace').strip()}")


def _environment() -> dict[str, str]:
    """Where the database is. The password never stands in the arguments, which others on the machine can read."""
    known = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    return os.environ | {name: str(known[key]) for key, name in names.items() if known.get(key)}
