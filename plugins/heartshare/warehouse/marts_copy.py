"""What leaves the warehouse when marts are published, and under which keys?

Inside, a key is the md5 of a public id: whoever knows a handle, a post or a text could
compute it. On the way out every key that leads to a person is keyed with a secret, the
same way everywhere, so that tables can still be joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

#: Endings of columns whose value leads to a person, directly or by what they wrote.
_PERSONAL_KEYS = (
    "person_key",
    "interaction_key",
    "thread_key",
    "conversation_key",
    "conversion_key",
    "text_key",
    "transition_key",
    "suggestion_key",
)
#: Endings of columns that list such keys, separated by commas.
PERSONAL_LISTS = ("evidence_keys", "interaction_keys")
#: The oldest storage that holds our types: BI drivers lag behind DuckDB.
STORAGE_VERSION = "v1.4.0"


class MissingSaltError(InputError):
    """Persons would be published under keys that anybody can compute."""

    def __init__(self) -> None:
        super().__init__(
            "HEARTSHARE_PERSON_SALT is empty. Set it to a long secret and never "
            "change it: published keys depend on it."
        )


def copy_tables(
    connection: DuckDBPyConnection, hidden: Path, tables: Sequence[str], salt: str
) -> dict[str, int]:
    """Copy tables into ``hidden`` as DuckDB and Parquet; return the rows of each.

    Rows are put in a total order, so equal marts make equal Parquet bytes. The folder
    must hold an empty folder ``parquet``.

    Raises:
        MissingSaltError: a table holds person keys and ``salt`` is empty.
        InputError: a table does not exist.
    """
    rows: dict[str, int] = {}
    connection.execute("set threads = 1")  # one thread: the same bytes every time
    connection.execute(
        f"attach '{hidden}/heartshare.duckdb' as published "
        f"(storage_version '{STORAGE_VERSION}')"
    )
    try:
        connection.execute("create schema published.marts")
        for source in sorted(tables):
            schema, table = source.split(".")
            target = f'published.marts."{table}"'
            select, values = _select(connection, schema, table, salt)
            connection.execute(f"create table {target} as {select}", values)
            _copy_comments(connection, schema, table)
            connection.execute(
                f"copy {target} to '{hidden}/parquet/{table}.parquet' "
                "(format parquet, compression zstd)"
            )
            count = connection.execute(f"select count(*) from {target}").fetchall()
            rows[table] = count[0][0]
        connection.execute("checkpoint published")
    finally:
        connection.execute("detach published")
    return rows


def _select(
    connection: DuckDBPyConnection, schema: str, table: str, salt: str
) -> tuple[str, list[str]]:
    """Return the query that publishes a table, persons under keyed hashes."""
    columns = [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where not internal and "
            "database_name = current_database() and schema_name = ? "
            "and table_name = ? order by column_index",
            [schema, table],
        ).fetchall()
    ]
    if not columns:
        raise InputError(
            f"The warehouse holds no table {schema}.{table}, which is marked for "
            "publication. Run `heartshare build` again."
        )
    keyed = [
        f'{expression} as "{name}"'
        for name in columns
        if (expression := _keyed(name)) is not None
    ]
    if keyed and not salt:
        raise MissingSaltError
    replaced = f" replace ({', '.join(keyed)})" if keyed else ""
    query = f'select *{replaced} from "{schema}"."{table}" order by all'
    return query, [salt] * len(keyed)


def _keyed(column: str) -> str | None:
    """Return the expression that keys a column with the salt; None if it needs none."""
    if column.endswith(_PERSONAL_KEYS):
        return f"left(sha256(? || '|' || \"{column}\"), 32)"
    if column.endswith(PERSONAL_LISTS):
        return (
            f"array_to_string(list_transform(string_split(nullif(\"{column}\", ''), "
            "','), lambda key: left(sha256(? || '|' || key), 32)), ',')"
        )
    return None


def _copy_comments(connection: DuckDBPyConnection, schema: str, table: str) -> None:
    """Carry the descriptions over, so that a BI tool shows what a column means."""
    target = f'published.marts."{table}"'
    where = (
        "where database_name = current_database() and schema_name = ? "
        "and table_name = ? and comment is not null"
    )
    for (comment,) in connection.execute(
        f"select comment from duckdb_tables() {where}", [schema, table]
    ).fetchall():
        connection.execute(f"comment on table {target} is {_literal(comment)}")
    for name, comment in connection.execute(
        f"select column_name, comment from duckdb_columns() {where}", [schema, table]
    ).fetchall():
        connection.execute(
            f'comment on column {target}."{name}" is {_literal(comment)}'
        )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
