"""How is one published table said to PostgreSQL: its types, rows and descriptions?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psycopg2 import sql

from heartshare.errors import HeartshareError
from heartshare.warehouse.sql_paths import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.warehouse.connections import Connection

#: PostgreSQL's type for each of DuckDB's that marts may have.
TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(39)",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_DECIMAL = re.compile(r"DECIMAL(\(\d+,\d+\))")
_INDEXED = "week_start"


class UnknownTypeError(HeartshareError):
    """A published column has a type that PostgreSQL was never given."""

    def __init__(self, table: str, column: str, kind: str) -> None:
        super().__init__(
            f"{table}.{column} is {kind}, for which postgres_tables.TYPES has no type "
            "of PostgreSQL. Add one, or publish another type."
        )


def table_names(marts: Connection) -> list[str]:
    """Return the tables of a published database, in order of name."""
    rows = marts.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def create_table(
    cursor: Any,  # noqa: ANN401 psycopg2's cursor
    marts: Connection,
    schema: str,
    table: str,
    folder: Path,
) -> int:
    """Create a table of the published database in a schema, with rows and comments.

    Return the number of rows. ``folder`` is where they rest on the way, one table at a
    time.

    Raises:
        UnknownTypeError: a column has a type that nobody has translated.
    """
    columns = marts.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    target = sql.Identifier(schema, table)
    declared = [
        sql.SQL("{} {}").format(
            sql.Identifier(name), sql.SQL(postgres_type(table, name, kind))
        )
        for name, kind, _ in columns
    ]
    cursor.execute(
        sql.SQL("create table {} ({})").format(target, sql.SQL(", ").join(declared))
    )
    rows = _fill(cursor, marts, table, target, folder)
    for name, _, comment in columns:
        _comment(cursor, "column", sql.Identifier(schema, table, name), comment)
    [(comment,)] = marts.execute(
        "select comment from duckdb_tables() "
        "where schema_name = 'marts' and table_name = ?",
        [table],
    ).fetchall()
    _comment(cursor, "table", target, comment)
    if any(name == _INDEXED for name, _, _ in columns):
        cursor.execute(
            sql.SQL("create index on {} ({})").format(target, sql.Identifier(_INDEXED))
        )
    cursor.execute(sql.SQL("analyze {}").format(target))
    return rows


def postgres_type(table: str, column: str, kind: str) -> str:
    """Return PostgreSQL's type for one of DuckDB's.

    Raises:
        UnknownTypeError: there is none.
    """
    decimal = _DECIMAL.fullmatch(kind)
    if decimal:
        return f"numeric{decimal[1]}"
    if kind not in TYPES:
        raise UnknownTypeError(table, column, kind)
    return TYPES[kind]


def _fill(
    cursor: Any,  # noqa: ANN401 as above
    marts: Connection,
    table: str,
    target: sql.Identifier,
    folder: Path,
) -> int:
    """Hand all rows over as CSV: unquoted nothing is null, quoted nothing a text."""
    file = folder / "rows.csv"
    marts.execute(f'copy marts."{table}" to {quoted(file)} (format csv, header false)')
    statement = sql.SQL("copy {} from stdin (format csv)").format(target)
    with file.open(encoding="utf-8", newline="") as rows:
        cursor.copy_expert(statement, rows)
    file.unlink()
    return int(cursor.rowcount)


def _comment(
    cursor: Any,  # noqa: ANN401 as above
    kind: str,
    target: sql.Identifier,
    text: str | None,
) -> None:
    if text:
        statement = sql.SQL("comment on {} {} is %s")
        cursor.execute(statement.format(sql.SQL(kind), target), [text])
