import json
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts import selectors, services


class Command(BaseCommand):
    help = "List the people one may sign in as in the demo: role, name, unit, e-mail, password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a JSON list, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [_row(person) for person in selectors.demo_people(timezone.localdate())]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        elif rows:
            self._table(rows)
        else:
            raise CommandError("There are no demo people here. Run `manage.py seed_demo` with DEMO=true.")

    def _table(self, rows):
        widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in rows[0]}
        for row in ({name: name for name in widths}, *rows):
            self.stdout.write("  ".join(row[name].ljust(width) for name, width in widths.items()).rstrip())


def _row(person) -> dict[str, str]:
    return {
        "role": person.role,
        "name": person.user.name,
        "unit": person.unit,
        "email": person.user.email or "",
        "password": services.demo_password(),
        "note": person.note,
    }
