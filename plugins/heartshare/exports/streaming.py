"""How a large export enters the raw schema without ever being held whole.

Rows are typed batch by batch, on a thread of their own while the next batch is read,
inside the one transaction of the file: it enters whole or not at all.
"""

from __future__ import annotations

import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heartshare.exports.archives import ARCHIVE_DAMAGE
from heartshare.exports.books import LoadedFile, TableCounts, insert_rows, write_books
from heartshare.exports.conversion import typed_select
from heartshare.exports.loading import (
    balance,
    count_typed,
    land_good,
    land_others,
    note_files,
    transaction,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
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
        try:
            with zipfile.ZipFile(path) as archive:
                size = sum(info.file_size for info in archive.infolist())
        except ARCHIVE_DAMAGE:
            return False  # whoever reads it says what is wrong with it
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
        loaded = LoadedFile(who, export, sink.counts)
        balance([loaded])
        _note_period(connection, loaded)
        write_books(connection, [loaded])
        connection.execute("drop table temp.landing_files")
    return loaded


@contextmanager
def _small_memory(connection: Connection) -> Iterator[None]:
    ((before,),) = connection.execute(
        "select current_setting('memory_limit')"
    ).fetchall()
    connection.execute(f"set memory_limit = '{_DATABASE_MEMORY}'")
    connection.execute("set python_scan_all_frames = true")
    try:
        yield
    finally:
        connection.execute(f"set memory_limit = '{before}'")
        connection.execute("reset python_scan_all_frames")


def _note_period(connection: Connection, loaded: LoadedFile) -> None:
    """Write the period of the file into its rows: stated, or from first to last day.

    Only here is it known, and the rows have landed already.
    """
    tables = [rows.table for rows in loaded.export.tables]
    digest = loaded.identity.sha256
    period = loaded.export.period or _landed_days(connection, tables, digest)
    if period is None:
        return
    connection.execute(
        "update temp.landing_files set period_start = ?, period_end = ?", period
    )
    for table in tables:
        connection.execute(
            f'update raw."{table.name}" set _period_start = ?, _period_end = ? '
            "where _file_sha256 = ?",
            [*period, digest],
        )


def _landed_days(
    connection: Connection, tables: Sequence[ContractTable], digest: str
) -> tuple[date, date] | None:
    days = []
    for table in tables:
        if table.period:
            days += connection.execute(
                f'select min("{table.period}")::date, max("{table.period}")::date '
                f'from raw."{table.name}" where _file_sha256 = ?',
                [digest],
            ).fetchall()
    spans = [(first, last) for first, last in days if first is not None]
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


class _TypingSink:
    """Types and lands the rows that a reader hands on; one batch behind the reader."""

    def __init__(self, connection: Connection, who: FileIdentity) -> None:
        self.counts: dict[str, TableCounts] = {}
        self._connection = connection
        self._who = who
        self._contract: ExportContract | None = None
        self._choices = ("", "")
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[None] | None = None

    def open(self, contract: ExportContract, language: str, date_order: str) -> Self:
        """Remember how the file writes numbers and dates."""
        self._contract = contract
        self._choices = (language, date_order)
        note_files(self._connection, [(self._who, None)], [])
        return self

    def take_rows(self, table: ContractTable, rows: pa.Table) -> None:
        """Type and land a batch; waits only for the batch before it."""
        self.wait()
        self._last = self._thread.submit(self._land, table, rows)

    def take_rejects(self, table: ContractTable, rejects: list[RowReject]) -> None:
        """Write rejected rows into their book."""
        self.wait()
        entries = [
            (*(self._who.sha256, table.name, row.row_number), None, None, *_why(row))
            for row in rejects
        ]
        insert_rows(self._connection, "rejected_rows", entries)

    def wait(self) -> None:
        """Wait until what was taken has landed, and raise what went wrong."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True)

    def _land(self, table: ContractTable, rows: pa.Table) -> None:
        if self._contract is None:
            raise RuntimeError("rows came before their contract")
        numbers = self._contract.number_format(self._choices[0])
        select = typed_select(table, numbers, "landing_text", self._choices)
        # Neither tables nor views: what a transaction drops stays until it ends. The
        # database finds the batch by its name in this frame.
        landing_text = rows
        counts = self.counts.setdefault(table.name, TableCounts(table.name))
        landed = land_good(self._connection, table, f"({select})")
        counts.rows_landed += landed
        if landed < landing_text.num_rows:
            self._land_others(table, select, landing_text)

    def _land_others(
        self, table: ContractTable, select: str, landing_text: pa.Table
    ) -> None:
        """Type a batch again and take what is no row of the raw table."""
        typed_rows = self._connection.sql(  # noqa: F841 found by its name
            f"select * from ({select}) where _reject is not null or _is_total"
        ).to_arrow_table()
        land_others(self._connection, table, "typed_rows")
        counts = self.counts[table.name]
        for batch in count_typed(self._connection, table, "typed_rows").values():
            counts.rows_rejected += batch.rows_rejected
            counts.rows_totals += batch.rows_totals


def _why(row: RowReject) -> tuple[str, str]:
    return row.code, row.reason
