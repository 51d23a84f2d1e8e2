"""Rows of one table on their way into DuckDB: columns of text, chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heartshare.exports.contract_types import ContractTable

_CHUNK_ROWS = 20_000

_Pending = tuple[int, "Sequence[str | None]", str | None]


@dataclass(frozen=True)
class RowReject:
    """A row that could not be read as cells at all."""

    row_number: int
    code: str
    reason: str


class TextRows:
    """All rows of one contract table in one file, as text."""

    def __init__(self, table: ContractTable) -> None:
        self.table = table
        self.rejects: list[RowReject] = []
        self.count = 0
        #: Rows that the file itself says the table has; None where it does not say.
        self.declared_rows: int | None = None
        self._pending: list[_Pending] = []
        self._chunks: list[pa.Table] = []
        self._names: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        """Rows read, rejected ones included."""
        self._flush()
        return self.count + len(self.rejects)

    def begin(self, names: Sequence[str]) -> None:
        """Name the columns of the rows that follow, in the order of their values."""
        self._flush()
        self._names = tuple(names)

    def append(
        self, number: int, values: Sequence[str | None], extra: str | None
    ) -> None:
        """Add a row; its values stand in the order that ``begin`` named."""
        self._pending.append((number, values, extra))
        self.count += 1
        if len(self._pending) >= _CHUNK_ROWS:
            self._flush()

    def reject(self, number: int, code: str, reason: str) -> None:
        """Record a row that is no row of the table."""
        self.rejects.append(RowReject(number, code, reason))

    def declare(self, row_count: int | None) -> None:
        """Note how many rows a part of the file says it has."""
        if row_count is not None:
            self.declared_rows = (self.declared_rows or 0) + row_count

    def arrow(self, file_number: int) -> pa.Table:
        """Return all rows as text, with the number of their file."""
        self._flush()
        schema = self.schema()
        if not self._chunks:
            return schema.empty_table()
        rows = pa.concat_tables(self._chunks)
        numbers = pa.repeat(pa.scalar(file_number, pa.int32()), rows.num_rows)
        rows = rows.append_column("_file_number", numbers)
        return rows.select(schema.names)

    def schema(self) -> pa.Schema:
        """Return the columns of ``arrow``: every contract column as text."""
        return pa.schema(
            [
                ("_file_number", pa.int32()),
                ("_row_number", pa.int64()),
                *((column.name, pa.string()) for column in self.table.columns),
                ("_extra", pa.string()),
            ]
        )

    def _flush(self) -> None:
        rows = self._encodable(self._pending)
        self._pending = []
        if not rows:
            return
        values = zip(*(row[1] for row in rows), strict=True)
        columns = dict(zip(self._names, values, strict=True))
        blank = (None,) * len(rows)
        arrays = {"_row_number": pa.array([row[0] for row in rows], pa.int64())}
        for column in self.table.columns:
            cells = columns.get(column.name, blank)
            arrays[column.name] = pa.array(cells, pa.string())
        arrays["_extra"] = pa.array([row[2] for row in rows], pa.string())
        self._chunks.append(pa.table(arrays))

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
