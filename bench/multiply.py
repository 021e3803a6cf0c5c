"""Make a database of a thousand logs into one of many thousand, by copying rows inside PostgreSQL with new ids.

It follows the foreign keys as the database has them, so it knows no model, and copies what an older checkout has
written just as well. The logs of the employee who is measured stay as they are; all the others' are copied whole.
"""

import psycopg2

VISIBLE_TO = "ansatt1@solvik.example"
PREFIX = "stafettlogg_"
# The new ids follow from the old ones, so every column that holds an old id gets the same new one.
NEW_ID = "md5({column}::text || copy)::uuid"
NEW_TEXT = "left(md5({column} || copy), 12)"


def multiply(url: str, times: int) -> None:
    """Leave `times` as many logs of the other employees as there were."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # the copies point as their originals did
            cursor.execute("CREATE TEMP TABLE copied (id uuid PRIMARY KEY) ON COMMIT DROP")
            _start_with_logs(cursor)
            tables = _reached(cursor)
            for table, condition in tables.items():
                _copy(cursor, table, condition, times - 1)
    finally:
        connection.close()


def _start_with_logs(cursor) -> None:
    others = """SELECT log.id, log.child_id FROM stafettlogg_log log
        JOIN stafettlogg_logaccess row ON row.id = log.holder_id JOIN accounts_user holder ON holder.id = row.user_id
        WHERE holder.email LIKE 'ansatt%%' AND holder.email <> %s"""
    for column in ("id", "child_id"):
        cursor.execute(f"INSERT INTO copied SELECT {column} FROM ({others}) AS log", [VISIBLE_TO])


def _reached(cursor) -> dict[str, str]:
    """Every table with rows that lead to the logs or the children, and which rows those are."""
    own = _rows(
        cursor,
        """SELECT conrelid::regclass::text, quote_ident(attname) FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conrelid::regclass::text LIKE %s AND confrelid::regclass::text LIKE %s""",
        f"{PREFIX}%",
        f"{PREFIX}%",
    )
    columns: dict[str, list[str]] = {"stafettlogg_child": ["id"], "stafettlogg_log": ["id"]}
    for table, column in own:
        columns.setdefault(table, []).append(column)
    conditions = {
        table: " OR ".join(f"{name} IN (SELECT id FROM copied)" for name in names) for table, names in columns.items()
    }
    with_ids = [table for table in conditions if ("id", "uuid") in _columns(cursor, table)]
    grows = True
    while grows:
        grows = False
        for table in with_ids:
            reached = f"SELECT id FROM {table} WHERE {conditions[table]}"
            cursor.execute(f"INSERT INTO copied {reached} ON CONFLICT DO NOTHING")
            grows = grows or cursor.rowcount > 0
    return conditions


def _copy(cursor, table: str, condition: str, copies: int) -> None:
    cursor.execute(f"CREATE TEMP TABLE original ON COMMIT DROP AS SELECT * FROM {table} WHERE {condition}")
    cursor.execute("SELECT count(*) FROM original")
    if cursor.fetchone()[0]:
        # A number as key is left out: the database gives the next one.
        kept = [(name, kind) for name, kind in _columns(cursor, table) if name != "id" or kind == "uuid"]
        values = [_value(cursor, table, name, kind) for name, kind in kept]
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(name for name, _kind in kept)}) SELECT {', '.join(values)}"
            f" FROM original CROSS JOIN generate_series(1, {copies}) AS copy"
        )
    cursor.execute("DROP TABLE original")


def _value(cursor, table: str, column: str, kind: str) -> str:
    if kind == "uuid" and _points_within(cursor, column):
        return NEW_ID.format(column=column)
    return NEW_TEXT.format(column=column) if _is_unique_text(cursor, table, column, kind) else column


def _is_unique_text(cursor, table: str, column: str, kind: str) -> bool:
    found = _rows(
        cursor,
        """SELECT 1 FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indisunique AND indnatts = 1 AND indpred IS NULL
            AND indrelid = %s::regclass AND quote_ident(attname) = %s""",
        table,
        column,
    )
    return bool(found) and kind.startswith("character")


def _points_within(cursor, column: str) -> bool:
    """Whether the column holds ids of what is copied: of all its rows, or of none."""
    cursor.execute(
        f"SELECT count(original.{column}), count(copied.id) FROM original"
        f" LEFT JOIN copied ON copied.id = original.{column}"
    )
    held, within = cursor.fetchone()
    if within not in (0, held):
        raise RuntimeError(f"{column} points both at what is copied and at what is not.")
    return within > 0


def _columns(cursor, table: str) -> list[tuple[str, str]]:
    return _rows(
        cursor,
        """SELECT quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
        table,
    )


def _rows(cursor, statement: str, *parameters) -> list[tuple]:
    cursor.execute(statement, parameters)
    return cursor.fetchall()
