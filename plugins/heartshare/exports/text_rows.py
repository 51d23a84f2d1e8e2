"""Rows of one table on their way into DuckDB: columns of text, chunk by chunk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heartshare.exports.contract_types import ContractTable

#: A cell above this is no text of a person; its row is rejected.
MAX_CELL_BYTES = 16 * 1024**2
TOO_LARGE = f"a cell is longer than {MAX_CELL_BYTES:,} bytes"
_CHUNK_ROWS = 20_000
_CHUNK_CHARACTERS = 16 * 1024**2
_CHUNK_REJECTS = 10_000

_Pending = tuple[int, "Sequence[str | None]", str | None]


@dataclass(frozen=True)
class RowReject:
    """A row that could not be read as cells at all."""

    row_number: int
    code: str
    reason: str


class RowSink(Protocol):
    """Who takes rows as they are read, so that a large file is never held whole."""

    def take_rows(self, table: ContractTable, rows: pa.Table) -> None:
        """Take rows of ``schema_of`` the table, in order."""

    def take_rejects(self, table: ContractTable, rejects: list[RowReject]) -> None:
        """Take rows that are no rows of the table."""


class TextRows:
    """All rows of one contract table in one file, as text.

    With a sink they go on as they come; without one they are kept.
    """

    def __init__(self, table: ContractTable, sink: RowSink | None = None) -> None:
        self.table = table
        #: Rejected rows that no sink has taken.
        self.rejects: list[RowReject] = []
        self.count = 0
        self.reject_count = 0
        #: Rows that the file itself says the table has; None where it does not say.
        self.declared_rows: int | None = None
        self._sink = sink
        self._pending: list[_Pending] = []
        self._characters = 0
        self._chunks: list[pa.Table] = []
        self._names: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        """Rows read, rejected ones included."""
        self.flush()
        return self.count + self.reject_count

    def begin(self, names: Sequence[str]) -> None:
        """Name the columns of the rows that follow, in the order of their values."""
        # Thousands of small members of an archive share their columns, and a chunk.
        if tuple(names) != self._names:
            self.flush()
            self._names = tuple(names)

    def append(
        self, number: int, values: Sequence[str | None], extra: str | None
    ) -> None:
        """Add a row; its values stand in the order that ``begin`` named."""
        self._pending.append((number, values, extra))
        self.count += 1
        self._characters += sum(map(len, filter(None, values)))
        if len(self._pending) >= _CHUNK_ROWS or self._characters >= _CHUNK_CHARACTERS:
            self.flush()

    def append_columns(
        self, numbers: pa.Array, columns: Mapping[str, pa.Array], extra: pa.Array
    ) -> None:
        """Add rows as columns of text by name; a column that lacks is null."""
        self.flush()
        self.count += len(numbers)
        self._emit(self._arranged(numbers, columns, extra))

    def reject(self, number: int, code: str, reason: str) -> None:
        """Record a row that is no row of the table."""
        self.rejects.append(RowReject(number, code, reason))
        self.reject_count += 1
        if self._sink and len(self.rejects) >= _CHUNK_REJECTS:
            self._emit_rejects()

    def declare(self, row_count: int | None) -> None:
        """Note how many rows a part of the file says it has."""
        if row_count is not None:
            self.declared_rows = (self.declared_rows or 0) + row_count

    def arrow(self, file_number: int) -> pa.Table:
        """Return all rows as text, with the number of their file."""
        self.flush()
        if not self._chunks:
            return schema_of(self.table).empty_table()
        return numbered(pa.concat_tables(self._chunks), file_number)

    def flush(self) -> None:
        """Turn waiting rows into columns and hand on what a sink waits for."""
        rows = self._encodable(self._pending)
        self._pending = []
        self._characters = 0
        if rows:
            values = zip(*(row[1] for row in rows), strict=True)
            columns = {
                name: pa.array(cells, pa.string())
                for name, cells in zip(self._names, values, strict=True)
            }
            numbers = pa.array([row[0] for row in rows], pa.int64())
            extra = pa.array([row[2] for row in rows], pa.string())
            self._emit(self._arranged(numbers, columns, extra))
        if self._sink and self.rejects:
            self._emit_rejects()

    def _arranged(
        self, numbers: pa.Array, columns: Mapping[str, pa.Array], extra: pa.Array
    ) -> pa.Table:
        arrays = {"_row_number": numbers}
        for column in self.table.columns:
            cells = columns.get(column.name)
            arrays[column.name] = (
                pa.nulls(len(numbers), pa.string()) if cells is None else cells
            )
        arrays["_extra"] = extra
        return pa.table(arrays)

    def _emit(self, rows: pa.Table) -> None:
        rows = self._storable(rows)
        if self._sink:
            self._sink.take_rows(self.table, numbered(rows, 0))
        else:
            self._chunks.append(rows)

    def _emit_rejects(self) -> None:
        if self._sink:
            self._sink.take_rejects(self.table, self.rejects)
            self.rejects = []

    def _storable(self, rows: pa.Table) -> pa.Table:
        """Reject rows with a cell that is longer than any text."""
        if rows.nbytes <= MAX_CELL_BYTES:
            return rows
        is_good = pa.repeat(pa.scalar(True), rows.num_rows)  # noqa: FBT003
        for name in rows.column_names[1:]:
            lengths = pc.fill_null(pc.binary_length(rows[name]), 0)
            is_good = pc.and_(is_good, pc.less_equal(lengths, MAX_CELL_BYTES))
        bad = rows.filter(pc.invert(is_good))
        for number in bad["_row_number"].to_pylist():
            self.count -= 1
            self.reject(number, "cell_too_large", TOO_LARGE)
        return rows.filter(is_good) if bad.num_rows else rows

    def _encodable(self, rows: list[_Pending]) -> list[_Pending]:
        """Reject rows with half of a surrogate pair: no such text can be stored."""
        good = []
        for row in rows:
            try:
                "".join(value for value in (*row[1], row[2]) if value).encode()
            except UnicodeEncodeError:
                self.count -= 1
                self.reject(row[0], "unreadable_text", "a cell holds half a character")
            else:
                good.append(row)
        return good


def numbered(rows: pa.Table, file_number: int) -> pa.Table:
    """Return rows with the number of their file before them."""
    numbers = pa.repeat(pa.scalar(file_number, pa.int32()), rows.num_rows)
    return rows.add_column(0, "_file_number", numbers)


def schema_of(table: ContractTable) -> pa.Schema:
    """Return the columns of a table's rows as text: every contract column."""
    return pa.schema(
        [
            ("_file_number", pa.int32()),
            ("_row_number", pa.int64()),
            *((column.name, pa.string()) for column in table.columns),
            ("_extra", pa.string()),
        ]
    )


def extra_text(values: Mapping[str, object]) -> str | None:
    """Return what a row holds beyond its columns as JSON text; nothing is null."""
    if not values:
        return None
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def cleaned(text: str | None) -> str | None:
    """Return a text without the blanks around it; null where nothing is left."""
    return (text.strip() or None) if text is not None else None
