"""What does each published table and column mean, and where do readers find that?

As comments in the database, as the table ``dictionary`` and as columns.csv beside it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

#: The published table that describes all tables, itself included.
DICTIONARY = "dictionary"
COLUMNS_FILE = "columns.csv"
_COLUMNS = {
    "table_name": ("VARCHAR", "Published table, in the schema marts."),
    "column_name": ("VARCHAR", "Column of that table."),
    "position": ("INTEGER", "Place of the column in its table, from 1."),
    "data_type": ("VARCHAR", "Type of the column in DuckDB."),
    "is_key": (
        "BOOLEAN",
        "Whether the column belongs to what identifies a row of its table.",
    ),
    "description": (
        "VARCHAR",
        "What the column holds and what null means in it. Null where nobody says so.",
    ),
    "table_description": ("VARCHAR", "What one row of the table is."),
}


@dataclass(frozen=True)
class TableNotes:
    """What the models say of a table: its grain, its columns, and what names a row."""

    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()


DICTIONARY_TYPES = {name: kind for name, (kind, _) in _COLUMNS.items()}
DICTIONARY_NOTES = TableNotes(
    "One row per published table and column: the data dictionary.",
    {name: text for name, (_, text) in _COLUMNS.items()},
    ("table_name", "column_name"),
)


def comment_on(
    connection: DuckDBPyConnection, table: str, names: Sequence[str], notes: TableNotes
) -> None:
    """Write what is known of a table in ``published.marts`` into its catalogue.

    ``names`` are its columns; notes on others are left out.
    """
    target = f'published.marts."{table}"'
    if notes.description:
        text = _literal(notes.description)
        connection.execute(f"comment on table {target} is {text}")
    for name in names:
        if notes.columns.get(name):
            text = _literal(notes.columns[name])
            connection.execute(f'comment on column {target}."{name}" is {text}')


def write_dictionary(
    connection: DuckDBPyConnection,
    types: Mapping[str, Mapping[str, str]],
    notes: Mapping[str, TableNotes],
    file: Path,
) -> int:
    """Make the table of all columns and write it to ``file``; return its rows.

    ``types`` are column types by table and column, the dictionary's own among them.
    """
    rows = [
        row
        for table in sorted(types)
        for row in _rows(table, types[table], notes.get(table, TableNotes()))
    ]
    declared = ", ".join(f"{name} {kind}" for name, kind in DICTIONARY_TYPES.items())
    target = f"published.marts.{DICTIONARY}"
    connection.execute(f"create table {target} ({declared})")
    values = ", ".join(
        f"unnest(${name}::{kind}[])" for name, kind in DICTIONARY_TYPES.items()
    )
    columns = {
        name: [row[place] for row in rows]
        for place, name in enumerate(DICTIONARY_TYPES)
    }
    connection.execute(f"insert into {target} select {values}", columns)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(DICTIONARY_TYPES)
        writer.writerows(rows)
    return len(rows)


def _rows(
    table: str, types: Mapping[str, str], notes: TableNotes
) -> list[tuple[object, ...]]:
    return [
        (
            table,
            name,
            position,
            kind,
            name in notes.key,
            notes.columns.get(name) or None,
            notes.description or None,
        )
        for position, (name, kind) in enumerate(types.items(), start=1)
    ]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
