"""What leaves the warehouse when marts are published, and under which keys?

Inside, a key is the md5 of a public id: whoever knows a handle, a post or a text could
compute it. On the way out every key that leads to a person is keyed with a secret, the
same way everywhere, so that tables can still be joined.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb

from heartshare.errors import InputError
from heartshare.warehouse.dictionary import (
    COLUMNS_FILE,
    DICTIONARY,
    DICTIONARY_NOTES,
    DICTIONARY_TYPES,
    comment_on,
    write_dictionary,
)
from heartshare.warehouse.sql_paths import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from heartshare.warehouse.dictionary import TableNotes

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


def salt_digest(salt: str) -> str:
    """Return by what a publication knows its salt again, without telling it."""
    return hashlib.sha256(f"heartshare salt|{salt}".encode()).hexdigest()


def is_keyed(column: str) -> bool:
    """Return whether a column is published under keys that the salt makes."""
    return _keyed(column) is not None


def copy_tables(
    connection: DuckDBPyConnection,
    hidden: Path,
    tables: Sequence[str],
    salt: str,
    notes: Mapping[str, TableNotes],
) -> dict[str, int]:
    """Copy tables into ``hidden`` as DuckDB and Parquet; return the rows of each.

    Rows are put in a total order, so equal marts make equal Parquet bytes. The folder
    must hold an empty folder ``parquet``. ``notes`` say by table what it means; the
    table ``dictionary`` and columns.csv are made of them.

    Raises:
        MissingSaltError: a table holds person keys and ``salt`` is empty.
        InputError: a table does not exist.
    """
    notes = {**notes, DICTIONARY: DICTIONARY_NOTES}
    types = published_schema(connection, tables, salt)
    rows: dict[str, int] = {}
    connection.execute("set threads = 1")  # one thread: the same bytes every time
    connection.execute(
        f"attach {quoted(hidden / 'heartshare.duckdb')} as published "
        f"(storage_version '{STORAGE_VERSION}')"
    )
    try:
        connection.execute("create schema published.marts")
        for source in sorted(tables):
            table = source.split(".")[1]
            query, values = published_query(connection, source, salt)
            connection.execute(
                f'create table published.marts."{table}" as {query} order by all',
                values,
            )
            rows[table] = _finish(
                connection, hidden, table, types[table], notes.get(table)
            )
        write_dictionary(connection, types, notes, hidden / COLUMNS_FILE)
        own = types[DICTIONARY]
        rows[DICTIONARY] = _finish(
            connection, hidden, DICTIONARY, own, DICTIONARY_NOTES
        )
        connection.execute("checkpoint published")
    finally:
        connection.execute("detach published")
    return rows


def published_schema(
    connection: DuckDBPyConnection, tables: Sequence[str], salt: str
) -> dict[str, dict[str, str]]:
    """Return the types that a publication would have, by table and column.

    Raises:
        MissingSaltError: a table holds person keys and ``salt`` is empty.
        InputError: a table does not exist.
    """
    types = {}
    for source in sorted(tables):
        columns = _columns(connection, source)
        if not salt and any(_keyed(name) for name in columns):
            raise MissingSaltError
        types[source.split(".")[1]] = {
            name: "VARCHAR" if _keyed(name) else kind for name, kind in columns.items()
        }
    return {**types, DICTIONARY: dict(DICTIONARY_TYPES)}


def published_query(
    connection: DuckDBPyConnection, source: str, salt: str
) -> tuple[str, dict[str, str]]:
    """Return the query that publishes a table (schema.table), and its parameters.

    Persons are under keyed hashes; the rows are in no order.

    Raises:
        MissingSaltError: the table holds person keys and ``salt`` is empty.
        InputError: the table does not exist.
    """
    columns = _columns(connection, source)
    keyed = [
        f'{expression} as "{name}"'
        for name in columns
        if (expression := _keyed(name)) is not None
    ]
    if keyed and not salt:
        raise MissingSaltError
    replaced = f" replace ({', '.join(keyed)})" if keyed else ""
    query = f"select *{replaced} from {_quoted(source)}"
    return query, {"salt": salt} if keyed else {}


def _columns(connection: DuckDBPyConnection, source: str) -> dict[str, str]:
    """Return the types of a warehouse table's columns, in their order."""
    try:
        rows = connection.execute(f"describe {_quoted(source)}").fetchall()
    except duckdb.CatalogException as error:
        raise InputError(
            f"The warehouse holds no table {source}, which is marked for "
            "publication. Run `heartshare build` again."
        ) from error
    return {row[0]: row[1] for row in rows}


def _quoted(source: str) -> str:
    schema, table = source.split(".")
    return f'"{schema}"."{table}"'


def _finish(
    connection: DuckDBPyConnection,
    hidden: Path,
    table: str,
    types: Mapping[str, str],
    notes: TableNotes | None,
) -> int:
    """Describe a copied table and write its Parquet file; return its rows."""
    target = f'published.marts."{table}"'
    if notes:
        comment_on(connection, table, list(types), notes)
    connection.execute(
        f"copy {target} to {quoted(hidden / 'parquet' / f'{table}.parquet')} "
        "(format parquet, compression zstd)"
    )
    return int(connection.execute(f"select count(*) from {target}").fetchall()[0][0])


def _keyed(column: str) -> str | None:
    """Return the expression that keys a column with the salt; None if it needs none."""
    if column.endswith(_PERSONAL_KEYS):
        return f"left(sha256($salt || '|' || \"{column}\"), 32)"
    if column.endswith(PERSONAL_LISTS):
        return (
            f"array_to_string(list_transform(string_split(nullif(\"{column}\", ''), "
            "','), lambda key: left(sha256($salt || '|' || key), 32)), ',')"
        )
    return None
