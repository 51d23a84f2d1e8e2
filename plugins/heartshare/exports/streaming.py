"""How a large export enters the raw schema without ever being held whole.

Rows are typed batch by batch, on a thread of their own while the next batch is read,
inside the one transaction of the file: it enters whole or not at all.
"""

from __future__ import annotations

import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heartshare.exports.books import LoadedFile, insert_rows
from heartshare.exports.conversion import typed_select
from heartshare.exports.loading import (
    drop_typed,
    settle,
    transaction,
    typed_name,
)
from heartshare.exports.text_rows import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import pyarrow as pa

    from heartshare.exports.books import FileIdentity
    from heartshare.exports.contract_types import ContractTable, ExportContract
    from heartshare.exports.reading import OpenSink, ParsedExport
    from heartshare.exports.text_rows import RowReject
    from heartshare.warehouse.connections import Connection

#: From this size on, unpacked, a file is streamed and has a transaction of its own.
STREAM_FROM_BYTES = 32 * 1024**2
#: What the database may hold in memory meanwhile; the rest waits on the disk.
_DATABASE_MEMORY = "384MiB"


def is_large(path: Path) -> bool:
    """Return whether a file, unpacked, is too large to be held in memory."""
    size = path.stat().st_size
    if size < STREAM_FROM_BYTES and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
    return size >= STREAM_FROM_BYTES


def stream_export(
    connection: Connection,
    who: FileIdentity,
    read: Callable[[OpenSink], ParsedExport],
) -> LoadedFile:
    """Load one file in a transaction of its own, batch by batch.

    ``read`` reads the file into the sink that it opens once it knows the contract.

    Raises:
        InputError: as ``read`` does; nothing was loaded.
        LostRowsError: the accounts do not add up; nothing was loaded.
    """
    with _small_memory(connection), transaction(connection):
        with _TypingSink(connection, who) as sink:
            export = read(sink.open)
            sink.wait()
        loaded = LoadedFile(who, export)
        tables = [rows.table for rows in export.tables]
        for table in tables:
            sink.prepare(table)
        settle(connection, [loaded], tables)
        drop_typed(connection, tables)
    return loaded


@contextmanager
def _small_memory(connection: Connection) -> Iterator[None]:
    ((before,),) = connection.execute(
        "select current_setting('memory_limit')"
    ).fetchall()
    connection.execute(f"set memory_limit = '{_DATABASE_MEMORY}'")
    try:
        yield
    finally:
        connection.execute(f"set memory_limit = '{before}'")


class _TypingSink:
    """Types the rows that a reader hands on; one batch behind the reader."""

    def __init__(self, connection: Connection, who: FileIdentity) -> None:
        self._connection = connection
        self._who = who
        self._contract: ExportContract | None = None
        self._choices = ("", "")
        self._prepared: set[str] = set()
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[None] | None = None

    def open(self, contract: ExportContract, language: str, date_order: str) -> Self:
        """Remember how the file writes numbers and dates."""
        self._contract = contract
        self._choices = (language, date_order)
        return self

    def take_rows(self, table: ContractTable, rows: pa.Table) -> None:
        """Type a batch; waits only for the batch before it."""
        self.wait()
        self._last = self._thread.submit(self._type, table, rows)

    def take_rejects(self, table: ContractTable, rejects: list[RowReject]) -> None:
        """Write rejected rows into their book."""
        self.wait()
        entries = [
            (self._who.sha256, table.name, row.row_number, None, None, *_why(row))
            for row in rejects
        ]
        insert_rows(self._connection, "rejected_rows", entries)

    def wait(self) -> None:
        """Wait until what was taken is typed, and raise what went wrong."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def prepare(self, table: ContractTable) -> None:
        """Create the table of typed rows, if no batch has."""
        if table.name in self._prepared or self._contract is None:
            return
        self._connection.register("landing_text", schema_of(table).empty_table())
        self._connection.execute(
            f'create temp table "{typed_name(table)}" as {self._select(table)}'
        )
        self._connection.unregister("landing_text")
        self._prepared.add(table.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True)

    def _type(self, table: ContractTable, rows: pa.Table) -> None:
        self.prepare(table)
        self._connection.register("landing_text", rows)
        self._connection.execute(
            f'insert into temp."{typed_name(table)}" {self._select(table)}'
        )
        self._connection.unregister("landing_text")

    def _select(self, table: ContractTable) -> str:
        if self._contract is None:
            raise RuntimeError("rows came before their contract")
        numbers = self._contract.number_format(self._choices[0])
        return typed_select(table, numbers, "landing_text", self._choices)


def _why(row: RowReject) -> tuple[str, str]:
    return row.code, row.reason
