"""What the loader writes down about each file: identity, counts, drift, rejects."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heartshare.exports.reading import ParsedExport
    from heartshare.warehouse.connections import Connection


@dataclass(frozen=True)
class FileIdentity:
    """Which file rows come from; moments are naive UTC."""

    sha256: str
    source_name: str
    original_name: str
    exported_at: datetime


@dataclass
class TableCounts:
    """What became of the rows of one table in one file.

    ``rows_in`` excludes total rows, which land in raw.export_totals.
    """

    table_name: str
    rows_landed: int = 0
    rows_rejected: int = 0
    rows_totals: int = 0

    @property
    def rows_in(self) -> int:
        """Rows that were read: each landed or was rejected."""
        return self.rows_landed + self.rows_rejected


@dataclass
class LoadedFile:
    """What became of one file."""

    identity: FileIdentity
    export: ParsedExport
    tables: dict[str, TableCounts] = field(default_factory=dict)

    @property
    def rows_landed(self) -> int:
        """Rows that entered raw tables."""
        return sum(counts.rows_landed for counts in self.tables.values())

    @property
    def rows_rejected(self) -> int:
        """Rows that entered raw.rejected_rows."""
        return sum(counts.rows_rejected for counts in self.tables.values())


def write_books(connection: Connection, loaded: Sequence[LoadedFile]) -> None:
    """Write manifest, tables and unreadable rows of the files of a transaction."""
    periods = {
        number: (start, end)
        for number, start, end in connection.execute(
            "select file_number, period_start, period_end from temp.landing_files"
        ).fetchall()
    }
    manifest, tables, rejects, totals = [], [], [], []
    for number, file in enumerate(loaded):
        who = file.identity
        drift = file.export.drift.to_dict()
        manifest.append(
            (
                *(who.sha256, who.source_name, who.original_name),
                *(file.export.contract.code, file.export.contract.version),
                *(who.exported_at, *periods[number]),
                file.rows_landed + file.rows_rejected,
                *(file.rows_landed, file.rows_rejected, "loaded", None),
                _storable(json.dumps(drift, ensure_ascii=False)) if drift else None,
            )
        )
        for rows in file.export.tables:
            name = rows.table.name
            counts = file.tables[name]
            tables.append(
                (
                    *(who.sha256, name, counts.rows_in),
                    *(counts.rows_landed, counts.rows_rejected),
                )
            )
            rejects += [
                (who.sha256, name, row.row_number, None, None, row.code, row.reason)
                for row in rows.rejects
            ]
            if rows.declared_rows is not None:
                totals.append((who.sha256, name, "row_count", rows.declared_rows))
    insert_rows(connection, "export_manifest", manifest)
    insert_rows(connection, "export_tables", tables)
    insert_rows(connection, "rejected_rows", rejects)
    insert_rows(connection, "export_totals", totals)


def _storable(text: str) -> str:
    """Return JSON with halves of characters escaped: no database takes those."""
    return text.encode("utf-8", "backslashreplace").decode()


def insert_rows(
    connection: Connection, book: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert rows into one of the loader's books, in column order."""
    if not rows:
        return
    # One bound value per cell would cost more than loading the rows.
    names = [f"column_{index}" for index in range(len(rows[0]))]
    columns = [list(column) for column in zip(*rows, strict=True)]
    connection.register("landing_book", pa.table(columns, names=names))
    connection.execute(f"insert into raw.{book} select * from landing_book")
    connection.unregister("landing_book")
