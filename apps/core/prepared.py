"""Statements that PostgreSQL has planned already: kept on each connection under a name, and asked by it.

PostgreSQL plans a SELECT anew each time it is sent. With the joins of a page that takes several times as long as the
answer itself. A statement that never changes is prepared the first time a connection sends it, and planned once
(`plan_cache_mode` in the settings); after ANALYZE or a migration PostgreSQL plans it again by itself.

A pooler that gives each transaction another connection knows no such names: `PREPARED_STATEMENTS=false` then.
"""

import datetime
import itertools
import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError

# A connection that has so many lets go of all: the lengths of lists make statements of their own.
MOST = 1_000
_UNKNOWN_NAME, _ANOTHER_SHAPE = "26000", "0A000"
_MARK = re.compile(r"%s|%%")
_numbers = itertools.count(1)


class Prepared:
    """One statement with the places of its values. `ask` sends it by name, where the connection can."""

    def __init__(self, sql: str, parameters: Sequence[Any], places: Sequence[int | None]):
        self.sql, self.parameters, self.places = sql, parameters, places
        self.name = f"portal_{next(_numbers)}"
        self.used = [place for place in places if place is not None]
        self.call = f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * len(self.used))})" if self.used else "")

    def ask(self, connection: Any, values: Sequence[Any]) -> list[tuple]:
        """The rows. `values` are all that were given, as the driver takes them; the statement has its places."""
        if not _can_prepare(connection):
            return self._ask_in_full(connection, values)
        try:
            with connection.cursor() as cursor:
                if self.name not in _names_on(connection):
                    self._prepare(connection, values)
                cursor.execute(self.call, [values[place] for place in self.used])
                return cursor.fetchall()
        except DatabaseError as error:
            # The names are gone, or a table was changed under the connection. Inside a transaction nothing more can
            # be asked; outside it the statement is sent in full.
            code = getattr(error.__cause__, "pgcode", "")
            if connection.in_atomic_block or code not in (_UNKNOWN_NAME, _ANOTHER_SHAPE):
                raise
            _forget(connection)
            return self._ask_in_full(connection, values)

    def _ask_in_full(self, connection: Any, values: Sequence[Any]) -> list[tuple]:
        found = [
            fixed if place is None else values[place] for fixed, place in zip(self.parameters, self.places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, found)
            return cursor.fetchall()

    def _prepare(self, connection: Any, values: Sequence[Any]) -> None:
        """By the driver itself, beside what is counted: a page sends the same statements the first time as later."""
        kinds = ", ".join(_type_of(values[place]) for place in self.used)
        with connection.connection.cursor() as cursor:
            parts = iter(zip(self.parameters, self.places, strict=True))
            numbers = itertools.count(1)

            def mark(found: re.Match) -> str:
                if found[0] == "%%":
                    return "%"
                fixed, place = next(parts)
                return f"${next(numbers)}" if place is not None else cursor.mogrify("%s", (fixed,)).decode()

            body = _MARK.sub(mark, self.sql)
            cursor.execute(f"PREPARE {self.name} {f'({kinds}) ' if kinds else ''}AS {body}")
        _names_on(connection).add(self.name)


# An instant is a day too, so it stands first.
_TYPES = ((uuid.UUID, "uuid"), (datetime.datetime, "timestamptz"), (datetime.date, "date"))


def _type_of(value: Any) -> str:
    """What PostgreSQL calls it. A text is what its place makes of it, as it is when the statement is sent in full."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "unknown")


def _can_prepare(connection: Any) -> bool:
    """Not where somebody reads what is sent: the whole statement stands there."""
    is_read = connection.queries_logged or connection.execute_wrappers
    return settings.PREPARED_STATEMENTS and connection.vendor == "postgresql" and not is_read


def _names_on(connection: Any) -> set[str]:
    """The names this connection to the database knows. A new connection knows none."""
    connection.ensure_connection()
    known = getattr(connection, "prepared_names", None)
    if known is None or known[0] is not connection.connection:
        known = connection.prepared_names = (connection.connection, set())
    if len(known[1]) >= MOST:
        with connection.connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        known[1].clear()
    return known[1]


def _forget(connection: Any) -> None:
    connection.prepared_names = None
