"""`manage.py restore COPY --identity FILE`: put a sealed copy back, or (`--check`) only see that it is whole."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import backup


class Command(BaseCommand):
    help = "Put a copy back into an empty database and folder, and compare all of it with what was copied."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="the file with age's private key")
        parser.add_argument("--check", action="store_true", help="only see that the copy is whole and can be opened")

    def handle(self, *args: Any, copy: Path, identity: Path, check: bool, **options: Any) -> None:
        key = identity.read_text("utf-8")
        files = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
        try:
            found = backup.read_manifest(copy, key) if check else backup.restore(copy, identity=key, files=files)
        except backup.BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(number for number, _sum in found.tables.values())
        what = f"{len(found.tables)} tables with {rows} rows and {len(found.files)} files"
        self.stdout.write(f"{what}, as they were {found.made_at}")
