"""`manage.py migrate`, one at a time: two hosts that start together wait for each other."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

# Any number that nothing else in the database uses.
_TURN = 727_431_001


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        # On a connection of its own: migrations may close theirs, and a lock of the session would go with it.
        waiting = connection.copy()
        try:
            with waiting.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute("SET lock_timeout = 0")
                cursor.execute("SELECT pg_advisory_lock(%s)", [_TURN])
            super().handle(*args, **options)
        finally:
            waiting.close()
