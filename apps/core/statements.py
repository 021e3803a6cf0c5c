"""SELECTs whose shape never changes: built and compiled once from their own queryset, then sent with new values.

Django writes a queryset's SQL anew at every use. For a query with some joins that costs several times what it takes to
send it and read the answer, and on a page of twenty queries it is a quarter of all work. A statement is written as the
function that gives its queryset:

    @statement
    def _rows_of_user(user, now):
        return LogAccess.objects.filter(user=user, starts_at__lte=now).select_related("window")

    rows = _rows_of_user.rows(user.pk, now)

The first use builds it with stand-ins for the values and notes where in the SQL they went. Nothing is kept but the SQL
and the database's plan for it (`core.prepared`): every use asks the database. The queryset stays the only place where
the condition is written.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.transaction import TransactionManagementError

from apps.core.prepared import Prepared

Rows = TypeVar("Rows", bound=models.QuerySet)
MOST_SHAPES = 64
# Lists are made as long as the next of these by saying the last one again; longer ones the queryset itself asks about.
LENGTHS = (0, 1, 2, 4, 8, 16, 32, 64)


def statement(build: Callable[..., Rows]) -> "Statement[Rows]":
    """`build(*values)` gives the queryset. Only ids, instants, days, texts and lists of these are exchanged: they must
    reach the database as they were given (compute before, not inside). Any other value, such as None, a number or a
    truth value, gives a statement of its own."""
    return Statement(build)


class Statement(Generic[Rows]):
    def __init__(self, build: Callable[..., Rows]):
        self.queryset = build
        self._plans: dict[tuple, _Plan | None] = {}

    def rows(self, *values: Any) -> list:
        """What `list(queryset)` gives: instances with their `select_related`, or the tuples of a `values_list`."""
        if _is_long(values):
            return list(self.queryset(*values))
        plan = self._plan("rows", values)
        return [] if plan is None else plan.read(values)

    def first(self, *values: Any) -> Any:
        """The first row, or None: for a queryset that gives one row, or is cut."""
        return next(iter(self.rows(*values)), None)

    def exists(self, *values: Any) -> bool:
        if _is_long(values):
            return self.queryset(*values).exists()
        plan = self._plan("exists", values)
        return plan is not None and bool(plan.fetch(values))

    def count(self, *values: Any) -> int:
        if _is_long(values):
            return self.queryset(*values).count()
        plan = self._plan("count", values)
        return 0 if plan is None else plan.fetch(values)[0][0]

    def _plan(self, what: str, values: tuple) -> "_Plan | None":
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        shape = (vendor, what, *map(_shape, values))
        if shape not in self._plans:
            if len(self._plans) >= MOST_SHAPES:
                self._plans.clear()
            self._plans[shape] = _compiled(self.queryset, what, values)
        return self._plans[shape]


def give_related(parents: Sequence[models.Model], name: str, children: Iterable[models.Model]) -> None:
    """Put rows that are read where `parent.<name>.all()` looks, as `prefetch_related` does with its own query."""
    if not parents:
        return
    relation = getattr(type(parents[0]), name).rel.field
    by_parent: dict = {parent.pk: (parent, []) for parent in parents}
    for child in children:
        parent, own = by_parent[getattr(child, relation.attname)]
        relation.set_cached_value(child, parent)
        own.append(child)
    for parent, own in by_parent.values():
        rows = relation.model._default_manager.all()
        rows._result_cache, rows._prefetch_done = own, True
        cache: dict = parent.__dict__.setdefault("_prefetched_objects_cache", {})
        cache[relation.remote_field.cache_name] = rows


# The values -----------------------------------------------------------------------------------------------------------


def _is_many(value) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _is_long(values: tuple) -> bool:
    return any(_is_many(value) and len(value) > LENGTHS[-1] for value in values)


def _shape(value):
    """Two values of one shape may be exchanged."""
    if _is_many(value):
        return (_length(len(value)), _shape(next(iter(value))) if value else None)
    if isinstance(value, models.Model):
        raise TypeError("Give the id, not the object.")
    return _kind(value) or (type(value), value)


def _kind(value) -> type | None:
    for kind in (uuid.UUID, datetime.datetime, datetime.date, str):
        if isinstance(value, kind):
            return kind
    return None


def _length(count: int) -> int:
    return next(length for length in LENGTHS if count <= length)


def _padded(values: Iterable) -> list:
    found = list(values)
    return found + found[-1:] * (_length(len(found)) - len(found))


def _flat(values: Iterable) -> list:
    """The values in a row, those in lists too; a list says its last one again until it has the length of its shape."""
    flat: list = []
    for value in values:
        if _is_many(value):
            flat += _padded(value)
        else:
            flat.append(value)
    return flat


def _stand_in(value, number: int, year: int):
    """A value of the same kind that no statement holds by itself."""
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=(year << 64) + number)
    if isinstance(value, datetime.datetime):
        return datetime.datetime(year, 1, 1, microsecond=number, tzinfo=datetime.UTC)
    if isinstance(value, datetime.date):
        return datetime.date(year, 1, 1) + datetime.timedelta(days=number)
    if isinstance(value, str):
        return f"stand-in {year} {number}"
    return value


def _stand_ins(values: tuple, year: int) -> list:
    numbers = iter(range(1, 10_000))
    return [
        [_stand_in(one, next(numbers), year) for one in _padded(value)]
        if _is_many(value)
        else _stand_in(value, next(numbers), year)
        for value in values
    ]


def _adapted(value, connection):
    """As Django's fields hand it to the driver: SQLite gets ids and instants as text."""
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    return value


