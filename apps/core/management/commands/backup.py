"""`manage.py backup FOLDER`: a sealed copy of the database and the files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core import backup


class Command(BaseCommand):
    help = "Make a sealed copy of the database and the files in FOLDER, and read it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = backup.make(
                folder,
                recipients=settings.BACKUP_RECIPIENTS,
                files=Path(settings.STORAGES["default"]["OPTIONS"]["location"]),
                now=timezone.now(),
            )
        except backup.BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made}")