# The statement --------------------------------------------------------------------------------------------------------


def _compiled(build, what: str, values: tuple) -> "_Plan | None":
    """The plan, or None when the queryset knows that it is empty (a list without anything in it).

    Built twice, with different stand-ins: what differs is where the values are, and all of them must be found there.
    """
    first, second = (_sql(build, what, _stand_ins(values, year)) for year in (1801, 1802))
    if first is None or second is None:
        return None
    connection = connections[DEFAULT_DB_ALIAS]
    queryset, compiler, sql, parameters = first
    known = {_adapted(value, connection): n for n, value in enumerate(_flat(_stand_ins(values, 1801))) if _kind(value)}
    places: list[int | None] = []
    for one, other in zip(parameters, second[3], strict=True):
        place = known.get(one) if one != other else None
        if one != other and place is None:
            raise TypeError(f"{build.__qualname__} changes a value before it reaches the database: {one!r}")
        places.append(place)
    # Beside an empty list a condition can fall away, with its values: Django leaves out what is never true.
    missing = set() if any(_is_many(value) and not value for value in values) else set(known.values()) - set(places)
    if sql != second[2] or missing:
        raise TypeError(f"{build.__qualname__} has values that are not exchanged in its SQL.")
    reader = _reader(queryset._iterable_class, compiler) if what == "rows" else list
    return _Plan(queryset, compiler, sql, list(parameters), places, reader)


def _sql(build, what: str, values: list):
    queryset = build(*values)
    compiler = _query(queryset, what).get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    return queryset, compiler, sql, parameters


def _query(queryset, what: str):
    if what == "rows":
        return queryset.query
    if what == "exists":
        return queryset.query.exists()
    query = queryset.query.clone()
    query.clear_ordering(force=True)
    query.clear_select_clause()
    query.add_annotation(models.Count("*"), "count")
    return query


class _Plan:
    """Compiled SQL, the places of the values in it, and how its rows become what the queryset gives."""

    def __init__(self, queryset, compiler, sql: str, parameters: list, places: list[int | None], reader: Callable):
        if queryset._prefetch_related_lookups or queryset._known_related_objects:
            raise TypeError("A statement is one SELECT, from a manager that is not of one object.")
        self.prepared = Prepared(sql, parameters, places)
        self.locks = queryset.query.select_for_update
        self.converters = [*compiler.get_converters([s[0] for s in compiler.select[: compiler.col_count]]).items()]
        self.reader = reader

    def read(self, values: tuple) -> list:
        return self.reader(self.fetch(values))

    def fetch(self, values: tuple) -> list:
        connection = connections[DEFAULT_DB_ALIAS]
        if self.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A row is locked inside a transaction only.")
        rows = self.prepared.ask(connection, [_adapted(value, connection) for value in _flat(values)])
        return self._converted(rows, connection) if self.converters else rows

    def _converted(self, rows: list, connection) -> list:
        converted = []
        for row in map(list, rows):
            for position, (converters, expression) in self.converters:
                for convert in converters:
                    row[position] = convert(row[position], expression, connection)
            converted.append(row)
        return converted


def _reader(iterable, compiler) -> Callable[[list], list]:
    """What Django's own `iterable` does with the rows of the compiled query, found out once."""
    if issubclass(iterable, ModelIterable):
        return _instances(compiler)
    if issubclass(iterable, FlatValuesListIterable):
        return lambda rows: [row[0] for row in rows]
    if iterable is ValuesListIterable:
        return lambda rows: list(map(tuple, rows))
    raise TypeError(f"A statement gives instances or a values_list, not {iterable.__name__}.")


def _instances(compiler) -> Callable[[list], list]:
    info, select, annotations = compiler.klass_info, compiler.select, compiler.annotation_col_map or {}
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of a newer Django
    from_db = info["model"].from_db

    def read(rows: list) -> list:
        found = []
        for row in rows:
            instance = from_db(DEFAULT_DB_ALIAS, names, row[start:end])
            for populator in populators:
                populator.populate(row, instance)
            for name, position in annotations.items():
                setattr(instance, name, row[position])
            found.append(instance)
        return found

    return read
